"""Wanting a person, a complaint or a command, and what only looks like it."""

import pytest

from bot.intents import Command, command_of, wants_person, wants_to_complain


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
