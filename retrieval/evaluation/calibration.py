"""What a confidence is worth: how well it parts good answers from others, and how often it is as right as it says."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

BINS = 10
SHOWN = 100  # points of a curve that are told at most; the chosen one is told separately
_SIDES = 1.959964  # standard deviations either side that hold 95 %
_DIGITS = 12  # of a threshold at most
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer's confidence, and whether it was good.

    `wanted` says whether there was an answer to give. `told` is False if none would be told at any threshold.
    """

    confidence: float
    good: bool
    wanted: bool = True
    told: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """What happens if answers are told from the confidence `threshold` on.

    `coverage` is the share of wanted answers that are told. `precision` is the share of good ones among the
    `told` answers.
    """

    threshold: float
    coverage: float
    precision: float
    told: int

    @property
    def precision_at_least(self) -> float:
        """The precision that may be counted on after so few answers (Wilson 1927, 95 %)."""
        return lower_bound(round(self.precision * self.told), self.told)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of similar confidence: their mean confidence, the share of good ones, and their number."""

    confidence: float
    good: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the confidence of some answers is worth; `chosen` is None where no threshold gives the wanted precision."""

    answers: int
    error: float
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]
    wanted_precision: float
    chosen: Point | None


def calibration(judged: Sequence[Judged], precision: float) -> Calibration:
    """Return all figures of these answers. What would not be told at any threshold counts as not covered."""
    told = [each for each in judged if each.told]
    bins, points = reliability(told), curve(judged)
    return Calibration(len(told), calibration_error(bins), bins, points, precision, chosen(points, precision))


def calibration_json(found: Calibration) -> dict[str, Any]:
    """Return a calibration as plain JSON. Its curve has so few points that a person can look through them."""
    places = sorted({round(place) for place in np.linspace(0, len(found.curve) - 1, min(SHOWN, len(found.curve)))})
    curve_ = [_point_json(found.curve[place]) for place in places]
    return asdict(found) | {"curve": curve_, "chosen": _point_json(found.chosen) if found.chosen else None}


def _point_json(point: Point) -> dict[str, float]:
    return asdict(point) | {"precision_at_least": point.precision_at_least}


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the chance that a positive lies above a negative; a tie counts half. None if there are none of either."""
    if not positives or not negatives:
        return None
    ordered = np.sort(np.asarray(negatives, dtype=float))
    below = np.searchsorted(ordered, positives, "left") + np.searchsorted(ordered, positives, "right")
    return float(np.mean(below) / 2 / len(ordered))


def reliability(judged: Sequence[Judged], bins: int = BINS) -> tuple[Bin, ...]:
    """Return bins of equal mass, least confident first. Answers of one confidence each count as good as their mean."""
    if not judged:
        return ()
    sure = np.array([each.confidence for each in judged])
    _, which, counts = np.unique(sure, return_inverse=True, return_counts=True)
    means = np.bincount(which, [each.good for each in judged]) / counts
    order = np.argsort(sure, kind="stable")
    parts = np.array_split(order, min(bins, len(judged)))
    return tuple(Bin(float(sure[part].mean()), float(means[which[part]].mean()), len(part)) for part in parts)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error (Naeini et al. 2015): how far confidence and truth lie apart; 0 of none."""
    count = sum(each.count for each in bins)
    return math.fsum(each.count * abs(each.confidence - each.good) for each in bins) / count if count else 0.0


def curve(judged: Sequence[Judged]) -> tuple[Point, ...]:
    """Return one point for each threshold that makes a difference, the strictest first."""
    told = sorted((each for each in judged if each.told), key=lambda each: -each.confidence)
    wanted = sum(each.wanted for each in judged)
    sure = np.array([each.confidence for each in told], dtype=float)
    good, covered = (np.cumsum([getattr(each, name) for each in told]) for name in ("good", "wanted"))
    ends = [i for i in range(len(told)) if i + 1 == len(told) or sure[i] > sure[i + 1]]
    return tuple(
        Point(_cut(sure, i), float(covered[i] / wanted) if wanted else 0.0, float(good[i] / (i + 1)), i + 1)
        for i in ends
    )


def chosen(points: Sequence[Point], precision: float) -> Point | None:
    """Return the point that covers most, of those that are precise enough; None if none is."""
    enough = [point for point in points if point.precision >= precision]
    return max(enough, key=lambda point: (point.coverage, point.threshold), default=None)


def lower_bound(good: int, count: int) -> float:
    """Return the lower end of the 95 % interval of a share (Wilson 1927); 0 of none."""
    if not count:
        return 0.0
    share, square = good / count, _SIDES**2 / count
    spread = math.sqrt(square * (share * (1 - share) + square / 4))
    return max(0.0, (share + square / 2 - spread) / (1 + square))


def _cut(sure: _Floats, last: int) -> float:
    """Return the shortest number that is above the next confidence and not above the last one told."""
    upper = float(sure[last])
    below = float(sure[last + 1]) if last + 1 < len(sure) else -math.inf
    for digits in range(_DIGITS):
        number = float(math.floor(upper * 10**digits) / 10**digits)
        if below < number <= upper:
            return number
    return upper
