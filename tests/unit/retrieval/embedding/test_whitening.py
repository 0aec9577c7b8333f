"""Whitening: spreads what is crowded, leaves alone what is too little, and survives being stored."""

import numpy as np
import pytest

from retrieval.embedding import whitening as module
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.whitening import ENOUGH, Whitening, fitted, snippets, spread_evenly

RANDOM = np.random.default_rng(7)


def crowded(n: int, dimensions: int = 32) -> np.ndarray:
    """Unit vectors in a narrow cone, some directions used far more than others, as sentence vectors are."""
    spread = RANDOM.normal(size=(n, dimensions)) * np.geomspace(0.3, 0.01, dimensions)
    vectors = spread + np.eye(dimensions)[0] * 2
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def mean_cosine(vectors: np.ndarray) -> float:
    """Of different vectors."""
    n = len(vectors)
    return float((np.abs(vectors @ vectors.T).sum() - n) / (n * (n - 1)))


def unevenness(vectors: np.ndarray) -> float:
    """The largest variance over the median one."""
    variances = np.linalg.eigvalsh(np.cov(vectors.T))
    return float(variances[-1] / np.median(variances))


def test_unrelated_vectors_come_apart_and_all_directions_count() -> None:
    vectors = crowded(2000)
    spread = spread_evenly(vectors, vectors.mean(axis=0)).passages(vectors)
    assert mean_cosine(vectors[:200]) > 0.9
    assert mean_cosine(spread[:200]) < 0.3
    assert unevenness(spread) < unevenness(vectors) / 1.5
    assert np.linalg.norm(spread, axis=1) == pytest.approx(1, abs=1e-5)


def test_without_strength_it_only_centres(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of the evenness above."""
    monkeypatch.setattr(module, "STRENGTH", 0.0)
    vectors = crowded(2000)
    spread = spread_evenly(vectors, vectors.mean(axis=0)).passages(vectors)
    assert unevenness(spread) > unevenness(vectors) / 1.5


def test_questions_have_a_mean_of_their_own() -> None:
    vectors = crowded(1000)
    shift = np.eye(32, dtype=np.float32)[5] * 0.4
    whitening = spread_evenly(vectors, vectors.mean(axis=0) + shift)
    for vector in vectors[:20]:
        found = whitening.passages(vectors) @ whitening.question(vector + shift)
        assert vectors[found.argmax()] == pytest.approx(vector)
        assert found.max() == pytest.approx(1, abs=1e-4)


def test_what_is_not_embedded_stays_nothing_and_the_type_stays() -> None:
    vectors = crowded(600).astype("<f2")
    vectors[[3, 599]] = 0
    spread = spread_evenly(vectors.astype(np.float32), np.zeros(32, np.float32)).passages(vectors)
    assert spread.dtype == vectors.dtype
    assert not spread[[3, 599]].any()
    assert np.isfinite(spread).all()
    assert spread[4].any()


def test_stored_it_is_the_same() -> None:
    vectors = crowded(600)
    whitening = spread_evenly(vectors, vectors[0])
    again = Whitening.from_bytes(whitening.to_bytes())
    assert again.changes
    assert np.array_equal(again.passages(vectors), whitening.passages(vectors))
    assert np.array_equal(again.question(vectors[1]), whitening.question(vectors[1]))
    for nothing in (Whitening.from_bytes(None), Whitening.from_bytes(Whitening().to_bytes())):
        assert not nothing.changes
        assert np.array_equal(nothing.passages(vectors), vectors)
        assert np.array_equal(nothing.question(vectors[1]), vectors[1])


def test_damaged_it_is_refused() -> None:
    written = bytearray(spread_evenly(crowded(600), np.zeros(32, np.float32)).to_bytes())
    written[len(written) // 2] ^= 0xFF
    for damaged in (bytes(written), bytes(written[:1000]), b""):
        with pytest.raises(ValueError, match="cannot be read"):
            Whitening.from_bytes(damaged)


def test_a_snippet_is_a_phrase_as_long_as_a_question() -> None:
    texts = ["第三条 申请人应当在经营场所取得营业执照后，向区市场监督管理局提出申请。", "短。", "甲" * 60]
    assert snippets(texts) == ["向区市场监督管理局提出申请"]


@pytest.mark.model
def test_few_vectors_are_left_alone(embedder: Embedder) -> None:
    texts = [f"申请人应当向第{i}号窗口提交材料，逾期不再受理。" for i in range(ENOUGH)]
    vectors = np.resize(crowded(ENOUGH, embedder.dimensions), (ENOUGH, embedder.dimensions))
    assert not fitted(texts[:-1], vectors[:-1], embedder).changes
    assert fitted(texts, vectors, embedder).changes
    assert not fitted([""] * ENOUGH, vectors, embedder).changes  # nothing to tell from what questions look like
