"""Parses each file in a process of its own, with limits on memory, time, files and network."""

import multiprocessing
import pickle
import queue
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from knowledge import sentences
from knowledge.formats.archive import Member
from knowledge.model import FileFailure, ParsedDocument
from knowledge.sandbox.limits import Limits
from knowledge.sandbox.worker import Cancelled, Job, JobResult, Load, serve

_LOOK = 0.2  # seconds between looks at `cancel`


class Parsers:
    """Workers, two by default, that parse one file each at a time.

    Use this as a context manager; several threads may share it. A worker is started once and forks itself for every
    file. A file therefore costs milliseconds, and whatever it does to its process dies with that process. A worker
    that is killed itself is replaced.
    """

    def __init__(self, load: Load, limits: Limits | None = None, workers: int = 2, preload: Sequence[str] = ()) -> None:
        """`load` reads a file; `preload` names the modules that are loaded once for all workers before they start."""
        self.limits = limits or Limits()
        self.workers = workers
        self.peak_bytes = 0  # most memory a file's process had resident so far
        self._load, self._preload = load, list(preload)
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

    def parse(self, path: Path, name: str = "", cancel: threading.Event | None = None) -> ParsedDocument | FileFailure:
        """Return the document in `path`, or why it could not be read; `name` is what people call the file.

        Waits for a free worker. Raises `Cancelled` as soon as `cancel` is set; the file's process is killed then.
        """
        answer = self._done(Job(path, name or path.name), cancel)
        if not isinstance(answer, ParsedDocument | FileFailure):
            raise TypeError(f"a parser answered with {type(answer).__name__}")
        return answer

    def unpack(
        self, path: Path, folder: Path, cancel: threading.Event | None = None
    ) -> tuple[Member, ...] | FileFailure | None:
        """Unpack the archive `path` into `folder` and return its members; None when it is a document.

        Otherwise it does as `parse`: it waits, returns a failure and raises in the same cases.
        """
        answer = self._done(Job(path, path.name, folder), cancel)
        if isinstance(answer, ParsedDocument):
            raise TypeError("an archive is no document")
        return answer

    def _done(self, job: Job, cancel: threading.Event | None) -> JobResult:
        worker = self._free.get()
        try:
            worker = worker or _Worker(self.limits, self._load, self._preload)
            answer, peak = worker.do(job, cancel)
            self.peak_bytes = max(self.peak_bytes, peak)
            return answer
        except Cancelled:
            _stop(worker)
            worker = None
            raise
        except (EOFError, OSError, pickle.UnpicklingError):
            _stop(worker)
            worker = None
            return FileFailure(job.name, sentences.WORKER_DIED)
        finally:
            self._free.put(worker)


class _Worker:
    def __init__(self, limits: Limits, load: Load, preload: list[str]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(preload)
        self._limits = limits
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, limits, load), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, job: Job, cancel: threading.Event | None) -> tuple[JobResult, int]:
        """Return the worker's answer and the most memory (bytes) that the job's process had resident."""
        if cancel and cancel.is_set():
            raise Cancelled
        self._pipe.send(job)
        end = time.monotonic() + self._limits.longest_seconds + 30
        while not self._pipe.poll(_LOOK if cancel else self._limits.longest_seconds + 30):
            if cancel and cancel.is_set():
                raise Cancelled
            if time.monotonic() > end:
                raise EOFError
        answer: tuple[JobResult, int] = self._pipe.recv()
        return answer

    def stop(self, wait: float = 2.0) -> None:
        """End the worker. What it is doing is killed after `wait` seconds at the latest."""
        self._pipe.close()
        self._process.join(wait)
        if self._process.is_alive():
            self._process.terminate()  # this also ends its child, and that child's children
            self._process.join(2)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(5)


def _stop(worker: _Worker | None) -> None:
    if worker:
        worker.stop(0)
