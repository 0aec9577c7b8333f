"""A process that tests kill: the web chat over a database; with `hasty` it acknowledges before it has stored.

`python -m tests.support.fakes.chat_service DATABASE_URL PORT [hasty]`
"""

import sys
import threading
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI

from bot.channels.webchat.exchange import WebChat
from bot.channels.webchat.routes import router
from bot.dialogue.texts import NOTICES
from desk.bus import MemoryBus
from desk.conversations.conversations import Accepted, Conversations
from desk.message_body import NO_BODY, MessageBody
from desk.model import Applicant, Conversation, Holder, Message, Sender
from desk.tickets.tickets import Tickets
from desk.tickets.workdays import WorkCalendar
from knowledge.database import connect_database
from tests.support.clock import in_office


def now() -> datetime:
    return datetime.now(UTC)


class HastyConversations(Conversations):
    """The broken variant: says a message is accepted, and stores it a moment later."""

    def accept(self, applicant: Applicant, text: str, external_id: str | None, body: MessageBody = NO_BODY) -> Accepted:
        threading.Timer(0.02, super().accept, (applicant, text, external_id, body)).start()
        conversation = Conversation("", applicant.id, "web", True, Holder.BOT, now(), now())
        return Accepted(Message(1, "", Sender.APPLICANT, text, now()), conversation, False)


def main(database: str, port: str, *manners: str) -> None:
    engine, bus = connect_database(database), MemoryBus()
    conversations = (HastyConversations if "hasty" in manners else Conversations)(engine, bus, now)
    chat = WebChat(
        conversations=conversations,
        tickets=Tickets(engine, bus, now, WorkCalendar(in_office), NOTICES),
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
