"""An outcome in words, in both languages."""

import re
from datetime import date

import pytest

from bot.dialogue.replies import answered_json
from bot.dialogue.texts import CHINESE, ENGLISH, Texts
from bot.dialogue.wording import worded, worded_for
from knowledge.model import Standing
from retrieval.model import Abstention, AbstentionReason, AnotherDay, Answer, Outcome, Question, RuleNotInForce

HAN = re.compile(r"[\u4e00-\u9fff]")
DAY, ASKED_ON = date(2026, 5, 1), date(2020, 1, 2)


def without(
    standing: Standing, locator: str | None = None, turns_on: date | None = None, asked_on: date | None = None
) -> Abstention:
    """An abstention that names a rule."""
    yet = standing is Standing.NOT_YET
    reason = AbstentionReason.NOT_YET_IN_FORCE if yet else AbstentionReason.EXPIRED
    return Abstention(reason, rule=RuleNotInForce("摊位办法", standing, locator, turns_on, asked_on))


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH])
def test_every_reason_not_to_answer_has_its_own_sentence(texts: Texts) -> None:
    said = {worded(Abstention(reason), texts) for reason in AbstentionReason}
    assert len(said) == len(AbstentionReason)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (
            without(Standing.NOT_YET, turns_on=DAY),
            "我找到的《摊位办法》自2026年5月1日起才施行，现在还不能作为依据。",
        ),
        (
            without(Standing.NOT_YET),
            "我只找到了《摊位办法》，但它还没有施行，不能作为依据；现行规定里我没有找到答案。",
        ),
        (
            without(Standing.REPEALED, turns_on=DAY),
            "我只找到了《摊位办法》，但它自2026年5月1日起已经废止，不能再作为依据；现行规定里我没有找到答案。",
        ),
        (
            without(Standing.REPEALED),
            "我只找到了《摊位办法》，但它已经废止，不能再作为依据；现行规定里我没有找到答案。",
        ),
        (
            without(Standing.EXPIRED, turns_on=DAY),
            "我只找到了《摊位办法》，有效期到2026年5月1日，现在已经失效，不能再作为依据；现行规定里我没有找到答案。",
        ),
        (
            without(Standing.EXPIRED, turns_on=DAY, asked_on=ASKED_ON),
            "2020年1月2日时，我找到的《摊位办法》已经失效，不能作为依据；当时有效的规定里我没有找到答案。",
        ),
        (
            without(Standing.REPEALED, locator="第二条"),
            "我只找到了《摊位办法》第二条，但这一条现在已经被修改或者废止，不能作为依据；其他有效的规定里我没有找到答案。",
        ),
        (
            without(Standing.NOT_YET, locator="第二条", asked_on=ASKED_ON),
            "我只找到了《摊位办法》第二条，但这一条2020年1月2日时还没有施行，不能作为依据；其他有效的规定里我没有找到答案。",
        ),
    ],
)
def test_a_rule_that_is_not_in_force_is_named_with_its_day(outcome: Outcome, said: str) -> None:
    assert worded(outcome, CHINESE) == said


@pytest.mark.parametrize("asked_on", [None, ASKED_ON])
@pytest.mark.parametrize("turns_on", [None, DAY])
@pytest.mark.parametrize("standing", [Standing.NOT_YET, Standing.REPEALED, Standing.EXPIRED])
def test_in_english_only_the_title_is_chinese(standing: Standing, turns_on: date | None, asked_on: date | None) -> None:
    said = worded(without(standing, None, turns_on, asked_on), ENGLISH)
    assert "《摊位办法》" in said
    assert not HAN.search(said.replace("摊位办法", ""))
    assert ("2 January 2020" in said) is (asked_on is not None)
    assert ("1 May 2026" in said) is (turns_on is not None and asked_on is None)


@pytest.mark.parametrize(("asked_on", "when"), [(None, "today"), (ASKED_ON, "on 2 January 2020")])
def test_a_clause_is_named_in_english(asked_on: date | None, when: str) -> None:
    said = worded(without(Standing.REPEALED, "第二条", asked_on=asked_on), ENGLISH)
    assert "第二条 of 《摊位办法》" in said
    assert f"no longer in force {when}" in said


@pytest.mark.parametrize(
    ("question", "past", "said"),
    [
        ("摊位几点收", True, "（以下是2020年1月2日时有效的《摊位办法》的规定，现在可能已经变化。）\n二十四时。"),
        ("摊位几点收", False, "（以下是到2020年1月2日仍将有效的《摊位办法》的规定，以后可能还会变化。）\n二十四时。"),
        (
            "When do stalls close?",
            True,
            "(This was in force on 2 January 2020, by 《摊位办法》; it may have changed since.)\n"
            "This is what the rule says, in its own words:\n\n二十四时。",
        ),
    ],
)
def test_an_answer_of_another_day_says_so(question: str, past: bool, said: str) -> None:
    answer = Answer("二十四时。", 0.9, (), another_day=AnotherDay("摊位办法", ASKED_ON, past))
    assert worded_for(Question.of(question), answer) == said


def test_an_answer_of_today_is_the_clause_alone() -> None:
    assert worded(Answer("二十四时。", 0.9, ()), CHINESE) == "二十四时。"


def test_an_english_question_is_refused_in_english() -> None:
    said = worded_for(Question.of(["居住证怎么办", "what about Hangzhou"]), Abstention(AbstentionReason.OTHER_REGION))
    assert said == ENGLISH.refusals[AbstentionReason.OTHER_REGION]


def test_what_a_command_prints_is_in_the_language_of_the_question() -> None:
    asked = Question.of("what about the stalls")
    told = answered_json(lambda _: without(Standing.REPEALED, turns_on=DAY), asked)
    assert (told["kind"], told["reason"]) == ("abstention", "expired")
    assert "repealed on 1 May 2026" in told["text"]
