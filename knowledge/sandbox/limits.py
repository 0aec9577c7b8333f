"""The limits a process puts on itself before it touches a file from outside."""

import ctypes
import logging
import resource
import signal
import sys
import warnings
from dataclasses import dataclass

from knowledge.formats import progress
from knowledge.sandbox.memory import give_large_back, one_arena

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG = 1
_MAPPED = 6 * 1024**3  # bytes of address space for libraries and reserved stacks; most of it is never touched
_FORBIDDEN = ("os.system", "subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn")


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may use. Memory and file size are in bytes, processor and wall time in seconds.

    A page that OCR reads may take `page_seconds`. The time limits count from the last such page.
    """

    memory_bytes: int = 512 * 1024**2
    cpu_seconds: int = 45
    wall_seconds: float = 50.0
    file_bytes: int = 50_000_000
    page_seconds: int = 20
    longest_seconds: float = 1200.0  # in all, however many pages there are


def cage_in(limits: Limits, writes: int = 0) -> None:
    """Limit this process for good: no network, no other programs. A file it writes has at most `writes` bytes."""
    give_large_back()
    one_arena()
    limit_resources(limits, writes)
    warnings.simplefilter("ignore")  # what libraries say about a stranger's file belongs in no log
    logging.disable()
    sys.setrecursionlimit(5000)
    progress.listen(lambda: _more_time(limits))
    sys.addaudithook(_forbid)


def limit_resources(limits: Limits, writes: int, libraries: int = 0) -> None:
    """Set the limits that the kernel enforces, also on a program that this process becomes.

    `libraries` is how many bytes of that program's memory hold code. It is 0 for Python: the bytes of its libraries
    come out even with those that it reserves and does not touch.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (writes, writes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, int(limits.longest_seconds)))
    if sys.platform != "darwin":  # macOS does not know these limits
        resource.setrlimit(resource.RLIMIT_AS, (_MAPPED, _MAPPED))
        data = limits.memory_bytes - libraries
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))


def _more_time(limits: Limits) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime) + limits.page_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (min(max(soft, wanted), hard), hard))


def _forbid(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith("socket.") or event in _FORBIDDEN:
        raise PermissionError(1, "a parser may use neither network nor other programs")


def die_with_parent(by: signal.Signals) -> None:
    """Have the kernel send this process `by` when its parent ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by))


def leave_network() -> None:
    """Leave the network in the kernel's eyes where an ordinary user may (user namespaces on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
