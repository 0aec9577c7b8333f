"""Fitting on invented evidence: the signal that tells is found, the one that does not is not, chances are chances."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.answering.evidence import Evidence
from retrieval.answering.rerank import RankedPassage
from retrieval.answering.understanding import understand
from retrieval.learning.confidence_model import fit, fitted_confidence, lowest_threshold, ranked
from retrieval.learning.lessons import Lesson, Verdict
from retrieval.learning.looked_at import TODAY, LookedAt
from retrieval.model import Question
from tests.support.fakes.library import NO_MATCHES, Library

NAMES = [field.name for field in fields(Evidence)]
TELLS, NOISE = NAMES.index("nearness"), NAMES.index("words")


def passages(evidence: np.ndarray) -> tuple[RankedPassage, ...]:
    made = [Library().ranked(title, 1) for title in ("居住证申领办法", "积分制入学指引", "长者饭堂管理办法")]
    rows = [Evidence(*map(float, row)) for row in evidence]
    return tuple(replace(each, evidence=row, matches=NO_MATCHES) for each, row in zip(made, rows, strict=True))


def invented(count: int) -> list[LookedAt]:
    """Questions of three passages: a right one has a high `nearness`; every third question has none."""
    chance = np.random.default_rng(5)
    seen = []
    for number in range(count):
        evidence = np.zeros((3, len(NAMES)))
        evidence[:, NOISE] = chance.random(3)
        evidence[:, TELLS] = chance.random(3) * 0.4
        right = int(chance.integers(3)) if number % 3 else None
        if right is not None:
            evidence[right, TELLS] = 0.5 + chance.random() * 0.4
        verdict = Verdict.NOT if right is None else Verdict.WHOLLY
        lesson = Lesson(str(number), ("问",), "plain", verdict, "laws/a.md", 0, "")
        asked = understand(Question(lesson.turns), TODAY)
        seen.append(LookedAt(lesson, asked, passages(evidence), evidence, right, None))
    return seen


def test_what_tells_is_weighed_and_the_chance_tells_the_answered_from_the_others(tmp_path: Path) -> None:
    seen = invented(300)
    written = fit(seen, tmp_path / "weights.json", precision=0.95)
    assert json.loads((tmp_path / "weights.json").read_text()) == written
    assert max(written["confidence"], key=written["confidence"].__getitem__) == "nearness"
    assert min(written["confidence"].values()) >= 0
    assert written["fitted_on"]["right_clause_first"] > 0.95
    assert written["fitted_on"]["auroc_right"] > 0.95
    rightly, wrongly = written["fitted_on"]["answered_rightly"], written["fitted_on"]["answered_wrongly"]
    assert rightly / (rightly + wrongly) >= 0.94


def test_noise_tells_nothing() -> None:
    """The negative control: right and wrong are drawn by lot."""
    chance = np.random.default_rng(6)
    signals, right = chance.random((400, 3)), chance.random(400) < 0.3
    intercept, weights = fitted_confidence(signals, right)
    sure = 1 / (1 + np.exp(-(intercept + signals @ weights)))
    assert sure.mean() == pytest.approx(right.mean(), abs=0.02)
    assert sure.std() < 0.08


def test_the_lowest_threshold_keeps_the_precision() -> None:
    sure = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, False, True, False])
    assert lowest_threshold(sure, right, 0.75) == 0.6
    assert lowest_threshold(sure, right, 1.0) == 0.8
    assert lowest_threshold(sure, np.zeros(5, dtype=np.bool_), 0.5) == 1.0


def test_passages_are_ranked_by_their_weighted_signals() -> None:
    looked = invented(2)[1]
    weights = np.zeros(len(NAMES))
    weights[TELLS] = 1.0
    assert ranked(weights, looked)[0] == looked.right
