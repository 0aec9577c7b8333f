"""Runs inside a worker process: starts one child per file, under limits, and passes its answer on."""

import gc
import io
import os
import pickle
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import NoReturn

from knowledge import sentences
from knowledge.formats import archive, office, progress
from knowledge.formats.unreadable import NeedsOffice, Unreadable
from knowledge.model import FileFailure, ParsedDocument
from knowledge.sandbox.limits import Limits, cage_in, die_with_parent, leave_network, limit_resources

_PLAIN = {("datetime", "date"), ("datetime", "datetime"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath")}
_BEAT = b"."  # a pickle never begins with it


class Cancelled(Exception):
    """Whoever asked for the file no longer wants it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to parse; with `folder` set, an archive to unpack there. `name` is what people call it."""

    path: Path
    name: str
    folder: Path | None = None


JobResult = ParsedDocument | FileFailure | tuple[archive.Member, ...] | None
Load = Callable[[Path, str, int], ParsedDocument]


def serve(pipe: Connection, limits: Limits, load: Load) -> None:
    """Run the worker: start a child process for every job that comes in, and send back its answer and its memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    die_with_parent(signal.SIGTERM)
    leave_network()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.putenv(name, "1")  # for libraries that a child loads
    gc.freeze()  # children share what is loaded by now instead of copying it
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_Work(job, limits, load, pipe).done())


_running: set[int] = set()  # the child at work, if any; it leads a process group


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    for child in _running:
        _kill(child)
    raise SystemExit(0)  # this also removes what was converted


def _kill(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        os.kill(child, signal.SIGKILL)  # it has not become the leader of its group yet


class _Reader(pickle.Unpickler):
    """Reads a child's answer and makes only the types of an answer, because a file may have taken the child over."""

    def find_class(self, module: str, name: str) -> type:
        found = getattr(sys.modules.get(module), name, None)
        answers = module.partition(".")[0] == "knowledge" or (module, name) in _PLAIN
        if not answers or not isinstance(found, type) or found.__module__.partition(".")[0] != module.partition(".")[0]:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return found

    def load(self) -> "JobResult | NeedsOffice":
        try:
            answer: JobResult | NeedsOffice = super().load()
        except Exception as error:
            raise pickle.UnpicklingError("a child's answer cannot be read") from error
        return answer


class _Work:
    """One job, with the time and memory spent on it by all its child processes."""

    def __init__(self, job: Job, limits: Limits, load: Load, orders: Connection) -> None:
        self.job, self.limits, self.load, self.orders = job, limits, load, orders
        self.end = time.monotonic() + limits.wall_seconds
        self.last = time.monotonic() + limits.longest_seconds
        self.peak_bytes = 0

    def done(self) -> tuple[JobResult, int]:
        """Return the answer, and the most memory (bytes) that a child had resident."""
        answer = self._in_child(lambda: self._report(self.job.path))
        if isinstance(answer, NeedsOffice):
            answer = self._through_office(answer)
        return answer, self.peak_bytes

    def _through_office(self, needs: NeedsOffice) -> JobResult:
        """Have an office program convert the file in a temporary folder, and return the document in the result."""
        program = office.program()
        if program is None:
            return FileFailure(self.job.name, office.missing(needs.suffix))
        with tempfile.TemporaryDirectory(prefix="laofashi-office-", ignore_cleanup_errors=True) as scratch:
            folder = Path(scratch)
            for _ in range(office.STARTS):
                ended = self._in_child(lambda: self._convert(program, folder, needs))
                if (made := office.made(folder, needs)) or time.monotonic() >= self.end:
                    break
            if made is None:
                if time.monotonic() >= self.end and isinstance(ended, FileFailure):
                    return ended
                return FileFailure(self.job.name, sentences.OFFICE_FAILED)
            answer = self._in_child(lambda: self._report(made))
        if isinstance(answer, ParsedDocument):
            return replace(answer, media_type=office.MEDIA_TYPES[needs.suffix])
        return FileFailure(self.job.name, sentences.OFFICE_FAILED) if isinstance(answer, NeedsOffice) else answer

    def _in_child(self, work: Callable[[], "bytes"]) -> "JobResult | NeedsOffice":
        """Return what `work` answers in a child process of its own."""
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)  # a program that the child becomes holds the pipe open until it ends
        child = os.fork()
        if child == 0:
            os.close(reading)
            self.orders.close()  # or nobody would notice the worker's death
            _child(work, writing)
        _running.add(child)
        os.close(writing)
        data = None
        try:
            data = self._read_all(reading)
        finally:
            os.close(reading)
            _kill(child)  # nothing it started outlives it
            _, status, usage = os.wait4(child, 0)
            _running.discard(child)
            self.peak_bytes = max(self.peak_bytes, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
        if data is None:
            reason = sentences.PARSING_TOO_LONG.format(seconds=self.limits.wall_seconds)
            return FileFailure(self.job.name, reason)
        if not data:
            return FileFailure(self.job.name, _death(status, self.limits))
        try:
            return _Reader(io.BytesIO(data)).load()
        except pickle.UnpicklingError:
            return FileFailure(self.job.name, _death(status, self.limits))

    def _read_all(self, pipe: int) -> bytes | None:
        """Return everything that the child writes except its beats; None when it is not done in time."""
        parts: list[bytes] = []
        while (left := self.end - time.monotonic()) > 0:
            if not select.select([pipe], [], [], left)[0]:
                break
            part = os.read(pipe, 1 << 20)
            if not part:
                return b"".join(parts)
            if not parts and part.startswith(_BEAT):
                part = part.lstrip(_BEAT)
                self.end = max(self.end, min(time.monotonic() + self.limits.page_seconds, self.last))
            if part:
                parts.append(part)
        return None

    # --- in the child ---

    def _report(self, path: Path) -> bytes:
        """Parse or unpack under the limits and return the pickled answer."""
        cage_in(self.limits, writes=self.limits.file_bytes if self.job.folder else 0)
        return pickle.dumps(self._answer(path))

    def _convert(self, program: Path, folder: Path, needs: NeedsOffice) -> bytes:
        limit_resources(self.limits, office.MOST_BYTES, office.LIBRARIES)
        office.become(program, self.job.path, folder, needs)

    def _answer(self, path: Path) -> "JobResult | NeedsOffice":
        name, limits = self.job.name, self.limits
        try:
            if self.job.folder:
                return archive.unpack(path, self.job.folder, limits.file_bytes)
            return self.load(path, name.rpartition("/")[2], limits.file_bytes)
        except NeedsOffice as needs:
            return needs
        except Unreadable as error:
            return FileFailure(name, error.reason)
        except MemoryError:
            return FileFailure(name, sentences.PARSING_TOO_LARGE.format(most=limits.memory_bytes // 1048576))
        except RecursionError:
            return FileFailure(name, sentences.CONTENT_TOO_DEEP)
        except OSError as error:
            why = error.strerror or type(error).__name__
            return FileFailure(name, sentences.CANNOT_OPEN.format(why=why))
        except Exception as error:  # a parser may fail in any way on a hostile file; the file is named, the rest go on
            return FileFailure(name, sentences.PARSER_FAILED.format(error=type(error).__name__))


def _death(status: int, limits: Limits) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return sentences.PARSING_TOO_SLOW.format(seconds=limits.cpu_seconds)
    return sentences.PARSER_DIED


def _child(work: Callable[[], bytes], pipe: int) -> NoReturn:
    """Do the work, write its answer, and leave without running anybody's exit handlers."""
    code = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent(signal.SIGKILL)
        progress.listen(lambda: os.write(pipe, _BEAT))
        view = memoryview(work())
        while view:
            view = view[os.write(pipe, view) :]
        code = 0
    finally:
        os._exit(code)
