"""A whole desk over one database for tests, with a bus that remembers what was announced."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from bot.dialogue.texts import NOTICES
from desk.accounts.access import Access
from desk.accounts.accounts import Accounts
from desk.audit import Audit
from desk.bus import MemoryBus
from desk.conversations.conversations import Conversations, Outgoing
from desk.conversations.outbox import Deliveries
from desk.model import Account, Applicant, Conversation, Escalation, Message, Role, Sender, Ticket
from desk.tables import messages
from desk.tickets.screenshare import ScreenShares
from desk.tickets.tickets import Tickets
from desk.tickets.workdays import WorkCalendar
from knowledge.database import reading
from tests.support.clock import Clock, in_office

CALENDAR = WorkCalendar(in_office)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"


class Witness(MemoryBus):
    """Remembers each hint, and the newest message another connection could see at that moment."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.visible: list[int] = []
        self.looks = True

    def publish(self, topic: str, payload: Mapping[str, Any]) -> None:
        super().publish(topic, payload)
        self.heard.append((topic, dict(payload)))
        if not self.looks:
            return
        with reading(self._engine) as connection:
            newest = connection.execute(select(messages.c.id).order_by(messages.c.id.desc()).limit(1))
            self.visible.append(newest.scalar_one_or_none() or 0)

    def topics(self) -> set[str]:
        return {topic.partition(":")[0] for topic, _ in self.heard}


class House:
    """Everything a desk has, and short ways to the states tests start from."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine, self.clock, self.bus = engine, clock, Witness(engine)
        self.conversations = Conversations(engine, self.bus, clock)
        self.deliveries = Deliveries(engine, clock)
        self.tickets = Tickets(engine, self.bus, clock, CALENDAR, NOTICES)
        self.accounts = Accounts(engine, clock, CHEAP)
        self.shares = ScreenShares(engine, self.bus, clock)
        self.access, self.audit = Access(engine), Audit(engine, clock)

    def account(self, name: str = "zhang", role: Role = Role.SPECIALIST) -> Account:
        return self.accounts.create(name, f"{name}师傅", role, PASSWORD)[0]

    def asked(self, text: str = "怎么办居住证", key: str = "1", channel: str = "web") -> Message:
        """An applicant's message in the bot's hands."""
        return self.conversations.accept(self.applicant(key, channel), text, None).message

    def applicant(self, key: str = "1", channel: str = "web") -> Applicant:
        return self.conversations.applicant(channel, key)

    def queued(self, text: str = "转人工", key: str = "1", channel: str = "web") -> Ticket:
        asked = self.asked(text, key, channel)
        return self.tickets.escalate(asked.conversation_id, Escalation.ASKED)

    def claimed(self, account: Account, key: str = "1", channel: str = "web") -> Ticket:
        return self.tickets.claim(self.queued(key=key, channel=channel).id, account)

    def resolved(self, account: Account, key: str = "1") -> Ticket:
        ticket = self.claimed(account, key)
        return self.tickets.resolve(ticket.id, account, ticket.epoch, "办好了")

    def conversation(self, ticket: Ticket) -> Conversation:
        return self.conversations.get(ticket.conversation_id)

    def bot_says(self, conversation_id: str, text: str = "答案", answered: int | None = None) -> list[Message]:
        return self.conversations.reply(conversation_id, [Outgoing(Sender.BOT, text)], answered)

    def said(self, conversation_id: str) -> list[tuple[Sender, str]]:
        return [(each.sender, each.text) for each in self.conversations.messages(conversation_id)]


def at_once(count: int, work: Any) -> list[Any]:
    """The results (or exceptions) of `work(number)` in that many threads, started together."""
    barrier = Barrier(count)

    def run(number: int) -> Any:
        barrier.wait()
        try:
            return work(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
