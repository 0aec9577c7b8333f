"""The index: publish what was ingested, search what is published, whatever happens to its files."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from sqlalchemy import Connection

from knowledge.database import reading, writing
from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder
from retrieval.index.chunk_store import (
    Published,
    Report,
    drop_orphans,
    embed_ahead,
    embed_missing,
    one_publisher,
    promote,
    published,
    stage,
    stage_within,
    staged_counts,
)
from retrieval.index.chunks import embedded_text
from retrieval.index.generations import BuildFailed, Generations
from retrieval.index.snapshot import Query, Snapshot
from retrieval.index.snapshots import Snapshots, few
from retrieval.language.question_words import question_tokens
from retrieval.language.tokens import normalised
from retrieval.model import Chunk, Passage
from retrieval.search.candidates import Candidates, Fuse
from retrieval.search.ranking import fuse

LONGEST = 1000  # characters of a question that are searched for
DEPTH = 100  # candidates asked of each side
RETRY_SECONDS = 30.0
_log = logging.getLogger(__name__)
T = TypeVar("T")


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


class Index:
    """Search over the documents in `store`; its generations lie under `home` and, given a `url`, on a Chroma server.

    Every method may be called from any thread. Any number of processes may search; one at a time publishes.
    """

    def __init__(
        self, store: DocumentStore, embedder: Embedder, home: Path, today: Callable[[], date], url: str | None = None
    ) -> None:
        """`today` gives the day that decides which texts are in force."""
        engine = self._engine = store.engine
        self._embedder = embedder
        self._clock = store.clock
        self._store = store
        self._today = today
        self._generations = Generations(engine, embedder, home, url)
        self._snapshots = Snapshots(engine, embedder, store, self._generations)
        self._snapshot: Snapshot | None = None
        self._loading = threading.RLock()
        self._publishing = threading.RLock()
        self._mending: threading.Thread | None = None
        self._tried = -RETRY_SECONDS
        self._closed = False
        self.fuse: Fuse = fuse
        # one question is searched up to three times: what is in force, what was, what has ended
        self._read = lru_cache(maxsize=8)(lambda text: (question_tokens(text), *embedder.read_query(text)))

    # searching

    def candidates(self, text: str, k: int = DEPTH, as_of: date | None = None, *, dead: bool = False) -> Candidates:
        """Return the best `k` of the keyword side and of the vector side, unranked, out of what is in force on `as_of`.

        `as_of` None means today. `dead` asks for what is not in force that day instead. This is the hot path: it runs
        no SQL unless midnight has passed since the last question.
        """
        text = text[:LONGEST]
        words, vector, token_vectors = self._read(text)
        while not (snapshot := self._current()).begin():
            pass  # the snapshot was dropped before it began: the next one is there already
        try:
            its = self._embedder
            terms = Query(
                words, vector, k, as_of or snapshot.day, dead, its.cosine_weight, its.unrelated, token_vectors
            )
            found = snapshot.search(terms)
        finally:
            snapshot.end()
        if snapshot.trouble:
            self._mend()
        return found

    def corrected(self, text: str) -> str:
        """Return `text`, normalised, with typing errors put right by the words of what is published."""
        return self._current().corrected(normalised(text))

    def token_spans(self, chunk: Chunk) -> list[tuple[int, int]]:
        """Return the characters of a chunk's text that each of its token vectors stands for; below 0, its heading's."""
        before = len(embedded_text(chunk.heading, ""))
        return self._embedder.token_spans(embedded_text(chunk.heading, chunk.text), before)

    def search(self, text: str, k: int = 10, as_of: date | None = None) -> list[Passage]:
        """Return the `k` best passages in force on `as_of` (None: today), best first."""
        found = self.candidates(text, max(k, DEPTH), as_of)
        scores = self.fuse(found)
        return [found.passage(int(i), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k]]

    @property
    def published(self) -> Published:
        """What this process shows."""
        return self._current().published

    @property
    def trouble(self) -> str:
        """Why an exact scan answers instead of the vector index; "" where all is well."""
        return self._current().trouble

    def refresh(self, *, probed: str | None = None) -> bool:
        """Show what is published now; return True if it was new. If it was not, this reads only one row.

        `probed` names a generation just built and asked, which need not be asked again.
        """
        with self._loading:
            old = self._snapshot
            if old and old.day == self._today():
                with reading(self._engine) as connection:
                    if published(connection).revision == old.published.revision:
                        return False
            self._snapshot = self._load(old, probed)
            if old:
                old.drop()
        if old and old.published.generation != self._snapshot.published.generation:
            self._clean()
        return True

    def close(self) -> None:
        """Let go of all files; searching afterwards opens them again."""
        with self._loading:
            self._closed = True
            if self._snapshot:
                self._snapshot.drop()
            self._snapshot = None

    # publishing

    def publish(self, on_progress: Report = _silent, *, full: bool = False) -> Published:
        """Show every document as it is stored now.

        A few changes are shown from memory at once. For many, or if `full`, a child process builds a generation. If
        that fails, these are shown from memory too, `trouble` says so, and the build is tried again in the background.
        `on_progress(stage, done, total)` is told how far the work is. If the call is interrupted anywhere,
        what was shown stays, and the next call goes on.
        """
        with self._publishing, self._generations.publishing(), one_publisher(self._engine):
            return self._published(on_progress, full)

    def change(self, write: Callable[[Connection], T], coming: Sequence[Chunk] = ()) -> T:
        """Change stored documents by `write` and show that in the same transaction: both happen or neither does.

        Returns what `write` returns. `coming` are the chunks that will be new; they are embedded first, so that the
        transaction is short. What is new is shown from memory; if it becomes too much for that, a later `publish`
        builds a generation.
        """
        with self._publishing, self._generations.publishing(), one_publisher(self._engine):
            stage(self._engine, self._store, _silent)
            embed_missing(self._engine, self._embedder, _silent)
            embed_ahead(self._engine, self._embedder, coming)
            self.refresh()
            before = self._current().published
            with writing(self._engine) as connection:
                done = write(connection)
                stage_within(connection)
                counts = staged_counts(connection)
                promote(connection, self._next(before, counts))
            self.refresh()
            return done

    def staged(self, store: DocumentStore, coming: Mapping[str, Sequence[Chunk]]) -> "Index":
        """Return this index as it would be over another store; the caller closes it.

        `coming` are the chunks of what differs there. Nothing that is shown changes. New texts are embedded, so that
        publishing them need not do it again.
        """
        with self._publishing:
            embed_ahead(self._engine, self._embedder, [chunk for its in coming.values() for chunk in its])
        with self._loading:
            other = copy(self)
            other._snapshot = self._snapshots.staged(self._current(), store, coming)
        other._closed = True  # it mends nothing
        return other

    def _next(self, before: Published, counts: dict[str, tuple[int, int]]) -> Published:
        return Published(
            revision=before.revision + 1,
            generation=before.generation,
            model=self._embedder.name,
            chunk_count=sum(count for _, count in counts.values()),
            published_at=self._clock(),
        )

    def _published(self, on_progress: Report, full: bool) -> Published:
        stage(self._engine, self._store, on_progress)
        embed_missing(self._engine, self._embedder, on_progress)
        self.refresh()
        before = self._current()
        with reading(self._engine) as connection:
            counts = staged_counts(connection)
        if not full and before.usable and self._unchanged(before, counts):
            return before.published
        after = self._next(before.published, counts)
        if after.chunk_count and (full or not before.usable or not few(counts, before.generation)):
            after = self._built(after, on_progress)
        with writing(self._engine) as connection:
            promote(connection, after)
        self.refresh(probed=after.generation)
        if after.generation != before.published.generation:
            drop_orphans(self._engine)
        self._generations.clean(after.generation)
        return after

    def _built(self, after: Published, on_progress: Report) -> Published:
        try:
            name = self._generations.build(self._clock(), self._today(), on_progress)
        except BuildFailed:
            _log.exception("no generation was built; an exact scan shows what is new")
            return after
        return replace(after, generation=name)

    def _unchanged(self, before: Snapshot, counts: dict[str, tuple[int, int]]) -> bool:
        documents = self._snapshots.metadata()
        return before.shown == {id_: (version, documents.get(id_)) for id_, (version, _) in counts.items()}

    # keeping up

    def _current(self) -> Snapshot:
        snapshot = self._snapshot
        if snapshot is None or snapshot.day != self._today():
            self.refresh()
            snapshot = self._snapshot
        assert snapshot is not None  # noqa: S101  (refresh sets it)
        return snapshot

    def _load(self, old: Snapshot | None, probed: str | None) -> Snapshot:
        snapshot = self._snapshots.load(self._today(), old, probed)
        if snapshot.trouble:
            self._mend()
        return snapshot

    def _mend(self) -> None:
        """Build a new generation, or connect again, in the background; at most every RETRY_SECONDS."""
        with self._loading:
            busy = self._mending is not None and self._mending.is_alive()
            if busy or self._closed or time.monotonic() - self._tried < RETRY_SECONDS:
                return
            self._tried = time.monotonic()
            self._mending = threading.Thread(target=self._mended, name="mend-index", daemon=True)
            self._mending.start()

    def _mended(self) -> None:
        try:
            with self._publishing, self._generations.publishing(), one_publisher(self._engine):
                if self._closed:
                    return
                self._reload()  # someone else may have mended it, or the server may be back
                name = self._current().published.generation
                if not self._current().usable and name and self._generations.adopt(name):
                    self._reload()
                if not self._current().usable:
                    self._published(_silent, full=True)
        except Exception:
            _log.exception("the index could not be mended; an exact scan answers")
        finally:
            if self._closed:  # someone closed it meanwhile
                self.close()

    def _reload(self) -> None:
        with self._loading:
            old, self._snapshot = self._snapshot, self._load(None, None)
            if old:
                old.drop()

    def _clean(self) -> None:
        with self._generations.publishing(wait=False) as mine:
            if mine:
                with reading(self._engine) as connection:
                    keep = published(connection).generation
                self._generations.clean(keep)
