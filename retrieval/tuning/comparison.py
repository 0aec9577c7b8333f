"""Whether a tuned model is better: both rank the same texts for the questions that were held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.beir import JudgedQuestion, Text
from retrieval.evaluation.measures import mean, ndcg, recall
from retrieval.evaluation.ranking_quality import indexed, ranked, searched
from retrieval.index.chunk_store import Report
from retrieval.index.snapshot import Snapshot

WEIGHTS = (0.25, 0.35, 0.45, 0.55, 0.65)  # weights of the cosine that a tuned model is tried with
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
    snapshot: Snapshot, embedder: Embedder, corpus: Sequence[Text], asked: Sequence[JudgedQuestion], most: int
) -> list[Text]:
    """Return the texts that both models are to rank: those that answer, and those that the model before finds.

    The found ones are added by rank up to `most` texts in all. A corpus of no more than `most` texts is taken whole.
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
    asked: Sequence[JudgedQuestion],
    embedder: Embedder,
    cache: Path | None,
    report: Report,
    weights: Sequence[float] = (),
) -> dict[float, Ranked]:
    """Judge how a model ranks a corpus for these questions, by each weight of the cosine.

    The ranking goes through the code that serves. Without `weights` the model's own weight is taken.
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
    """Return the weight that is best for all questions, and how well they go by weights they had no part in choosing.

    Questions of even number go by the weight that is best for those of odd number, and the other way round.
    """
    even, odd = slice(0, None, 2), slice(1, None, 2)
    first = by_weight[_best(by_weight, odd)]
    second = by_weight[_best(by_weight, even)]
    ndcgs, recalls = list(first.ndcgs), list(first.recalls)
    ndcgs[odd], recalls[odd] = second.ndcgs[odd], second.recalls[odd]
    return _best(by_weight, slice(None)), Ranked(tuple(ndcgs), tuple(recalls))


def _best(by_weight: Mapping[float, Ranked], of: slice) -> float:
    return max(by_weight, key=lambda weight: mean(by_weight[weight].ndcgs[of]))


def compared(before: Ranked, after: Ranked) -> Comparison:
    """Return the gain on the same questions in the same order. The interval is the same every time."""
    gains = np.subtract(after.ndcgs, before.ndcgs)
    chance = np.random.default_rng(1)
    means = [gains[chance.integers(len(gains), size=len(gains))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist()
    return Comparison(len(gains), before.ndcg, after.ndcg, before.recall, after.recall, low, high)
