"""What a question costs against the size of the corpus: figures, verdicts and rates."""

from pathlib import Path
from threading import Lock, get_ident

import numpy as np
import pytest

from bench.questions import Turns
from bench.sizes import Sized
from bench.sizes_chart import draw_sizes
from bench.speed import FLOOR, OURS
from bench.throughput import WARMED, by_threads, rate, shares
from bench.timing import Times


def times(*milliseconds: float) -> Times:
    """Three equal rounds."""
    rounds = np.tile(np.array(milliseconds), (3, 1))
    return Times(rounds, rounds)


def sized(ours: Times, floor: Times, by_processes: float = 300.0) -> Sized:
    return Sized(1000, 1010, {OURS: ours, FLOOR: floor}, 120.0, by_processes)


def test_p50_is_told_in_the_floor_s_and_p99_in_p50() -> None:
    found = sized(times(*[10.0] * 98, 40.0, 40.0), times(*[5.0] * 100))
    assert (found.to_floor.median, found.spread) == (2.0, 4.0)
    assert found.as_json()["ms"] == {OURS: {"p50": 10.0, "p99": 40.0}, FLOOR: {"p50": 5.0, "p99": 5.0}}
    assert "missed" not in " ".join(found.lines())


@pytest.mark.parametrize(
    "slow",
    [
        sized(times(*[10.0] * 100), times(*[3.9] * 100)),
        sized(times(*[10.0] * 98, 51.0, 51.0), times(*[5.0] * 100)),
        sized(times(*[10.0] * 100), times(*[5.0] * 100), by_processes=249.0),
    ],
    ids=["floor", "p99", "rate"],
)
def test_what_misses_its_aim_says_so(slow: Sized) -> None:
    assert sum(line.count("missed") for line in slow.lines()) == 1


def test_questions_are_dealt_out_and_all_asked_once() -> None:
    questions: list[Turns] = [(str(number),) for number in range(2 * WARMED + 31)]
    assert sorted(turns for share in shares(questions, 2) for turns in share) == sorted(questions)
    asked: list[tuple[int, Turns]] = []
    lock = Lock()

    def ask(turns: Turns) -> None:
        with lock:
            asked.append((get_ident(), turns))

    assert by_threads(ask, questions, 2) > 0
    assert sorted(turns for _, turns in asked) == sorted(questions)
    assert len({thread for thread, _ in asked}) == 2


def test_a_rate_counts_from_the_first_beginning_to_the_last_end() -> None:
    assert rate([(1.0, 2.0), (1.5, 3.0)], 100) == 50.0


def test_it_is_drawn(tmp_path: Path) -> None:
    one = sized(times(*[10.0] * 100), times(*[5.0] * 100))
    paths = draw_sizes([one, Sized(9000, 9100, one.times, 90.0, 200.0)], tmp_path)
    assert [path.name for path in paths] == ["sizes.svg", "sizes.png"]
    assert all(path.stat().st_size > 5000 for path in paths)
