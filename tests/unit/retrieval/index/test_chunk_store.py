"""What SQL holds of the index: staged without being shown, shown all at once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select

from knowledge.database import reading, writing
from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.record import tokens_of, vector_of
from retrieval.index import chunk_store
from retrieval.index.chunk_store import Published
from retrieval.tables import chunks, vectors
from tests.support.clock import Clock
from tests.support.index_material import FOOD, put

NOW = datetime(2026, 11, 19, tzinfo=UTC)


@pytest.fixture
def store(engine: Engine, clock: Clock) -> DocumentStore:
    return DocumentStore(engine, clock)


def stage(engine: Engine, store: DocumentStore) -> list[tuple[str, int, int]]:
    told: list[tuple[str, int, int]] = []
    chunk_store.stage(engine, store, lambda *step: told.append(step))
    return told


def shown(engine: Engine, model: str = "m") -> list[str]:
    with reading(engine) as connection:
        ids = chunk_store.shown_versions(connection)
        return sorted(chunk.text for chunk, _ in chunk_store.shown_rows(connection, model, ids))


def promote(engine: Engine, revision: int) -> None:
    with writing(engine) as connection:
        chunk_store.promote(connection, Published(revision, "g", "m", 1, NOW))


def count(engine: Engine, what: object) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(what)).scalar_one())  # type: ignore[arg-type]


def test_staging_shows_nothing_until_promoted(engine: Engine, store: DocumentStore) -> None:
    put(store, "甲", "旧文。")
    assert stage(engine, store) == [("staging", 1, 1)]
    assert shown(engine) == []
    promote(engine, 1)
    assert shown(engine) == ["第1条 旧文。"]
    with reading(engine) as connection:
        assert chunk_store.published(connection) == Published(1, "g", "m", 1, NOW)


def test_a_changed_document_shows_its_old_text_until_promoted_and_then_none_of_it(
    engine: Engine, store: DocumentStore
) -> None:
    put(store, "甲", "旧文。", "不变。")
    put(store, "乙", "别的。")
    stage(engine, store)
    promote(engine, 1)
    put(store, "甲", "新文。", "不变。")
    assert stage(engine, store) == [("staging", 1, 1)]
    assert shown(engine) == ["第1条 别的。", "第1条 旧文。", "第2条 不变。"]
    promote(engine, 2)
    assert shown(engine) == ["第1条 别的。", "第1条 新文。", "第2条 不变。"]
    assert count(engine, chunks) == 3
    assert stage(engine, store) == []


def test_a_removed_document_is_gone_at_once(engine: Engine, store: DocumentStore) -> None:
    document_id = put(store, "甲", "旧文。")
    stage(engine, store)
    promote(engine, 1)
    store.remove(document_id)
    assert shown(engine) == []
    assert count(engine, chunks) == 0


def test_an_interrupted_staging_goes_on(engine: Engine, store: DocumentStore) -> None:
    for i in range(chunk_store._DOCUMENTS + 5):
        put(store, f"文{i}", "内容。")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        chunk_store.stage(engine, store, stop)
    assert count(engine, chunks) == chunk_store._DOCUMENTS
    assert stage(engine, store) == [("staging", 5, 5)]
    assert count(engine, chunks) == chunk_store._DOCUMENTS + 5


def test_only_what_is_new_is_embedded(engine: Engine, store: DocumentStore, embedder: Embedder) -> None:
    told: list[tuple[str, int, int]] = []
    put(store, "甲", *FOOD)
    stage(engine, store)
    chunk_store.embed_missing(engine, embedder, lambda *step: told.append(step))
    put(store, "甲", FOOD[0], "全新的一条。")
    stage(engine, store)
    chunk_store.embed_missing(engine, embedder, lambda *step: told.append(step))
    assert told == [("embedding", 2, 2), ("embedding", 1, 1)]
    with reading(engine) as connection:
        rows = list(chunk_store.staged_rows(connection, embedder.name))
        assert all(vector and vector_of(vector, embedder.dimensions).any() for _, _, vector in rows)
        assert all(vector and len(tokens_of(vector, embedder.dimensions)) > 5 for _, _, vector in rows)
        assert all(vector is None for _, _, vector in chunk_store.staged_rows(connection, "another model"))


def test_vectors_nobody_needs_are_forgotten(engine: Engine, store: DocumentStore, embedder: Embedder) -> None:
    keep, drop = put(store, "甲", "留下。"), put(store, "乙", "删掉。")
    stage(engine, store)
    chunk_store.embed_missing(engine, embedder, lambda *_: None)
    store.remove(drop)
    chunk_store.drop_orphans(engine)
    assert count(engine, vectors) == 1
    assert store.get(keep)


def test_the_pointer_is_one_row(engine: Engine) -> None:
    with reading(engine) as connection:
        first = chunk_store.published(connection)
    for revision in (1, 2):
        with writing(engine) as connection:
            chunk_store.promote(connection, replace(first, revision=revision))
    with reading(engine) as connection:
        assert chunk_store.published(connection).revision == 2
