"""Fusion: scores, not ranks; the document beside the chunk; nothing that only makes it a question."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import COSINE_WEIGHT, Embedder
from retrieval.embedding.record import TOKEN_DIMENSIONS, TokenVectors, packed, tokens_of
from retrieval.index.index import Index
from retrieval.language.question_words import question_tokens
from retrieval.search.candidates import Candidates
from retrieval.search.ranking import DOCUMENT_SHARE, NEARNESS, READ, blended, fuse, likeness
from tests.support.clock import Clock
from tests.support.index_material import QUESTIONS, put, put_all


def candidates(
    bm25: list[float], cosine: list[float], documents: list[int], whole: float = 10.0, unrelated: float = 0.0
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
        unrelated=unrelated,
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


@pytest.mark.parametrize("unrelated", [0.0, 0.6])
def test_the_score_is_as_documented(unrelated: float) -> None:
    (score,) = fuse(candidates([4.0], [0.8], [0], unrelated=unrelated))
    cosine = (0.8 - unrelated) / (1 - unrelated)
    assert score == pytest.approx((1 - COSINE_WEIGHT) * 0.4 + COSINE_WEIGHT * cosine, abs=1e-6)


def test_unrelated_texts_are_at_0_and_equal_ones_at_1_whatever_the_model() -> None:
    assert likeness(candidates([0.0, 0.0], [0.6, 1.0], [0, 1], unrelated=0.6)) == pytest.approx([0.0, 1.0])
    assert likeness(candidates([0.0], [0.1], [0])) == pytest.approx([0.1])


def test_a_document_has_the_best_of_both_wherever_they_stand() -> None:
    apart = fuse(candidates([6.0, 0.0, 1.0], [0.1, 0.8, 0.1], [5, 5, 7]))
    together = fuse(candidates([6.0, 1.0], [0.8, 0.1], [5, 7]))
    assert apart[:2].max() == pytest.approx(together[0], abs=1e-6)
    assert apart[2] == pytest.approx(together[1], abs=1e-6)
    assert abs(apart[0] - apart[1]) == pytest.approx(
        abs((1 - COSINE_WEIGHT) * (1 - DOCUMENT_SHARE) * 0.6 - COSINE_WEIGHT * 0.7), abs=1e-6
    )


def test_few_and_empty_candidates_are_safe() -> None:
    assert fuse(candidates([], [], [])).shape == (0,)
    assert fuse(candidates([0.0], [0.0], [0], whole=0.0)).tolist() == [0.0]


@pytest.fixture
def index(sqlite_engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock) -> Iterator[Index]:
    store = DocumentStore(sqlite_engine, clock)
    put_all(store)
    put(store, "托育", *(f"第{i}类托育机构应当备案。" for i in range(10)), "年满三周岁的幼儿入园。")
    index = Index(DocumentStore(sqlite_engine, clock), embedder, tmp_path / "index", clock.today)
    index.publish()
    yield index
    index.close()


@pytest.mark.parametrize("question", [*QUESTIONS, "三岁孩子上学", "zzz"])
def test_a_search_ranks_by_words_and_meaning_as_documented(index: Index, embedder: Embedder, question: str) -> None:
    found = index.candidates(question)
    share, weight = DOCUMENT_SHARE, embedder.cosine_weight
    expected = {}
    for i in range(len(found)):
        mine = found.documents == found.documents[i]
        words = (
            share * found.document_bm25[i] / found.document_idf + (1 - share) * found.bm25[mine].max() / found.query_idf
        )
        expected[found.document_id(i)] = (1 - weight) * words + weight * likeness(found)[mine].max()
    scores = blended(found)
    best = {found.document_id(i): float(scores[i]) for i in np.argsort(scores).tolist()}
    assert best == pytest.approx(expected, abs=1e-5)
    passages = index.search(question, 50)
    near = {each.chunk.id: each.signals["nearness"] for each in passages}
    raised = {
        found.chunk(i).id: scores[i] + NEARNESS * (near[found.chunk(i).id] - min(near.values()))
        for i in range(len(found))
    }
    assert {each.chunk.id: each.score for each in passages} == pytest.approx(raised, abs=1e-4)
    assert [each.score for each in passages] == sorted((each.score for each in passages), reverse=True)


def test_a_document_is_weighed_with_the_words_of_all_its_chunks(index: Index) -> None:
    found = index.candidates("三周岁托育")
    for i in range(len(found)):
        its = found.bm25[found.documents == found.documents[i]]
        assert (found.document_bm25[i] > 0) == bool(its.max() > 0)
        if found.document_id(i) != index.search("托育", 1)[0].chunk.document_id:
            assert found.document_bm25[i] < found.document_bm25.max()


class Near:
    """Stands where a partition does: the tokens of row i come as near to the question's first token as `near[i]`."""

    def __init__(self, near: list[float]) -> None:
        self._near = near

    def tokens_of(self, row: int) -> TokenVectors:
        vectors = np.zeros((2, TOKEN_DIMENSIONS))
        vectors[0, 0] = self._near[row]
        return tokens_of(packed(np.empty(0), vectors), 0)


def asked_of(near: list[float], bm25: list[float]) -> Candidates:
    asked = np.zeros((1, TOKEN_DIMENSIONS), dtype=np.float32)
    asked[0, 0] = 1.0
    found = candidates(bm25, [0.0] * len(bm25), list(range(len(bm25))))
    part = Near(near)
    return replace(found, places=[(part, i) for i in range(len(bm25))], token_vectors=asked)  # type: ignore[misc]


def test_what_says_the_same_in_its_tokens_is_raised_and_only_the_best_are_read() -> None:
    many = READ + 5
    words = [5.0 - i / 100 for i in range(many)]
    near = [0.2] * many
    near[3] = near[many - 1] = 0.9
    found = asked_of(near, words)
    scores, before = fuse(found), blended(found)
    assert int(np.argmax(scores)) == 3
    assert scores[3] - before[3] == pytest.approx(NEARNESS * 0.7, abs=0.02)
    assert scores[many - 1] == before[many - 1]


def test_a_model_without_tokens_ranks_as_before() -> None:
    found = candidates([5.0, 1.0], [0.1, 0.9], [0, 1])
    assert fuse(found).tolist() == blended(found).tolist()
