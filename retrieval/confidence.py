"""How sure an answer is: the signals of its evidence in one calibrated number."""

import math

from retrieval.evidence import Evidence

# A logistic fitted on lay questions over a district's pages and on questions about notices, each set weighing the same;
# half of either has no answer in its documents. Area under the ROC curve .80 and .91.
INTERCEPT = -2.8
WEIGHTS = Evidence(score=0.6, cosine=0.8, words=0.2, covered=0.9, kind=1.1, year=0.1, place=0.4, lead=2.8)
THRESHOLD = 0.44  # nine in ten lay questions without an answer stay below it


def confidence(evidence: Evidence) -> float:
    """The chance in [0, 1] that the best passage answers the question."""
    total = INTERCEPT + sum(
        weight * signal for weight, signal in zip(WEIGHTS.numbers(), evidence.numbers(), strict=True)
    )
    return 1.0 / (1.0 + math.exp(min(-total, 700.0)))
