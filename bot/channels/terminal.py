"""The bot in a terminal: what is typed goes in, what is new is printed, a specialist's messages among it."""

import secrets
import threading
from collections.abc import Callable
from typing import Any, Protocol

from bot.app import Helpdesk
from bot.handover import HandoverFailed, Service
from bot.replies import plain_text
from bot.texts import CHINESE
from desk.errors import TooLong
from desk.model import Message, Sender

CHANNEL = "terminal"
_POLL = 0.3  # seconds between looks for news
_PATIENCE = 20.0  # seconds the prompt waits for an answer
_LEAVE = ("/quit", "/exit")

Said = dict[str, Any]  # {"id", "sender", "author", "text", "body"}


class Line(Protocol):
    """The way to the helpdesk: in this process, or through the running service."""

    def say(self, text: str) -> None:
        """Hand in one message."""

    def news(self, after: int) -> list[Said]:
        """Messages to this applicant with an id above `after`."""


class DirectLine:
    """Talks to a house in this process, and does the inbox's work itself."""

    def __init__(self, helpdesk: Helpdesk, key: str) -> None:
        self._helpdesk, self._key = helpdesk, key

    def say(self, text: str) -> None:
        self._helpdesk.inbox.handle(said(self._helpdesk, self._key, text))

    def news(self, after: int) -> list[Said]:
        return news(self._helpdesk, self._key, after)


class ServiceLine:
    """Talks through the running service."""

    def __init__(self, service: Service, key: str) -> None:
        self._service, self._key = service, key

    def say(self, text: str) -> None:
        list(self._service.stream("say", {"key": self._key, "text": text}))

    def news(self, after: int) -> list[Said]:
        lines = self._service.stream("news", {"key": self._key, "after": after})
        return next(line["done"]["messages"] for line in lines if "done" in line)


def new_key() -> str:
    """A key for one chat: every start of `laofashi chat` is another applicant."""
    return secrets.token_hex(8)


def said(helpdesk: Helpdesk, key: str, text: str) -> Message:
    """Store what was typed; raises TooLong."""
    applicant = helpdesk.conversations.applicant(CHANNEL, key, "终端")
    return helpdesk.conversations.accept(applicant, text, secrets.token_hex(8)).message


def news(helpdesk: Helpdesk, key: str, after: int) -> list[Said]:
    """What the applicant of this chat was told after message `after`."""
    applicant = helpdesk.conversations.applicant(CHANNEL, key, "终端")
    conversation = helpdesk.conversations.open_conversation(applicant.id)
    if conversation is None:
        return []
    found = helpdesk.conversations.messages(conversation.id, after)
    return [
        {"id": each.id, "sender": str(each.sender), "author": each.author, "text": each.text, "body": each.body}
        for each in found
        if each.sender is not Sender.APPLICANT
    ]


def shown(said: Said) -> str:
    """One message as text, its buttons as words to type."""
    who = said["author"] or {"bot": "机器人", "system": "系统"}.get(said["sender"], "")
    choices = "".join(f"\n  [{each['label']}] {each['value']}" for each in said["body"].get("buttons", ()))
    return f"{who}：{plain_text(said['text'], said['body'])}{choices}"


def talk(line: Line, read: Callable[[], str], write: Callable[[str], None]) -> None:
    """Read lines with `read` until EOFError or /quit, `write` what comes back."""
    stopping, told = threading.Event(), threading.Event()

    def listen() -> None:
        last = 0
        while not stopping.wait(_POLL):
            try:
                fresh = line.news(last)
            except HandoverFailed as error:
                return write(str(error))
            for each in fresh:
                last = each["id"]
                write(shown(each))
                told.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    write(CHINESE.welcome)
    try:
        while (text := read().strip()) not in _LEAVE:
            told.clear()
            if text and _handed_in(line, text, write):
                told.wait(_PATIENCE)
    except EOFError:
        pass
    stopping.set()
    listener.join(timeout=5)


def _handed_in(line: Line, text: str, write: Callable[[str], None]) -> bool:
    try:
        line.say(text)
    except (TooLong, HandoverFailed) as error:
        write(str(error))
        return False
    return True
