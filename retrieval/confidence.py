"""How sure an answer is: the signals of its evidence in one calibrated number."""

import math

from retrieval.evidence import Evidence

# A logistic fitted on lay questions over a district's pages and on questions about notices, each set weighing the same;
# half of either has no answer in its documents. Area under the ROC curve .90 and .93.
INTERCEPT = -7.4
WEIGHTS = Evidence(score=1.9, cosine=0.6, words=1.0, covered=0.7, kind=1.6, year=1.8, place=3.1, lead=4.4)
THRESHOLD = 0.5  # more than nine in ten lay questions without an answer stay below it


def confidence(evidence: Evidence) -> float:
    """The chance in [0, 1] that the best passage answers the question."""
    total = INTERCEPT + sum(
        weight * signal for weight, signal in zip(WEIGHTS.numbers(), evidence.numbers(), strict=True)
    )
    return 1.0 / (1.0 + math.exp(min(-total, 700.0)))
