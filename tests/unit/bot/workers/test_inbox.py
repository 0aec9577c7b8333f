"""The inbox at work: once, in order within a conversation, several at once, nothing blocks the others."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Engine

from bot.dialogue.dialogue import Dialogue
from bot.dialogue.texts import NOTICES
from bot.workers.background import leading, running
from bot.workers.inbox import Inbox, InboxParts
from desk.model import Escalation, Holder, Sender
from desk.tickets.tickets import Tickets
from knowledge.database import connect_database
from retrieval.intents.classifier import IntentClass, IntentClassifier
from retrieval.model import Answer, Outcome, Question
from tests.support.clock import Clock
from tests.support.desk_parts import CALENDAR, House
from tests.support.light_helpdesk import canned


@pytest.fixture(autouse=True)
def all_are_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said here is too short to be taken for questions."""
    monkeypatch.setattr(IntentClassifier, "intent", lambda *_: IntentClass.QUESTION)


class Thinking:
    """An answerer that takes its time and notes what overlapped."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.now, self.most = seconds, 0, 0
        self.answered: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, question: Question) -> Outcome:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self._lock:
            self.now -= 1
            self.answered.append(question.text)
        return Answer(f"答：{question.text}", 1.0, ())


@asynccontextmanager
async def working(house: House, answer: object) -> AsyncIterator[Inbox]:
    inbox = Inbox(InboxParts(house.conversations, house.tickets, Dialogue(answer), house.bus))  # type: ignore[arg-type]
    async with running(inbox.run):
        yield inbox


async def emptied(house: House) -> None:
    for _ in range(750):
        if not house.conversations.unhandled(1):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the inbox was not emptied within 15 s")


async def test_each_message_is_answered_once_and_in_order(engine: Engine, clock: Clock) -> None:
    house, thinking = House(engine, clock), Thinking(0.01)
    first = [house.asked(f"问{number}", key=f"{number % 3}") for number in range(12)]
    async with working(house, thinking):
        second = [await asyncio.to_thread(house.asked, f"再问{number}", f"{number % 3}") for number in range(6)]
        await emptied(house)
    for conversation in {message.conversation_id for message in first + second}:
        said = house.said(conversation)
        asked = [text for sender, text in said if sender is Sender.APPLICANT]
        assert [text for sender, text in said if sender is Sender.BOT] == [f"答：{text}" for text in asked]


async def test_conversations_do_not_wait_for_each_other(sqlite_engine: Engine, clock: Clock) -> None:
    house, thinking = House(sqlite_engine, clock), Thinking(0.3)
    for key in range(4):
        house.asked("问", key=str(key))
        house.asked("再问", key=str(key))
    async with working(house, thinking):
        await emptied(house)
    assert thinking.most == 4, "four conversations at once, and never two messages of one"


async def test_a_message_that_breaks_everything_blocks_nobody(sqlite_engine: Engine, clock: Clock) -> None:
    house = House(sqlite_engine, clock)
    broken, after = house.asked("坏", key="1"), house.asked("食品", key="1")
    other = house.asked("食品", key="2")
    async with working(house, canned):
        await emptied(house)
    assert [sender for sender, _ in house.said(other.conversation_id)][-1] is Sender.BOT
    said = house.said(broken.conversation_id)
    assert any("抱歉" in text for sender, text in said if sender is Sender.SYSTEM)
    assert house.conversations.get(after.conversation_id).holder is Holder.QUEUE
    assert [ticket.reason for ticket in house.tickets.queue()] == [Escalation.ABSTAINED]


async def test_a_specialist_who_claims_meanwhile_is_not_talked_over(sqlite_engine: Engine, clock: Clock) -> None:
    house, thinking = House(sqlite_engine, clock), Thinking(0.5)
    asked = house.asked("食品")
    async with working(house, thinking):
        await asyncio.sleep(0.1)
        ticket = house.tickets.escalate(asked.conversation_id, Escalation.ASKED)
        house.tickets.claim(ticket.id, house.account())
        await emptied(house)
    assert thinking.answered == ["食品"]
    assert [text for _, text in house.said(asked.conversation_id) if "答：" in text] == [], "under whatever name"


async def test_what_the_queue_is_told_comes_too_late_after_a_claim(sqlite_engine: Engine, clock: Clock) -> None:
    """The place in the queue means nothing any more when a specialist has come in between."""
    house = House(sqlite_engine, clock)
    asked = house.asked("转人工")

    class Quick(Tickets):
        def position(self, ticket_id: str) -> int:
            place = super().position(ticket_id)
            house.tickets.claim(ticket_id, house.account())
            return place

    tickets = Quick(sqlite_engine, house.bus, clock, CALENDAR, NOTICES)
    Inbox(InboxParts(house.conversations, tickets, Dialogue(canned), house.bus)).handle(asked)
    assert not any("排在第一位" in text for _, text in house.said(asked.conversation_id))
    assert house.conversations.unhandled(1) == []


async def test_handling_again_answers_nothing(sqlite_engine: Engine, clock: Clock) -> None:
    house = House(sqlite_engine, clock)
    asked = house.asked("食品")
    inbox = Inbox(InboxParts(house.conversations, house.tickets, Dialogue(canned), house.bus))
    inbox.handle(asked)
    inbox.handle(asked)
    assert [sender for sender, _ in house.said(asked.conversation_id)].count(Sender.BOT) == 1


async def test_escalating_tells_the_place(sqlite_engine: Engine, clock: Clock) -> None:
    house = House(sqlite_engine, clock)
    inbox = Inbox(InboxParts(house.conversations, house.tickets, Dialogue(canned), house.bus))
    for key in ("1", "2"):
        inbox.handle(house.asked("转人工", key=key))
    clock.forward(minutes=1)
    third = house.asked("转人工", key="3")
    inbox.handle(third)
    assert "前面还有 2 位" in house.said(third.conversation_id)[-1][1]


async def test_one_process_of_all_leads(database_url: str) -> None:
    """On PostgreSQL the lock lets one in; when it goes, another takes over."""
    engines, leaders = [connect_database(database_url) for _ in range(2)], []

    def work(number: int) -> object:
        async def lead() -> None:
            leaders.append(number)
            await asyncio.Event().wait()

        return lead

    if engines[0].dialect.name == "sqlite":
        async with running(leading(engines[0], work(0))):  # type: ignore[arg-type]
            await asyncio.sleep(0.2)
        assert leaders == [0]
    else:
        async with running(leading(engines[1], work(1))):  # type: ignore[arg-type]
            await asyncio.sleep(0.5)
            async with running(leading(engines[0], work(0))):  # type: ignore[arg-type]
                await asyncio.sleep(0.5)
                assert leaders == [1]
        async with running(leading(engines[0], work(0))):  # type: ignore[arg-type]
            await asyncio.sleep(0.5)
        assert leaders == [1, 0]
    for each in engines:
        each.dispose()
