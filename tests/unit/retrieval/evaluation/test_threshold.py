"""The threshold proposed from golden questions: chosen by what is said to them, and tried before it is proposed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from knowledge.golden import Expected, GoldenQuestion
from retrieval.evaluation.calibration import lower_bound
from retrieval.evaluation.threshold import FEWEST, ThresholdProposal, TooFew, Tried, proposed
from retrieval.model import Abstention, AbstentionReason, Answer, Citation, Outcome, Question
from retrieval.publishing.effects import Answering

NOW = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)
Script = dict[str, tuple[float, str]]  # confidence and words of the answer to each question
Needed = Callable[[float, str], float]  # the confidence a question needs, by the threshold


def questions(right: int, refused: int) -> list[GoldenQuestion]:
    """So many that are answered by 二十元, and so many that nothing answers."""
    expected = [Expected(words=("二十元",))] * right + [Expected(refused=True)] * refused
    return [GoldenQuestion(str(i), f"问{i}", None, each, NOW, "anna") for i, each in enumerate(expected)]


def scripted(script: Script, needed: Needed) -> Callable[[float], Answering]:
    """What answers as the script says, from the confidence that a question needs."""

    def answer_from(threshold: float) -> Answering:
        def answer(question: Question) -> Outcome:
            sure, words = script[question.text]
            if sure < needed(threshold, question.text):
                return Abstention(AbstentionReason.NOTHING_FOUND, sure)
            return Answer(words, sure, (Citation("甲办法", "", "第一条", words, None, "", "甲.md"),))

        return answer

    return answer_from


def asked(
    script: Script, precision: float = 0.95, threshold: float = 0.45, needed: Needed = lambda threshold, _: threshold
) -> ThresholdProposal:
    right = sum(words == "二十元" for _, words in script.values())
    return proposed(scripted(script, needed), questions(right, len(script) - right), precision, threshold)


def script(right: list[float], wrong: list[float]) -> Script:
    answers = [(sure, "二十元") for sure in right] + [(sure, "三十元") for sure in wrong]
    return {f"问{i}": each for i, each in enumerate(answers)}


def test_the_threshold_answers_most_at_the_precision_wanted() -> None:
    found = asked(script(right=[0.9] * 20 + [0.5] * 5, wrong=[0.6] * 3 + [0.2] * 7))
    assert (found.questions, found.answerable) == (35, 25)
    assert found.auroc == pytest.approx((20 * 10 + 5 * 7) / 250)
    assert found.then is not None
    assert 0.6 < found.then.threshold <= 0.9
    assert (found.then.told, found.then.right, found.then.answered, found.then.of) == (20, 20, 20, 25)
    assert found.then.precision_at_least == pytest.approx(0.839, abs=1e-3)
    assert found.now == Tried(0.45, 28, 25, 25, 25, lower_bound(25, 28))


def test_a_lower_precision_answers_more() -> None:
    its = script(right=[0.9] * 20 + [0.5] * 5, wrong=[0.6] * 3 + [0.2] * 7)
    loose = asked(its, precision=0.85).then
    assert loose is not None
    assert (loose.told, loose.right) == (28, 25)


def test_where_none_is_precise_enough_none_is_proposed() -> None:
    found = asked(script(right=[0.5] * 20, wrong=[0.9] * 15))
    assert found.then is None
    assert found.calibration.chosen is None


def test_a_threshold_that_does_not_do_when_tried_is_not_proposed() -> None:
    """With more held back something else may be told: here the wrong ones come through at 0.5 and below 0.8."""
    its = script(right=[0.9] * 20 + [0.5] * 5, wrong=[0.3] * 10)

    def worse(threshold: float, text: str) -> float:
        return 0.1 if 0.3 < threshold < 0.55 and its[text][1] != "二十元" else threshold

    found = asked(its, needed=worse)
    assert found.calibration.chosen is not None
    assert found.then is not None
    assert found.then.threshold > 0.5 >= found.calibration.chosen.threshold
    assert asked(its).then == Tried(found.calibration.chosen.threshold, 25, 25, 25, 25, lower_bound(25, 25))


def test_too_few_questions_are_refused() -> None:
    few = script(right=[0.9] * (FEWEST - 1), wrong=[])
    with pytest.raises(TooFew, match="there are 29 golden questions"):
        asked(few)
    assert asked(script(right=[0.9] * FEWEST, wrong=[])).then is not None
