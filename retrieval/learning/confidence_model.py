"""Fits how passages rank and how sure an answer is, on questions over documents that no model has learned from."""

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.answering.evidence import Evidence
from retrieval.answering.fitted import WEIGHTS_FILE, rewritten
from retrieval.answering.rerank import compared
from retrieval.evaluation.calibration import auroc
from retrieval.learning.lessons import Verdict
from retrieval.learning.logistic import fitted_logistic
from retrieval.learning.looked_at import LookedAt

# Of the answers given so many are to be right, on questions of which four in ten nothing answers.
PRECISION = 0.75
Weights = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
_PARTS = 5
_LEAST_SCORE = 0.05  # weight of the search's score while ranking: the others are told in its unit


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
    rewritten(target, **written)
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
    return fitted_logistic(signals, right, keep, least=0.0)
