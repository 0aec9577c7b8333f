"""The outbox at work: order, retries, and what is uncertain stays unsent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine

from bot.channels.push_channel import NotSent, SendRefused, Uncertain
from bot.workers.background import running
from bot.workers.delivery import Delivery
from desk.model import DeliveryState as State
from desk.model import Message, Role
from tests.support.clock import Clock
from tests.support.desk_parts import House


class FarEnd:
    """A channel that takes what it is given, or fails as its script says; `arrived` is what applicants got."""

    name = "telegram"

    def __init__(self, script: Sequence[Exception | None] = (), slow: float = 0.0) -> None:
        self.script, self.slow = list(script), slow
        self.arrived: list[tuple[str, str]] = []

    async def run(self) -> None: ...

    async def send(self, key: str, message: Message) -> None:
        problem = self.script.pop(0) if self.script else None
        await asyncio.sleep(self.slow)
        if problem is None or isinstance(problem, Uncertain):
            self.arrived.append((key, message.text))
        if problem is not None:
            raise problem


class Repeating(FarEnd):
    """The broken variant: takes a cut connection for a message that never left."""

    async def send(self, key: str, message: Message) -> None:
        try:
            await super().send(key, message)
        except Uncertain as error:
            raise NotSent(str(error), 0) from error


@asynccontextmanager
async def delivering(house: House, far: FarEnd, clock: Callable[[], datetime] | None = None) -> AsyncIterator[None]:
    delivery = Delivery(
        house.conversations, house.deliveries, {far.name: far}, house.bus, clock or (lambda: datetime.now(UTC))
    )
    async with running(delivery.run):
        yield


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("not within 10 s")


def replied(house: House, *texts: str, key: str = "1") -> str:
    conversation = house.asked(key=key, channel="telegram").conversation_id
    for text in texts:
        house.bot_says(conversation, text)
    return conversation


def states(house: House, conversation: str) -> list[State]:
    return [each.delivery for each in house.conversations.messages(conversation)][1:]


async def test_messages_arrive_in_order(engine: Engine, clock: Clock) -> None:
    house, far = House(engine, clock), FarEnd()
    for key in ("1", "2", "3"):
        replied(house, "一", "二", "三", key=key)
    async with delivering(house, far):
        await until(lambda: len(far.arrived) == 9)
    for key in ("1", "2", "3"):
        assert [text for who, text in far.arrived if who == key] == ["一", "二", "三"]


async def test_what_did_not_leave_is_sent_again_before_what_follows(sqlite_engine: Engine, clock: Clock) -> None:
    house, far = House(sqlite_engine, clock), FarEnd([NotSent("refused", 0), NotSent("429", 0)])
    conversation = replied(house, "一", "二")
    async with delivering(house, far, clock):
        await until(lambda: len(far.arrived) == 2)
        await until(lambda: states(house, conversation) == [State.SENT, State.SENT])
    assert [text for _, text in far.arrived] == ["一", "二"]


async def times_sent(engine: Engine, clock: Clock, far: FarEnd) -> int:
    house = House(engine, clock)
    conversation = replied(house, "一", "二")
    async with delivering(house, far, clock):
        await until(lambda: State.PENDING not in states(house, conversation))
        await until(lambda: State.SENDING not in states(house, conversation))
    assert ("1", "二") in far.arrived, "what follows an uncertain message still goes out"
    return far.arrived.count(("1", "一"))


async def test_what_may_have_arrived_is_not_repeated(sqlite_engine: Engine, clock: Clock) -> None:
    assert await times_sent(sqlite_engine, clock, FarEnd([Uncertain("cut")])) == 1


async def test_a_channel_that_repeats_is_caught(sqlite_engine: Engine, clock: Clock) -> None:
    assert await times_sent(sqlite_engine, clock, Repeating([Uncertain("cut")])) == 2


async def test_what_was_being_sent_when_the_process_died_is_uncertain(sqlite_engine: Engine, clock: Clock) -> None:
    house, far = House(sqlite_engine, clock), FarEnd()
    conversation = replied(house, "一")
    assert house.deliveries.begin(house.deliveries.due(1)[0].id)
    async with delivering(house, far):
        await until(lambda: states(house, conversation) == [State.UNKNOWN])
    assert far.arrived == []


async def test_a_refused_message_is_shown_to_staff(sqlite_engine: Engine, clock: Clock) -> None:
    house, far = House(sqlite_engine, clock), FarEnd([SendRefused("blocked"), ValueError("a bug of ours")])
    conversation = replied(house, "一", "二")
    async with delivering(house, far):
        await until(lambda: states(house, conversation) == [State.FAILED, State.UNKNOWN])
    assert len(house.deliveries.attention()) == 2


async def test_a_claim_withdraws_what_the_bot_had_to_say(sqlite_engine: Engine, clock: Clock) -> None:
    house, far = House(sqlite_engine, clock), FarEnd()
    conversation = replied(house, "机器人的话")
    ticket = house.queued(channel="telegram")
    house.tickets.claim(ticket.id, house.account(role=Role.SPECIALIST))
    async with delivering(house, far):
        await until(lambda: State.PENDING not in states(house, conversation))
    assert "机器人的话" not in [text for _, text in far.arrived]


async def test_stopping_lets_a_send_under_way_end(sqlite_engine: Engine, clock: Clock) -> None:
    house, far = House(sqlite_engine, clock), FarEnd(slow=0.5)
    conversation = replied(house, "一")
    async with delivering(house, far):
        await until(lambda: states(house, conversation) == [State.SENDING])
    assert states(house, conversation) == [State.SENT]


async def test_a_channel_that_is_not_configured_keeps_its_messages(sqlite_engine: Engine, clock: Clock) -> None:
    house = House(sqlite_engine, clock)
    conversation = replied(house, "一")
    delivery = Delivery(house.conversations, house.deliveries, {}, house.bus, clock)
    async with running(delivery.run):
        await until(lambda: not house.deliveries.due(10))
    assert states(house, conversation) == [State.PENDING]
