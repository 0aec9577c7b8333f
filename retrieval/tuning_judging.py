"""Whether a tuned model is better: both rank the same texts for the questions that were held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from retrieval.beir import Asked, Text
from retrieval.embedding import Embedder
from retrieval.evaluate import indexed, ranked, searched
from retrieval.measures import mean, ndcg, recall
from retrieval.snapshot import Snapshot
from retrieval.staging import Report

WEIGHTS = (0.25, 0.35, 0.45, 0.55, 0.65)  # of the cosine, that a tuned model is tried with
RESAMPLES = 10_000
CONFIDENCE = 0.95  # of the interval of the gain


@dataclass(frozen=True, slots=True)
class Ranked:
    """How well each question was answered by the engine's whole ranking: nDCG@10 and recall@10."""

    ndcgs: tuple[float, ...]
    recalls: tuple[float, ...]

    @property
    def ndcg(self) -> float:
        return mean(self.ndcgs)

    @property
    def recall(self) -> float:
        return mean(self.recalls)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both models on the same questions; `low` and `high` bound the gain of nDCG@10 (paired bootstrap)."""

    questions: int
    before: float
    after: float
    recall_before: float
    recall_after: float
    low: float
    high: float

    @property
    def better(self) -> bool:
        """Whether the gain is more than chance."""
        return self.low > 0


def pool(
    snapshot: Snapshot, embedder: Embedder, corpus: Sequence[Text], asked: Sequence[Asked], most: int
) -> list[Text]:
    """The texts that both models are to rank: what answers and what the model before finds, by rank up to `most` texts.

    A corpus of no more than `most` is taken whole.
    """
    if len(corpus) <= most:
        return list(corpus)
    wanted = dict.fromkeys(each for question in asked for each in question.relevant)
    rankings = [ranked(searched(snapshot, embedder, question.text)) for question in asked]
    for place in range(max(map(len, rankings), default=0)):
        for ranking in rankings:
            if place < len(ranking) and len(wanted) < most:
                wanted.setdefault(ranking[place])
    return [text for text in corpus if text.id in wanted]


def judged(
    corpus: Sequence[Text],
    asked: Sequence[Asked],
    embedder: Embedder,
    cache: Path | None,
    report: Report,
    weights: Sequence[float] = (),
) -> dict[float, Ranked]:
    """How a model ranks a corpus for these questions, through the code that serves, by each weight of the cosine.

    No `weights`: by the model's own.
    """
    snapshot = indexed(corpus, embedder, cache, report)
    ndcgs: dict[float, list[float]] = {weight: [] for weight in weights or (embedder.cosine_weight,)}
    recalls: dict[float, list[float]] = {weight: [] for weight in ndcgs}
    for done, question in enumerate(asked, 1):
        found = searched(snapshot, embedder, question.text)
        for weight in ndcgs:
            ranking = ranked(replace(found, cosine_weight=weight))
            ndcgs[weight].append(ndcg(ranking, question.relevant))
            recalls[weight].append(recall(ranking, question.relevant, 10))
        report("judging", done, len(asked))
    return {weight: Ranked(tuple(ndcgs[weight]), tuple(recalls[weight])) for weight in ndcgs}


def weighed(by_weight: Mapping[float, Ranked]) -> tuple[float, Ranked]:
    """The weight that is best for all the questions, and how well they go by weights that they had no part in choosing:
    those of even number by the one that is best for those of odd number, and the other way round."""
    even, odd = slice(0, None, 2), slice(1, None, 2)
    first = by_weight[_best(by_weight, odd)]
    second = by_weight[_best(by_weight, even)]
    ndcgs, recalls = list(first.ndcgs), list(first.recalls)
    ndcgs[odd], recalls[odd] = second.ndcgs[odd], second.recalls[odd]
    return _best(by_weight, slice(None)), Ranked(tuple(ndcgs), tuple(recalls))


def _best(by_weight: Mapping[float, Ranked], of: slice) -> float:
    return max(by_weight, key=lambda weight: mean(by_weight[weight].ndcgs[of]))


def compared(before: Ranked, after: Ranked) -> Comparison:
    """The gain on the same questions in the same order; the interval is the same every time."""
    gains = np.subtract(after.ndcgs, before.ndcgs)
    chance = np.random.default_rng(1)
    means = [gains[chance.integers(len(gains), size=len(gains))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist()
    return Comparison(len(gains), before.ndcg, after.ndcg, before.recall, after.recall, low, high)
