"""Telegram over the real Bot API protocol: a cited answer, a person, faults of the far end, the webhook."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.app import Helpdesk
from desk.model import Account, DeliveryState, Role, Ticket
from retrieval.model import Answer
from tests.support.fakes.bot_api import BLOCKED, BROKEN, DROPPED_AFTER_ACCEPTING, SLOW, TOKEN, TOO_MANY, BotApi, Fault
from tests.support.light_helpdesk import CANNED, CHOICES, CITATION, light, served

CHAT = 42


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def house(tmp_path: Path, api: BotApi) -> Iterator[Helpdesk]:
    helpdesk = light(tmp_path, telegram_token=TOKEN, telegram_api=api.url)
    with served(helpdesk):
        yield helpdesk


def heard(api: BotApi, words: str, chat: int = CHAT) -> str:
    """Wait for a message holding `words`."""
    api.wait(lambda: any(words in text for text in api.texts(chat)))
    return next(text for text in api.texts(chat) if words in text)


def claimed(house: Helpdesk) -> tuple[Ticket, Account]:
    account = house.accounts.create("zhou", "周敏", Role.SPECIALIST, "a long enough secret")[0]
    return house.tickets.claim(house.tickets.queue()[0].id, account), account


def deliveries(house: Helpdesk) -> list[tuple[str, DeliveryState]]:
    applicant = house.conversations.applicant("telegram", str(CHAT))
    conversation = house.conversations.open_conversation(applicant.id)
    assert conversation is not None
    return [(each.text, each.delivery) for each in house.conversations.messages(conversation.id)]


def test_a_question_is_answered_with_its_clause(house: Helpdesk, api: BotApi) -> None:
    api.say(CHAT, "食品经营许可，店面是转租的怎么办？")
    answer = heard(api, "产权人")
    assert "依据：《江湾区食品经营许可办事指南》（江湾市监〔2025〕12号）三、申请材料 （二）" in answer
    assert "https://www.jiangwan.example/guides/food.html" in answer
    assert "/human" in api.sent[0]["reply_markup"]


def test_a_person_is_asked_for_and_writes_back(house: Helpdesk, api: BotApi) -> None:
    api.say(CHAT, "转人工")
    heard(api, "您排在第一位")
    ticket, account = claimed(house)
    heard(api, "周敏已接手")
    api.say(CHAT, "食品经营许可，店面是转租的")
    house.tickets.post(ticket.id, account, ticket.epoch, "您好，我是周敏。产权证带了吗？", "m1")
    heard(api, "产权证带了吗")
    house.tickets.resolve(ticket.id, account, ticket.epoch, "已说明")
    heard(api, "请问解决了吗")
    assert not any("产权人同意" in text for text in api.texts(CHAT)), "the bot spoke while a specialist held it"
    api.press(CHAT, "/solved")
    heard(api, "打个分")
    api.press(CHAT, "/rate 5")
    heard(api, "谢谢您的评价")
    assert house.tickets.get(ticket.id).rating == 5


def test_an_unsolved_matter_goes_back_to_the_queue(house: Helpdesk, api: BotApi) -> None:
    api.say(CHAT, "找老法师")
    heard(api, "您排在第一位")
    ticket, account = claimed(house)
    house.tickets.resolve(ticket.id, account, ticket.epoch, "已说明")
    heard(api, "请问解决了吗")
    api.press(CHAT, "/unsolved")
    heard(api, "已为您重新排队")
    assert [each.id for each in house.tickets.queue()] == [ticket.id]


def test_a_long_choice_comes_back_whole(house: Helpdesk, api: BotApi) -> None:
    api.say(CHAT, "有什么补贴")
    heard(api, "您问的是哪一件")
    rows = json.loads(api.sent[0]["reply_markup"])["inline_keyboard"]
    button = next(each for row in rows for each in row if each["text"] == CHOICES[2].label)
    assert len(button["callback_data"].encode()) <= 64
    api.press(CHAT, button["callback_data"])
    heard(api, CHOICES[2].text)
    api.wait(lambda: any(method == "answerCallbackQuery" for method, _ in api.calls))


def test_what_is_not_text_gets_a_gentle_sentence(house: Helpdesk, api: BotApi) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    api.say(CHAT, None, photo=photo)
    heard(api, "目前只能看懂文字")
    api.say(CHAT, "/nonsense")
    heard(api, "没有“/nonsense”这个指令")


@pytest.mark.filterwarnings("ignore:.*retry_after")  # the library warns of its own change to timedelta
def test_too_many_requests_and_refused_connections_are_tried_again(house: Helpdesk, api: BotApi) -> None:
    api.faults["sendMessage"].append(TOO_MANY)
    api.say(CHAT, "食品经营许可")
    heard(api, "产权人")
    assert len(api.texts(CHAT)) == 1


@pytest.mark.parametrize("fault", [DROPPED_AFTER_ACCEPTING, BROKEN], ids=["dropped", "500"])
def test_an_uncertain_send_is_shown_and_never_repeated(house: Helpdesk, api: BotApi, fault: Fault) -> None:
    api.faults["sendMessage"].append(fault)
    api.say(CHAT, "食品经营许可")
    api.wait(lambda: bool(house.deliveries.attention()))
    assert house.deliveries.attention()[0].delivery is DeliveryState.UNKNOWN
    api.say(CHAT, "/help")
    heard(api, "直接输入您的问题即可")
    assert sum("产权人" in text for text in api.texts(CHAT)) == (1 if fault.accepted else 0)


def test_stopping_the_service_leaves_no_send_uncertain(tmp_path: Path, api: BotApi) -> None:
    api.faults["sendMessage"].append(SLOW)
    helpdesk = light(tmp_path, telegram_token=TOKEN, telegram_api=api.url)
    with served(helpdesk):
        api.say(CHAT, "食品经营许可")
        heard(api, "产权人")
    again = light(tmp_path, telegram_token=TOKEN, telegram_api=api.url)
    with served(again):
        assert deliveries(again)[-1][1] is DeliveryState.SENT
    assert len(api.texts(CHAT)) == 1


def test_a_blocked_bot_is_not_tried_again(house: Helpdesk, api: BotApi) -> None:
    api.faults["sendMessage"].append(BLOCKED)
    api.say(CHAT, "食品经营许可")
    api.wait(lambda: bool(house.deliveries.attention()))
    assert house.deliveries.attention()[0].delivery is DeliveryState.FAILED
    assert sum(method == "sendMessage" for method, _ in api.calls) == 1


def test_the_service_starts_while_telegram_is_down(tmp_path: Path) -> None:
    with BotApi() as api:
        api.faults["getMe"].extend([BROKEN, BROKEN])
        api.say(CHAT, "食品经营许可")
        helpdesk = light(tmp_path, telegram_token=TOKEN, telegram_api=api.url)
        with served(helpdesk) as url:
            assert httpx.get(f"{url}/health").json()["telegram"] != "ok"
            heard(api, "产权人")
            assert httpx.get(f"{url}/health").json()["telegram"] == "ok"


def test_a_webhook_needs_its_secret_and_commits_first(tmp_path: Path, api: BotApi) -> None:
    settings = {"public_url": "http://127.0.0.1:1", "telegram_webhook_secret": "s3cret"}
    helpdesk = light(tmp_path, telegram_token=TOKEN, telegram_api=api.url, **settings)
    with served(helpdesk) as url:
        api.wait(lambda: "setWebhook" in [method for method, _ in api.calls])
        api.say(CHAT, "食品经营许可")
        update = api.answer("getUpdates", {})[0]
        hook = f"{url}/telegram/webhook"
        assert httpx.post(hook, json=update).status_code == 403
        wrong = {"X-Telegram-Bot-Api-Secret-Token": "guess"}
        assert httpx.post(hook, json=update, headers=wrong).status_code == 403
        right = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        for _ in range(3):  # Telegram repeats what it is unsure of
            assert httpx.post(hook, json=update, headers=right).status_code == 200
        heard(api, "产权人")
        assert sum(text == "食品经营许可" for text, _ in deliveries(helpdesk)) == 1
        assert len(api.texts(CHAT)) == 1


def test_a_message_that_breaks_the_bot_gets_an_apology_and_a_person(house: Helpdesk, api: BotApi) -> None:
    api.say(CHAT, "坏了的居住证怎么换")
    api.say(77, "食品经营许可")
    heard(api, "产权人", chat=77)
    heard(api, "抱歉，刚才没能处理好您的消息")
    assert len(house.tickets.queue()) == 1


def test_where_applicants_reach_our_pages_an_answer_leads_to_its_clause(tmp_path: Path, api: BotApi) -> None:
    public = "https://help.example.org"
    cited = replace(CITATION, document_id="d1", clause_id="d1.2.3")
    parts = replace(CANNED, answer=lambda question: Answer("要产权人同意的书面材料。", 0.9, (cited,)))
    helpdesk = light(tmp_path, parts, telegram_token=TOKEN, telegram_api=api.url, public_url=public)
    with served(helpdesk):
        api.say(CHAT, "食品经营许可，店面是转租的怎么办？")
        answer = heard(api, "产权人")
    assert f"{public}/documents/d1?clause=d1.2.3#cited" in answer
    assert CITATION.url not in answer
