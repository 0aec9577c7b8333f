"""Times several ways of one task, in turn and in rounds, because on a busy machine only ratios mean anything."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.questions import Turns

Ask = Callable[[Turns], object]
Milliseconds = npt.NDArray[np.float64]  # (rounds, questions)
_WARMED = 10  # questions asked before the first round


@dataclass(frozen=True, slots=True)
class Times:
    """How long one way took, by the clock and in processor time of all cores together."""

    wall: Milliseconds
    cpu: Milliseconds

    def percentile(self, share: float) -> float:
        """Return the percentile `share` of each round, as the median of the rounds, in milliseconds by the clock."""
        return float(np.median(np.percentile(self.wall, share, axis=1)))


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one way takes as another, at a percentile of the questions.

    `median`, `low` and `high` are of the rounds' ratios, each from that round's percentiles. Busy neighbours disturb
    two figures less: `fastest` takes each question's fastest round, `cpu` its least processor time of all rounds.
    """

    median: float
    low: float
    high: float
    fastest: float
    cpu: float


def timed(ways: Mapping[str, Ask], questions: Sequence[Turns], rounds: int) -> dict[str, Times]:
    """Time every question in every way, one way after the other. Begin with another way each time."""
    names = list(ways)
    for turns in questions[:_WARMED]:
        for ask in ways.values():
            ask(turns)
    size = (rounds, len(questions))
    times = {name: Times(np.zeros(size), np.zeros(size)) for name in names}
    for number in range(rounds):
        for place, turns in enumerate(questions):
            first = (number + place) % len(names)
            for name in names[first:] + names[:first]:
                wall, cpu = time.perf_counter(), time.process_time()
                ways[name](turns)
                times[name].cpu[number, place] = 1000 * (time.process_time() - cpu)
                times[name].wall[number, place] = 1000 * (time.perf_counter() - wall)
    return times


def ratio(times: Times, of: Times, share: float) -> Ratio:
    """Compare `times` with the times `of` another way, at the percentile `share`."""
    by_round = np.percentile(times.wall, share, axis=1) / np.percentile(of.wall, share, axis=1)
    fastest, cpu = (
        float(np.percentile(one.min(axis=0), share) / np.percentile(other.min(axis=0), share))
        for one, other in ((times.wall, of.wall), (times.cpu, of.cpu))
    )
    return Ratio(float(np.median(by_round)), float(by_round.min()), float(by_round.max()), fastest, cpu)
