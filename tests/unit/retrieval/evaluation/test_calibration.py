"""What a confidence is worth, against values worked out by hand, and what must hold whatever the numbers."""

import json
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.calibration import (
    Bin,
    Judged,
    Point,
    auroc,
    calibration,
    calibration_error,
    calibration_json,
    chosen,
    curve,
    lower_bound,
    reliability,
)

CHANCE = st.floats(0, 1, allow_subnormal=False)
SOME = st.lists(CHANCE, min_size=1, max_size=40)
ANSWERS = st.lists(st.builds(Judged, CHANCE, st.booleans(), st.booleans(), st.booleans()), max_size=60)
FIVE = (
    Judged(0.9, good=True),
    Judged(0.8, good=False, wanted=False),
    Judged(0.7, good=True),
    Judged(0.7, good=True),
    Judged(0.2, good=False),
)


def test_auroc_by_hand() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1
    assert auroc([0.1], [0.9]) == 0
    assert auroc([0.5], [0.5, 0.5]) == 0.5
    assert auroc([0.9, 0.4], [0.5, 0.4, 0.1]) == pytest.approx((3 + 1.5) / 6)
    assert auroc([], [0.1]) is None
    assert auroc([0.1], []) is None


@given(SOME, SOME)
def test_auroc_asks_only_for_the_order(positives: list[float], negatives: list[float]) -> None:
    places = {value: place for place, value in enumerate(sorted({*positives, *negatives}))}
    moved = [[math.exp(places[each] / 80) - 5 for each in side] for side in (positives, negatives)]
    assert auroc(*moved) == auroc(positives, negatives)


@given(SOME, SOME)
def test_auroc_counts_pairs_and_turns_around(positives: list[float], negatives: list[float]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]
    assert auroc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))
    assert auroc(negatives, positives) == pytest.approx(1 - sum(pairs) / len(pairs))


@given(SOME, SOME, st.randoms(use_true_random=False))
def test_auroc_asks_for_no_order_of_the_questions(
    positives: list[float], negatives: list[float], shuffled: random.Random
) -> None:
    before = auroc(positives, negatives)
    shuffled.shuffle(positives)
    shuffled.shuffle(negatives)
    assert auroc(positives, negatives) == pytest.approx(before)


def test_reliability_and_its_error_by_hand() -> None:
    bins = reliability([Judged(0.1, good=False), Judged(0.3, good=True), Judged(0.8, good=True)], bins=2)
    assert bins == (Bin(pytest.approx(0.2), 0.5, 2), Bin(0.8, 1.0, 1))
    assert calibration_error(bins) == pytest.approx((2 * 0.3 + 0.2) / 3)
    assert reliability([]) == ()
    assert calibration_error(()) == 0
    assert [each.count for each in reliability([Judged(i / 100, good=True) for i in range(25)])] == [3] * 5 + [2] * 5


def test_answers_of_one_confidence_are_alike_wherever_they_stand() -> None:
    judged = [Judged(0.5, good=i < 10) for i in range(20)]
    assert calibration_error(reliability(judged)) == 0
    assert calibration_error(reliability(judged[::-1])) == 0


@given(ANSWERS)
def test_the_error_is_a_share(judged: list[Judged]) -> None:
    assert 0 <= calibration_error(reliability(judged)) <= 1


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_error_asks_for_no_order_of_the_questions(judged: list[Judged], shuffled: random.Random) -> None:
    before = calibration_error(reliability(judged))
    shuffled.shuffle(judged)
    assert calibration_error(reliability(judged)) == pytest.approx(before)


def test_what_is_always_wrong_and_quite_sure_has_the_whole_error() -> None:
    """Negative control of the errors above."""
    assert calibration_error(reliability([Judged(1.0, good=False)] * 30)) == 1
    assert calibration_error(reliability([Judged(0.0, good=True)] * 30)) == 1


def test_the_curve_by_hand() -> None:
    assert curve(FIVE) == (
        Point(0.9, pytest.approx(0.25), 1.0, 1),
        Point(0.8, pytest.approx(0.25), 0.5, 2),
        Point(0.7, pytest.approx(0.75), 0.75, 4),
        Point(0.0, pytest.approx(1.0), 0.6, 5),
    )
    assert curve([]) == ()


def test_what_is_never_told_is_never_covered() -> None:
    points = curve([Judged(0.9, good=True), Judged(0.95, good=False, told=False)])
    assert points == (Point(0.0, 0.5, 1.0, 1),)


@given(ANSWERS)
def test_each_point_is_what_its_threshold_does(judged: list[Judged]) -> None:
    points = curve(judged)
    wanted = sum(each.wanted for each in judged)
    for point in points:
        told = [each for each in judged if each.told and each.confidence >= point.threshold]
        assert len(told) == point.told
        assert point.precision == pytest.approx(sum(each.good for each in told) / len(told))
        assert point.coverage == pytest.approx(sum(each.wanted for each in told) / wanted if wanted else 0)
    assert [point.coverage for point in points] == sorted(point.coverage for point in points)


def test_a_threshold_is_a_short_number() -> None:
    strict, loose = curve([Judged(0.6180339, good=True), Judged(0.6012, good=False)])
    assert (strict.threshold, loose.threshold) == (0.61, 0.0)


def test_the_point_chosen_covers_most_of_those_precise_enough() -> None:
    points = curve(FIVE)
    assert chosen(points, 0.7) == points[2]
    assert chosen(points, 0.95) == points[0]
    assert chosen(points[1:], 0.95) is None
    assert chosen((), 0.5) is None


def test_few_answers_promise_little() -> None:
    assert lower_bound(0, 0) == 0
    assert lower_bound(0, 20) == pytest.approx(0, abs=1e-9)
    assert lower_bound(10, 10) == pytest.approx(0.7225, abs=1e-4)
    assert lower_bound(95, 100) == pytest.approx(0.8882, abs=1e-4)
    assert Point(0.5, 1.0, 1.0, 10).precision_at_least == lower_bound(10, 10)


def test_everything_about_some_answers() -> None:
    found = calibration([*FIVE, Judged(0.99, good=False, told=False)], 0.9)
    assert (found.answers, len(found.bins), len(found.curve)) == (5, 5, 4)
    assert found.chosen == Point(0.9, pytest.approx(0.2), 1.0, 1)
    assert found.error == calibration_error(reliability(FIVE))
    assert calibration([], 0.9).chosen is None


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (99, 99), (250, 100)])
def test_the_json_has_no_more_points_than_can_be_looked_through(count: int, shown: int) -> None:
    found = calibration([Judged((i + 0.5) / 1000, good=True) for i in range(count)], 0.95)
    told = json.loads(json.dumps(calibration_json(found)))
    assert len(told["curve"]) == shown
    assert [each["told"] for each in told["curve"][-1:]] == [count][:shown]
    assert (told["chosen"] is None) is (count == 0)
    if told["chosen"]:
        assert told["chosen"]["precision_at_least"] == lower_bound(count, count)
