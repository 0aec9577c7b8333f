"""A process that tests kill: the real inbox, delivery and Telegram channel around a canned answer.

`python -m tests.fakes.polling_service DATABASE_URL BOT_API_URL`
"""

import asyncio
import sys
import time
from datetime import UTC, datetime

from bot.background import running
from bot.channels.telegram import TelegramAccess, TelegramChannel
from bot.delivery import Delivery
from bot.dialogue import Dialogue
from bot.inbox import Inbox
from desk.bus import MemoryBus
from desk.conversations import Conversations
from desk.deliveries import Deliveries
from desk.tickets import Tickets
from desk.workdays import WorkCalendar
from knowledge.database import connect_database
from retrieval.model import Answer, Question
from tests.fakes.bot_api import TOKEN

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
    tickets = Tickets(engine, bus, now, WorkCalendar())
    channel = TelegramChannel(TelegramAccess(TOKEN, api), conversations)
    inbox = Inbox(conversations, tickets, Dialogue(CannedAnswerer().answer), bus)
    delivery = Delivery(conversations, deliveries, {channel.name: channel}, bus, now)
    async with running(inbox.run, delivery.run, channel.run):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
