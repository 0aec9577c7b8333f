"""A contestant on its way: what it has been asked, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers.process import PeerProcess
from retrieval.beir import Asked
from retrieval.measures import measured

RANKED = 60  # passages asked for to rank ten documents
ASKED = 10  # passages asked for when it is timed


@dataclass(frozen=True, slots=True)
class Figures:
    """What one contestant achieved; times are medians of the rounds, memory is of all its processes at its most."""

    passages: int
    ndcg_10: float
    recall_5: float
    p50_ms: float
    p99_ms: float
    per_second: float
    index_seconds: float
    peak_mb: float


class Entrant:
    """One contestant's process and its results so far; `limit` seconds for what it is asked at once.

    Every method that asks raises bench.peers.process.Failed.
    """

    def __init__(self, process: PeerProcess, limit: float) -> None:
        self.process = process
        self._limit = limit
        self._indexed: dict[str, Any] = {}
        self._found: list[list[str]] = []
        self._milliseconds: list[list[float]] = []
        self._per_second: list[float] = []

    def index(self, corpus: Path, limit: float, tick: Callable[[], None]) -> None:
        """Take the documents in, within `limit` seconds, the start of the process included."""
        self._indexed = self.process.call({"index": str(corpus)}, limit, tick)

    def rank(self, texts: Sequence[str]) -> None:
        """Ask deep enough to rank ten documents."""
        self._found += self._ask(texts, RANKED)["found"]

    def warm(self, texts: Sequence[str]) -> None:
        """Ask without a clock."""
        self._ask(texts, ASKED)

    def begin_round(self) -> None:
        """What is timed from here on is another round."""
        self._milliseconds.append([])

    def time(self, texts: Sequence[str]) -> None:
        """Ask one at a time."""
        self._milliseconds[-1] += self._ask(texts, ASKED)["milliseconds"]

    def crowd(self, texts: Sequence[str], threads: int) -> None:
        """Ask by so many threads together."""
        self._per_second.append(len(texts) / self._ask(texts, ASKED, threads)["seconds"])

    def figures(self, asked: Sequence[Asked]) -> Figures:
        """What came of it; `asked` is what has been ranked, in that order."""
        quality = measured([(ids, each.relevant) for ids, each in zip(self._found, asked, strict=True)])
        p50, p99 = np.median(np.percentile(np.array(self._milliseconds), [50, 99], axis=1), axis=1)
        return Figures(
            passages=self._indexed["passages"],
            ndcg_10=quality["ndcg@10"],
            recall_5=quality["recall@5"],
            p50_ms=float(p50),
            p99_ms=float(p99),
            per_second=float(np.median(self._per_second)),
            index_seconds=self._indexed["seconds"],
            peak_mb=self.process.peak_mb,
        )

    def _ask(self, texts: Sequence[str], k: int, threads: int = 0) -> dict[str, Any]:
        return self.process.call({"ask": list(texts), "k": k, "threads": threads}, self._limit)
