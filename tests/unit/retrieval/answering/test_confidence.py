"""Confidence: a chance in [0, 1] that rises with every signal."""

from dataclasses import astuple, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.confidence import CONFIDENCE, THRESHOLD, confidence
from retrieval.answering.evidence import Evidence

SIGNAL = st.floats(-0.5, 1.0)
EVIDENCE = st.builds(Evidence, **{field.name: SIGNAL for field in fields(Evidence)})
NOTHING = Evidence(**{field.name: 0.0 for field in fields(Evidence)})


@given(EVIDENCE)
def test_a_chance_lies_between_none_and_certainty(evidence: Evidence) -> None:
    assert 0 < confidence(evidence) < 1


@given(EVIDENCE, st.sampled_from([field.name for field in fields(Evidence)]), st.floats(0, 1))
def test_more_of_any_signal_makes_no_answer_less_likely(evidence: Evidence, name: str, more: float) -> None:
    better = replace(evidence, **{name: getattr(evidence, name) + more})
    assert confidence(better) >= confidence(evidence)


def test_no_signal_speaks_against_an_answer() -> None:
    assert min(astuple(CONFIDENCE)) >= 0


def test_nothing_found_is_far_below_the_threshold_and_everything_far_above() -> None:
    everything = Evidence(**{field.name: 1.0 for field in fields(Evidence)})
    assert confidence(NOTHING) < THRESHOLD / 3
    assert confidence(everything) > 0.9
    assert 0 < THRESHOLD < 1


@pytest.mark.parametrize("extreme", [1e6, -1e6])
def test_absurd_numbers_do_not_overflow(extreme: float) -> None:
    assert 0 <= confidence(replace(NOTHING, score=extreme)) <= 1
