"""Publishing killed at any instant: what was shown is shown unchanged, and the next publish succeeds."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder
from retrieval.index.index import Index
from tests.support.clock import Clock
from tests.support.faults.index_publisher import publish_naively
from tests.support.index_material import ELDERLY, FOOD, QUESTIONS, RESIDENCE, answers, put, put_all

PUBLISHER = Path(__file__).parents[1] / "support" / "faults" / "index_publisher.py"
STEPS = 7  # staging, embedding, reading, two of keywords, two of vectors; the eighth line says it is published
Kill = Callable[["subprocess.Popen[str]"], None]


def kill_after(lines: int) -> Kill:
    def kill(process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for _ in range(lines):
            process.stdout.readline()

    return kill


def kill_at(seconds: float) -> Kill:
    return lambda _process: time.sleep(seconds)


def killed(arguments: list[str], wait: Kill) -> None:
    """Run the publisher until `wait` returns, then kill it with every process it started."""
    command = [sys.executable, str(PUBLISHER), *arguments]
    root = PUBLISHER.parent.parent.parent
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True, cwd=root
    ) as process:
        try:
            wait(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def store(sqlite_engine: Engine, clock: Clock) -> DocumentStore:
    return DocumentStore(sqlite_engine, clock)


@pytest.fixture
def open_index(sqlite_engine: Engine, embedder: Embedder, home: Path, clock: Clock) -> Iterator[Callable[[], Index]]:
    opened: list[Index] = []

    def another() -> Index:
        opened.append(Index(DocumentStore(sqlite_engine, clock), embedder, home, clock.today))
        return opened[-1]

    yield another
    for each in opened:
        each.close()


def survive(kills: list[Kill], open_index: Callable[[], Index], store: DocumentStore, home: Path) -> None:
    """The property: after each kill an index open all along and one opened afresh say what was said before."""
    put_all(store)
    serving = open_index()
    serving.publish()
    database = store.engine.url.render_as_string()
    interrupted = 0
    for round_, kill in enumerate(kills):
        said, shown = answers(serving), serving.published
        put(store, "居住证", *RESIDENCE, f"第{round_}次修改：签注办法另行规定。")
        put(store, "食品经营许可", f"第{round_}次修改：转租店面的许可另行规定。", *FOOD)
        killed([database, str(home)], kill)
        afresh = open_index()
        if afresh.published.revision != shown.revision:  # it had published just before the kill
            serving.refresh()
            assert answers(afresh) == answers(serving)
        else:
            serving.refresh()
            assert answers(serving) == said
            assert answers(afresh) == said
            interrupted += 1
        assert afresh.trouble == serving.trouble == ""
        afresh.close()
    assert interrupted >= len(kills) // 2
    last = open_index()
    put(store, "老年津贴", *ELDERLY, "六十五岁老人的津贴改由街道发放。")
    assert last.publish(full=True).revision > shown.revision
    assert "改由街道发放" in last.search(QUESTIONS[2], 1)[0].chunk.text
    serving.refresh()
    assert [path.name for path in home.glob("g*")] == [last.published.generation]


def test_killed_between_any_two_steps(open_index: Callable[[], Index], store: DocumentStore, home: Path) -> None:
    survive([kill_after(lines) for lines in (2, 3, STEPS - 1, STEPS)], open_index, store, home)


def test_killed_at_random(open_index: Callable[[], Index], store: DocumentStore, home: Path) -> None:
    survive([kill_at(random.uniform(0.5, 3.0)) for _ in range(2)], open_index, store, home)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_at_random_fifty_times(open_index: Callable[[], Index], store: DocumentStore, home: Path) -> None:
    after = [kill_after(lines) for lines in range(STEPS + 1)]
    survive(after + [kill_at(random.uniform(0.3, 6.0)) for _ in range(50 - len(after))], open_index, store, home)


def test_a_naive_writer_fails_the_same_kill(embedder: Embedder, tmp_path: Path) -> None:
    import chromadb

    home, texts = str(tmp_path / "naive"), [*RESIDENCE, *FOOD, *ELDERLY]
    publish_naively(home, texts)
    killed(["naive", home, *texts], kill_after(1))
    client = chromadb.PersistentClient(home)
    try:
        collection = client.get_collection("naive", embedding_function=None)
        found = collection.query(query_embeddings=[embedder.embed_query(QUESTIONS[2])], n_results=1)
        assert ELDERLY[0] not in found["documents"][0]
    finally:
        client.close()
