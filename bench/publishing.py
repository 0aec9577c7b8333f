"""Measures the seconds until a change shows in answers, by size of change and corpus, and answers meanwhile."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.houses import Report, clause_count, opened, synthetic_house
from bench.places import CACHE
from bench.questions import Turns, legal
from bench.speed import answering
from bench.timing import Ask
from bot.app import Helpdesk

CHANGES = (1, 10, 50)  # files
_ARTICLES = 20  # articles in each file; one of them is changed
_PAUSE = 0.01  # seconds between two questions while the index is built
_IDLE = 400  # questions asked before publishing
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Published:
    """One corpus: seconds of a whole publish, and by number of changed files the seconds until one is found."""

    clauses: int
    full: float
    changed: dict[int, float]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The p99 of a question in milliseconds: with nothing else to do, and while the whole index was built."""

    clauses: int
    idle: float
    busy: float
    questions: int

    @property
    def ratio(self) -> float:
        return self.busy / self.idle


def publishing(sizes: Sequence[int], report: Report) -> tuple[list[Published], Meanwhile]:
    """Publish and change corpora of `sizes` clauses (random vectors). Ask the last one while it is published."""
    found = []
    for size in sizes:
        home = synthetic_house(size, report)
        with opened(home) as helpdesk:
            changed = {count: _changed(helpdesk, count, report) for count in CHANGES}
            questions = legal(_IDLE)
            idle = _asked(helpdesk, questions, lambda done: done >= _IDLE) if size == sizes[-1] else None
            full, busy = _published(helpdesk, questions if idle is not None else (), report)
            found.append(Published(clause_count(helpdesk), full, changed))
    return found, Meanwhile(found[-1].clauses, _p99(idle), _p99(busy), len(busy))


def slope(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return how cost grows with size: the exponent of the power law through the points (1: in proportion, 0: not)."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def _changed(helpdesk: Helpdesk, count: int, report: Report) -> float:
    """Return the median seconds of some rounds. A round changes one article in each of `count` files and finds one."""
    folder = CACHE / "changing"
    seconds = []
    for number in range(_ROUNDS + 1):
        report(f"changing {count} files", number, _ROUNDS + 1)
        word = f"改动{time.time_ns()}"
        paths = [_written(folder, i, word) for i in range(count)]
        started = time.perf_counter()
        helpdesk.indexer.run(paths)
        best = helpdesk.index.search(f"{word}第{count - 1}号的期限", 1)
        took = time.perf_counter() - started
        if not best or word not in best[0].chunk.text:
            raise RuntimeError(f"{word} was indexed and is not found")
        seconds.append(took)
    return float(np.median(seconds[1:]))  # the first added the files


def _written(folder: Path, number: int, word: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}.md"
    articles = [f"第{i}条 申请人办理第{number}类第{i}项业务的，应当提交相应材料。" for i in range(1, _ARTICLES)]
    changed = f"第{_ARTICLES}条 {word}第{number}号的期限为十五个工作日。"
    path.write_text("\n\n".join([f"# 第{number}类业务办理规定", *articles, changed]), encoding="utf-8")
    return path


def _published(helpdesk: Helpdesk, questions: Sequence[Turns], report: Report) -> tuple[float, npt.NDArray[np.float64]]:
    """Return the seconds of a whole publish, and the milliseconds of the questions asked meanwhile."""
    took: list[float] = []

    def publish() -> None:
        started = time.perf_counter()
        helpdesk.index.publish(report, full=True)
        took.append(time.perf_counter() - started)

    thread = threading.Thread(target=publish)
    thread.start()
    busy = _asked(helpdesk, questions, lambda _done: not thread.is_alive()) if questions else np.zeros(0)
    thread.join()
    return took[0], busy


def _asked(helpdesk: Helpdesk, questions: Sequence[Turns], enough: Callable[[int], bool]) -> npt.NDArray[np.float64]:
    """Ask questions one after the other, with pauses, until there are enough; return their milliseconds."""
    ask: Ask = answering(helpdesk)
    for turns in questions[:10]:
        ask(turns)
    took: list[float] = []
    while not enough(len(took)):
        started = time.perf_counter()
        ask(questions[len(took) % len(questions)])
        took.append(1000 * (time.perf_counter() - started))
        time.sleep(_PAUSE)
    return np.array(took)


def _p99(milliseconds: npt.NDArray[np.float64] | None) -> float:
    return float(np.percentile(milliseconds, 99)) if milliseconds is not None and len(milliseconds) else 0.0
