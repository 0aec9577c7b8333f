"""Generations on disk: built and probed in a child process, opened from a private copy, removed when nobody reads."""

import fcntl
import json
import logging
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, delete, insert, select

from knowledge.database import reading, writing
from retrieval.embedding.embedder import Embedder
from retrieval.index.build import PARTITIONS, probe
from retrieval.index.chunk_store import Report
from retrieval.index.manifest import Manifest, manifest_of, verify
from retrieval.search.connect import connect_vectors
from retrieval.search.partition import Partition, open_partition
from retrieval.search.vectors import CannotOpen, Unreachable, VectorGenerations, VectorReader
from retrieval.tables import generations

_PROBE_SECONDS = 120.0
_BUILD_SECONDS = 6 * 3600.0
_STALE_SECONDS = 3600
_log = logging.getLogger(__name__)


class BuildFailed(RuntimeError):
    """The child process that builds a generation ended without one."""


@dataclass
class Generation:
    """An open generation. If `vectors` is None, an exact scan must answer: it is damaged, or its server is away."""

    name: str
    manifest: Manifest
    partitions: dict[str, Partition]
    vectors: VectorReader | None
    damaged: bool
    lock: IO[bytes]
    _owners: int = 1
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def retain(self) -> "Generation":
        """Count one more snapshot that uses the generation."""
        with self._counting:
            self._owners += 1
        return self

    def release(self) -> None:
        """Count one snapshot fewer; the last one closes the generation and lets it be removed."""
        with self._counting:
            self._owners -= 1
            last = not self._owners
        if last:
            self._close()

    def give_up_vectors(self, damaged: bool) -> None:
        """Scan from now on, because the vector index failed while it was asked."""
        with self._counting:
            self.damaged = self.damaged or damaged
            failed, self.vectors = self.vectors, None
            if failed:
                self.partitions = _in_memory(self.partitions)
        if failed:
            with suppress(Exception):
                failed.close()

    def _close(self) -> None:
        if self.vectors:
            with suppress(Exception):
                self.vectors.close()
        self.lock.close()


