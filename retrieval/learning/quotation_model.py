"""Fits which sentences of a clause are quoted, on questions over documents that no model has learned from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.answering.fitted import WEIGHTS_FILE, rewritten
from retrieval.answering.quotable import units
from retrieval.answering.quotation import WHOLE, FoundPiece, Signs, UnitWeights, quotation, signs_of
from retrieval.answering.understanding import Understanding
from retrieval.learning.logistic import fitted_logistic
from retrieval.learning.looked_at import LookedAt
from retrieval.learning.sources import Sources
from retrieval.search.keywords import Idf

_PARTS = 5
_KEEP = (
    0.001  # holds the weights small: in cross-validation .76, .79, .82, .83 hold the answer with .0003, .001, .003 and
)
# .01, at a median of 110, 111, 111 and 183 characters
_LEAST = 0.5  # share of the answering words that a unit has to have to count as holding the answer


@dataclass(frozen=True, slots=True)
class Marked:
    """A clause that answers: the signs (units, signs) of its units, and which (units,) of them hold the answer."""

    asked: Understanding
    span: str
    clause: str
    piece: FoundPiece
    idf: Idf
    signs: npt.NDArray[np.float64]
    holds: npt.NDArray[np.bool_]

    def quoted(self, weights: UnitWeights) -> str:
        """Return what is quoted of the clause by these weights."""
        return quotation(self.asked, self.clause, self.piece, self.idf, weights)


def fit_quotation(seen: Sequence[LookedAt], sources: Sources, target: Path = WEIGHTS_FILE) -> dict[str, Any]:
    """Fit the weights of a sentence's signs, put them into `target` and return them with how well they held.

    Figures are of clauses too long to be quoted whole, of questions left out while fitting (five parts).
    """
    marked = [*_marked(seen, sources)]
    quoted = []
    for number in range(_PARTS):
        weights = _fitted([each for place, each in enumerate(marked) if place % _PARTS != number])
        quoted += [(each.quoted(weights), each.span) for each in marked[number::_PARTS]]
    fitted = _fitted(marked)
    found = {
        "intercept": round(fitted.intercept, 3),
        "signs": {name: round(float(each), 3) for name, each in fitted.signs._asdict().items()},
        "fitted_on": {
            "questions": len(marked),
            "holds_the_answer": round(float(np.mean([span in quote for quote, span in quoted])), 3),
            "median_characters": median(len(quote) for quote, _ in quoted),
        },
    }
    rewritten(target, quotation=found)
    return found


def _marked(seen: Sequence[LookedAt], sources: Sources) -> Iterator[Marked]:
    for each in seen:
        lesson = each.lesson
        if each.right is None or each.piece is None:
            continue
        clause = sources.read(lesson.document).clauses[lesson.clause].text.strip()
        start = clause.find(lesson.span)
        if len(clause) <= WHOLE or start < 0:
            continue
        found, end, idf = units(clause), start + len(lesson.span), each.passages[each.right].idf
        inside = np.array([max(0, min(unit.end, end) - max(unit.start, start)) for unit in found])
        signs = np.array(signs_of(each.asked, clause, found, each.piece, idf), dtype=np.float64)
        holds = (inside > 0) & (inside >= _LEAST * inside.max())
        yield Marked(each.asked, lesson.span, clause, each.piece, idf, signs, holds)


def _fitted(marked: Sequence[Marked]) -> UnitWeights:
    """Return the logistic of the units; each clause counts the same, however many it has."""
    signs = np.concatenate([each.signs for each in marked])
    holds = np.concatenate([each.holds for each in marked])
    shares = np.concatenate([np.full(len(each.holds), 1 / len(each.holds)) for each in marked]) / len(marked)
    intercept, weights = fitted_logistic(signs, holds, _KEEP, shares)
    return UnitWeights(intercept, Signs(*map(float, weights)))
