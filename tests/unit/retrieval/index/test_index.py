"""The index: what is published is found, what is not in force is not, and changes show at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder, Vectors
from retrieval.index import snapshot as snapshot_module
from retrieval.index import snapshots
from retrieval.index.index import Index
from retrieval.search.chroma import ChromaReader
from retrieval.search.vectors import Near
from tests.support.clock import Clock
from tests.support.index_material import ELDERLY, FOOD, QUESTIONS, RESIDENCE, answers, put, put_all


@pytest.fixture
def store(sqlite_engine: Engine, clock: Clock) -> DocumentStore:
    return DocumentStore(sqlite_engine, clock)


@pytest.fixture
def another(sqlite_engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Index]]:
    """Opens the same index as another process would."""
    opened: list[Index] = []

    def open_index() -> Index:
        opened.append(Index(DocumentStore(sqlite_engine, clock), embedder, tmp_path / "index", clock.today))
        return opened[-1]

    yield open_index
    for each in opened:
        each.close()


@pytest.fixture
def index(another: Callable[[], Index]) -> Index:
    return another()


def texts(index: Index, question: str, k: int = 10, as_of: date | None = None) -> list[str]:
    return [passage.chunk.text for passage in index.search(question, k, as_of)]


def test_an_empty_index_finds_nothing_and_is_well(index: Index) -> None:
    assert index.search("居住证") == []
    assert index.publish().generation is None
    assert index.trouble == ""


def test_the_right_clause_comes_first_and_carries_both_numbers(index: Index, store: DocumentStore) -> None:
    ids = put_all(store)
    published = index.publish()
    assert (published.revision, published.chunk_count) == (1, 5)
    for question, name, text in zip(QUESTIONS, ids, (RESIDENCE[1], FOOD[1], ELDERLY[0]), strict=True):
        best = index.search(question, 3)[0]
        assert text in best.chunk.text
        assert best.chunk.document_id == ids[name]
        assert store.clause(best.chunk.clause_id)
        numbers = {"bm25", "document_bm25", "cosine", "query_idf", "document_idf", "nearness"}
        assert set(best.signals) == numbers
        assert 0 < best.signals["bm25"] < best.signals["query_idf"] * 2.2
        assert 0.5 < best.signals["cosine"] <= 1


def test_each_token_vector_stands_for_characters_of_the_chunk(index: Index, store: DocumentStore) -> None:
    put_all(store)
    index.publish()
    found = index.candidates(QUESTIONS[0])
    for i in range(len(found)):
        chunk, spans = found.chunk(i), index.token_spans(found.chunk(i))
        assert len(spans) == found.matches(i).cosines.shape[1]
        own = "".join(chunk.text[max(start, 0) : end] for start, end in spans if end > 0)
        assert "".join(own.split()) == "".join(chunk.text.split())
        assert max(end for _, end in spans) == len(chunk.text)  # counted from where the text begins
        assert sum(start < 0 for start, _ in spans) >= len(chunk.heading) // 4  # its heading's, and the prompt's


def test_every_candidate_has_both_numbers(index: Index, store: DocumentStore, embedder: Embedder) -> None:
    put_all(store)
    index.publish()
    found = index.candidates("房东同意")
    vector = embedder.embed_query("房东同意")
    assert len(found) == 5
    for i in range(len(found)):
        partition, row = found.places[i]
        assert found.cosine[i] == pytest.approx(float(partition.vectors[row] @ vector), abs=1e-3)
        assert (found.bm25[i] > 0) == ("房东" in found.chunk(i).text)


def test_a_small_change_shows_from_memory_and_later_folds_in(index: Index, store: DocumentStore) -> None:
    put_all(store)
    built = index.publish()
    put(store, "居住证", RESIDENCE[0], "居住证到期后可以在网上自助签注。")
    put(store, "托育", "三岁以下婴幼儿可以申请社区托育。")
    light = index.publish()
    assert (light.generation, light.revision) == (built.generation, built.revision + 1)
    assert texts(index, QUESTIONS[0])[0] == "第2条 居住证到期后可以在网上自助签注。"
    assert not any(RESIDENCE[1] in text for text in texts(index, QUESTIONS[0]))
    assert texts(index, "两岁孩子托育")[0].endswith("可以申请社区托育。")
    from_memory = answers(index, 1)
    full = index.publish(full=True)
    assert full.generation != built.generation
    assert [[hit[:3] for hit in each] for each in answers(index, 1)] == [[hit[:3] for hit in e] for e in from_memory]


def test_many_changes_build_a_generation(index: Index, store: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "OVERLAY_FLOOR", 1)
    put_all(store)
    before = index.publish()
    put(store, "乙", "一。", "二。", "三。")
    assert index.publish().generation != before.generation
    assert index.candidates("一").places


def test_publishing_nothing_new_changes_nothing(index: Index, store: DocumentStore) -> None:
    put_all(store)
    first = index.publish()
    assert index.publish() == first


def test_a_removed_document_is_found_no_more(index: Index, store: DocumentStore) -> None:
    ids = put_all(store)
    index.publish()
    store.remove(ids["食品经营许可"])
    index.publish()
    assert not any("食品" in text for text in texts(index, QUESTIONS[1]))


def test_midnight_ends_and_begins_what_is_in_force(index: Index, store: DocumentStore, clock: Clock) -> None:
    put(store, "旧津贴", "旧津贴每月一百元。", expires_on=date(2026, 11, 19))
    put(store, "新津贴", "新津贴每月二百元。", effective_on=date(2026, 11, 20))
    index.publish()
    assert texts(index, "津贴多少钱") == ["第1条 旧津贴每月一百元。"]
    clock.forward(hours=14, minutes=59)  # 23:59 in Shanghai
    assert texts(index, "津贴多少钱") == ["第1条 旧津贴每月一百元。"]
    clock.forward(minutes=2)
    assert texts(index, "津贴多少钱") == ["第1条 新津贴每月二百元。"]
    index.publish(full=True)
    assert texts(index, "津贴多少钱") == ["第1条 新津贴每月二百元。"]


def test_dead_clauses_use_up_no_places(index: Index, store: DocumentStore) -> None:
    same = [f"老年津贴每月{i}百元发放给老人。" for i in range(150)]
    put(store, "废止的", *same, repealed_on=date(2026, 1, 1))
    put(store, "有效的", "老人可以领钱。")
    index.publish()
    assert texts(index, "老年津贴每月发放") == ["第1条 老人可以领钱。"]
    put(store, "有效后来又废止的", *same)
    index.publish(full=True)
    put(store, "有效后来又废止的", *same, repealed_on=date(2026, 1, 2))
    assert index.publish().revision == 3
    assert texts(index, "老年津贴每月发放") == ["第1条 老人可以领钱。"]


def test_questions_about_the_past_are_answered_from_what_was_in_force(index: Index, store: DocumentStore) -> None:
    put(store, "旧津贴", "旧津贴每月一百元。", expires_on=date(2025, 6, 30))
    put(store, "新津贴", "新津贴每月二百元。", effective_on=date(2025, 7, 1))
    index.publish()
    put(store, "更早", "更早的津贴每月五十元。", effective_on=date(2001, 1, 1), expires_on=date(2002, 1, 1))
    index.publish()
    assert texts(index, "津贴多少钱", as_of=date(2025, 6, 30)) == ["第1条 旧津贴每月一百元。"]
    assert texts(index, "津贴多少钱", as_of=date(2025, 7, 1)) == ["第1条 新津贴每月二百元。"]
    assert texts(index, "津贴多少钱", as_of=date(2001, 5, 1)) == ["第1条 更早的津贴每月五十元。"]
    assert texts(index, "津贴多少钱") == ["第1条 新津贴每月二百元。"]


def test_chroma_is_not_asked_where_few_rows_live_among_the_dead(
    index: Index, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = ChromaReader.nearest

    def counted(self: ChromaReader, partition: str, vector: Vectors, k: int) -> Near:
        asked.append(partition)
        return real(self, partition, vector, k)

    monkeypatch.setattr(ChromaReader, "nearest", counted)
    monkeypatch.setattr(snapshot_module, "SCANNED", 0)
    put(store, "旧津贴", "旧津贴每月一百元。", expires_on=date(2025, 6, 30))
    put(store, "新津贴", "新津贴每月二百元。", effective_on=date(2025, 7, 1))
    index.publish(full=True)
    asked.clear()
    assert texts(index, "津贴多少钱") == ["第1条 新津贴每月二百元。"]
    assert asked == ["current"]
    assert texts(index, "津贴多少钱", as_of=date(2025, 6, 30)) == ["第1条 旧津贴每月一百元。"]
    assert asked == ["current"]
    monkeypatch.setattr(snapshot_module, "_SCANNED", 0)
    assert texts(index, "津贴每月多少钱", as_of=date(2025, 6, 29)) == ["第1条 旧津贴每月一百元。"]
    assert asked == ["current", "rest"]


def test_another_process_shows_it_after_a_refresh(
    index: Index, another: Callable[[], Index], store: DocumentStore
) -> None:
    put_all(store)
    index.publish()
    reader = another()
    assert answers(reader) == answers(index)
    put(store, "托育", "三岁以下婴幼儿可以申请社区托育。")
    index.publish()
    assert not any("托育" in text for text in texts(reader, "托育"))
    assert reader.refresh()
    assert not reader.refresh()
    assert any("托育" in text for text in texts(reader, "托育"))
    index.publish(full=True)
    assert reader.refresh()
    assert answers(reader) == answers(index)


def test_an_old_generation_goes_when_its_last_reader_does(
    index: Index, another: Callable[[], Index], store: DocumentStore, tmp_path: Path
) -> None:
    put_all(store)
    first = index.publish()
    reader = another()
    reader.refresh()
    second = index.publish(full=True)
    folders = {path.name for path in (tmp_path / "index").glob("g*")}
    assert folders == {first.generation, second.generation}
    assert answers(reader) == answers(index)
    reader.refresh()
    assert {path.name for path in (tmp_path / "index").glob("g*")} == {second.generation}


def test_questions_go_on_while_generations_come_and_go(index: Index, store: DocumentStore) -> None:
    put_all(store)
    index.publish()
    expected, stop, wrong = answers(index), threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            if (got := answers(index)) != expected:
                wrong.append(got)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    try:
        for _ in range(2):
            index.publish(full=True)
    finally:
        stop.set()
        for thread in asking:
            thread.join()
    assert wrong == []
    assert index.trouble == ""


def test_another_model_means_another_generation(
    index: Index, another: Callable[[], Index], store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(store)
    first = index.publish()
    renamed = another()
    monkeypatch.setattr(renamed._embedder, "name", "another-model")
    renamed._tried = float("inf")  # no mending by itself here
    assert renamed.trouble
    assert texts(renamed, QUESTIONS[0])  # by keywords meanwhile
    second = renamed.publish()
    assert second.generation != first.generation
    assert second.model == "another-model"
    assert renamed.trouble == ""


def test_fusing_is_handed_in(index: Index, store: DocumentStore) -> None:
    put_all(store)
    index.publish()
    index.fuse = lambda found: -found.cosine
    cosines = [passage.signals["cosine"] for passage in index.search(QUESTIONS[0], 5)]
    assert cosines == sorted(cosines)
    with suppress(ValueError):
        index.search("", 5)
    assert np.isfinite(index.candidates("").cosine).all()
