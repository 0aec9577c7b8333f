"""Runs the contestants: each indexes alone, then all are asked in turn, so that a disturbance hits all alike."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.houses import Report
from bench.peers.entrant import Entrant, Figures
from bench.peers.kinds import Kind
from bench.peers.process import Failed, PeerProcess
from bench.peers.task import Task
from bench.places import CHECKOUT

_BATCH = 25  # questions asked before it is the next contestant's turn
_WARMED = 10  # questions before the first round


@dataclass(frozen=True, slots=True)
class Terms:
    """How many questions are timed, in how many rounds, by how many threads, and the time limits in seconds."""

    questions: int
    rounds: int
    threads: int
    index_seconds: float = 6 * 3600.0  # the start of its process included
    ask_seconds: float = 600.0  # for the questions asked at once


@dataclass(frozen=True, slots=True)
class Contest:
    """The figures over one corpus by contestant's name, and the reasons why some contestants have none."""

    corpus: str
    documents: int
    questions: int
    terms: Terms
    figures: dict[str, Figures]
    failures: dict[str, str]


class Contestants:
    """All contestants still in. One that fails is out, with the reason kept.

    Each process gets `model` and a folder of its own in `folder`.
    """

    def __init__(self, model: Path, folder: Path, report: Report) -> None:
        self._model, self._folder, self._report = model, folder, report
        self._entrants: dict[str, Entrant] = {}
        self.failures: dict[str, str] = {}

    def enter(self, kind: Kind, corpus: Path, terms: Terms, place: tuple[int, int]) -> None:
        """Start a contestant and have it index. `place` is its number and how many there are."""
        folder = self._folder / kind.name
        folder.mkdir(parents=True)
        start = time.monotonic()

        def tick() -> None:
            self._report(f"{kind.name} is indexing, {time.monotonic() - start:.0f} s,", *place)

        try:
            process = PeerProcess(kind.command(self._model, folder), CHECKOUT, folder / "errors.txt")
        except OSError as error:
            self.failures[kind.name] = f"its process does not start: {error.strerror}"
            return
        self._entrants[kind.name] = Entrant(process, terms.ask_seconds)
        self._guarded(kind.name, lambda entrant: entrant.index(corpus, terms.index_seconds, tick))

    def everyone(self, does: Callable[[Entrant], None], first: int = 0) -> None:
        """Have all contestants do something, one after the other, beginning with number `first`."""
        names = list(self._entrants)
        first %= max(len(names), 1)
        for name in names[first:] + names[:first]:
            self._guarded(name, does)

    def batches(self, texts: Sequence[str], stage: str, does: Callable[[Entrant, Sequence[str]], None]) -> None:
        """Have all contestants do something with a few texts, then with the next few."""
        for number, start in enumerate(range(0, len(texts), _BATCH)):
            self._report(stage, start, len(texts))
            part = texts[start : start + _BATCH]
            self.everyone(lambda entrant, part=part: does(entrant, part), number)

    def figures(self, task: Task) -> dict[str, Figures]:
        """Return the figures of the contestants still in."""
        return {name: entrant.figures(task.questions) for name, entrant in self._entrants.items()}

    def close(self) -> None:
        """End all their processes."""
        for entrant in self._entrants.values():
            entrant.process.close()

    def _guarded(self, name: str, does: Callable[[Entrant], None]) -> None:
        entrant = self._entrants[name]
        try:
            does(entrant)
        except Failed as error:
            self.failures[name] = str(error)
            entrant.process.close()
            del self._entrants[name]


def contest(task: Task, kinds: Sequence[Kind], terms: Terms, contestants: Contestants) -> Contest:
    """Run the whole contest: index, rank, ask one question at a time, ask many together."""
    try:
        for number, kind in enumerate(kinds, 1):
            contestants.enter(kind, task.corpus, terms, (number, len(kinds)))
        every = [each.text for each in task.questions]
        contestants.batches(every, "ranking", Entrant.rank)
        texts = every[:: max(len(every) // terms.questions, 1)][: terms.questions]
        contestants.batches(texts[:_WARMED], "warming up", Entrant.warm)
        for number in range(1, terms.rounds + 1):
            contestants.everyone(Entrant.begin_round)
            contestants.batches(texts, f"timing, round {number},", Entrant.time)
        for number in range(terms.rounds):
            contestants.everyone(lambda entrant: entrant.crowd(texts, terms.threads), number)
        figures = contestants.figures(task)
    finally:
        contestants.close()
    return Contest(task.name, task.documents, len(every), terms, figures, contestants.failures)
