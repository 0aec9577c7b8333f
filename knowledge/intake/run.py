"""Reads files and folders into the store: an unchanged file costs a hash, a failing one is named, the rest go on."""

import hashlib
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from knowledge import sentences
from knowledge.intake.destinations import Intake, IntoStore
from knowledge.intake.gather import FoundFile, gather
from knowledge.model import FileFailure, HeldFile, IngestReport, ParsedDocument
from knowledge.sandbox.parsers import Parsers
from knowledge.sandbox.worker import Cancelled
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from knowledge.versions import checks
from knowledge.versions.proposals import Proposed

READER_VERSION = "2"  # raise it when the readers improve: every file is then read again
BATCH = 64  # documents in one transaction
_AHEAD = 16  # files parsed ahead of the writing


@dataclass(frozen=True, slots=True)
class Progress:
    """One file is done: `outcome` is added, changed, unchanged, held or failed."""

    done: int
    total: int
    file: str
    outcome: str


def _silent(_progress: Progress) -> None:
    pass


def ingest(
    paths: Sequence[Path],
    store: DocumentStore,
    parsers: Parsers,
    *,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] = _silent,
    cancel: threading.Event | None = None,
    intake: Intake | None = None,
) -> IngestReport:
    """Read `paths` (folders are walked, hidden files skipped) into `store`; `dry_run` writes nothing.

    An archive counts as its members. Once `cancel` is set no further file goes in. What has been read stays, and the
    report says that the run was cancelled.

    With `intake` the files go there instead of straight into the store. What it stops is held. A held file that has
    not changed is reported again without being parsed.

    A file is unchanged when its source is stored with the same content, or its content is stored under another name.
    A file that failed and has not changed since is reported again without being parsed.
    """
    run = _Run(store, parsers, intake or IntoStore(store), dry_run, on_progress)
    run.cancel = cancel or run.cancel
    return run.over(paths)


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield every file of `paths` once. Folders are walked in name order; hidden files and folders are skipped."""
    seen: set[Path] = set()
    for path in paths:
        found = sorted(_walk(path)) if path.is_dir() else [path]
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def fingerprint(path: Path) -> str:
    """Return the content hash (hex SHA-256) of a file as read by this version of the readers."""
    digest = hashlib.sha256(f"readers {READER_VERSION}\n".encode())
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Waiting:
    found: FoundFile
    content_hash: str
    answer: "Future[ParsedDocument | FileFailure]"
    is_copy: bool = False  # another file of this run has the same content


class _Run:
    def __init__(
        self,
        store: DocumentStore,
        parsers: Parsers,
        intake: Intake,
        dry_run: bool,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.store, self.parsers, self.intake = store, parsers, intake
        self.dry_run, self.on_progress = dry_run, on_progress
        self.cancel = threading.Event()
        self.report = IngestReport()
        self.known = intake.known()
        self.failed_before = store.failed_before()
        self.begun: dict[str, Future[ParsedDocument | FileFailure]] = {}
        self.batch: list[Proposed] = []
        self.done = self.total = 0

    def over(self, paths: Sequence[Path]) -> IngestReport:
        started = time.monotonic()
        with (
            tempfile.TemporaryDirectory(prefix="laofashi-archives-") as scratch,
            ThreadPoolExecutor(self.parsers.workers) as threads,
        ):
            try:
                self._read(list(gather(list(files_in(paths)), self.parsers, Path(scratch), self.cancel)), threads)
            except Cancelled:
                self.report.cancelled = True
                threads.shutdown(wait=True, cancel_futures=True)
            self._write()  # while the unpacked members of archives are still there
        self.report.seconds = time.monotonic() - started
        return self.report

    def _read(self, files: Sequence[FoundFile], threads: ThreadPoolExecutor) -> None:
        self.total = len(files)
        waiting: deque[_Waiting] = deque()
        for found in files:
            if self.cancel.is_set():
                raise Cancelled
            if one := self._begin(found, threads):
                waiting.append(one)
            while waiting and (len(waiting) >= _AHEAD or waiting[0].answer.done()):
                self._finish(waiting.popleft())
        while waiting:
            self._finish(waiting.popleft())

    def _begin(self, found: FoundFile, threads: ThreadPoolExecutor) -> _Waiting | None:
        """Start parsing a file, unless it is unchanged, is held or failed before with the same content."""
        source = found.source
        try:
            content_hash = fingerprint(found.path)
        except OSError as error:
            reason = sentences.CANNOT_OPEN.format(why=error.strerror or type(error).__name__)
            self._fail(source, FileFailure(found.name, reason), "")
            return None
        if found.failure:
            self._fail(source, found.failure, content_hash)
            return None
        if (held := self.known.held.get(source)) and held[0] == content_hash:
            self._hold(held[1])
            return None
        stored = self.known.sources.get(source)
        if stored == content_hash or (stored is None and not held and content_hash in self.known.contents):
            self._unchanged(found.name)
            return None
        if self.failed_before.get(source, ("",))[0] == content_hash:
            self._fail(source, self.failed_before[source][1], content_hash, again=True)
            return None
        if copied := self.begun.get(content_hash):
            return _Waiting(found, content_hash, copied, is_copy=stored is None)
        self.begun[content_hash] = threads.submit(self.parsers.parse, found.path, found.name, self.cancel)
        return _Waiting(found, content_hash, self.begun[content_hash])

    def _finish(self, one: _Waiting) -> None:
        parsed, name, source = one.answer.result(), one.found.name, one.found.source
        if isinstance(parsed, FileFailure):
            self._fail(source, FileFailure(name, parsed.reason), one.content_hash)
            return
        self.begun.pop(one.content_hash, None)  # frees the parsed text; its hash is enough from now on
        self.known.contents.add(one.content_hash)
        if one.is_copy:
            self._unchanged(name)
            return
        incoming = IncomingDocument(parsed, name, source, one.content_hash)
        self.batch.append(Proposed(incoming, one.found.path, findings=self.intake.stopped(parsed)))
        outcome = self._counted(self.batch[-1])
        if len(self.batch) >= BATCH:
            self._write()
        self._tell(name, outcome)

    def _counted(self, item: Proposed) -> str:
        """Count a file and return whether it is added, changed or held."""
        incoming = item.incoming
        if item.findings and item.findings.holds:
            if self.dry_run:
                reasons = tuple(checks.sentence(hold) for hold in item.findings.holds)
                self.report.held.append(HeldFile(incoming.file, "", reasons))
            return "held"
        changed = incoming.source in self.known.live
        (self.report.changed if changed else self.report.added).append(incoming.file)
        self.report.clauses += len(incoming.parsed.clauses)
        return "changed" if changed else "added"

    def _hold(self, held: HeldFile) -> None:
        self.report.held.append(held)
        self._tell(held.file, "held")

    def _unchanged(self, file: str) -> None:
        self.report.unchanged.append(file)
        self._tell(file, "unchanged")

    def _fail(self, source: str, failure: FileFailure, content_hash: str, again: bool = False) -> None:
        self.report.failed.append(failure)
        if not self.dry_run and not again:
            self.store.record_failure(source, failure, content_hash)
        self._tell(failure.file, "failed")

    def _write(self) -> None:
        if self.batch and not self.dry_run:
            taken = self.intake.take(self.batch)
            self.report.held += taken.held
            self.report.drafts += taken.drafts
        self.batch = []

    def _tell(self, file: str, outcome: str) -> None:
        self.done += 1
        self.on_progress(Progress(self.done, self.total, file, outcome))
