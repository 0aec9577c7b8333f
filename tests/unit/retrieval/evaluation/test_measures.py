"""Measures against values worked out by hand."""

import math

import pytest

from retrieval.evaluation.measures import measured, ndcg, recall, reciprocal_rank


def test_ndcg_by_hand() -> None:
    assert ndcg(["a", "b"], {"a": 1}) == 1
    assert ndcg(["b", "a"], {"a": 1}) == pytest.approx(1 / math.log2(3))
    assert ndcg(["x", "a", "b", "y"], {"a": 1, "b": 1, "c": 1}) == pytest.approx(
        (1 / math.log2(3) + 1 / 2) / (1 + 1 / math.log2(3) + 1 / 2)
    )
    assert ndcg(["a", "b"], {"a": 1, "b": 3}) == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))
    assert ndcg([], {"a": 1}) == 0


def test_ndcg_stops_at_ten() -> None:
    filler = [str(i) for i in range(9)]
    assert ndcg([*filler, "a"], {"a": 1}) == pytest.approx(1 / math.log2(11))
    assert ndcg([*filler, "9", "a"], {"a": 1}) == 0
    assert ndcg([*map(str, range(10))], {str(i): 1 for i in range(50)}) == 1


def test_recall_and_reciprocal_rank() -> None:
    ranking, relevant = ["x", "a", "y", "b"], {"a": 1, "b": 2, "c": 1}
    assert recall(ranking, relevant, 1) == 0
    assert recall(ranking, relevant, 4) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranking, relevant) == 0.5
    assert reciprocal_rank(ranking, relevant, 1) == 0


def test_means_over_questions() -> None:
    figures = measured([(["a"], {"a": 1}), (["b"], {"a": 1})])
    assert set(figures) == {"ndcg@10", "recall@1", "recall@5", "recall@10", "recall@100", "mrr@10"}
    assert set(figures.values()) == {0.5}
    assert set(measured([]).values()) == {0.0}
