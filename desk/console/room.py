"""The shared-screen room: its page, the applicant's consent, and the two browsers' signals over the bus.

The bus carries signals between the two sockets, whichever processes hold them. A lost signal costs a second: browsers
that are not connected greet each other again. Neither picture nor sound passes here; they go from browser to browser.
"""

import asyncio
import contextlib
import json
import secrets
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import Response

from desk.errors import DeskError, NotFound
from desk.model import ScreenShareSession, ShareState
from desk.tickets.screenshare import ShareSide
from desk.web.deps import Deps
from desk.web.guard import DeskRoute
from desk.web.live import cancelled
from desk.web.origin import same_origin
from desk.web.templates import Pages

LOOKED_AT_EVERY = 3.0  # seconds between looks whether the session still goes on
OVER = {ShareState.ENDED, ShareState.DECLINED, ShareState.EXPIRED}
_SIGNALS = {"hello", "welcome", "description", "candidate"}
_LONGEST_SIGNAL = 64_000  # characters; a session description has some thousands
_PASSED_ON = ("type", "id", "to", "description", "candidate")


class Room:
    """One browser's socket in one session's room."""

    def __init__(self, deps: Deps, socket: WebSocket, token: str, session: ScreenShareSession, side: ShareSide) -> None:
        self._deps, self._socket, self._token, self._session, self._side = deps, socket, token, session, side
        self._topic, self._connection = f"room:{session.id}", secrets.token_hex(8)
        self._window = socket.query_params.get("window", "")[:64]
        self._state = session.state

    async def run(self) -> None:
        """Serve the socket until the browser goes or the session is over; the browser is told either way."""
        async with self._deps.bus.subscribe(self._topic) as hints:
            await self._socket.send_json({"type": "ready", "state": self._state})
            await self._publish({"type": "arrived", "window": self._window})
            tasks = [asyncio.create_task(work) for work in (self._hear(hints), self._listen(), self._look())]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await cancelled(*tasks)

    async def _listen(self) -> None:
        while True:
            text = await self._socket.receive_text()
            signal = _signal(text)
            if signal is not None:
                await self._publish(signal)

    async def _publish(self, signal: dict[str, Any]) -> None:
        stamped = {**signal, "from": self._connection, "side": self._side}
        await anyio.to_thread.run_sync(self._deps.bus.publish, self._topic, stamped)

    async def _hear(self, hints: Any) -> None:
        async for _topic, hint in hints:
            if "type" not in hint:  # a hint of the desk itself: the session's state may have changed
                if await self._over():
                    return
            elif hint["from"] == self._connection:
                continue
            elif hint["side"] != self._side:
                await self._both_here()
                if hint["type"] != "arrived":
                    await self._socket.send_json(hint)
            elif hint["type"] == "arrived":  # this side came again: reconnected, or in a second window
                if hint["window"] != self._window:
                    await self._socket.send_json({"type": "replaced"})
                return

    async def _both_here(self) -> None:
        if self._state is ShareState.LIVE or await self._over():
            return
        with contextlib.suppress(DeskError):  # the other process was faster
            await anyio.to_thread.run_sync(self._deps.shares.started, self._token)

    async def _look(self) -> None:
        while True:
            if await self._over():
                return
            await asyncio.sleep(LOOKED_AT_EVERY)

    async def _over(self) -> bool:
        """Look at the session and tell the browser what changed; return whether the session is over."""
        state = await anyio.to_thread.run_sync(self._deps.shares.state_of, self._session.id)
        if state is not self._state:
            self._state = state
            await self._socket.send_json({"type": "state", "state": state})
        return state in OVER


def _signal(text: str) -> dict[str, Any] | None:
    """Return the signal one browser may send the other, or None for any other text."""
    with contextlib.suppress(ValueError):
        said = json.loads(text) if len(text) <= _LONGEST_SIGNAL else None
        if isinstance(said, dict) and said.get("type") in _SIGNALS:
            return {key: said[key] for key in _PASSED_ON if key in said}
    return None


class RoomPages:
    """The room's page and its three decisions. The token in the address is the right to be there."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._pages = deps, Pages()

    def page(self, token: str, request: Request) -> Response:
        """Show the room. This changes nothing, since messengers open links to show a preview."""
        try:
            session, side = self._deps.shares.enter(token)
        except NotFound:
            return self._pages.notice(request, 410, "dead_title", "dead_text")
        asked = side is ShareSide.APPLICANT and session.state is ShareState.REQUESTED
        settings = {
            "side": side,
            "state": session.state,
            "meeting": bool(session.meeting_url),
            "meeting_url": "" if asked else session.meeting_url,
            "ice_servers": list(self._deps.ice_servers),
        }
        return self._pages.render(request, "room/room.html", settings=settings)

    def consent(self, token: str) -> dict[str, Any]:
        session = self._deps.shares.consent(token)
        return {"state": session.state, "meeting_url": session.meeting_url}

    def decline(self, token: str) -> dict[str, Any]:
        return {"state": self._deps.shares.decline(token).state}

    def end(self, token: str) -> dict[str, Any]:
        try:
            return {"state": self._deps.shares.end(token).state}
        except NotFound:  # the other side was faster
            return {"state": ShareState.ENDED}


def router(deps: Deps) -> APIRouter:
    """/room/{token}, what is decided there, and its socket."""
    pages, routes = RoomPages(deps), APIRouter(route_class=DeskRoute, include_in_schema=False)
    routes.get("/room/{token}")(pages.page)
    routes.post("/room/{token}/consent")(pages.consent)
    routes.post("/room/{token}/decline")(pages.decline)
    routes.post("/room/{token}/end")(pages.end)

    @routes.websocket("/room/{token}/ws")
    async def room(socket: WebSocket, token: str) -> None:
        await socket.accept()
        try:
            session, side = await anyio.to_thread.run_sync(deps.shares.enter, token)
        except NotFound:
            await socket.send_json({"type": "state", "state": ShareState.ENDED})
            await socket.close()
            return
        early = side is ShareSide.APPLICANT and session.state is ShareState.REQUESTED  # consent comes first
        if not early and same_origin(socket.headers, deps.public_url):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await Room(deps, socket, token, session, side).run()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.close()

    return routes
