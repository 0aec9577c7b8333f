"""Wanting a person, a complaint or a command, and what only looks like it."""

import time

import pytest

from bot.dialogue.intents import (
    Command,
    Intent,
    command_of,
    gives_thanks,
    greets,
    intent_of,
    is_english,
    wants_person,
    wants_to_complain,
)


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


def test_a_question_about_complaints_is_a_question() -> None:
    assert wants_to_complain("我要投诉！")
    assert wants_to_complain("投诉")
    assert not wants_to_complain("怎么投诉物业公司")


@pytest.mark.parametrize(
    "text", ["你好", "您好！", "在吗？", "你好，在吗", "Hello", "hi there", "早上好呀", "老法师，您好"]
)
def test_a_greeting(text: str) -> None:
    assert greets(text)
    assert not gives_thanks(text)


@pytest.mark.parametrize(
    "text", ["谢谢", "謝謝", "好的，谢谢您！", "明白了", "嗯嗯", "thank you so much", "OK", "再见"]
)
def test_thanks_or_assent(text: str) -> None:
    assert gives_thanks(text)
    assert not greets(text)


@pytest.mark.parametrize(
    "text",
    ["你好，居住证怎么办", "谢谢，那要多少钱", "早餐补贴", "行政复议", "hello kitty trademark", "了解政策", ""],
)
def test_neither_greeting_nor_only_thanks(text: str) -> None:
    assert not greets(text)
    assert not gives_thanks(text)


def test_a_long_row_of_friendly_words_takes_no_time() -> None:
    began = time.perf_counter()
    for word in ("嗯", "谢谢", "好的了", "你好呀", "ok ", "！"):
        assert not gives_thanks(word * 1000 + "吗")
        assert not greets(word * 1000 + "x")
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
    assert intent_of("转人工").wants_person
    assert intent_of("我不想活了").endangered
    assert intent_of("我要投诉").complains
    assert intent_of("/rate 5").command == Command("rate", "5")
    assert intent_of("How do I register?").english
    assert intent_of("居住证怎么办") == Intent(False, None, False, False, False, False, False)


@pytest.mark.parametrize("text", ["/useful", "／ｈｅｌｐ", "转人工", "你好", "谢谢"])
def test_what_is_said_in_passing_is_no_question(text: str) -> None:
    assert intent_of(text).is_said_in_passing
    assert not intent_of("居住证怎么办").is_said_in_passing
    assert not intent_of("我要投诉").is_said_in_passing
