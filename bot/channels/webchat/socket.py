"""Serves one open chat page over a WebSocket: takes messages in, sends news, and notices when the page is gone."""

import asyncio
import contextlib
import logging
import random

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.channels.webchat.exchange import PAGE, Exchange
from bot.channels.webchat.frames import (
    OutgoingFrame,
    Ping,
    PongFrame,
    RefusedFrame,
    Resume,
    SayFrame,
    StateFrame,
    frame_json,
    message_frame,
    message_id_of,
    read_frame,
)
from bot.channels.webchat.identity import applicant_key
from bot.dialogue.texts import texts_for
from desk.model import Locale
from desk.web.origin import same_origin

SILENCE = 100.0  # seconds without a frame until a page counts as gone; pages ping every 25, in a sleeping tab every 60
SLOWEST = 30.0  # seconds a frame may take to leave; a page that reads more slowly reconnects and resumes
REFUSED, GOING_AWAY = 1008, 1001

log = logging.getLogger(__name__)


async def serve(websocket: WebSocket, exchange: Exchange) -> None:
    """Serve one page until it leaves. Refuse a page of another site, or without our cookie, before it opens."""
    key = applicant_key(websocket.cookies)
    if key is None or not same_origin(websocket.headers, exchange.chat.public_url):
        await websocket.close(REFUSED)
        return
    await websocket.accept()
    try:
        await _Page(websocket, exchange, key).run()
    except* (WebSocketDisconnect, TimeoutError):
        with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(1):
                await websocket.close(GOING_AWAY)


class _Page:
    """One page. Nothing is queued for it: it gets the messages after the last id it was told, as fast as it reads."""

    def __init__(self, websocket: WebSocket, exchange: Exchange, key: str) -> None:
        self._websocket, self._exchange, self._key = websocket, exchange, key
        self._after: int | None = None  # the last id told; None until the page has said where it stands
        self._told: StateFrame | None = None
        self._locale: Locale = "zh"
        self._stirred = asyncio.Event()
        self._sending = asyncio.Lock()
        self._topic: str | None = None
        self._hints: asyncio.Task[None] | None = None

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch(tasks))
            await self._listen()

    async def _listen(self) -> None:
        while True:
            async with asyncio.timeout(SILENCE):
                frame = await self._websocket.receive()
            if frame["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(frame.get("code", GOING_AWAY))
            await self._answer(frame.get("text") or frame.get("bytes") or "")

    async def _answer(self, raw: str | bytes) -> None:
        frame = read_frame(raw)
        if isinstance(frame, SayFrame):
            self._locale = frame.locale
            outcome = await anyio.to_thread.run_sync(self._exchange.say, self._key, frame)
            await self._send(outcome)
            self._stirred.set()
        elif isinstance(frame, Resume):
            self._after, self._told = frame.after, None
            self._stirred.set()
        elif isinstance(frame, Ping):
            await self._send(PongFrame())
        else:
            await self._send(RefusedFrame("unreadable", texts_for(self._locale).unreadable, message_id_of(raw)))

    async def _watch(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            pause = self._exchange.chat.poll_seconds * random.uniform(0.75, 1.25)  # noqa: S311 (spreads the load)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stirred.wait()
            self._stirred.clear()
            if self._after is None:
                continue
            try:
                await self._look(tasks, self._after)
            except SQLAlchemyError as error:  # a page stays connected while the database restarts
                log.warning("the web chat cannot look: %s", type(error).__name__)

    async def _look(self, tasks: asyncio.TaskGroup, after: int) -> None:
        glance = await anyio.to_thread.run_sync(self._exchange.look, self._key, after)
        for message in glance.messages:
            if self._after != after:  # the page resumed from elsewhere meanwhile
                return
            await self._send(message_frame(message))
            if self._after == after:
                self._after = after = message.id
        if glance.state != self._told:
            self._told = glance.state
            await self._send(glance.state)
        if len(glance.messages) == PAGE:
            self._stirred.set()
        self._follow(tasks, glance.conversation_id)

    def _follow(self, tasks: asyncio.TaskGroup, conversation_id: str | None) -> None:
        topic = conversation_id and f"conversation:{conversation_id}"
        if topic == self._topic:
            return
        if self._hints is not None:
            self._hints.cancel()
        self._topic = topic
        self._hints = tasks.create_task(self._heed(topic)) if topic else None

    async def _heed(self, topic: str) -> None:
        async with self._exchange.chat.bus.subscribe(topic) as hints:
            self._stirred.set()  # something may have been announced before we listened
            async for _ in hints:
                self._stirred.set()

    async def _send(self, frame: OutgoingFrame) -> None:
        async with self._sending, asyncio.timeout(SLOWEST):
            await self._websocket.send_json(frame_json(frame))
