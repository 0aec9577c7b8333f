"""Puts together what the index shows: the published generation, opened, and everything newer laid over it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
from sqlalchemy import Engine

from knowledge.database import reading
from knowledge.law.validity import clause_standing_on
from knowledge.model import ClauseDays, Metadata, Standing
from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder
from retrieval.index.chunk_store import Published, published, shown_rows, shown_versions, stored_vectors
from retrieval.index.generations import Generation, Generations
from retrieval.index.snapshot import Snapshot, dated_rows
from retrieval.model import Chunk
from retrieval.search.partition import make_partition
from retrieval.search.vectors import CannotOpen

ComingChunks = Mapping[str, Sequence[Chunk]]  # chunks of documents by their id
ChunkRows = Mapping[str, Sequence[tuple[Chunk, bytes | None]]]  # the same with their vectors
_log = logging.getLogger(__name__)


class Snapshots:
    """Loads snapshots from SQL and the generations."""

    def __init__(self, engine: Engine, embedder: Embedder, store: DocumentStore, generations: Generations) -> None:
        self._engine = engine
        self._embedder = embedder
        self._store = store
        self._generations = generations

    def metadata(self) -> dict[str, Metadata]:
        """Return the metadata of every document."""
        return {document.id: document.metadata for document in self._store.documents()}

    def load(self, today: date, old: Snapshot | None, probed: str | None) -> Snapshot:
        """Return what is published now, as of `today`; the generation of `old` stays open if it is still the one.

        `probed` names a generation that need not be probed. If somebody published meanwhile, the snapshot is put
        together again.
        """
        while True:
            with reading(self._engine) as connection:
                now = published(connection)
                versions = shown_versions(connection)
            documents = self.metadata()
            shown = {id_: (version, documents[id_]) for id_, version in versions.items() if id_ in documents}
            snapshot = self._laid_over(
                _View(today, now, shown, self._store.clause_days()), self._opened(now, old, probed)
            )
            with reading(self._engine) as connection:
                if published(connection).revision == now.revision:
                    break
            snapshot.drop()
        return snapshot

    def staged(self, live: Snapshot, store: DocumentStore, coming: ComingChunks) -> Snapshot:
        """Return what would be shown beside `live` over another store.

        `coming` are the chunks of what differs there.
        """
        ids = live.shown.keys() | coming.keys()
        shown = {each.id: (each.version, each.metadata) for each in store.documents() if each.id in ids}
        vectors = stored_vectors(self._engine, self._embedder.name, [chunk for its in coming.values() for chunk in its])
        rows = {id_: [(chunk, vectors.get(chunk.content_hash)) for chunk in its] for id_, its in coming.items()}
        generation = live.generation.retain() if live.generation else None
        return self._laid_over(_View(live.day, live.published, shown, store.clause_days()), generation, rows)

    def _opened(self, now: Published, old: Snapshot | None, probed: str | None) -> Generation | None:
        if not now.generation:
            return None
        if old and old.generation and old.generation.name == now.generation:
            return old.generation.retain()
        try:
            return self._generations.open(now.generation, probed=now.generation == probed)
        except CannotOpen as error:
            _log.warning("generation %s cannot be opened: %s", now.generation, error)
            return None

    def _laid_over(
        self, view: "_View", generation: Generation | None, instead: ChunkRows = MappingProxyType({})
    ) -> Snapshot:
        built = generation.manifest.versions if generation else {}
        moved = view.moved(generation) if generation else frozenset()
        over = {id_ for id_, (version, _) in view.shown.items() if built.get(id_) != version} | moved
        with reading(self._engine) as connection:
            rows = list(shown_rows(connection, self._embedder.name, over - instead.keys()))
        rows += [row for its in instead.values() for row in its]
        overlay = make_partition(rows, self._embedder.dimensions)
        return Snapshot(view.published, view.day, view.shown, generation, overlay, moved, view.days)


@dataclass(frozen=True, slots=True)
class _View:
    """What a snapshot shows, before it is laid out."""

    day: date
    published: Published
    shown: dict[str, tuple[int, Metadata]]
    days: Mapping[str, ClauseDays]

    def moved(self, generation: Generation) -> frozenset[str]:
        """Return the documents of which something has come into force since the generation was built."""
        rest = generation.partitions["rest"]
        dated = dict(dated_rows(rest, self.days))
        of_these = {rest.document_ids[rest.documents[row]] for row in dated}
        same = {
            id_
            for id_ in rest.document_ids
            if id_ in self.shown and generation.manifest.versions[id_] == self.shown[id_][0]
        }
        whole = {id_ for id_ in same - of_these if self._in_force(id_, "")}
        rows = np.flatnonzero(np.isin(rest.documents, [n for n, i in enumerate(rest.document_ids) if i in of_these]))
        places = [(rest.document_ids[rest.documents[row]], dated.get(row, "")) for row in rows.tolist()]
        return frozenset(whole | {id_ for id_, clause in places if id_ in same and self._in_force(id_, clause)})

    def _in_force(self, document_id: str, clause_id: str) -> bool:
        standing = clause_standing_on(self.shown[document_id][1], self.days.get(clause_id), self.day)
        return standing is Standing.IN_FORCE


OVERLAY_CHUNKS = 2000  # up to so many changed chunks are shown from memory; for more a generation is built

OVERLAY_SHARE = 0.2  # the same limit as a part of the generation's chunks, never below OVERLAY_FLOOR

OVERLAY_FLOOR = 200


def few(counts: dict[str, tuple[int, int]], generation: Generation | None) -> bool:
    """Whether what differs from the generation is little enough to be shown from memory."""
    if not generation:
        return False
    built = generation.manifest.versions
    changed = sum(count for id_, (version, count) in counts.items() if built.get(id_) != version)
    size = sum(generation.manifest.rows.values())
    gone = size - sum(count for id_, (version, count) in counts.items() if built.get(id_) == version)
    return max(changed, gone) <= min(OVERLAY_CHUNKS, max(OVERLAY_FLOOR, OVERLAY_SHARE * size))
