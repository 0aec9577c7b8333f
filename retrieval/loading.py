"""Puts together what the index shows: the published generation, opened, and everything newer laid over it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sqlalchemy import Engine

from knowledge.database import reading
from knowledge.model import Metadata, PolicyDocument, Standing
from knowledge.store import DocumentStore
from knowledge.validity import standing_on
from retrieval.embedding import Embedder
from retrieval.generations import Generation, Generations
from retrieval.model import Chunk
from retrieval.partition import make_partition
from retrieval.snapshot import Snapshot
from retrieval.staging import Published, published, shown_rows, shown_versions, stored_vectors
from retrieval.vectors import CannotOpen
from retrieval.whitening import Whitening

Coming = Mapping[str, Sequence[Chunk]]  # chunks of documents by their id
Rows = Mapping[str, Sequence[tuple[Chunk, bytes | None]]]  # and their vectors
_log = logging.getLogger(__name__)


class Snapshots:
    """Loads snapshots from SQL and the generations."""

    def __init__(self, engine: Engine, embedder: Embedder, store: DocumentStore, generations: Generations) -> None:
        self._engine = engine
        self._embedder = embedder
        self._store = store
        self._generations = generations

    def metadata(self) -> dict[str, Metadata]:
        """The metadata of every document."""
        return {document.id: document.metadata for document in self._store.documents()}

    def load(self, today: date, old: Snapshot | None, probed: str | None) -> Snapshot:
        """What is published now, as of `today`; the generation of `old` is kept open if it is still the one.

        `probed` names a generation that need not be probed. Put together again if somebody published meanwhile.
        """
        while True:
            with reading(self._engine) as connection:
                now = published(connection)
                versions = shown_versions(connection)
            documents = self.metadata()
            shown = {id_: (version, documents[id_]) for id_, version in versions.items() if id_ in documents}
            snapshot = self._laid_over(today, now, shown, self._opened(now, old, probed))
            with reading(self._engine) as connection:
                if published(connection).revision == now.revision:
                    break
            snapshot.drop()
        return snapshot

    def staged(self, live: Snapshot, documents: Iterable[PolicyDocument], coming: Coming) -> Snapshot:
        """What would be shown beside `live` with `documents` stored, `coming` the chunks of those that change."""
        ids = live.shown.keys() | coming.keys()
        shown = {each.id: (each.version, each.metadata) for each in documents if each.id in ids}
        vectors = stored_vectors(self._engine, self._embedder.name, [chunk for its in coming.values() for chunk in its])
        rows = {id_: [(chunk, vectors.get(chunk.content_hash)) for chunk in its] for id_, its in coming.items()}
        generation = live.generation.retain() if live.generation else None
        return self._laid_over(live.day, live.published, shown, generation, rows)

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
        self,
        today: date,
        now: Published,
        shown: dict[str, tuple[int, Metadata]],
        generation: Generation | None,
        instead: Rows = MappingProxyType({}),
    ) -> Snapshot:
        built = generation.manifest.versions if generation else {}
        moved: frozenset[str] = frozenset()
        if generation:
            moved = frozenset(
                id_
                for id_ in generation.partitions["rest"].document_ids
                if id_ in shown and built[id_] == shown[id_][0] and _in_force(shown[id_][1], today)
            )
        over = {id_ for id_, (version, _) in shown.items() if built.get(id_) != version} | moved
        with reading(self._engine) as connection:
            rows = list(shown_rows(connection, self._embedder.name, over - instead.keys()))
        rows += [row for its in instead.values() for row in its]
        whitening = generation.whitening if generation else self._whitening(now)
        overlay = make_partition(rows, self._embedder.dimensions, whitening=whitening)
        return Snapshot(now, today, shown, generation, overlay, moved, whitening)

    def _whitening(self, now: Published) -> Whitening:
        """Of a generation that cannot be opened; one that changes nothing where even that cannot be told."""
        try:
            return self._generations.whitening(now.generation) if now.generation else Whitening()
        except CannotOpen:
            return Whitening()


def _in_force(metadata: Metadata, day: date) -> bool:
    return standing_on(metadata, day) is Standing.IN_FORCE
