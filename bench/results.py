"""All results of one run, as JSON and as lines to read."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.loading import Loaded
from bench.memory import LIMIT_MB, Memory
from bench.peers import table
from bench.peers.contest import Contest
from bench.publishing import Meanwhile, Published, slope
from bench.sizes import Sized
from bench.speed import FLOOR, OURS, STOCK, Speed
from bench.timing import Ratio, ratio
from retrieval.evaluation.ranking_quality import Figures

TO_FLOOR = 3.0  # our p50 and p99 are at most so many times the floor's
SECONDS_TO_ANSWER = 3.0  # at most from a changed file to an answer from it, in the largest corpus
WHILE_PUBLISHING = 2.0  # p99 is at most so many times slower while everything is indexed again
TO_STOCK = 5.0  # at least so many times faster than the stock pipeline
_SHARES = (50, 99)


@dataclass
class Results:
    """All that was measured. A part left out has its reason in `skipped`."""

    speed: Speed | None = None
    large: Speed | None = None  # over a hundred thousand clauses
    quality: dict[str, Figures] = field(default_factory=dict)
    memory: Memory | None = None
    publishing: list[Published] = field(default_factory=list)
    meanwhile: Meanwhile | None = None
    loading: list[Loaded] = field(default_factory=list)
    sizes: list[Sized] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    synthetic: bool = False  # the vectors of the hundred thousand clauses are random

    def as_json(self) -> dict[str, Any]:
        """Return milliseconds, ratios, nDCG@10 and megabytes."""
        return {
            "speed": _speed_json(self.speed),
            "speed_large": _speed_json(self.large),
            "quality": self.quality,
            "memory": asdict(self.memory) if self.memory else None,
            "publishing": [asdict(each) for each in self.publishing],
            "meanwhile": asdict(self.meanwhile) | {"ratio": self.meanwhile.ratio} if self.meanwhile else None,
            "loading": [asdict(each) for each in self.loading],
            "sizes": [each.as_json() for each in self.sizes],
            "peers": [table.as_json(each) for each in self.contests],
            "synthetic": self.synthetic,
            "skipped": self.skipped,
        }

    def lines(self) -> Iterator[str]:
        """Yield lines for a person to read, with the aims beside the figures."""
        if self.speed:
            yield from _speed_lines(self.speed)
        if self.large:
            yield from _speed_lines(self.large, ", random vectors" if self.synthetic else "")
        for name, figures in self.quality.items():
            yield f"nDCG@10 on the dev questions of policies/, {name}: {figures['ndcg@10']:.3f}"
        if self.memory:
            yield from _memory_lines(self.memory, ", random vectors" if self.synthetic else "")
        yield from _publishing_lines(self.publishing)
        if self.meanwhile:
            yield _meanwhile_line(self.meanwhile)
        yield from map(_loading_line, self.loading)
        for sized in self.sizes:
            yield from sized.lines()
        for each in self.contests:
            yield from table.lines(each)
        for part, why in self.skipped.items():
            yield f"skipped {part}: {why}"


def _ratios(speed: Speed) -> Iterator[tuple[str, int, Ratio, bool]]:
    """Yield what is compared, the percentile, the ratio, and whether the aim is met."""
    times = speed.times
    for share in _SHARES:
        found = ratio(times[OURS], times[FLOOR], share)
        yield f"{OURS}/{FLOOR}", share, found, found.median <= TO_FLOOR
    for share in _SHARES if STOCK in times else ():
        found = ratio(times[STOCK], times[OURS], share)
        yield f"{STOCK}/{OURS}", share, found, found.median >= TO_STOCK


def _speed_json(speed: Speed | None) -> dict[str, Any] | None:
    if speed is None:
        return None
    rounds, questions = speed.times[OURS].wall.shape
    ms = {name: {f"p{share}": times.percentile(share) for share in _SHARES} for name, times in speed.times.items()}
    ratios = {f"{name} p{share}": asdict(found) | {"met": met} for name, share, found, met in _ratios(speed)}
    counts = {"documents": speed.documents, "chunks": speed.chunks, "questions": questions, "rounds": rounds}
    return counts | {"ms": ms, "ratios": ratios}


def _speed_lines(speed: Speed, note: str = "") -> Iterator[str]:
    rounds, questions = speed.times[OURS].wall.shape
    yield f"{questions} questions, {rounds} rounds, {speed.documents} documents in {speed.chunks} chunks{note}"
    for name, times in speed.times.items():
        yield f"  {name:<14} p50 {times.percentile(50):7.2f} ms   p99 {times.percentile(99):7.2f} ms"
    for name, share, found, met in _ratios(speed):
        aim = f"≤ {TO_FLOOR:g}" if FLOOR in name else f"≥ {TO_STOCK:g}"
        yield (
            f"  {name:<14} p{share} {found.median:7.2f} ×    aim {aim}: {_verdict(met)}   ({found.low:.2f}–"
            f"{found.high:.2f} by round, {found.fastest:.2f} in the fastest rounds, {found.cpu:.2f} of processor time)"
        )


def _memory_lines(memory: Memory, note: str) -> Iterator[str]:
    yield (
        f"serving {memory.clauses} clauses ({memory.chunks} chunks{note}), {memory.questions} questions: "
        f"RSS at most {memory.peak_mb:.0f} MB (aim ≤ {LIMIT_MB}: {_verdict(memory.peak_mb <= LIMIT_MB)}), "
        f"{memory.started_mb:.0f} after the first question, {memory.end_mb:.0f} at the end; "
        f"{memory.anonymous_mb:.0f} MB of it backed by no file"
    )


def _publishing_lines(found: list[Published]) -> Iterator[str]:
    for each in found:
        changed = ", ".join(f"{count} files {seconds:.2f} s" for count, seconds in each.changed.items())
        yield f"publishing {each.clauses} clauses, random vectors: {each.full:.1f} s; changed and answered: {changed}"
    if not found:
        return
    one = found[-1].changed[1]
    yield (
        f"  one file changed among {found[-1].clauses} clauses is answered from after {one:.2f} s "
        f"(aim ≤ {SECONDS_TO_ANSWER:g}: {_verdict(one <= SECONDS_TO_ANSWER)})"
    )
    counts = list(found[-1].changed)
    by_change = slope(counts, [found[-1].changed[count] for count in counts])
    yield f"  its cost grows with the number of files to the power {by_change:.2f}"
    if len(found) > 1:
        by_corpus = slope([each.clauses for each in found], [each.changed[1] for each in found])
        yield f"  and with the corpus to the power {by_corpus:.2f}"


def _meanwhile_line(found: Meanwhile) -> str:
    return (
        f"answers while {found.clauses} clauses are indexed again: p99 {found.busy:.1f} ms, {found.idle:.1f} idle, "
        f"{found.ratio:.2f} × over {found.questions} questions "
        f"(aim ≤ {WHILE_PUBLISHING:g}: {_verdict(found.ratio <= WHILE_PUBLISHING)})"
    )


def _loading_line(loaded: Loaded) -> str:
    without = f", {loaded.failed} without text" if loaded.failed else ""
    return (
        f"{loaded.format:<15} {loaded.way:<25} {loaded.files_per_second:8.1f} files/s   "
        f"{loaded.pieces_per_second:9.0f} {'clauses' if loaded.way.startswith(OURS) else 'pieces'}/s   "
        f"({loaded.files} files{without})"
    )


def _verdict(met: bool) -> str:
    return "met" if met else "missed"
