"""A generated history over a stale index: nothing is cited that is not in force, by an account the program never sees.

Rules are issued, amended, repealed in part and in full, prolonged, corrected and taken out, some from a day to come;
the clock moves, and the index is published only now and then. Two broken variants must fail the same history.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.operations.migrations import migrate
from knowledge.database import connect_database
from knowledge.law import repeals
from knowledge.load import load
from knowledge.model import Standing
from knowledge.store.documents import DocumentStore
from retrieval.answering.answerer import Answerer
from retrieval.answering.evidence import StandingPassage
from retrieval.answering.finding import Finder
from retrieval.answering.rerank import AskedQuestion
from retrieval.embedding.embedder import Embedder
from retrieval.index import snapshot
from retrieval.index.index import Index
from retrieval.model import Answer, Question
from retrieval.search.candidates import Candidates
from retrieval.search.keywords import Scores
from tests.support import timeline
from tests.support.clock import Clock
from tests.support.fakes.hashing_model import HashingEmbedder
from tests.support.timeline import ASPECTS, SUBJECTS, Change, Text, Timeline

START = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
ACTS = (
    "issue",
    "amend",
    "amend",
    "amend",
    "repeal_articles",
    "repeal",
    "wait",
    "publish",
    "remove",
    "correct",
    "confirm",
)
TOP = 4  # passages that frameworks take by default
CROWDED = (0, 0, 0, 0, 0, 0, 1, 2, 3, 4)  # subjects
Act = tuple[str, int, int, int]
histories = st.lists(
    st.tuples(st.sampled_from(ACTS), st.sampled_from(CROWDED), st.integers(0, 6), st.integers(-20, 40)),
    min_size=60,
    max_size=60,
)


@dataclass
class Tally:
    """What came of the questions: `wrong` are citations not in force, `missed` questions that got none though their
    answer was published. Which of several clauses in force is the better one is for other tests."""

    asked: int = 0
    answered: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    told: int = 0  # questions whose answer was published


class World:
    """The program with a real index, and beside it the account of what is in force."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = Clock(START)
        self.engine = connect_database(f"sqlite:///{home}/test.db")
        migrate(self.engine)
        self.store = DocumentStore(self.engine, self.clock)
        self.index = Index(self.store, cast(Embedder, HashingEmbedder()), home / "index", self.clock.today)
        self.answerer = Answerer(self.index, self.store, lambda: self.today, threshold=0.0)
        self.timeline = Timeline()
        self.published: set[int] = set()
        self.tally = Tally()
        self.ids: dict[str, str] = {}
        self.number = 0

    @property
    def today(self) -> date:
        return self.clock().astimezone(ZoneInfo("Asia/Shanghai")).date()

    def close(self) -> None:
        self.index.close()
        self.engine.dispose()

    def act(self, act: Act) -> None:
        kind, which, other, delay = act
        getattr(self, f"_{kind}")(SUBJECTS[which], other, max(delay, 0))
        self.clock.forward(days=1)

    def ask(self, each: int) -> None:
        """Every subject and aspect, today and on other days: `each` questions."""
        for n in range(each):
            subject, aspect = SUBJECTS[(self.tally.asked + n) % 5], ASPECTS[self.tally.asked // 5 % 3]
            days = timedelta(days=(self.tally.asked * 37) % 120 - 80)
            as_of = None if self.tally.asked % 3 else self.today + days
            self._ask_one(subject, aspect, as_of)

    def _ask_one(self, subject: str, aspect: str, as_of: date | None) -> None:
        day = as_of or self.today
        outcome = self.answerer.answer(Question.of(f"{subject}{aspect}每人每月是多少元？", as_of))
        cited = (
            {int(n) for c in outcome.citations for n in re.findall(r"(\d+)元", c.quote)}
            if isinstance(outcome, Answer)
            else set()
        )
        alive = self.timeline.in_force(day)
        where = f"{subject}{aspect} on {day}, asked on {self.today}"
        self.tally.asked += 1
        self.tally.answered += bool(cited)
        self.tally.wrong += [f"{where}: {amount}" for amount in sorted(cited - alive)]
        right = self.timeline.answer(subject, aspect, day)
        if right is not None and right in self.published:
            self.tally.told += 1
            if not cited:
                self.tally.missed.append(f"{where}: {right}")

    # what happens

    def _issue(self, subject: str, other: int, delay: int) -> None:
        begins = timeline.later(self.today, delay)
        last = timeline.later(begins, 30 * other) if other > 4 else None
        text = Text(self._source(), subject, self.today, begins, last, self._amounts())
        self.timeline.texts.append(text)
        self._put(text.source, timeline.measures(text))

    def _amend(self, subject: str, other: int, delay: int) -> None:
        if not self._settled(subject):
            return
        articles = {2 + (other + n) % 3: None if other == 6 else self.timeline.amount() for n in range(1 + other % 2)}
        change = Change(self._source(), subject, self.today, timeline.later(self.today, delay), dict(articles), 0)
        self.timeline.changes.append(change)
        self._put(change.source, timeline.decision(change))

    def _repeal_articles(self, subject: str, other: int, delay: int) -> None:
        if self._settled(subject):
            self._repeal_by_the_way(subject, {2 + other % 3: None}, delay)

    def _repeal(self, subject: str, other: int, delay: int) -> None:
        if other > 3:
            self._repeal_by_the_way(subject, {}, delay)

    def _repeal_by_the_way(self, subject: str, articles: dict[int, int | None], delay: int) -> None:
        day, own = timeline.later(self.today, delay), self.timeline.amount()
        change = Change(self._source(), subject, self.today, day, articles, own)
        self.timeline.changes.append(change)
        self._put(change.source, timeline.other_measures(change, f"江湾区第{self.number}号事项办法"))

    def _wait(self, subject: str, other: int, delay: int) -> None:
        self.clock.forward(days=delay)

    def _publish(self, subject: str, other: int, delay: int) -> None:
        self.index.publish(full=other == 0)
        stored = [clause.clause.text for id_ in self.ids.values() for clause in self.store.clauses(id_)]
        self.published = {int(n) for text in stored for n in re.findall(r"(\d+)元", text)}

    def _remove(self, subject: str, other: int, delay: int) -> None:
        """A change, or everything about a subject."""
        timeline_ = self.timeline
        gone: list[Text | Change] = [*timeline_.changes[:1]] if other else [*timeline_.of(subject)]
        if not other:
            gone += [change for change in timeline_.changes if change.subject == subject]
        for each in gone:
            (timeline_.texts if isinstance(each, Text) else timeline_.changes).remove(each)  # type: ignore[arg-type]
            self.store.remove(self.ids.pop(each.source))

    def _correct(self, subject: str, other: int, delay: int) -> None:
        for text in self.timeline.of(subject)[-1:]:
            text.amounts = self._amounts()
            self._put(text.source, timeline.measures(text))

    def _confirm(self, subject: str, other: int, delay: int) -> None:
        """An administrator sets when the newest text of a subject ends."""
        for text in self.timeline.of(subject)[-1:]:
            text.last = timeline.later(self.today, delay - 10)
            document = self.store.get(self.ids[text.source])
            assert document
            self.store.confirm(document.id, replace(document.metadata, expires_on=text.last), "林")

    def _settled(self, subject: str) -> bool:
        """Whether the newest text is the one in force: what a decision means otherwise, nobody could say."""
        texts = self.timeline.of(subject)
        return bool(texts) and texts[-1].begins <= self.today and texts[-1].issued < self.today

    def _amounts(self) -> dict[int, int]:
        return {article: self.timeline.amount() for article in (2, 3, 4)}

    def _source(self) -> str:
        self.number += 1
        return f"{self.number}.md"

    def _put(self, source: str, text: str) -> None:
        path = self.home / source
        path.write_text(text, encoding="utf-8")
        parsed = load(path, source)
        self.ids[source] = self.store.put(parsed, source, source, str(hash(text)))


@contextmanager
def world() -> Iterator[World]:
    with TemporaryDirectory() as folder:
        made = World(Path(folder))
        try:
            yield made
        finally:
            made.close()


def lived(history: list[Act], questions: int) -> Tally:
    """A history with `questions` asked after each of its acts."""
    with world() as made:
        for subject in range(5):
            made.act(("issue", subject, 0, 0))
        made.act(("publish", 0, 0, 0))
        for act in history:
            made.act(act)
            made.ask(questions)
        return made.tally


def check(tally: Tally) -> None:
    assert tally.wrong == []
    assert tally.told
    assert len(tally.missed) <= 0.02 * tally.told, tally.missed[:5]


def seeded(seed: int) -> list[Act]:
    """A history of its own for a number; most of it is about one subject, of which much ends."""
    from random import Random

    random = Random(seed)
    often = [("amend", 0, n % 6, 0) for n in range(24)]  # some ten texts of each article, of which one is in force
    rest = [
        (random.choice(ACTS), random.choice(CROWDED), random.randrange(7), random.randrange(-20, 41)) for _ in range(36)
    ]
    return [*often, ("publish", 0, 0, 0), *rest]


def test_nothing_is_cited_that_is_not_in_force() -> None:
    tally = lived(seeded(1), questions=9)
    check(tally)
    assert tally.asked >= 500


slow = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.mark.soak
@slow
@given(histories)
def test_nothing_is_cited_that_is_not_in_force_in_many_histories(history: list[Act]) -> None:
    check(lived(history, questions=16))


def test_a_rule_that_takes_the_document_that_says_so_for_the_repealed_one_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: 同时废止 matched naively."""

    def naive(texts: Any, own_title: str) -> dict[str, date | None]:
        return {f"《{own_title}》": None} if any("同时废止" in text for text in texts) else {}

    monkeypatch.setattr(repeals, "endings", naive)
    with pytest.raises(AssertionError):
        check(lived(seeded(1), questions=9))


def test_filtering_after_the_search_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the best are taken from everything, and what has ended is dropped from them."""
    monkeypatch.setattr(snapshot, "clause_standing_on", lambda _metadata, _days, _day: Standing.IN_FORCE)
    search, look = Index.candidates, Finder._standing

    def everything(
        self: Index, text: str, k: int = 100, as_of: date | None = None, *, dead: bool = False
    ) -> Candidates:
        return search(self, text, k, date.max, dead=dead)

    def best_first(
        self: Finder, asked: AskedQuestion, candidates: Candidates, scores: Scores
    ) -> Iterator[StandingPassage]:
        best = {candidates.chunk(int(i)).id for i in np.argsort(-scores, kind="stable")[:TOP]}
        return (found for found in look(self, asked, candidates, scores) if found.passage.chunk.id in best)

    monkeypatch.setattr(Index, "candidates", everything)
    monkeypatch.setattr(Finder, "_standing", best_first)
    with pytest.raises(AssertionError):
        check(lived(seeded(1), questions=9))
