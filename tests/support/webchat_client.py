"""A web chat page without a browser: its cookie, its socket, its plain requests."""

import json
import socket
import struct
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import Engine, func, select
from websockets.sync.client import ClientConnection, connect

from bot.channels.webchat.identity import COOKIE
from desk.model import Sender
from desk.tables import messages

Frame = dict[str, Any]


class Applicant:
    """A browser with its cookie; `tab()` opens a page's socket in it."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address = address
        self.token = token or httpx.get(address).cookies[COOKIE]

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.address, "Cookie": f"{COOKIE}={self.token}"}

    @contextmanager
    def tab(self, after: int = 0) -> Iterator["Tab"]:
        url = self.address.replace("http", "ws") + "/chat/ws"
        with connect(url, additional_headers=self.headers, max_size=None) as line:
            tab = Tab(line)
            tab.send({"type": "resume", "after": after})
            tab.until(lambda frame: frame["type"] == "state")
            yield tab

    def say(self, words: str, client_message_id: str | None = None) -> httpx.Response:
        return httpx.post(self.address + "/chat/messages", json=said(words, client_message_id), headers=self.headers)

    def shown(self, after: int = 0) -> list[Frame]:
        answer = httpx.get(self.address + "/chat/messages", params={"after": after}, headers=self.headers)
        found: list[Frame] = answer.json()["messages"]
        return found


class Tab:
    """A page's socket; every frame it hears is kept in `heard`."""

    def __init__(self, line: ClientConnection) -> None:
        self.line, self.heard = line, list[Frame]()

    def send(self, frame: Frame | str | bytes) -> None:
        self.line.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    def say(self, words: str, client_message_id: str | None = None) -> Frame:
        """Send a message; the server's verdict on it."""
        frame = said(words, client_message_id)
        self.send(frame)
        return self.until(lambda f: f.get("client_message_id") == frame["client_message_id"] and f["type"] != "message")

    def until(self, fits: Callable[[Frame], bool], timeout: float = 5) -> Frame:
        deadline = time.monotonic() + timeout
        while True:
            self.heard.append(json.loads(self.line.recv(timeout=max(0.0, deadline - time.monotonic()))))
            if fits(self.heard[-1]):
                return self.heard[-1]

    def message(self, sender: Sender) -> Frame:
        return self.until(lambda frame: frame["type"] == "message" and frame["sender"] == sender)

    def lives(self) -> bool:
        self.send({"type": "ping"})
        return self.until(lambda frame: frame["type"] == "pong") is not None

    def cut(self) -> None:
        """Break the connection as a dead network does: nothing is said, what is under way is lost."""
        self.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.line.socket.close()


def said(words: str, client_message_id: str | None = None) -> Frame:
    return {"type": "say", "client_message_id": client_message_id or str(uuid.uuid4()), "text": words}


def stored(engine: Engine, words: str | None = None) -> int:
    where = messages.c.sender == Sender.APPLICANT
    where = where if words is None else where & (messages.c.text == words)
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(messages).where(where)).scalar_one()


def eventually(true: Callable[[], bool], timeout: float = 5) -> None:
    deadline = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
