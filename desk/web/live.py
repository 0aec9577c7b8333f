"""The staff's live socket: hints that something changed; the page fetches the facts, and looks by itself as well."""

import asyncio
import contextlib
import json
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from desk.accounts.accounts import SignIn
from desk.errors import DeskError
from desk.model import Role
from desk.web.deps import Deps
from desk.web.guard import may, signed_in
from desk.web.origin import same_origin

CHECKED_EVERY = 30.0  # seconds between looks whether the session still stands
SIGNED_OUT = 4401  # close code the page answers with the sign-in page
_LONGEST_MESSAGE = 1_000


class LiveSocket:
    """One signed-in browser's socket; on demand it also watches one conversation the account may see."""

    def __init__(self, deps: Deps, socket: WebSocket, me: SignIn) -> None:
        self._deps, self._socket, self._me = deps, socket, me
        self._watching: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve the socket until the browser goes or the session ends."""
        topics = ["queue", "inbox", "deliveries"] + (
            ["documents", "words"] if may(self._me, Role.ADMINISTRATOR) else []
        )
        tasks = [asyncio.create_task(work) for work in (self._pass_on(*topics), self._listen(), self._check())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancelled(*tasks, self._watching)

    async def _pass_on(self, *topics: str) -> None:
        async with self._deps.bus.subscribe(*topics) as hints:
            async for topic, _payload in hints:
                await self._socket.send_json({"topic": topic})

    async def _listen(self) -> None:
        while True:
            text = await self._socket.receive_text()
            asked = _object(text)
            if "watch" in asked:
                await self._watch(asked["watch"])

    async def _watch(self, conversation_id: Any) -> None:
        await cancelled(self._watching)
        self._watching = None
        if not isinstance(conversation_id, str):
            return
        with contextlib.suppress(DeskError):  # not his to see: he hears nothing
            see = self._deps.access.conversation_for
            await anyio.to_thread.run_sync(see, self._me.account, conversation_id)
            self._watching = asyncio.create_task(self._pass_on(f"conversation:{conversation_id}"))

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECKED_EVERY)
            if await anyio.to_thread.run_sync(self._deps.accounts.who, self._me.token) is None:
                await self._socket.close(SIGNED_OUT)
                return


async def cancelled(*tasks: "asyncio.Task[None] | None") -> None:
    """Stop these tasks and wait until they have; a browser that went away is no error."""
    for task in filter(None, tasks):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await task


def _object(text: str) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        value = json.loads(text) if len(text) <= _LONGEST_MESSAGE else None
        if isinstance(value, dict):
            return value
    return {}


def router(deps: Deps) -> APIRouter:
    """The socket /desk/live."""
    routes = APIRouter()

    @routes.websocket("/desk/live")
    async def live(socket: WebSocket) -> None:
        me = await anyio.to_thread.run_sync(signed_in, deps.accounts, socket)
        await socket.accept()
        if me is None or me.account.must_change_password or not same_origin(socket.headers, deps.public_url):
            await socket.close(SIGNED_OUT)
            return
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the browser is gone already
            await LiveSocket(deps, socket, me).run()
            await socket.close()

    return routes
