"""Asks questions of a helpdesk over the documents they were asked over, and keeps what it looked at for each."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.database import connect_database, metadata
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from retrieval.answering.answerer import Answerer
from retrieval.answering.quotation import FoundPiece
from retrieval.answering.rerank import RankedPassage
from retrieval.answering.understanding import Understanding
from retrieval.embedding.embedder import Embedder
from retrieval.index.chunk_store import Report
from retrieval.index.index import Index
from retrieval.learning.lessons import Lesson, Verdict, read_lessons
from retrieval.learning.sources import Sources, may_be_learned_from
from retrieval.model import Question

TODAY = date(2026, 11, 21)
_ALONE = {"lead": 0.0, "ahead": 0.0, "alone": 0.0}


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The passages of one question, and the place of the one that answers, if any does.

    `evidence` (n, signals) is that of each passage by itself.
    """

    lesson: Lesson
    asked: Understanding
    passages: tuple[RankedPassage, ...]
    evidence: npt.NDArray[np.float64]
    right: int | None
    piece: FoundPiece | None  # of the right passage


def looked_at(
    lessons: Sequence[Lesson], others: Iterable[str], sources: Sources, embedder: Embedder, work: Path, report: Report
) -> Iterator[LookedAt]:
    """Ask every lesson's question of a helpdesk over the documents of all lessons and over `others`.

    Raises retrieval.learning.sources.NoSource. Vectors are kept in `work`.
    """
    documents = sorted({lesson.document for lesson in lessons} | set(others))
    with _helpdesk(documents, sources, embedder, work, report) as (answerer, place_of):
        for done, lesson in enumerate(lessons, 1):
            asked, passages = answerer.looked_at(Question(lesson.turns))
            places = [place_of(each.document.id, each.passage.chunk.clause_id) for each in passages]
            wanted = (lesson.document, lesson.clause) if lesson.verdict is not Verdict.NOT else None
            evidence = np.array([replace(each.evidence, **_ALONE).numbers() for each in passages], dtype=np.float64)
            right = places.index(wanted) if wanted in places else None
            piece = None if right is None else answerer.piece(passages[right])
            yield LookedAt(lesson, asked, tuple(passages), evidence, right, piece)
            report("asking", done, len(lessons))


PlaceOf = Callable[[str, str], tuple[str, int]]  # a document's and a clause's id to the document's name and the number


@contextmanager
def _helpdesk(
    documents: Sequence[str], sources: Sources, embedder: Embedder, work: Path, report: Report
) -> Iterator[tuple[Answerer, PlaceOf]]:
    """Yield a helpdesk over the documents, in a folder of `work` that is used again: what is embedded stays."""
    folder = work / f"helpdesk-{_digest([embedder.name, *documents])}"
    folder.mkdir(parents=True, exist_ok=True)
    engine = connect_database(f"sqlite:///{folder}/laofashi.db")
    store = DocumentStore(engine, lambda: datetime.now(UTC))
    index = Index(store, embedder, folder / "index", lambda: TODAY)
    try:
        metadata.create_all(engine)
        incoming = [IncomingDocument(sources.read(name).parsed, name, name, name) for name in documents]
        ids = dict(zip(store.put_many(incoming), documents, strict=True))
        index.publish(report)
        numbers = {clause.id: n for id_ in ids for n, clause in enumerate(store.clauses(id_))}
        yield Answerer(index, store, lambda: TODAY), lambda document, clause: (ids[document], numbers[clause])
    finally:
        index.close()
        engine.dispose()


def _digest(terms: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(terms, ensure_ascii=False).encode()).hexdigest()[:12]


def distractors(lessons: Sequence[Lesson], sources: Sources, most: int = 60) -> list[str]:
    """Return documents that no lesson is about, of the half that may be learned from, to stand beside the others."""
    about = {lesson.document for lesson in [*lessons, *read_lessons()]}
    free = [name for name in sources.names() if may_be_learned_from(name) and name not in about]
    return sorted(free, key=lambda name: hashlib.sha256(name.encode()).digest())[:most]
