"""Fusion: scores, not ranks; the document beside the chunk; nothing that only makes it a question."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import COSINE_WEIGHT, Embedder
from retrieval.index.index import Index
from retrieval.language.question_words import question_tokens
from retrieval.search.candidates import Candidates
from retrieval.search.ranking import DOCUMENT_SHARE, SPAN, UNRELATED, fuse, likeness
from tests.support.clock import Clock
from tests.support.index_material import QUESTIONS, put, put_all


def candidates(
    bm25: list[float], cosine: list[float], documents: list[int], whole: float = 10.0, whitened: bool = False
) -> Candidates:
    n = len(bm25)
    best = [max(score for score, each in zip(bm25, documents, strict=True) if each == mine) for mine in documents]
    return Candidates(
        tokens=["词"],
        idf={"词": whole},
        document_idf=whole,
        bm25=np.array(bm25, np.float32),
        document_bm25=np.array(best, np.float32),
        cosine=np.array(cosine, np.float32),
        documents=np.array(documents, np.int64),
        places=[(None, i) for i in range(n)],  # type: ignore[misc]
        whitened=whitened,
    )


def test_words_that_only_make_it_a_question_are_left_out() -> None:
    assert not {"什么", "怎么", "的", "了", "吗"} & set(question_tokens("居住证到期了怎么续签，要什么材料吗"))
    assert {"居住证", "续签", "材料"} <= set(question_tokens("居住证到期了怎么续签，要什么材料吗"))


def test_a_question_of_nothing_else_keeps_its_words() -> None:
    assert question_tokens("怎么") == ["怎么", "怎么"]
    assert question_tokens("") == []


def test_one_side_far_ahead_wins_over_both_sides_a_little_ahead() -> None:
    """What rank fusion cannot tell: it knows only that each is first and second."""
    scores = fuse(candidates([9.0, 1.0], [0.70, 0.71], [0, 1]))
    assert scores[0] > scores[1]
    scores = fuse(candidates([5.0, 5.1], [0.90, 0.50], [0, 1]))
    assert scores[0] > scores[1]


@pytest.mark.parametrize("whitened", [False, True])
def test_the_score_is_as_documented(whitened: bool) -> None:
    (score,) = fuse(candidates([4.0], [0.8], [0], whitened=whitened))
    cosine = 0.8 if whitened else (0.8 - UNRELATED) / SPAN
    assert score == pytest.approx((1 - COSINE_WEIGHT) * 0.4 + COSINE_WEIGHT * cosine, abs=1e-6)


def test_unrelated_texts_are_not_alike_whitened_or_not() -> None:
    assert likeness(candidates([0.0], [UNRELATED], [0])) == pytest.approx([0.0])
    assert likeness(candidates([0.0], [0.1], [0], whitened=True)) == pytest.approx([0.1])


def test_a_document_has_the_best_of_both_wherever_they_stand() -> None:
    apart = fuse(candidates([6.0, 0.0, 1.0], [0.1, 0.8, 0.1], [5, 5, 7]))
    together = fuse(candidates([6.0, 1.0], [0.8, 0.1], [5, 7]))
    assert apart[:2].max() == pytest.approx(together[0], abs=1e-6)
    assert apart[2] == pytest.approx(together[1], abs=1e-6)
    assert abs(apart[0] - apart[1]) == pytest.approx(
        abs((1 - COSINE_WEIGHT) * (1 - DOCUMENT_SHARE) * 0.6 - COSINE_WEIGHT * 0.7 / SPAN), abs=1e-6
    )


def test_few_and_empty_candidates_are_safe() -> None:
    assert fuse(candidates([], [], [])).shape == (0,)
    assert fuse(candidates([0.0], [0.0], [0], whole=0.0, whitened=True)).tolist() == [0.0]


@pytest.fixture
def index(sqlite_engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock) -> Iterator[Index]:
    store = DocumentStore(sqlite_engine, clock)
    put_all(store)
    put(store, "托育", *(f"第{i}类托育机构应当备案。" for i in range(10)), "年满三周岁的幼儿入园。")
    index = Index(DocumentStore(sqlite_engine, clock), embedder, tmp_path / "index", clock.today)
    index.publish()
    yield index
    index.close()


@pytest.mark.model
@pytest.mark.parametrize("question", [*QUESTIONS, "三岁孩子上学", "zzz"])
def test_a_search_ranks_by_words_and_meaning_as_documented(index: Index, question: str) -> None:
    found = index.candidates(question)
    share, weight = DOCUMENT_SHARE, COSINE_WEIGHT
    assert not found.whitened
    expected = {}
    for i in range(len(found)):
        mine = found.documents == found.documents[i]
        words = (
            share * found.document_bm25[i] / found.document_idf + (1 - share) * found.bm25[mine].max() / found.query_idf
        )
        expected[found.document_id(i)] = (1 - weight) * words + weight * likeness(found)[mine].max()
    passages = index.search(question, 50)
    first = {each.chunk.document_id: each.score for each in reversed(passages)}
    assert first == pytest.approx(expected, abs=1e-5)
    assert [each.score for each in passages] == sorted((each.score for each in passages), reverse=True)


@pytest.mark.model
def test_a_document_is_weighed_with_the_words_of_all_its_chunks(index: Index) -> None:
    found = index.candidates("三周岁托育")
    for i in range(len(found)):
        its = found.bm25[found.documents == found.documents[i]]
        assert (found.document_bm25[i] > 0) == bool(its.max() > 0)
        if found.document_id(i) != index.search("托育", 1)[0].chunk.document_id:
            assert found.document_bm25[i] < found.document_bm25.max()
