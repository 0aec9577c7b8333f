"""Whether a tuned model is better: both rank the same texts for the questions that were held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.beir import Asked, Text
from retrieval.embedding import Embedder
from retrieval.evaluate import indexed, ranked, searched
from retrieval.measures import mean, ndcg, recall
from retrieval.snapshot import Snapshot
from retrieval.staging import Report

RESAMPLES = 10_000
CONFIDENCE = 0.95  # of the interval of the gain


@dataclass(frozen=True, slots=True)
class Ranked:
    """How well the questions were answered by the engine's whole ranking: nDCG@10 of each, and the mean recall@10."""

    ndcgs: tuple[float, ...]
    recall: float

    @property
    def ndcg(self) -> float:
        return mean(self.ndcgs)


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
    corpus: Sequence[Text], asked: Sequence[Asked], embedder: Embedder, cache: Path | None, report: Report
) -> Ranked:
    """How a model ranks a corpus for these questions, through the code that serves."""
    snapshot = indexed(corpus, embedder, cache, report)
    rankings = []
    for done, question in enumerate(asked, 1):
        rankings.append(ranked(searched(snapshot, embedder, question.text)))
        report("judging", done, len(asked))
    pairs = list(zip(rankings, (each.relevant for each in asked), strict=True))
    return Ranked(tuple(ndcg(*pair) for pair in pairs), mean(recall(*pair, 10) for pair in pairs))


def compared(before: Ranked, after: Ranked) -> Comparison:
    """The gain on the same questions in the same order; the interval is the same every time."""
    gains = np.subtract(after.ndcgs, before.ndcgs)
    chance = np.random.default_rng(1)
    means = [gains[chance.integers(len(gains), size=len(gains))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist()
    return Comparison(len(gains), before.ndcg, after.ndcg, before.recall, after.recall, low, high)
