"""kill -9 of the web chat's process at random instants: what was accepted is stored, once, in the order written."""

import contextlib
import json
import random
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from bot.channels.webchat.identity import COOKIE
from desk.model import Sender
from desk.tables import messages
from knowledge.database import connect_database, metadata
from tests.support.serving import free_port

WRITERS = 4


class Service:
    """The process, started again after every kill."""

    def __init__(self, database: str, *manners: str) -> None:
        self.port, self.stopping = free_port(), threading.Event()
        self._command = [sys.executable, "-m", "tests.support.fakes.chat_service", database, str(self.port), *manners]
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        self.kill()
        self._process = self._start()


class Writer(threading.Thread):
    """A page: says one thing after the other, each until it is accepted, through every cut."""

    def __init__(self, service: Service, name: str) -> None:
        super().__init__(name=name)
        self.service, self.accepted, self.error = service, list[str](), None
        self._headers = {
            "Origin": f"http://127.0.0.1:{service.port}",
            "Cookie": f"{COOKIE}={secrets.token_urlsafe(32)}",
        }

    def run(self) -> None:
        number = 0
        while not self.service.stopping.is_set():
            words = f"{self.name} 第 {number} 句"
            frame = {"type": "say", "client_message_id": secrets.token_hex(16), "text": words}
            while not self.service.stopping.is_set():
                with contextlib.suppress(OSError, WebSocketException), self._line() as line:
                    number += self._insist(line, frame, words)
                    break

    def _line(self) -> ClientConnection:
        return connect(f"ws://127.0.0.1:{self.service.port}/chat/ws", additional_headers=self._headers, open_timeout=5)

    def _insist(self, line: ClientConnection, frame: dict[str, Any], words: str) -> int:
        line.send(json.dumps(frame))
        while json.loads(line.recv(timeout=10))["type"] != "accepted":
            pass
        self.accepted.append(words)
        return 1


@contextlib.contextmanager
def writing_to(service: Service) -> Iterator[list[Writer]]:
    writers = [Writer(service, f"写者{n}") for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        service.stopping.set()
        for writer in writers:
            writer.join(timeout=30)
        service.kill()


def survive(database: str, kills: int, *manners: str) -> tuple[list[list[str]], list[list[str]]]:
    """What each writer was told is accepted, and what is stored of each, after so many kills."""
    engine, chance = connect_database(database), random.Random(11)
    metadata.create_all(engine)
    with writing_to(Service(database, *manners)) as writers:
        for _ in range(kills):
            told = sum(len(writer.accepted) for writer in writers)
            wait_until(lambda told=told: sum(len(writer.accepted) for writer in writers) >= told + WRITERS)
            time.sleep(chance.uniform(0, 0.1))
            writers[0].service.restart()
    with engine.connect() as connection:
        own = select(messages.c.text).where(messages.c.sender == Sender.APPLICANT).order_by(messages.c.id)
        stored = connection.execute(own).scalars().all()
    engine.dispose()
    return [writer.accepted for writer in writers], [
        [text for text in stored if text.startswith(writer.name)] for writer in writers
    ]


def wait_until(true: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.mark.parametrize("kills", [3, pytest.param(30, marks=pytest.mark.soak)])
def test_accepted_is_stored_once_and_in_order(tmp_path: Path, kills: int) -> None:
    accepted, stored = survive(f"sqlite:///{tmp_path}/killed.db", kills)
    for told, kept in zip(accepted, stored, strict=True):
        assert len(told) >= kills
        assert kept[: len(told)] == told
        assert len(kept) <= len(told) + 1  # the last one may be stored and its acknowledgement cut off


def test_acknowledging_before_storing_would_lose(tmp_path: Path) -> None:
    """The negative control: the same kills, against a chat that acknowledges first."""
    accepted, stored = survive(f"sqlite:///{tmp_path}/hasty.db", 3, "hasty")
    assert any(set(told) - set(kept) for told, kept in zip(accepted, stored, strict=True))
