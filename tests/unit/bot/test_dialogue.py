"""The bot's manners, as transcripts: no database, no clock."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dialogue import LONGEST_QUESTION, Act, Dialogue, Situation, Step
from bot.texts import CHINESE, ENGLISH
from desk.model import Escalation, Holder, Message, Sender
from retrieval.model import Outcome, Question
from tests.house import CHOICES, canned

AT = datetime(2026, 11, 19, tzinfo=UTC)


def message(number: int, sender: Sender, text: str, **body: Any) -> Message:
    return Message(number, "c", sender, text, AT, body=body)


class Talk:
    """A conversation growing by what is said and answered; nothing is stored."""

    def __init__(self, holder: Holder = Holder.BOT, locale: str = "zh") -> None:
        self.holder, self.locale, self.place, self.resolved = holder, locale, 2, False
        self.messages: list[Message] = []
        self.asked: list[Question] = []
        self.dialogue = Dialogue(self.answer)

    def answer(self, question: Question) -> Outcome:
        self.asked.append(question)
        return canned(question)

    def say(self, text: str, **body: Any) -> Step:
        said = message(len(self.messages) + 1, Sender.APPLICANT, text, **body)
        step = self.dialogue.respond(
            Situation(said, self.holder, self.locale, tuple(self.messages), self.place, self.resolved)
        )
        self.messages.append(said)
        sender = Sender.BOT if self.holder is Holder.BOT else Sender.SYSTEM
        for reply in step.replies:
            self.messages.append(message(len(self.messages) + 1, sender, reply.text, **reply.body))
        return step


def test_every_reply_of_the_bot_shows_the_way_to_a_person() -> None:
    talk = Talk()
    for text in ("/start", "/help", "食品经营许可", "有什么补贴", "火星签证", "/nonsense", "", "长" * 5000, "/useful"):
        for reply in talk.say(text).replies:
            assert "/human" in [button.value for button in reply.buttons], text


def test_an_answer_carries_its_clause() -> None:
    reply = Talk().say("食品经营许可").replies[0]
    assert reply.kind == "answer"
    assert reply.body["citations"][0]["title"] == "江湾区食品经营许可办事指南"
    assert reply.body["confidence"] == 0.93


def test_a_question_back_offers_its_choices() -> None:
    reply = Talk().say("有什么补贴").replies[0]
    assert [button.value for button in reply.buttons] == [*CHOICES, "/human"]


@pytest.mark.parametrize("text", ["转人工", "/human", "human"])
def test_one_word_brings_a_person(text: str) -> None:
    assert Talk().say(text).escalation is Escalation.ASKED


def test_the_second_abstention_in_a_row_brings_a_person() -> None:
    talk = Talk()
    assert talk.say("火星签证").escalation is None
    assert talk.say("水星签证").escalation is Escalation.REPEATED


def test_an_answer_in_between_begins_anew() -> None:
    talk = Talk()
    talk.say("火星签证")
    talk.say("食品经营许可")
    assert talk.say("水星签证").escalation is None


def test_what_needs_a_person_goes_to_one_at_once() -> None:
    step = Talk().say("能帮我请律师吗")
    assert step.escalation is Escalation.ABSTAINED
    assert "具体情况" in step.lead


def test_despair_is_met_with_the_hotline_and_a_person_first() -> None:
    for holder in (Holder.BOT, Holder.QUEUE):
        talk = Talk(holder)
        step = talk.say("证办不下来，我不想活了")
        assert step.escalation is Escalation.GREEN_CHANNEL
        assert "12356" in step.lead
        assert not talk.asked, "no document answers despair"


def test_the_bot_is_silent_while_a_specialist_holds() -> None:
    talk = Talk(Holder.SPECIALIST)
    for text in ("食品经营许可", "转人工", "/start", "不想活了"):
        assert talk.say(text) == Step()
    assert talk.asked == []


def test_the_queue_is_told_once_and_then_only_when_asked() -> None:
    talk = Talk(Holder.QUEUE)
    assert "前面还有 1 位" in talk.say("我的店在江湾路").replies[0].text
    assert talk.say("对了，是转租的").replies[0].text == CHINESE.passed_on
    assert talk.say("还有一件事").replies == ()
    assert "前面还有 1 位" in talk.say("转人工").replies[0].text
    assert talk.asked == []


def test_too_long_a_text_is_not_searched() -> None:
    talk = Talk()
    reply = talk.say("长" * (LONGEST_QUESTION + 1)).replies[0]
    assert "太长" in reply.text
    assert talk.asked == []


def test_the_answerer_sees_earlier_questions_but_no_commands() -> None:
    talk = Talk()
    for text in ("/start", "食品经营许可", "/useful", "要多久"):
        talk.say(text)
    assert talk.asked[-1].turns == ("食品经营许可", "要多久")


def test_a_resolved_matter_is_rated_or_reopened() -> None:
    talk = Talk()
    talk.resolved = True
    assert [button.value for button in talk.say("/solved").replies[0].buttons] == [f"/rate {n}" for n in range(1, 6)]
    assert talk.say("/unsolved").act is Act.REOPEN
    assert talk.say("/rate 4").rating == 4
    assert talk.say("/rate 9").replies[0].text == CHINESE.unknown_command.format(command="/rate")


def test_where_nothing_was_resolved_the_same_words_do_no_harm() -> None:
    talk = Talk()
    assert talk.say("/unsolved").escalation is Escalation.ASKED
    assert talk.say("/rate 4").replies[0].text == CHINESE.nothing_to_rate
    assert talk.say("/solved").replies[0].text == CHINESE.glad


def test_english_is_spoken_to_those_who_do() -> None:
    assert Talk(locale="en-GB").say("/start").replies[0].text == ENGLISH.welcome


def test_a_picture_is_met_kindly() -> None:
    assert Talk().say("", unreadable="photosize").replies[0].text == CHINESE.only_text


def test_a_dialogue_that_forgets_abstentions_is_caught() -> None:
    """Negative control: with no memory of earlier messages the second abstention is just another one."""
    talk = Talk()
    talk.say("火星签证")
    talk.messages.clear()
    assert talk.say("水星签证").escalation is None
