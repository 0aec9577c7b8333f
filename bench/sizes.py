"""Measures the cost of one question, and questions per second, in corpora from a thousand to all 147 000 clauses."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.houses import Report, clause_count, opened, synthetic_house
from bench.questions import Turns, legal
from bench.speed import FLOOR, OURS, answering
from bench.throughput import by_processes, by_threads
from bench.timing import Ask, Ratio, Times, ratio, timed
from bot.app import Helpdesk
from retrieval.index.index import DEPTH
from retrieval.language.question_words import question_tokens
from retrieval.search.connect import connect_vectors
from retrieval.search.keywords import open_keywords

SIZES, QUICK_SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 147_000), (1_000, 3_000)  # clauses
TO_FLOOR = 2.5  # our p50 is at most so many times the floor's
TO_MEDIAN = 5.0  # p99 is at most so many times p50
PER_SECOND = 250.0  # at least so many questions per second, on CORES
CORES = 2
_SHARES = (50, 99)


@dataclass(frozen=True, slots=True)
class Sized:
    """One corpus: times of the helpdesk and the floor, and questions per second of CORES threads and of processes."""

    clauses: int
    chunks: int
    times: dict[str, Times]
    by_threads: float
    by_processes: float

    @property
    def to_floor(self) -> Ratio:
        return ratio(self.times[OURS], self.times[FLOOR], 50)

    @property
    def spread(self) -> float:
        """How many times p50 p99 is."""
        return self.times[OURS].percentile(99) / self.times[OURS].percentile(50)

    def as_json(self) -> dict[str, Any]:
        """Return milliseconds, ratios and questions per second."""
        return {
            "clauses": self.clauses,
            "chunks": self.chunks,
            "ms": {
                name: {f"p{each}": times.percentile(each) for each in _SHARES} for name, times in self.times.items()
            },
            "to_floor": asdict(self.to_floor),
            "p99_to_p50": self.spread,
            "questions_a_second": {"threads": self.by_threads, "processes": self.by_processes},
        }

    def lines(self) -> Iterator[str]:
        """Yield lines for a person to read, with the aims beside the figures."""
        found, ours, floor = self.to_floor, self.times[OURS], self.times[FLOOR]
        yield (
            f"{self.clauses} clauses, random vectors: p50 {ours.percentile(50):.2f} ms, p99 {ours.percentile(99):.2f}; "
            f"model, vector and keyword query alone {floor.percentile(50):.2f} and {floor.percentile(99):.2f}"
        )
        yield (
            f"  p50 {found.median:.2f} × these (aim ≤ {TO_FLOOR:g}: {_verdict(found.median <= TO_FLOOR)}; "
            f"{found.cpu:.2f} of processor time), p99 {self.spread:.2f} × p50 (aim ≤ {TO_MEDIAN:g}: "
            f"{_verdict(self.spread <= TO_MEDIAN)})"
        )
        best = max(self.by_processes, self.by_threads)
        yield (
            f"  {self.by_processes:.0f} questions/s by {CORES} processes, {self.by_threads:.0f} by {CORES} threads "
            f"(aim ≥ {PER_SECOND:g}: {_verdict(best >= PER_SECOND)})"
        )


def sizes(wanted: Sequence[int], questions: int, rounds: int, report: Report) -> list[Sized]:
    """Measure corpora of so many clauses (random vectors). The rates use questions not asked before.

    Raises bench.places.NoData.
    """
    every = legal(4 * questions)
    return [_sized(synthetic_house(size, report), every, questions, rounds) for size in wanted]


def _sized(home: Path, every: Sequence[Turns], questions: int, rounds: int) -> Sized:
    timing, threads, processes = every[:questions], every[questions : 2 * questions], every[2 * questions :]
    with opened(home) as helpdesk:
        shown = helpdesk.index.published
        with closing(connect_vectors(None, home / "index").open(str(shown.generation))) as reader:
            ways: dict[str, Ask] = {FLOOR: _floor(helpdesk, home, reader.nearest), OURS: answering(helpdesk)}
            times = timed(ways, timing, rounds)
        threaded = by_threads(ways[OURS], threads, CORES)
        clauses = clause_count(helpdesk)
    return Sized(clauses, shown.chunk_count, times, threaded, by_processes(home, processes, CORES))


def _floor(helpdesk: Helpdesk, home: Path, nearest: Callable[..., object]) -> Ask:
    """Return a function that asks only model, vectors and keywords, for as many candidates as the engine asks for."""
    embed = helpdesk.embedder.embed_query
    keywords = open_keywords(home / "index" / str(helpdesk.index.published.generation) / "current" / "keywords")

    def ask(turns: Turns) -> None:
        nearest("current", embed(turns[-1]), DEPTH)
        keywords.search(question_tokens(turns[-1]), DEPTH)

    return ask


def _verdict(met: bool) -> str:
    return "met" if met else "missed"
