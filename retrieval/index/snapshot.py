"""What the index shows at one revision, and searching it."""

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from knowledge.law.validity import clause_standing_on
from knowledge.model import ClauseDays, Metadata, Standing
from retrieval.embedding.embedder import COSINE_WEIGHT, UNRELATED, Vectors
from retrieval.embedding.record import no_tokens
from retrieval.index.chunk_store import Published
from retrieval.index.generations import Generation
from retrieval.language.spelling import Spelling
from retrieval.search.candidates import Candidates, PartitionHits, gathered
from retrieval.search.keywords import Idf, RowNumbers, Scores
from retrieval.search.partition import SCANNED, Partition
from retrieval.search.vectors import CannotOpen, Unreachable, cosines

Mask = npt.NDArray[np.bool_]
_DAYS_KEPT = 32
_SCANNED = 1000  # up to so many living rows among dead ones, all are compared: Chroma would be asked again and again
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched: it asks for the `k` best of each side among what is in force on `day`.

    `dead` asks instead for what is *not* in force that day, so that the bot can say that a rule has ended.
    """

    tokens: list[str]
    vector: Vectors
    k: int
    day: date
    dead: bool = False
    cosine_weight: float = COSINE_WEIGHT
    unrelated: float = UNRELATED
    token_vectors: Vectors = field(default_factory=no_tokens)  # those of the question's tokens


@dataclass(frozen=True, slots=True)
class _Living:
    """Which rows of a partition a query may return, and how many.

    `rows` and `vectors` (float32) hold these rows only where they are few; else they are empty.
    """

    alive: Mask
    count: int
    rows: RowNumbers
    vectors: Vectors

    def nearest(self, vector: Vectors, k: int) -> RowNumbers:
        """Return the `k` nearest of `rows`, nearest first."""
        return self.rows[np.argsort(-cosines(self.vectors, vector), kind="stable")[:k]]


@dataclass
class Snapshot:
    """The published generation, and an overlay in memory of what is shown but not in the generation.

    `day` is the day the snapshot was put together for. `shown` holds the version and metadata of each document. `days`
    holds the days of the few clauses whose days differ from their document's. `moved` are the documents of which
    something in `rest` has come into force since the generation was built; they are in the overlay instead.
    """

    published: Published
    day: date
    shown: Mapping[str, tuple[int, Metadata]]
    generation: Generation | None
    overlay: Partition
    moved: frozenset[str] = frozenset()
    days: Mapping[str, ClauseDays] = field(default_factory=dict)
    _lives_on: dict[tuple[str, date, bool], _Living] = field(default_factory=dict)
    _readers: int = 0
    _dropped: bool = False
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def usable(self) -> bool:
        """Whether the generation need not be built again; where there are no chunks, none is needed."""
        return not self.generation.damaged if self.generation else not len(self.overlay)

    @property
    def trouble(self) -> str:
        """Why an exact scan answers instead of the vector index; "" where all is well."""
        if self.generation is None:
            return "no generation can be opened" if len(self.overlay) else ""
        if self.generation.vectors:
            return ""
        return "the generation is damaged" if self.generation.damaged else "the vector server is unreachable"

    def begin(self) -> bool:
        """Note that a search begins; return False if the snapshot has been dropped already."""
        with self._counting:
            self._readers += not self._dropped
            return not self._dropped

    def end(self) -> None:
        """Note that a search that `begin` allowed has ended."""
        with self._counting:
            self._readers -= 1
            last = self._dropped and not self._readers
        if last and self.generation:
            self.generation.release()

    def drop(self) -> None:
        """Let go of the generation as soon as the last search in it ends."""
        if self.begin():
            self._dropped = True
            self.end()

    def search(self, query: Query) -> Candidates:
        """Return the best of both sides out of everything in force on the query's day, or not in force if `dead`."""
        names = ("current",) if query.day == self.day and not query.dead else ("current", "rest")
        parts = [(name, self._partition(name)) for name in (*names, "overlay")]
        found = [self._search_one(name, part, query) for name, part in parts if part is not None and len(part)]
        reference = self._reference()
        return Candidates(
            tokens=query.tokens,
            idf={token: reference.keywords.idf(token) for token in set(query.tokens)},
            document_idf=sum(reference.document_keywords.idf(token) for token in query.tokens),
            bm25=_joined([each.bm25 for each in found]),
            document_bm25=_joined([each.document_bm25 for each in found]),
            cosine=_joined([each.cosine for each in found]),
            documents=_apart(found),
            places=[place for each in found for place in each.places],
            cosine_weight=query.cosine_weight,
            unrelated=query.unrelated,
            token_vectors=query.token_vectors,
        )

    def corrected(self, text: str) -> str:
        """Return `text` (normalised) with words that no document writes put right by their sound."""
        parts = [*(self.generation.partitions.values() if self.generation else ()), self.overlay]
        words = self._reference().words
        return Spelling(words).corrected(text, lambda pair: any(part.keywords.written(pair) for part in parts))

    def _search_one(self, name: str, partition: Partition, query: Query) -> PartitionHits:
        """Return the best living rows of one partition, weighed as in the reference partition."""
        alive = self._alive(name, partition, query)
        if not alive.count:
            return gathered(partition, {}, {}, query.vector)
        reference = self._reference()
        largest = partition.keywords is reference.keywords
        weigh = None if largest else reference.keywords.idf
        by_words, scores = self._by_words(partition, query, alive.alive, weigh)
        by_vector = self._by_vector(name, partition, query, alive)
        found = dict(zip(by_words.tolist(), scores.tolist(), strict=True))
        more = [row for row in by_vector.tolist() if row not in found]
        found |= partition.keywords.scores(query.tokens, more, weigh)
        documents = np.unique(partition.documents[list(found)]).tolist() if found else []
        weigh = None if largest else reference.document_keywords.idf
        by_document = partition.document_keywords.scores(query.tokens, documents, weigh)
        return gathered(partition, found, by_document, query.vector)

    def _by_words(self, partition: Partition, query: Query, alive: Mask, idf: Idf | None) -> tuple[RowNumbers, Scores]:
        asked = query.k
        while True:
            rows, scores = partition.keywords.search(query.tokens, asked, idf)
            living = alive[rows]
            if living.sum() >= min(query.k, len(rows)) or len(rows) < asked:
                return rows[living][: query.k], scores[living][: query.k]
            asked *= 4

    def _by_vector(self, name: str, partition: Partition, query: Query, alive: _Living) -> RowNumbers:
        if alive.count <= _SCANNED and (name == "rest" or alive.count < len(partition)):
            return alive.nearest(query.vector, query.k)
        asked = query.k
        indexed = name != "overlay" and len(partition) > SCANNED
        while self.generation and indexed and (reader := self.generation.vectors):
            try:
                rows = partition.rows(reader.nearest(name, query.vector, asked).ids)
            except (CannotOpen, Unreachable) as error:
                _log.warning("vectors of generation %s: %s", self.generation.name, error)
                self.generation.give_up_vectors(damaged=isinstance(error, CannotOpen))
                break
            living = rows[alive.alive[rows]]
            if len(living) >= query.k or asked >= len(partition):
                return living[: query.k]
            asked *= 4
        return partition.nearest(query.vector, query.k, alive.alive)

    def _alive(self, name: str, partition: Partition, query: Query) -> _Living:
        """Return what is shown from a partition and in force on the query's day, or not in force if it is `dead`."""
        key = (name, query.day, query.dead)
        known = self._lives_on.get(key)
        if known is None:
            documents = np.array([self._lives(name, each, query) for each in partition.document_ids], dtype=np.bool_)
            alive: Mask = documents[partition.documents]
            for row, clause_id in dated_rows(partition, self.days):
                alive[row] = self._lives(name, partition.document_ids[partition.documents[row]], query, clause_id)
            rows = np.flatnonzero(alive)
            few = rows if len(rows) <= _SCANNED else rows[:0]
            known = _Living(alive, len(rows), few, np.asarray(partition.vectors[few], dtype=np.float32))
            if len(self._lives_on) > _DAYS_KEPT:
                self._lives_on.clear()
            self._lives_on[key] = known
        return known

    def _lives(self, name: str, document_id: str, query: Query, clause_id: str = "") -> bool:
        if document_id not in self.shown:
            return False
        version, metadata = self.shown[document_id]
        if name != "overlay" and self.generation:
            mine = self.generation.manifest.versions.get(document_id) == version
            if not mine or document_id in self.moved:
                return False
        standing = clause_standing_on(metadata, self.days.get(clause_id), query.day)
        return (standing is Standing.IN_FORCE) is not query.dead

    def _partition(self, name: str) -> Partition | None:
        if name == "overlay":
            return self.overlay
        return self.generation.partitions[name] if self.generation else None

    def _reference(self) -> Partition:
        """Return the largest partition, whose word frequencies weigh all: what is in force, unless it is a handful."""
        parts = [*self.generation.partitions.values()] if self.generation else []
        return max([*parts, self.overlay], key=len)


def dated_rows(partition: Partition, days: Mapping[str, ClauseDays]) -> Iterator[tuple[int, str]]:
    """Yield the rows of clauses whose days differ from their document's, with the clause's id."""
    dated = {clause_id.partition(".")[0] for clause_id in days}
    places = [place for place, id_ in enumerate(partition.document_ids) if id_ in dated]
    for row in np.flatnonzero(np.isin(partition.documents, places)).tolist() if places else ():
        if (clause_id := partition.chunk(row).clause_id) in days:
            yield row, clause_id


def _apart(found: list[PartitionHits]) -> RowNumbers:
    """Return each candidate's document as a number; documents of different partitions have different numbers."""
    before = np.cumsum([0, *(len(each.partition.document_ids) for each in found)])
    parts = [each.documents + start for each, start in zip(found, before, strict=False)]
    return np.concatenate([np.empty(0, np.int64), *parts])


def _joined(scores: list[Scores]) -> Scores:
    return np.concatenate([np.empty(0, np.float32), *scores])
