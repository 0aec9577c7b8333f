"""How passages rank, and how sure an answer is: the signals of their evidence in one number each."""

import math
from operator import mul

from retrieval.answering.evidence import Evidence
from retrieval.answering.fitted import WEIGHTS

RANK = Evidence(**WEIGHTS["rank"])  # the weight of each signal, that of the search's score being 1
CONFIDENCE = Evidence(**WEIGHTS["confidence"])
INTERCEPT: float = WEIGHTS["intercept"]
THRESHOLD: float = WEIGHTS["threshold"]  # the confidence from which an answer is given
ABOVE_SCORE = sum(RANK.numbers()) - RANK.score  # by which a rank exceeds the search's score, at most


def rank_of(evidence: Evidence) -> float:
    """Return the number that orders the passages of one question."""
    return float(sum(map(mul, RANK.numbers(), evidence.numbers())))


def confidence(evidence: Evidence) -> float:
    """Return the chance in [0, 1] that the best passage, with its lead, answers the question."""
    total = INTERCEPT + sum(map(mul, CONFIDENCE.numbers(), evidence.numbers()))
    return 1.0 / (1.0 + math.exp(min(-total, 700.0)))
