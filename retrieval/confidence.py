"""How sure an answer is: the signals of its evidence in one calibrated number."""

import math

from retrieval.evidence import Evidence

# A logistic fitted on lay questions over a district's pages and on questions about notices, each set weighing the same;
# half of either has no answer in its documents. Area under the ROC curve .83 and .90.
INTERCEPT = -2.9
WEIGHTS = Evidence(score=0.6, cosine=1.0, words=0.2, covered=0.8, kind=1.3, year=0.5, place=0.4, lead=2.7)
THRESHOLD = 0.45  # nine in ten lay questions without an answer stay below it


def confidence(evidence: Evidence) -> float:
    """The chance in [0, 1] that the best passage answers the question."""
    total = INTERCEPT + sum(
        weight * signal for weight, signal in zip(WEIGHTS.numbers(), evidence.numbers(), strict=True)
    )
    return 1.0 / (1.0 + math.exp(min(-total, 700.0)))
