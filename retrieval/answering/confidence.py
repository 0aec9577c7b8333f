"""How sure an answer is: the signals of its evidence in one calibrated number."""

import math

from retrieval.answering.evidence import Evidence

# The numbers are a logistic fitted on two sets of equal weight: lay questions over a district's pages, and questions
# about notices. Half of each set has no answer in its documents. The areas under the ROC curve are .90 and .94.
# The logistic was then steepened (Platt 1999) on the second set. There its expected calibration error falls from .092
# to .025.
INTERCEPT = -12.3
WEIGHTS = Evidence(score=3.0, cosine=1.0, words=1.6, covered=1.1, kind=2.5, year=2.9, place=4.9, lead=7.0)
THRESHOLD = 0.36  # more than nine in ten lay questions without an answer stay below it


def confidence(evidence: Evidence) -> float:
    """Return the chance in [0, 1] that the documents answer the question, judged by the best passage."""
    total = INTERCEPT + sum(
        weight * signal for weight, signal in zip(WEIGHTS.numbers(), evidence.numbers(), strict=True)
    )
    return 1.0 / (1.0 + math.exp(min(-total, 700.0)))
