"""Wanting a person, a complaint or a command, and what only looks like it."""

import time

import pytest

from bot.dialogue.intents import (
    Command,
    Intent,
    command_of,
    intent_of,
    is_english,
    wants_person,
)
from retrieval.intents.classifier import IntentClass, IntentClassifier


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "轉人工！",
        "人工",
        "人工客服",
        "我要转人工",
        "请帮我转人工，谢谢",
        "找老法师",
        "老法师在吗，帮我转接老法师",
        "说了半天没用，给我找个真人",
        "客服",
        "转人工服务吧",
        "human",
        "Human please",
        "I want to talk to a real person",
        "speak to an agent",
    ],
)
def test_a_person_is_wanted(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "人工智能企业怎么申请补贴",
        "人工智能企业要找人工智能专项补贴",
        "人工授精可以报销吗",
        "不用转人工，你说就行",
        "别转人工",
        "老法师证怎么考",
        "human resources subsidy",
        "灵活就业人员怎么参保",
        "",
    ],
)
def test_nobody_is_wanted(text: str) -> None:
    assert not wants_person(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我要投诉！", IntentClass.COMPLAINT),
        ("怎么投诉物业公司", IntentClass.QUESTION),
        ("您好！", IntentClass.GREETING),
        ("Hello", IntentClass.GREETING),
        ("你好，居住证怎么办", IntentClass.QUESTION),
        ("谢谢", IntentClass.THANKS),
        ("謝謝", IntentClass.THANKS),
        ("谢谢，那转学要交多少钱啊", IntentClass.QUESTION),
        ("再见", IntentClass.GOODBYE),
        ("hello kitty trademark", IntentClass.QUESTION),
        ("行政复议", IntentClass.QUESTION),
        ("有没有活人啊，别老是机器人回我", IntentClass.PERSON),
        ("can someone real talk to me", IntentClass.PERSON),
        ("不用转人工，你说就行", IntentClass.CANCEL),
        ("活着真没意思，不想再撑下去了", IntentClass.DISTRESS),
        ("", IntentClass.UNCLEAR),
    ],
)
def test_what_a_message_is_for(text: str, kind: IntentClass) -> None:
    assert intent_of(text).kind is kind


def test_the_words_for_danger_and_for_a_person_count_whatever_was_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IntentClassifier, "intent", lambda *_: IntentClass.SMALL_TALK)
    assert intent_of("我不想活了").kind is IntentClass.DISTRESS
    assert intent_of("转人工").kind is IntentClass.PERSON
    assert intent_of("居住证怎么办").kind is IntentClass.SMALL_TALK


def test_a_long_row_of_friendly_words_takes_no_time() -> None:
    began = time.perf_counter()
    for word in ("嗯", "谢谢", "好的了", "你好呀", "ok ", "！"):
        intent_of(word * 1000 + "吗")
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("How do I get a residence permit?", True),
        ("居住证 residence permit 怎么办", False),
        ("ETC", False),
        ("/start now please", False),
        ("", False),
    ],
)
def test_english(text: str, english: bool) -> None:
    assert is_english(text) is english


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", Command("start")),
        ("／ｈｕｍａｎ", Command("human")),
        ("/start@laofashi_bot payload", Command("start", "payload")),
        ("/rate 5", Command("rate", "5")),
        ("和/或怎么写", None),
        ("/", Command("")),
    ],
)
def test_commands(text: str, command: Command | None) -> None:
    assert command_of(text) == command


def test_all_that_a_text_shows_is_told_at_once() -> None:
    assert intent_of("/rate 5").command == Command("rate", "5")
    assert intent_of("How do I register?").english
    assert intent_of("居住证怎么办") == Intent(False, None, IntentClass.QUESTION)


@pytest.mark.parametrize("text", ["/useful", "／ｈｅｌｐ", "转人工", "你好", "谢谢", "我要投诉"])
def test_what_is_said_in_passing_is_no_question(text: str) -> None:
    assert intent_of(text).is_said_in_passing
    assert not intent_of("居住证怎么办").is_said_in_passing