class Generations:
    """Folders `home`/NAME with their vectors in `home` or on the Chroma server at `url`."""

    def __init__(self, engine: Engine, embedder: Embedder, home: Path, url: str | None = None) -> None:
        self._home = home.resolve()
        self._engine = engine
        self._embedder = embedder
        self._url = url
        self._vectors: VectorGenerations = connect_vectors(url, self._home)

    def names(self) -> set[str]:
        """Return the names of the generations begun or built and not removed yet, on whatever machine."""
        with reading(self._engine) as connection:
            return set(connection.execute(select(generations.c.name)).scalars())

    @contextmanager
    def publishing(self, wait: bool = True) -> Iterator[bool]:
        """Let one publisher at a time work among all processes of this home.

        Yields False if another one is publishing and `wait` is False, else True.
        """
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / "publishing.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def build(self, now: datetime, today: date, report: Report) -> str:
        """Build what is staged into a new generation, probe it, return its name. Raises BuildFailed with the reason."""
        name = f"g{now:%Y%m%d%H%M%S}{secrets.token_hex(3)}"
        row = {"name": name, "begun_at": now, "model": self._embedder.name}
        with writing(self._engine) as connection:
            connection.execute(insert(generations).values(row))
        try:
            self._make("build", name, report, {"today": today.isoformat()})
        except BaseException:
            self._remove(name)
            raise
        return name

    def adopt(self, name: str) -> bool:
        """Write this machine's files of a generation whose vectors are on the server; return False if they are not."""
        if not self._url:
            return False
        shutil.rmtree(self._home / name, ignore_errors=True)
        try:
            self._make("adopt", name, lambda *_: None, {})
        except BuildFailed as error:
            _log.warning("generation %s cannot be adopted: %s", name, error)
            return False
        return True

    def _make(self, task: str, name: str, report: Report, more: dict[str, Any]) -> None:
        folder = self._home / name
        folder.mkdir(parents=True)
        job = self._job(task, name) | {
            "database": _absolute(self._engine),
            "model": self._embedder.name,
            "dimensions": self._embedder.dimensions,
        }
        with (folder / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            _run(job | more, report)

    def open(self, name: str, probed: bool = False) -> Generation:
        """Open a generation. If it is not `probed` yet, a child process first opens it and asks it.

        Its files are mapped from a private copy: if someone truncates a mapped file, the process ends (SIGBUS).
        Raises CannotOpen if a file without which no search is possible is missing or damaged.
        """
        folder = self._home / name
        manifest = manifest_of(folder)
        if manifest.model != self._embedder.name:
            raise CannotOpen(f"{name} was built with {manifest.model}")
        try:
            lock = (folder / "lock").open("ab")
        except OSError as error:
            raise CannotOpen(f"{name}: {error}") from error
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            partitions = self._mapped(folder, manifest)
        except BaseException:
            lock.close()
            raise
        try:
            vectors = self._open_vectors(folder, manifest, partitions, probed)
        except Unreachable as error:
            _log.warning("vector server: %s", error)
            return Generation(name, manifest, _in_memory(partitions), None, False, lock)
        except (CannotOpen, BuildFailed) as error:
            _log.warning("vectors of generation %s cannot be read: %s", name, error)
            return Generation(name, manifest, _in_memory(partitions), None, True, lock)
        return Generation(name, manifest, partitions, vectors, False, lock)

    def clean(self, keep: str | None) -> None:
        """Remove what killed processes left, and every generation but `keep` that nobody has open.

        Call this only while `publishing`: a generation just begun is not locked yet.
        """
        folders = {path.name for path in self._home.glob("g*") if path.is_dir()}
        for name in sorted(self.names() | folders):
            if name != keep and not self._in_use(name):
                self._remove(name)
        for left in self._home.glob(".open-*"):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)

    def _mapped(self, folder: Path, manifest: Manifest) -> dict[str, Partition]:
        with tempfile.TemporaryDirectory(dir=self._home, prefix=".open-", ignore_cleanup_errors=True) as scratch:
            copy = Path(scratch) / folder.name
            try:
                for name in PARTITIONS:
                    shutil.copytree(folder / name, copy / name)
                    verify(copy, manifest, f"{name}/")
                return {name: open_partition(copy / name) for name in PARTITIONS}
            except (OSError, ValueError, shutil.Error) as error:
                raise CannotOpen(f"{folder.name}: {error}") from error

    def _open_vectors(
        self, folder: Path, manifest: Manifest, partitions: dict[str, Partition], probed: bool
    ) -> VectorReader:
        if self._url:
            probe(self._vectors, folder.name, partitions)
        elif not probed:
            verify(folder, manifest, "chroma/")
            _run(self._job("probe", folder.name), lambda *_: None, _PROBE_SECONDS)
        return self._vectors.open(folder.name)

    def _job(self, task: str, name: str) -> dict[str, Any]:
        return {"task": task, "name": name, "home": str(self._home), "url": self._url}

    def _in_use(self, name: str) -> bool:
        try:
            with (self._home / name / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _remove(self, name: str) -> None:
        try:
            self._vectors.drop(name)
        except Unreachable:
            return  # a later call removes it, when the server is back
        shutil.rmtree(self._home / name, ignore_errors=True)
        with writing(self._engine) as connection:
            connection.execute(delete(generations).where(generations.c.name == name))


def _in_memory(partitions: dict[str, Partition]) -> dict[str, Partition]:
    return {name: partition.in_memory() for name, partition in partitions.items()}


def _run(job: dict[str, Any], report: Report, timeout: float = _BUILD_SECONDS) -> None:
    """Run a job in a child that ends when this process does. Raises BuildFailed with what the child said last."""
    command = [sys.executable, "-m", "retrieval.index.build"]
    here = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": errors}
        with subprocess.Popen(command, text=True, encoding="utf-8", cwd=here, **pipes) as child:  # type: ignore[call-overload]  # noqa: S603
            overdue = threading.Timer(timeout, child.kill)
            overdue.start()
            try:
                child.stdin.write(json.dumps(job) + "\n")
                child.stdin.flush()
                for line in child.stdout:
                    report(*json.loads(line))
            except BrokenPipeError:
                pass  # the child ended early: its exit code and last words say why
            except BaseException:
                child.kill()
                raise
            finally:
                overdue.cancel()
                child.wait()
        if child.returncode:
            errors.seek(0)
            last = (errors.read().strip().splitlines() or ["no word"])[-1]
            raise BuildFailed(f"{job['task']} of {job['name']} ended with {child.returncode}: {last}")


def _absolute(engine: Engine) -> str:
    url = engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).resolve()))
    return url.render_as_string(hide_password=False)
