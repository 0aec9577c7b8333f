"""What a ranking is worth: nDCG, recall and reciprocal rank."""

import math
from collections.abc import Iterable, Mapping, Sequence

Relevant = Mapping[str, int]  # how relevant, above 0, by document id


def measured(judged: Sequence[tuple[Sequence[str], Relevant]]) -> dict[str, float]:
    """Return means over questions, each with its ranking (document ids, best first) and its relevant documents."""
    figures = {"ndcg@10": mean(ndcg(ranking, relevant) for ranking, relevant in judged)}
    for k in (1, 5, 10, 100):
        figures[f"recall@{k}"] = mean(recall(ranking, relevant, k) for ranking, relevant in judged)
    figures["mrr@10"] = mean(reciprocal_rank(ranking, relevant) for ranking, relevant in judged)
    return figures


def ndcg(ranking: Sequence[str], relevant: Relevant, k: int = 10) -> float:
    """Return the normalised discounted cumulative gain (Järvelin and Kekäläinen 2002).

    The gain of a document is how relevant it is.
    """
    gains = [relevant.get(each, 0) for each in ranking[:k]]
    return _discounted(gains) / _discounted(sorted(relevant.values(), reverse=True)[:k])


def recall(ranking: Sequence[str], relevant: Relevant, k: int) -> float:
    """Return the share of the relevant documents that are among the first `k`."""
    return len(relevant.keys() & set(ranking[:k])) / len(relevant)


def reciprocal_rank(ranking: Sequence[str], relevant: Relevant, k: int = 10) -> float:
    """Return 1 over the place of the first relevant document among the first `k`; 0 without one."""
    return next((1 / place for place, each in enumerate(ranking[:k], 1) if each in relevant), 0.0)


def mean(values: Iterable[float]) -> float:
    """Return the mean; 0 without values."""
    every = list(values)
    return math.fsum(every) / len(every) if every else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
