"""Late interaction: each token of the question by its best token of the passage."""

import numpy as np
import pytest

from retrieval.embedding.record import TOKEN_DIMENSIONS, no_tokens, packed, tokens_of
from retrieval.reader.matches import TokenMatches


def axes(*places: int) -> np.ndarray:
    """Unit vectors along axes."""
    return np.eye(TOKEN_DIMENSIONS, dtype=np.float32)[list(places)]


def stored(*places: int) -> np.ndarray:
    return tokens_of(packed(np.zeros(3), axes(*places)), 3)


def test_each_token_takes_its_best_and_the_order_does_not_matter() -> None:
    found = TokenMatches.between(axes(0, 1, 2, 3), stored(3, 7, 0, 1))
    assert found.best.tolist() == pytest.approx([1, 1, 0, 1], abs=0.01)
    assert found.nearness == pytest.approx(0.75, abs=0.01)
    assert found.weakest == pytest.approx(0, abs=0.01)
    assert TokenMatches.between(axes(3, 2, 1, 0), stored(0, 1, 3, 7)).nearness == pytest.approx(found.nearness)


def test_eight_bits_change_a_cosine_by_less_than_a_hundredth() -> None:
    random = np.random.default_rng(1).standard_normal((50, TOKEN_DIMENSIONS)).astype(np.float32)
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    read = TokenMatches.between(random, tokens_of(packed(np.zeros(2), random), 2)).cosines
    assert np.abs(read - random @ random.T).max() < 0.01


def test_nothing_to_compare_is_no_nearness() -> None:
    assert TokenMatches.between(axes(0), stored()).nearness == 0
    none = TokenMatches.between(no_tokens(), stored(0, 1))
    assert (none.nearness, none.weakest) == (0, 0)


def test_some_tokens_of_a_passage_are_compared_alone() -> None:
    found = TokenMatches.between(axes(0, 1), stored(0, 5, 1))
    assert found.within([0]) == pytest.approx(0.5, abs=0.01)
    assert found.within([0, 2]) == pytest.approx(1, abs=0.01)
    assert found.within([]) == 0
