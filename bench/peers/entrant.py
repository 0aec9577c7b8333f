"""A contestant during the contest: asks its process and collects its results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers.process import PeerProcess
from retrieval.evaluation.beir import JudgedQuestion
from retrieval.evaluation.measures import measured

RANKED = 60  # passages asked for, enough to rank ten documents
ASKED = 10  # passages asked for in timed questions


@dataclass(frozen=True, slots=True)
class Figures:
    """One contestant's results. Times are medians of the rounds; memory is the peak of all its processes together."""

    passages: int
    ndcg_10: float
    recall_5: float
    p50_ms: float
    p99_ms: float
    per_second: float
    index_seconds: float
    peak_mb: float


class Entrant:
    """One contestant's process and its results so far. `limit` is the seconds for the questions asked at once.

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
        """Take the documents in within `limit` seconds, including the start of the process."""
        self._indexed = self.process.call({"index": str(corpus)}, limit, tick)

    def rank(self, texts: Sequence[str]) -> None:
        """Ask for enough passages to rank ten documents."""
        self._found += self._ask(texts, RANKED)["found"]

    def warm(self, texts: Sequence[str]) -> None:
        """Ask without timing."""
        self._ask(texts, ASKED)

    def begin_round(self) -> None:
        """Begin a new round of timing."""
        self._milliseconds.append([])

    def time(self, texts: Sequence[str]) -> None:
        """Ask one question at a time and keep the times."""
        self._milliseconds[-1] += self._ask(texts, ASKED)["milliseconds"]

    def crowd(self, texts: Sequence[str], threads: int) -> None:
        """Ask with so many threads together, and keep the questions per second."""
        self._per_second.append(len(texts) / self._ask(texts, ASKED, threads)["seconds"])

    def figures(self, asked: Sequence[JudgedQuestion]) -> Figures:
        """Return the results. `asked` holds the ranked questions, in the order they were ranked."""
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
