"""Fits how passages rank and how sure an answer is, on questions over documents that no model has learned from."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.database import connect_database, metadata
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from retrieval.answering.answerer import Answerer
from retrieval.answering.confidence import WEIGHTS_FILE
from retrieval.answering.evidence import Evidence
from retrieval.answering.rerank import RankedPassage, compared
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.calibration import auroc
from retrieval.index.chunk_store import Report
from retrieval.index.index import Index
from retrieval.learning.lessons import Lesson, Verdict, read_lessons
from retrieval.learning.sources import Sources, may_be_learned_from
from retrieval.model import Question

TODAY = date(2026, 11, 21)
# Of the answers given so many are to be right, on questions of which four in ten nothing answers.
PRECISION = 0.75
Weights = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
_PARTS = 5
_LEAST_SCORE = 0.05  # weight of the search's score while ranking: the others are told in its unit
_ALONE = {"lead": 0.0, "ahead": 0.0, "alone": 0.0}


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The passages of one question, and the place of the one that answers, if any does.

    `evidence` (n, signals) is that of each passage by itself.
    """

    lesson: Lesson
    passages: tuple[RankedPassage, ...]
    evidence: Weights
    right: int | None


def looked_at(
    lessons: Sequence[Lesson], others: Iterable[str], sources: Sources, embedder: Embedder, work: Path, report: Report
) -> list[LookedAt]:
    """Ask every lesson's question of a helpdesk over the documents of all lessons and over `others`.

    Raises retrieval.learning.sources.NoSource. Vectors are kept in `work`.
    """
    documents = sorted({lesson.document for lesson in lessons} | set(others))
    found = []
    with _helpdesk(documents, sources, embedder, work, report) as (answerer, place_of):
        for done, lesson in enumerate(lessons, 1):
            passages = answerer.looked_at(Question(lesson.turns))
            places = [place_of(each.document.id, each.passage.chunk.clause_id) for each in passages]
            wanted = (lesson.document, lesson.clause) if lesson.verdict is not Verdict.NOT else None
            evidence = np.array([replace(each.evidence, **_ALONE).numbers() for each in passages], dtype=np.float64)
            right = places.index(wanted) if wanted in places else None
            found.append(LookedAt(lesson, tuple(passages), evidence, right))
            report("asking", done, len(lessons))
    return found


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


def fit(seen: Sequence[LookedAt], target: Path = WEIGHTS_FILE, precision: float = PRECISION) -> dict[str, Any]:
    """Fit ranking and confidence, write them to `target` and return what was written.

    The threshold is the lowest confidence from which the share `precision` of the answers are right. Figures are of
    questions left out while fitting (five parts).
    """
    asked = [each for each in seen if len(each.evidence)]
    sure, right = _held_out(asked)
    weights = fitted_ranking(asked)
    intercept, confidence = fitted_confidence(*_best(asked, weights))
    threshold = lowest_threshold(sure, right, precision)
    first = [int(ranked(weights, each)[0] == each.right) for each in asked if each.right is not None]
    answered = sure >= threshold
    written = {
        "rank": _named(weights / weights[0]),
        "confidence": _named(confidence),
        "intercept": round(intercept, 3),
        "threshold": round(threshold, 3),
        "fitted_on": {
            "questions": len(seen),
            "answerable": sum(each.lesson.verdict is not Verdict.NOT for each in seen),
            "right_clause_looked_at": len(first),
            "right_clause_first": round(float(np.mean(first)), 3),
            "auroc_right": round(auroc(sure[right].tolist(), sure[~right].tolist()) or 0.0, 3),
            "answered_rightly": round(float((answered & right).sum() / len(seen)), 3),
            "answered_wrongly": round(float((answered & ~right).sum() / len(seen)), 3),
        },
    }
    target.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return written


def lowest_threshold(sure: Weights, right: Truths, precision: float) -> float:
    """Return the lowest confidence from which the share `precision` of the answers are right; 1 where there is none."""
    order = np.argsort(-sure)
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= precision)
    return float(sure[order[enough[-1]]]) if len(enough) else 1.0


