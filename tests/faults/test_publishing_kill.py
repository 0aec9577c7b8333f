"""Publishing a version killed at any instant: the old text answers or the new one, never half of either."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.model import Clause, ClauseKind, Metadata, ParsedDocument
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from knowledge.version import Version, VersionState
from knowledge.versions.originals import Originals
from knowledge.versions.proposals import Proposed
from knowledge.versions.workflow import Rules, Versions
from retrieval.answering.answerer import Answerer
from retrieval.embedding.embedder import Embedder
from retrieval.index.index import Index
from retrieval.model import Answer, Question
from tests.support.clock import Clock

PUBLISHER = Path(__file__).parents[1] / "support" / "faults" / "version_publisher.py"
QUESTION = "江湾区托育服务每月费用不超过多少元？"
STEPS = ("ready", "writing", "written", "shown", "published")


class House:
    """The store, versions and index of one database, and how to propose and ask."""

    def __init__(self, engine: Engine, embedder: Embedder, home: Path, clock: Clock) -> None:
        self.home, self.clock, self.database = home, clock, engine.url.render_as_string()
        self.store = DocumentStore(engine, clock)
        rules = Rules(False, lambda: clock().date())
        self.versions = Versions(self.store, Originals(home / "originals"), clock, rules)
        self.index = Index(DocumentStore(engine, clock), embedder, home / "index", clock.today)
        self.answerer = Answerer(self.index, self.store, lambda: clock().date(), threshold=0.0)

    def proposed(self, fee: int) -> Version:
        texts = (
            "三岁以下婴幼儿可以申请社区托育服务。",
            f"托育服务每月费用不超过{fee}元。",
            f"按{fee}元收费的机构应当公示价目。",
        )
        articles = tuple(
            Clause(i, f"第{i}条", (), f"第{i}条 {text}", ClauseKind.ARTICLE) for i, text in enumerate(texts, 1)
        )
        about = Metadata("江湾区托育服务办法", effective_on=date(2025, 1, 1))
        parsed = ParsedDocument(about, articles, "text/plain")
        return self.versions.propose([Proposed(IncomingDocument(parsed, "托育.md", "/in/托育.md", str(fee)))], "anna")[
            0
        ]

    def said(self) -> str:
        """The fee that is answered, "" where nothing is."""
        self.index.refresh()
        outcome = self.answerer.answer(Question.of(QUESTION))
        if not isinstance(outcome, Answer):
            return ""
        return next((fee for fee in ("1000", *map(str, range(2000, 2100))) if f"{fee}元" in outcome.text), "")

    def stored(self) -> set[str]:
        """The fees that stand in live clauses."""
        texts = "".join(c.clause.text for d in self.store.documents() for c in self.store.clauses(d.id))
        return {fee for fee in ("1000", *map(str, range(2000, 2100))) if f"{fee}元" in texts}


@pytest.fixture
def house(sqlite_engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock) -> Iterator[House]:
    made = House(sqlite_engine, embedder, tmp_path, clock)
    yield made
    made.index.close()


def started(way: str, house: House, version: Version) -> "subprocess.Popen[str]":
    command = [sys.executable, str(PUBLISHER), way, house.database, str(house.home), version.id]
    environment = {**os.environ, "PYTHONPATH": str(PUBLISHER.parents[3])}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env=environment,
    )


def killed_after(process: "subprocess.Popen[str]", step: str, seconds: float = 0.0) -> None:
    """Kill it, and whatever it started, some time after it said `step`."""
    assert process.stdout
    assert process.stdin
    for line in process.stdout:
        if line.strip() == step:
            break
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.stdin.close()
    process.stdout.close()
    process.wait()


def survives(house: House, kills: list[tuple[str, float]]) -> int:
    """After each kill the same text is stored, shown and answered, and its version is the published one."""
    first = house.proposed(1000)
    with_index = started("whole", house, first)
    killed_after(with_index, "published")
    assert house.said() == "1000"
    old = 0
    for number, (step, seconds) in enumerate(kills):
        before, fee = house.said(), str(2000 + number)
        version = house.proposed(int(fee))
        killed_after(started("whole", house, version), step, seconds)
        said, state = house.said(), house.versions.get(version.id).state
        assert said in (before, fee), (step, seconds)
        assert house.stored() == {said}, (step, seconds)
        assert (state is VersionState.PUBLISHED) == (said == fee), (step, seconds)
        assert len(house.versions.in_states(VersionState.PUBLISHED)) == 1
        old += said == before
    return old


def test_killed_at_every_step(house: House) -> None:
    old = survives(house, [(step, 0.0) for step in STEPS[:-1]])
    assert 1 <= old < len(STEPS), "some kills came before the change and some after it"


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_at_random_thirty_times(house: House) -> None:
    survives(
        house,
        [("ready", random.uniform(0.0, 0.3)) for _ in range(15)]
        + [("writing", random.uniform(0.0, 0.03)) for _ in range(15)],
    )


def test_storing_and_showing_apart_fails_the_same_kill(house: House) -> None:
    """Negative control: the text stored is new, what is shown is old, and nothing can be answered."""
    killed_after(started("whole", house, house.proposed(1000)), "published")
    assert house.said() == "1000"
    killed_after(started("halves", house, house.proposed(2000)), "stored")
    assert house.stored() == {"2000"}
    assert house.said() not in ("1000", "2000")
