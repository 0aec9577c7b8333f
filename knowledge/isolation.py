"""Each file is parsed in a process of its own, with limits on memory, time, files and network."""

import ctypes
import gc
import multiprocessing
import os
import pickle
import queue
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from knowledge.model import FileFailure, ParsedDocument
from knowledge.unreadable import Unreadable

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG = 1
_PRELOAD = [
    "knowledge.loaders",
    "knowledge.formats.html",
    "knowledge.formats.markdown",
    "knowledge.formats.docx",
    "knowledge.formats.pdf",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What parsing one file may use: address space in bytes, processor and wall time in seconds, its size in bytes."""

    memory_bytes: int = 2 * 1024**3
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    file_bytes: int = 50_000_000


Load = Callable[[Path, str, int], ParsedDocument]


class Parsers:
    """Two workers that parse one file each at a time; use as a context manager, from several threads.

    A worker is started once and forks itself for every file, so a file costs milliseconds and whatever it does to its
    process dies with it. A worker that is killed itself is replaced.
    """

    def __init__(self, limits: Limits | None = None, workers: int = 2, load: Load | None = None) -> None:
        self.limits = limits or Limits()
        self.workers = workers
        self._load = load or _load
        self._free: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()

    def __enter__(self) -> "Parsers":
        for _ in range(self.workers):
            self._free.put(None)  # started when first needed
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in range(self.workers):
            worker = self._free.get()
            if worker:
                worker.stop()

    def parse(self, path: Path) -> ParsedDocument | FileFailure:
        """The document in `path`, or why it could not be read. Waits for a free worker."""
        worker = self._free.get()
        try:
            worker = worker or _Worker(self.limits, self._load)
            return worker.parse(path)
        except (EOFError, OSError, pickle.UnpicklingError):
            if worker:
                worker.stop()
            worker = None
            return FileFailure(path.name, "解析进程意外中止，文件没有导入。请重试；若仍失败，请另存一份再导入。")
        finally:
            self._free.put(worker)


class _Worker:
    def __init__(self, limits: Limits, load: Load) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        self._limits = limits
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, limits, load), daemon=True)
        self._process.start()
        theirs.close()

    def parse(self, path: Path) -> ParsedDocument | FileFailure:
        self._pipe.send(path)
        if not self._pipe.poll(self._limits.wall_seconds + 30):
            raise EOFError
        answer: ParsedDocument | FileFailure = self._pipe.recv()
        return answer

    def stop(self) -> None:
        self._pipe.close()
        self._process.join(2)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(5)


def _load(path: Path, name: str, file_bytes: int) -> ParsedDocument:
    from knowledge import loaders

    return loaders.load(path, name, file_bytes)


def _serve(pipe: Connection, limits: Limits, load: Load) -> None:
    """The worker: a child process for every path that comes in, its answer sent back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_network()
    gc.freeze()  # children share what is loaded by now instead of copying it
    while True:
        try:
            path = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_in_child(path, limits, load, pipe))


def _in_child(path: Path, limits: Limits, load: Load, orders: Connection) -> ParsedDocument | FileFailure:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        orders.close()  # or nobody would notice the worker's death
        _die_with_worker()
        _child(path, limits, load, writing)
    os.close(writing)
    try:
        data = _read_all(reading, time.monotonic() + limits.wall_seconds)
    finally:
        os.close(reading)
    if data is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if data is None:
        return FileFailure(
            path.name, f"解析超过 {limits.wall_seconds:g} 秒仍未完成，已中止。请把文件拆小或另存一份再导入。"
        )
    if os.WIFSIGNALED(status) or not data:
        return FileFailure(path.name, _death(status, limits))
    answer: ParsedDocument | FileFailure = pickle.loads(data)  # noqa: S301  (from our own child)
    return answer


def _death(status: int, limits: Limits) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return f"解析用了超过 {limits.cpu_seconds} 秒的处理器时间，已中止。请把文件拆小或另存一份再导入。"
    return "解析这个文件时进程崩溃或内存超限，文件没有导入。请把文件拆小或另存一份再导入。"


def _read_all(pipe: int, deadline: float) -> bytes | None:
    """Everything the child writes; None when it is not done at `deadline` (monotonic seconds)."""
    parts: list[bytes] = []
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            break
        part = os.read(pipe, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _child(path: Path, limits: Limits, load: Load, pipe: int) -> None:
    """Parse under the limits, write the pickled answer, and leave without running anybody's exit handlers."""
    code = 1
    try:
        _limit(limits)
        data = pickle.dumps(_answer(path, limits, load))
        view = memoryview(data)
        while view:
            view = view[os.write(pipe, view) :]
        code = 0
    finally:
        os._exit(code)


def _answer(path: Path, limits: Limits, load: Load) -> ParsedDocument | FileFailure:
    try:
        return load(path, path.name, limits.file_bytes)
    except Unreadable as error:
        return FileFailure(path.name, error.reason)
    except MemoryError:
        return FileFailure(
            path.name, f"解析需要的内存超过 {limits.memory_bytes // 1048576} MB，已中止。请把文件拆小再导入。"
        )
    except OSError as error:
        return FileFailure(
            path.name, f"文件读不出来（{error.strerror or type(error).__name__}）。请检查文件是否还在、是否有读取权限。"
        )
    except Exception as error:  # a parser may fail in any way on a hostile file; the file is named and the rest go on
        return FileFailure(path.name, f"文件内容异常，无法解析（{type(error).__name__}）。请另存一份再导入。")


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    if sys.platform != "darwin":  # macOS does not know this limit
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    sys.setrecursionlimit(5000)
    sys.addaudithook(_no_network)


def _no_network(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith("socket.") or event in (
        "os.system",
        "subprocess.Popen",
        "os.exec",
        "os.fork",
        "os.posix_spawn",
    ):
        raise PermissionError(1, "a parser may use neither network nor other programs")


def _die_with_worker() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave_network() -> None:
    """Also leave the network in the kernel's eyes where an ordinary user may (user namespaces on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
