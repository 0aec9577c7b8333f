"""The best passage compared with the others: by rank, and by how much of the question it covers alone."""

from dataclasses import replace

import numpy as np
import pytest

from retrieval.answering.rerank import FAR_AHEAD, RankedPassage, compared
from retrieval.reader.matches import TokenMatches
from tests.support.fakes.library import Library


def passage(title: str, rank: float, *nearest: float) -> RankedPassage:
    """A passage that comes so near to each token of the question."""
    made = Library().ranked({"a": "居住证申领办法", "b": "积分制入学指引"}[title], 1)
    return replace(made, rank=rank, matches=TokenMatches(np.array(nearest, dtype=np.float32)[:, None]))


def test_a_lead_is_over_another_document_and_ahead_is_over_the_next_passage() -> None:
    found = compared([passage("a", 1.0, 0.5), passage("a", 0.9, 0.5), passage("b", 0.7, 0.5)])
    assert (found.lead, found.ahead) == (pytest.approx(0.3), pytest.approx(0.1))


def test_leads_are_bounded_and_never_below_0() -> None:
    assert compared([passage("a", 9.0, 0.5), passage("b", 0.1, 0.5)]).lead == FAR_AHEAD
    assert compared([passage("a", 0.5, 0.5), passage("b", 0.8, 0.5)]).lead == 0  # ranked first as it is here


def test_what_others_cover_better_is_what_it_does_not_cover_alone() -> None:
    alone = compared([passage("a", 1.0, 0.9, 0.3), passage("b", 0.5, 0.1, 0.9)]).alone
    assert alone == pytest.approx(0.6 / 0.9)
    assert compared([passage("a", 1.0, 0.9, 0.9), passage("b", 0.5, 0.1, 0.3)]).alone == pytest.approx(1.0)
