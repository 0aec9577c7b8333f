"""Measures questions per second: by several threads of one process, and by several processes."""

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from bench.houses import opened
from bench.questions import Turns
from bench.timing import Ask

WARMED = 10  # first questions of each asker, which do not count
_WAIT_SECONDS = 600.0  # spent waiting for the other askers
Span = tuple[float, float]  # when the counted questions began and ended, on a clock that all processes share


def by_threads(ask: Ask, questions: Sequence[Turns], askers: int) -> float:
    """Return the questions per second of so many threads."""
    ready = Barrier(askers)
    with ThreadPoolExecutor(askers) as threads:
        spans = list(threads.map(lambda part: _asked(ask, part, ready), shares(questions, askers)))
    return rate(spans, len(questions) - askers * WARMED)


def by_processes(home: Path, questions: Sequence[Turns], askers: int) -> float:
    """Return the questions per second of so many processes, each with the whole helpdesk of `home`."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(askers, timeout=_WAIT_SECONDS)
    with ProcessPoolExecutor(askers, context, _take, (ready,)) as processes:
        spans = list(processes.map(_asked_of, [home] * askers, shares(questions, askers)))
    return rate(spans, len(questions) - askers * WARMED)


def shares(questions: Sequence[Turns], askers: int) -> list[list[Turns]]:
    """Deal the questions out like cards."""
    return [list(questions[place::askers]) for place in range(askers)]


def rate(spans: Sequence[Span], count: int) -> float:
    """Divide `count` questions by the seconds from the first beginning to the last end."""
    return count / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def _asked(ask: Ask, questions: Sequence[Turns], ready: Barrier) -> Span:
    for turns in questions[:WARMED]:
        ask(turns)
    ready.wait()
    begin = time.monotonic()
    for turns in questions[WARMED:]:
        ask(turns)
    return begin, time.monotonic()


_ready: Barrier  # shared by this process and its siblings


def _take(ready: Barrier) -> None:
    global _ready
    _ready = ready


def _asked_of(home: Path, questions: Sequence[Turns]) -> Span:
    from bench.speed import answering

    with opened(home) as helpdesk:
        return _asked(answering(helpdesk), questions, _ready)
