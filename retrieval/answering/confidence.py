"""How passages rank, and how sure an answer is: the signals of their evidence in one number each."""

import json
import math
from operator import mul
from pathlib import Path

from retrieval.answering.evidence import Evidence

# Fitted by `python -m retrieval.learning DOCUMENTS --only confidence` on questions over documents that no model has
# learned from; it holds what it was fitted on and how well it held in cross-validation.
WEIGHTS_FILE = Path(__file__).parent / "weights.json"
_read = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
RANK = Evidence(**_read["rank"])  # the weight of each signal, that of the search's score being 1
WEIGHTS = Evidence(**_read["confidence"])
INTERCEPT: float = _read["intercept"]
THRESHOLD: float = _read["threshold"]  # the confidence from which an answer is given
ABOVE_SCORE = sum(RANK.numbers()) - RANK.score  # by which a rank exceeds the search's score, at most


def rank_of(evidence: Evidence) -> float:
    """Return the number that orders the passages of one question."""
    return float(sum(map(mul, RANK.numbers(), evidence.numbers())))


def confidence(evidence: Evidence) -> float:
    """Return the chance in [0, 1] that the best passage, with its lead, answers the question."""
    total = INTERCEPT + sum(map(mul, WEIGHTS.numbers(), evidence.numbers()))
    return 1.0 / (1.0 + math.exp(min(-total, 700.0)))
