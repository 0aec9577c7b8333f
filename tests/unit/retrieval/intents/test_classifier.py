"""The classifier of messages: a model read from its file does the sum it says, and the shipped one knows people."""

import math
from pathlib import Path

import numpy as np
import pytest

from retrieval.intents.classifier import LONGEST, SURE, IntentClass, IntentClassifier, runs, shipped_classifier
from retrieval.learning.intent_model import make_intents
from retrieval.learning.lessons import Lesson, Verdict


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A model of two classes in which one run counts."""
    path = tmp_path / "model.npz"
    np.savez(
        path,
        runs=np.array("谢\n问"),
        idf=np.array([2.0, 1.0], np.float16),
        weights=np.array([[3.0, -3.0], [-1.0, 1.0]], np.float16),
        intercept=np.array([0.0, 0.5], np.float32),
        classes=np.array("thanks question"),
    )
    return path


def test_probabilities_are_the_softmax_of_the_weighted_runs(small: Path) -> None:
    found = IntentClassifier(small).probabilities("谢")
    assert found[IntentClass.THANKS] == pytest.approx(1 / (1 + math.exp(0.5 - 6)))
    both = IntentClassifier(small).probabilities("问谢谢")  # 谢 twice: (1 + ln 2) * 2 against 1 * 1, at unit length
    thanks, asks = (1 + math.log(2)) * 2, 1.0
    length = math.hypot(thanks, asks)
    score = (6 * thanks - 2 * asks) / length - 0.5
    assert both[IntentClass.THANKS] == pytest.approx(1 / (1 + math.exp(-score)), abs=1e-3)


def test_a_text_without_any_known_run_is_what_is_likeliest_of_all(small: Path) -> None:
    assert IntentClassifier(small).intent("？") is IntentClass.QUESTION
    assert sum(IntentClassifier(small).probabilities("").values()) == pytest.approx(1)


def test_what_is_not_sure_enough_is_a_question(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = IntentClassifier(small)
    assert model.intent("谢") is IntentClass.THANKS
    monkeypatch.setitem(SURE, IntentClass.THANKS, 1.0)
    assert model.intent("谢") is IntentClass.QUESTION


def test_of_a_long_text_both_ends_are_looked_at() -> None:
    text = "甲" * LONGEST + "乙" * LONGEST
    seen = {run for run in runs(text) if len(run) == 1}
    assert {"甲", "乙"} <= seen
    assert sum(run == "甲" for run in runs(text)) == LONGEST // 2


def test_what_is_learned_is_told_apart_afterwards(tmp_path: Path) -> None:
    """With little to learn from; and dealt out by chance it tells nothing apart."""
    words = {"thanks": "谢谢您", "person": "找真人", "greeting": "您好呀"}
    said = [(f"{word}{extra}", name) for name, word in words.items() for extra in ("啊", "吧", "哦", "了", "！", "")]
    asked = [
        Lesson(f"{n}", (f"第{n}项手续怎么办理",), "plain", Verdict.NOT, "laws/x.md", 0, "x", reason="other-place")
        for n in range(30)
    ]
    assert make_intents(said, asked, tmp_path / "m.npz") > 10
    model = IntentClassifier(tmp_path / "m.npz")
    assert [model.intent(f"{word}呢") for word in words.values()] == [IntentClass(name) for name in words]
    assert model.intent("这项手续怎么办") is IntentClass.QUESTION
    assert not list(tmp_path.glob("*unfinished*"))
    dealt = [(text, list(words)[place % 3]) for place, (text, _) in enumerate(said)]
    make_intents(dealt, asked, tmp_path / "m.npz")
    wrong = IntentClassifier(tmp_path / "m.npz")
    assert [wrong.intent(f"{word}呢") for word in words.values()] != [IntentClass(name) for name in words]


def test_the_shipped_model_has_every_class() -> None:
    assert set(shipped_classifier().classes) == set(IntentClass)
