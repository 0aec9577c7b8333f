"""A process that tests kill: the real inbox, delivery and Telegram channel around a canned answer.

`python -m tests.support.fakes.polling_service DATABASE_URL BOT_API_URL`
"""

import asyncio
import sys
import time
from datetime import UTC, datetime

from bot.channels.telegram import TelegramAccess, TelegramChannel
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.texts import NOTICES
from bot.workers.background import running
from bot.workers.delivery import Delivery
from bot.workers.inbox import Inbox, InboxParts
from desk.bus import MemoryBus
from desk.conversations.conversations import Conversations
from desk.conversations.outbox import Deliveries
from desk.tickets.tickets import Tickets
from desk.tickets.workdays import WorkCalendar
from knowledge.database import connect_database
from retrieval.model import Answer, Question
from tests.support.clock import in_office
from tests.support.fakes.bot_api import TOKEN

ANSWER_SECONDS = 0.01


def now() -> datetime:
    return datetime.now(UTC)


class CannedAnswerer:
    """Answers every question with itself, after as long as real answering may take."""

    def answer(self, question: Question) -> Answer:
        time.sleep(ANSWER_SECONDS)
        return Answer(f"答：{question.text}", 1.0, ())


async def main(database: str, api: str) -> None:
    engine, bus = connect_database(database), MemoryBus()
    conversations, deliveries = Conversations(engine, bus, now), Deliveries(engine, now)
    tickets = Tickets(engine, bus, now, WorkCalendar(in_office), NOTICES)
    channel = TelegramChannel(TelegramAccess(TOKEN, api), conversations)
    inbox = Inbox(InboxParts(conversations, tickets, Dialogue(CannedAnswerer().answer), bus))
    delivery = Delivery(conversations, deliveries, {channel.name: channel}, bus, now)
    async with running(inbox.run, delivery.run, channel.run):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