def ranked(weights: Weights, looked: LookedAt) -> list[int]:
    """Return the places of the passages, best first."""
    places: list[int] = np.argsort(-(looked.evidence @ weights), kind="stable").tolist()
    return places


def _held_out(seen: Sequence[LookedAt]) -> tuple[Weights, Truths]:
    """Return the confidence (n,) of each question by weights fitted on the others, and whether the best answers."""
    sure, right = np.zeros(len(seen)), np.zeros(len(seen), dtype=np.bool_)
    part = np.arange(len(seen)) % _PARTS
    for number in range(_PARTS):
        learned = [each for each, its in zip(seen, part, strict=True) if its != number]
        asked = [each for each, its in zip(seen, part, strict=True) if its == number]
        weights = fitted_ranking(learned)
        intercept, confidence = fitted_confidence(*_best(learned, weights))
        signals, right[part == number] = _best(asked, weights)
        sure[part == number] = 1 / (1 + np.exp(-(intercept + signals @ confidence)))
    return sure, right


def _best(seen: Sequence[LookedAt], weights: Weights) -> tuple[Weights, Truths]:
    """Return the signals (n, signals) of each question's best passage, and whether it answers."""
    signals, right = [], []
    for each in seen:
        ranks = each.evidence @ (weights / weights[0])
        order = ranked(weights, each)
        best_first = [replace(each.passages[place], rank=float(ranks[place])) for place in order]
        signals.append(compared(best_first).numbers())
        right.append(order[0] == each.right)
    return np.array(signals), np.array(right)


def _named(weights: Weights) -> dict[str, float]:
    names = [field.name for field in fields(Evidence)]
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


def fitted_ranking(seen: Sequence[LookedAt], keep: float = 0.01) -> Weights:
    """Return the weight of each signal, none below 0, by which the passage that answers most likely comes first.

    This is a conditional logit (McFadden 1974) over the passages of each question; `keep` holds the weights small.
    """
    from scipy.optimize import minimize

    known = [each for each in seen if each.right is not None]
    width = known[0].evidence.shape[1]

    def loss(weights: Weights) -> tuple[float, Weights]:
        total, slope = keep * float(weights @ weights), 2 * keep * weights
        for each in known:
            scores = each.evidence @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            total -= float(np.log(chances[each.right] + 1e-12)) / len(known)
            slope = slope - (each.evidence[each.right] - chances @ each.evidence) / len(known)
        return total, slope

    bounds = [(_LEAST_SCORE, None), *[(0, None)] * (width - 1)]
    found: Weights = minimize(loss, np.ones(width), jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def fitted_confidence(signals: Weights, right: Truths, keep: float = 0.0003) -> tuple[float, Weights]:
    """Return intercept and weights (none below 0) of the chance that the best passage answers."""
    from scipy.optimize import minimize

    def loss(parameters: Weights) -> tuple[float, Weights]:
        total = parameters[0] + signals @ parameters[1:]
        chance = 1 / (1 + np.exp(-total))
        told = np.where(right, chance, 1 - chance)
        wrong = (chance - right) / len(right)
        slope = np.concatenate([[wrong.sum()], signals.T @ wrong + 2 * keep * parameters[1:]])
        return float(-np.log(told + 1e-12).mean() + keep * parameters[1:] @ parameters[1:]), slope

    width = signals.shape[1]
    bounds = [(None, None), *[(0, None)] * width]
    found = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), found[1:]


def _digest(terms: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(terms, ensure_ascii=False).encode()).hexdigest()[:12]


def distractors(lessons: Sequence[Lesson], sources: Sources, most: int = 60) -> list[str]:
    """Return documents that no lesson is about, of the half that may be learned from, to stand beside the others."""
    about = {lesson.document for lesson in [*lessons, *read_lessons()]}
    free = [name for name in sources.names() if may_be_learned_from(name) and name not in about]
    return sorted(free, key=lambda name: hashlib.sha256(name.encode()).digest())[:most]
