"""An index of enough chunks is whitened: generation, overlay, questions and the scan that stands in, all alike."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, select, update

from knowledge.database import reading, writing
from knowledge.store.documents import DocumentStore
from retrieval.embedding import whitening
from retrieval.embedding.embedder import Embedder
from retrieval.index.chunk_store import stored_whitening
from retrieval.index.index import Index
from retrieval.search.ranking import fuse
from retrieval.tables import generations, vectors
from tests.support.clock import Clock
from tests.support.index_material import QUESTIONS, answers, put, put_all

pytestmark = pytest.mark.model


@pytest.fixture
def store(sqlite_engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> DocumentStore:
    monkeypatch.setattr(whitening, "ENOUGH", 20)
    store = DocumentStore(sqlite_engine, clock)
    put_all(store)
    put(store, "集市", *(f"第{i}号集市的摊主应当在每月{i}日前到服务窗口登记备案。" for i in range(1, 29)))
    return store


@pytest.fixture
def another(sqlite_engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Index]]:
    """Opens the same index as another process would."""
    opened: list[Index] = []

    def open_index() -> Index:
        opened.append(Index(DocumentStore(sqlite_engine, clock), embedder, tmp_path / "index", clock.today))
        opened[-1]._tried = float("inf")  # no mending by itself here
        return opened[-1]

    yield open_index
    for each in opened:
        each.close()


def test_what_is_built_and_what_is_laid_over_it_go_through_the_same(
    another: Callable[[], Index], store: DocumentStore, sqlite_engine: Engine, embedder: Embedder
) -> None:
    index = another()
    built = index.publish()
    put(store, "托育", "三岁以下婴幼儿可以申请社区托育。")
    assert index.publish().generation == built.generation
    with reading(sqlite_engine) as connection:
        stored = {row.content_hash: row.vector for row in connection.execute(select(vectors))}
        expected = stored_whitening(connection, str(built.generation), embedder.name)
    assert expected.changes
    question = expected.question(embedder.embed_query("两岁孩子托育"))
    found = index.candidates("两岁孩子托育")
    assert found.whitened
    assert {len(partition) for partition, _ in found.places} == {33, 1}
    for i in range(len(found)):
        raw = np.frombuffer(stored[found.chunk(i).content_hash], "<f2").astype(np.float32)[np.newaxis]
        assert found.cosine[i] == pytest.approx(float(expected.passages(raw)[0] @ question), abs=1e-3)
    assert "托育" in found.chunk(int(np.argmax(fuse(found)))).text


def test_unrelated_texts_no_longer_look_alike(
    another: Callable[[], Index], store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = another()
    index.publish()
    whitened = float(np.median(index.candidates(QUESTIONS[1]).cosine))
    monkeypatch.setattr(whitening, "ENOUGH", 10_000)
    index.publish(full=True)
    found = index.candidates(QUESTIONS[1])
    assert not found.whitened
    assert whitened < float(np.median(found.cosine)) - 0.2


def test_the_scan_that_stands_in_is_whitened_too(
    another: Callable[[], Index], store: DocumentStore, tmp_path: Path
) -> None:
    index = another()
    name = str(index.publish().generation)
    said = answers(index, 1)
    index.close()
    (tmp_path / "index" / name / "manifest.json").unlink()
    scanning = another()
    assert scanning.candidates(QUESTIONS[0]).whitened
    assert scanning.trouble
    assert [[hit[:3] for hit in each] for each in answers(scanning, 1)] == [[hit[:3] for hit in each] for each in said]


def test_a_whitening_that_is_lost_means_the_plain_scale(
    another: Callable[[], Index], store: DocumentStore, sqlite_engine: Engine
) -> None:
    index = another()
    index.publish()
    said = answers(index, 1)
    index.close()
    with writing(sqlite_engine) as connection:
        connection.execute(update(generations).values(whitening=b"damaged"))
    plain = another()
    found = plain.candidates(QUESTIONS[0])
    assert plain.trouble
    assert not found.whitened
    assert float(np.median(found.cosine)) > 0.5
    assert [[hit[:3] for hit in each] for each in answers(plain, 1)] == [[hit[:3] for hit in each] for each in said]
