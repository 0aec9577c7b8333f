"""A process that tests kill: the web chat over a database; with `hasty` it acknowledges before it has stored.

`python -m tests.fakes.chat_service DATABASE_URL PORT [hasty]`
"""

import sys
import threading
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.channels.webchat import WebChat, router
from desk.bus import MemoryBus
from desk.conversations import Accepted, Conversations
from desk.model import Applicant, Conversation, Holder, Message, Sender
from desk.tickets import Tickets
from desk.workdays import WorkCalendar
from knowledge.database import connect_database


def now() -> datetime:
    return datetime.now(UTC)


class HastyConversations(Conversations):
    """The broken variant: says a message is accepted, and stores it a moment later."""

    def accept(
        self, applicant: Applicant, text: str, external_id: str | None, body: dict[str, Any] | None = None
    ) -> Accepted:
        threading.Timer(0.02, super().accept, (applicant, text, external_id, body)).start()
        conversation = Conversation("", applicant.id, "web", True, Holder.BOT, now(), now())
        return Accepted(Message(1, "", Sender.APPLICANT, text, now()), conversation, False)


def main(database: str, port: str, *manners: str) -> None:
    engine, bus = connect_database(database), MemoryBus()
    conversations = (HastyConversations if "hasty" in manners else Conversations)(engine, bus, now)
    chat = WebChat(
        conversations=conversations,
        tickets=Tickets(engine, bus, now, WorkCalendar()),
        bus=bus,
        clock=now,
        public_url=f"http://127.0.0.1:{port}",
        secure_cookies=False,
        messages_per_minute=100_000,
    )
    app = FastAPI()
    app.include_router(router(chat))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="critical", ws="websockets-sansio")


if __name__ == "__main__":
    main(*sys.argv[1:])
