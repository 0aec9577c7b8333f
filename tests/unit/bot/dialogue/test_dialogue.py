"""The bot's manners, as transcripts: no database, no clock."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dialogue.dialogue import LONGEST_QUESTION, Dialogue, RatedAnswer, Situation, Step, TicketAct
from bot.dialogue.texts import CHINESE, ENGLISH
from desk.message_body import MessageBody
from desk.model import Escalation, Holder, Message, Sender
from knowledge.model import Standing
from retrieval.intents.classifier import IntentClass
from retrieval.model import AbstentionReason, Outcome, Question
from tests.support.light_helpdesk import CHOICES, canned

AT = datetime(2026, 11, 19, tzinfo=UTC)


def message(number: int, sender: Sender, text: str, body: MessageBody) -> Message:
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
        said = message(len(self.messages) + 1, Sender.APPLICANT, text, MessageBody(**body))
        step = self.dialogue.respond(
            Situation(said, self.holder, self.locale, tuple(self.messages), self.place, self.resolved)
        )
        self.messages.append(said)
        sender = Sender.BOT if self.holder is Holder.BOT else Sender.SYSTEM
        for reply in step.replies:
            self.messages.append(message(len(self.messages) + 1, sender, reply.text, reply.body))
        return step


def test_every_reply_of_the_bot_shows_the_way_to_a_person() -> None:
    talk = Talk()
    for text in ("/start", "/help", "食品经营许可", "有什么补贴", "火星签证", "/nonsense", "", "长" * 5000, "/useful"):
        for reply in talk.say(text).replies:
            assert "/human" in [button.value for button in reply.body.buttons], text


def test_an_answer_carries_its_clause() -> None:
    reply = Talk().say("食品经营许可").replies[0]
    assert reply.body.kind == "answer"
    assert reply.body.citations[0].title == "江湾区食品经营许可办事指南"
    assert reply.body.confidence == 0.93


def test_a_question_back_offers_its_choices() -> None:
    reply = Talk().say("有什么补贴").replies[0]
    assert reply.text == CHINESE.which_one
    assert [button.value for button in reply.body.buttons] == ["/choose 1", "/choose 2", "/choose 3", "/none", "/human"]
    assert [(each.label, each.text) for each in reply.body.choices] == [(each.label, each.text) for each in CHOICES]
    assert reply.body.citations == (), "nothing offered is told as an answer"


def test_what_is_picked_is_told_with_its_clause_and_can_be_rated() -> None:
    talk = Talk()
    talk.say("有什么补贴")
    reply = talk.say("/choose 2").replies[0]
    assert reply.text == CHOICES[1].text
    assert reply.body.kind == "answer"
    assert reply.body.citations[0].title == CHOICES[1].citations[0].title
    assert talk.say("/useful").rated == RatedAnswer(talk.messages[-3].id, useful=True)
    assert len(talk.asked) == 1, "nothing is searched for again"


@pytest.mark.parametrize("command", ["/choose 4", "/choose 0", "/choose", "/choose x"])
def test_a_choice_that_was_not_offered_is_told_so(command: str) -> None:
    talk = Talk()
    assert talk.say(command).replies[0].text == CHINESE.none_offered
    talk.say("有什么补贴")
    assert talk.say(command).replies[0].text == CHINESE.none_offered


def test_none_of_these_asks_for_other_words_and_the_second_time_brings_a_person() -> None:
    talk = Talk()
    talk.say("有什么补贴")
    assert talk.say("/none").replies[0].text == CHINESE.none_meant
    talk.say("还有什么补贴")
    assert talk.say("/none").escalation is Escalation.REPEATED


def test_an_answer_in_between_counts() -> None:
    talk = Talk()
    for text in ("有什么补贴", "/none", "食品经营许可", "有什么补贴"):
        talk.say(text)
    assert talk.say("/none").escalation is None


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
    step = Talk().say("替我请律师打官司")
    assert step.escalation is Escalation.ABSTAINED
    assert step.lead == CHINESE.refusals[AbstentionReason.NEEDS_PERSON]


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
    assert [button.value for button in talk.say("/solved").replies[0].body.buttons] == [
        f"/rate {n}" for n in range(1, 6)
    ]
    assert talk.say("/unsolved").act is TicketAct.REOPEN
    assert talk.say("/rate 4").rating == 4
    assert talk.say("/rate 9").replies[0].text == CHINESE.unknown_command.format(command="/rate")


def test_where_nothing_was_resolved_the_same_words_do_no_harm() -> None:
    talk = Talk()
    assert talk.say("/unsolved").escalation is Escalation.ASKED
    assert talk.say("/rate 4").replies[0].text == CHINESE.nothing_to_rate
    assert talk.say("/solved").replies[0].text == CHINESE.glad


def test_english_is_spoken_to_those_who_do() -> None:
    assert Talk(locale="en").say("/start").replies[0].text == ENGLISH.welcome


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("你好", IntentClass.GREETING),
        ("好的，谢谢", IntentClass.THANKS),
        ("那我先走了，拜拜", IntentClass.GOODBYE),
        ("你是谁啊", IntentClass.IDENTITY),
        ("你们周末上班吗", IntentClass.CENTRE),
        ("算了不办了", IntentClass.CANCEL),
        ("把我的聊天记录都删掉", IntentClass.DELETE_DATA),
        ("申请表发我一份", IntentClass.SEND_FORM),
        ("给我讲个笑话", IntentClass.SMALL_TALK),
        ("你个傻子", IntentClass.ABUSE),
        ("？？？", IntentClass.UNCLEAR),
    ],
)
def test_what_is_no_question_is_answered_by_manners_and_asks_no_document(text: str, kind: IntentClass) -> None:
    talk = Talk()
    assert talk.say(text).replies[0].text == CHINESE.manners[kind]
    assert talk.asked == []


def test_every_class_has_its_manners_in_both_languages_or_a_step_of_its_own() -> None:
    steps = {
        IntentClass.QUESTION,
        IntentClass.PERSON,
        IntentClass.COMPLAINT,
        IntentClass.DISTRESS,
        IntentClass.UNSOLVED,
    }
    for texts in (CHINESE, ENGLISH):
        assert set(texts.manners) == set(IntentClass) - steps


def test_the_centre_says_of_itself_what_it_has_set() -> None:
    talk = Talk()
    talk.dialogue = Dialogue(talk.answer, "周一至周五 9:00—17:00，江湾路 1 号")
    assert talk.say("你们周末上班吗").replies[0].text == "周一至周五 9:00—17:00，江湾路 1 号"


def test_who_says_that_it_did_not_help_rates_the_answer_or_opens_the_matter_again() -> None:
    talk = Talk()
    talk.say("食品经营许可")
    answer = talk.messages[-1].id
    step = talk.say("你答的根本不是我问的")
    assert step.rated == RatedAnswer(answer, useful=False)
    assert step.replies[0].text == CHINESE.useless
    talk.resolved = True
    assert talk.say("问题还是没解决").act is TicketAct.REOPEN


def test_thanks_do_not_cut_a_question_from_what_it_follows() -> None:
    talk = Talk()
    for text in ("食品经营许可", "谢谢", "要多久"):
        talk.say(text)
    assert talk.asked[-1].turns == ("食品经营许可", "要多久")


def test_an_english_question_is_answered_in_english_around_the_clause() -> None:
    talk = Talk()
    answer = talk.say("What do I need for a food permit?").replies[0]
    assert answer.text.startswith(ENGLISH.refusals[AbstentionReason.NOTHING_FOUND])
    assert ENGLISH.offer_person in answer.text
    english = Talk(locale="en")
    assert english.say("食品经营许可").replies[0].text.startswith("This is what the rule says")
    assert [button.label for button in english.say("食品经营许可").replies[0].body.buttons][-1] == ENGLISH.human
    assert Talk().say("食品经营许可").replies[0].text.startswith("转租的店面"), "nothing around it in Chinese"


def test_a_rule_that_has_ended_is_named_in_english_too() -> None:
    said = Talk().say("what about the old rule").replies[0].text
    assert said == f"{ENGLISH.rules.standing[Standing.REPEALED].format(title='摊位办法')}\n\n{ENGLISH.offer_person}"


def test_what_is_not_our_business_brings_nobody_however_often() -> None:
    talk = Talk()
    for _ in range(3):
        step = talk.say("明天天气怎么样")
        assert step.escalation is None
        assert CHINESE.offer_person not in step.replies[0].text
    assert talk.say("火星签证").escalation is None, "the first that a person could help with"
    assert talk.say("旧摊位").escalation is Escalation.REPEATED


def test_an_answer_is_rated() -> None:
    talk = Talk()
    assert talk.say("/useful").rated is None, "there is no answer yet"
    talk.say("食品经营许可")
    answer = talk.messages[-1].id
    assert talk.say("/useless").rated == RatedAnswer(answer, useful=False)
    talk.say("火星签证")
    assert talk.say("/useful").rated == RatedAnswer(answer, useful=True)


def test_the_length_told_is_that_of_the_whole_text() -> None:
    assert "100000 字" in Talk().say("长" * 4096, cut=100_000).replies[0].text


def test_a_picture_is_met_kindly() -> None:
    assert Talk().say("", unreadable="photosize").replies[0].text == CHINESE.only_text


def test_a_dialogue_that_forgets_abstentions_is_caught() -> None:
    """Negative control: with no memory of earlier messages the second abstention is just another one."""
    talk = Talk()
    talk.say("火星签证")
    talk.messages.clear()
    assert talk.say("水星签证").escalation is None
