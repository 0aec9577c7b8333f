"""A small desk behind the web chat: the real conversations, tickets and bus, and a bot that knows three answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.webchat.exchange import WebChat
from bot.channels.webchat.routes import router
from bot.dialogue.texts import NOTICES
from desk.accounts.accounts import Accounts
from desk.bus import Bus, MemoryBus
from desk.conversations.conversations import Conversations, Outgoing
from desk.message_body import Button, CitedClause, MessageBody, OfferedChoice
from desk.model import Account, Escalation, Message, Role, Sender
from desk.tickets.tickets import Tickets
from desk.tickets.workdays import WorkCalendar
from tests.support.clock import in_office

CITATION = CitedClause(
    title="江湾区食品经营许可办事指南",
    document_number="江湾市监〔2025〕12号",
    locator="三、申请材料 （二）",
    quote="（二）经营场所使用证明。转租的，应当同时提交产权人同意转租的书面材料。",
    effective_on="2025-03-01",
    url="https://www.jiangwan.example/guides/food.html",
    file="food-permit.md",
)
HUMAN = Button("转人工", "/human")
USEFUL = (Button("有帮助", "/useful"), Button("没帮助", "/useless"), HUMAN)


@dataclass
class Desk:
    """The parts, and the web chat over them; `slow` is how long the bot thinks, in seconds."""

    engine: Engine
    clock: Callable[[], datetime]
    bus: Bus = field(default_factory=MemoryBus)
    slow: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.conversations = Conversations(self.engine, self.bus, self.clock)
        self.tickets = Tickets(self.engine, self.bus, self.clock, WorkCalendar(in_office), NOTICES)
        self.accounts = Accounts(self.engine, self.clock)

    def specialist(self, name: str = "zhou", display_name: str = "周敏") -> Account:
        """An account to claim with."""
        return self.accounts.create(name, display_name, Role.SPECIALIST, "a long enough secret")[0]

    def chat(self) -> WebChat:
        standard = {"public_url": "http://chat.example", "secure_cookies": False, "poll_seconds": 0.5}
        parts = {"conversations": self.conversations, "tickets": self.tickets, "bus": self.bus, "clock": self.clock}
        return WebChat(**{**standard, **parts, **self.options})

    def app(self, bot: bool = True) -> FastAPI:
        """The web chat, with its bot or without, to be served."""

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            task = asyncio.create_task(self._work() if bot else asyncio.sleep(0))
            yield
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        app = FastAPI(lifespan=lifespan)
        app.include_router(router(self.chat()))
        return app

    async def _work(self) -> None:
        while True:
            with suppress(SQLAlchemyError):  # tests that take the database away bring it back
                for message in await asyncio.to_thread(self.conversations.unhandled, 50):
                    await asyncio.sleep(self.slow)
                    await asyncio.to_thread(self.answer, message)
            await asyncio.sleep(0.03)

    def answer(self, message: Message) -> None:
        """What the bot does with one message."""
        if message.text in ("/human", "转人工"):
            self.tickets.escalate(message.conversation_id, Escalation.ASKED)
            replies = [Outgoing(Sender.SYSTEM, "已为您转人工，请稍候。", MessageBody("queued"))]
        else:
            replies = [_reply(message.text)]
        self.conversations.reply(message.conversation_id, replies, message.id)


def _reply(text: str) -> Outgoing:
    if "食品" in text:
        words = "转租的店面，除营业执照外，还要交产权人同意转租的书面材料。"
        return Outgoing(Sender.BOT, words, MessageBody("answer", USEFUL, (CITATION,)))
    if "补贴" in text:
        names = ("老年人就餐补贴", "租房补贴", "创业补贴")
        picks = tuple(Button(each, each) for each in names)
        offered = tuple(OfferedChoice(each, f"{each}按月发放。") for each in names)
        return Outgoing(Sender.BOT, "您问的是哪一种补贴？", MessageBody("clarification", picks, choices=offered))
    words = "抱歉，现行文件里没有找到这件事的依据，不敢乱答。可以请老法师来看。"
    return Outgoing(Sender.BOT, words, MessageBody("abstention", (HUMAN,)))
