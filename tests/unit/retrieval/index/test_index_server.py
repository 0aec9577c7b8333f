"""The index over a Chroma server: the same answers, other machines, and a server that goes away."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder
from retrieval.index import index as index_module
from retrieval.index import snapshot as snapshot_module
from retrieval.index.index import Index
from retrieval.search.connect import connect_vectors
from tests.support.chroma_server import ChromaServer, chroma_server
from tests.support.clock import Clock
from tests.support.index_material import QUESTIONS, answers, put, put_all

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few as the vectors are, the server is asked for them."""
    monkeypatch.setattr(snapshot_module, "SCANNED", 0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path) as running:
        yield running


@pytest.fixture
def machine(
    engine: Engine, embedder: Embedder, server: ChromaServer, tmp_path: Path, clock: Clock
) -> Iterator[Callable[[str], Index]]:
    """Opens the index as another machine would, with files of its own."""
    opened: list[Index] = []

    def open_index(name: str) -> Index:
        opened.append(Index(DocumentStore(engine, clock), embedder, tmp_path / name, clock.today, server.url))
        return opened[-1]

    put_all(DocumentStore(engine, clock))
    yield open_index
    for each in opened:
        each.close()
        if each._mending:
            each._mending.join()


def well(index: Index) -> bool:
    for _ in range(1200):
        index.search(QUESTIONS[0])
        if not index.trouble:
            return True
        time.sleep(0.05)
    return False


@on_sqlite
def test_the_server_answers_as_the_embedded_index_does(
    machine: Callable[[str], Index], engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock
) -> None:
    index = machine("a")
    index.publish()
    assert index.trouble == ""
    served = answers(index)
    with closing(Index(DocumentStore(engine, clock), embedder, tmp_path / "embedded", clock.today)) as embedded:
        embedded.publish(full=True)
        assert answers(embedded) == served


def test_another_machine_adopts_what_is_published(machine: Callable[[str], Index], tmp_path: Path) -> None:
    first, second = machine("a"), machine("b")
    published = first.publish()
    said = answers(first, 1)
    assert answers(second, 1) == said  # from SQL, while its files are being made
    assert well(second)
    assert second.published == published
    assert (tmp_path / "b" / str(published.generation) / "manifest.json").is_file()
    assert answers(second) == answers(first)
    assert not first.refresh()


@on_postgresql
def test_two_machines_publish_one_after_the_other(machine: Callable[[str], Index]) -> None:
    indexes = [machine("a"), machine("b")]
    with ThreadPoolExecutor(2) as threads:
        shown = list(threads.map(lambda index: index.publish(full=True), indexes))
    assert {each.revision for each in shown} == {1, 2}
    for index in indexes:
        index.refresh()
        assert well(index)
    assert answers(indexes[0]) == answers(indexes[1])


@on_sqlite
def test_while_the_server_is_away_an_exact_scan_answers(
    machine: Callable[[str], Index],
    server: ChromaServer,
    engine: Engine,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_module, "RETRY_SECONDS", 0.5)
    index = machine("a")
    published = index.publish()
    said = answers(index)
    server.stop()
    assert answers(index) == said
    assert "unreachable" in index.trouble
    put(DocumentStore(engine, clock), "托育", "三岁以下婴幼儿可以申请社区托育。")
    assert index.publish().generation == published.generation
    assert "托育" in index.search("托育", 1)[0].chunk.text
    server.start()
    assert well(index)
    assert index.published.generation == published.generation


@on_sqlite
def test_old_generations_leave_the_server_and_strangers_stay(
    machine: Callable[[str], Index], server: ChromaServer, tmp_path: Path, embedder: Embedder
) -> None:
    others = connect_vectors(server.url, tmp_path)
    others.build("guides", {"current": (["0" * 16], embedder.embed_passages(["别人的"]))})
    index = machine("a")
    index.publish()
    last = index.publish(full=True)
    assert others.names() == {"guides", last.generation}
