"""The terminal chat, in this process and through a running service."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.app import Helpdesk
from bot.commands.chat import ChatLine, DirectLine, ServiceLine, new_key, talk
from bot.handover.service import announced, running_service
from bot.web import create_app
from desk.model import Role
from tests.support.light_helpdesk import light
from tests.support.serving import serving


@pytest.fixture(params=["direct", "service"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Helpdesk, ChatLine]]:
    helpdesk = light(tmp_path)
    if request.param == "direct":
        yield helpdesk, DirectLine(helpdesk.conversations, helpdesk.inbox, new_key())
        helpdesk.close()
        return
    with serving(create_app(helpdesk)) as url, announced(tmp_path, url):
        service = running_service(tmp_path)
        assert service is not None
        assert service.pid == os.getpid()
        yield helpdesk, ServiceLine(service, new_key())
    helpdesk.close()


class Typist:
    """Types line after line, each once what the last one led to has been printed."""

    def __init__(self, *steps: tuple[str, str, Callable[[], None]]) -> None:
        self.steps, self.printed = list(steps), ""

    def write(self, text: str) -> None:
        self.printed += text + "\n"

    def read(self) -> str:
        if not self.steps:
            raise EOFError
        text, awaited, act = self.steps.pop(0)
        act()
        deadline = time.monotonic() + 15
        while awaited not in self.printed:
            assert time.monotonic() < deadline, f"{awaited!r} was not printed in {self.printed!r}"
            time.sleep(0.05)
        return text


def nothing() -> None: ...


def test_a_terminal_gets_answers_and_a_specialist(line: tuple[Helpdesk, ChatLine]) -> None:
    helpdesk, way = line

    def reply() -> None:
        account = helpdesk.accounts.create("zhou", "周敏", Role.SPECIALIST, "a long enough secret")[0]
        ticket = helpdesk.tickets.claim(helpdesk.tickets.queue()[0].id, account)
        helpdesk.tickets.post(ticket.id, account, ticket.epoch, "您好，我是周敏。", "m1")

    typist = Typist(
        ("食品经营许可", "您好", nothing),
        ("字" * 9000, "产权人", nothing),
        ("转人工", "太长", nothing),
        ("在吗", "您排在第一位", reply),
        ("/quit", "周敏：您好，我是周敏。", nothing),
    )
    talk(way, typist.read, typist.write)
    assert "依据：《江湾区食品经营许可办事指南》" in typist.printed
    assert "[转人工] /human" in typist.printed
