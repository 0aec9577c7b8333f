"""Times several ways of doing the same thing, in turn and in rounds: on a busy machine only ratios mean anything."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.questions import Turns

Ask = Callable[[Turns], object]
Times = npt.NDArray[np.float64]  # milliseconds (rounds, questions)
_WARMED = 10  # questions asked before the first round


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one way takes as another: the median of the rounds' ratios, the lowest, the highest."""

    median: float
    low: float
    high: float


def timed(ways: Mapping[str, Ask], questions: Sequence[Turns], rounds: int) -> dict[str, Times]:
    """Every question by every way, one way after the other, beginning with another way each time."""
    names = list(ways)
    for turns in questions[:_WARMED]:
        for ask in ways.values():
            ask(turns)
    times = {name: np.zeros((rounds, len(questions))) for name in names}
    for number in range(rounds):
        for place, turns in enumerate(questions):
            first = (number + place) % len(names)
            for name in names[first:] + names[:first]:
                start = time.perf_counter()
                ways[name](turns)
                times[name][number, place] = 1000 * (time.perf_counter() - start)
    return times


def percentile(times: Times, share: float) -> float:
    """The percentile of a round, the median of the rounds; milliseconds."""
    return float(np.median(np.percentile(times, share, axis=1)))


def ratio(times: Times, of: Times, share: float) -> Ratio:
    """How a percentile of `times` compares with the same percentile of `of`, round by round."""
    each = np.percentile(times, share, axis=1) / np.percentile(of, share, axis=1)
    return Ratio(float(np.median(each)), float(each.min()), float(each.max()))


def quiet_ratio(times: Times, of: Times, share: float) -> float:
    """The same with each question's fastest round: what is left when no neighbour took the processor."""
    return float(np.percentile(times.min(axis=0), share) / np.percentile(of.min(axis=0), share))
