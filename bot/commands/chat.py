"""The command that chats in a terminal: it reads lines and prints new messages."""

import secrets
import threading
from collections.abc import Callable
from typing import Protocol

from bot.channels.terminal import NewsItem, news, read_news, said
from bot.dialogue.replies import plain_text
from bot.dialogue.texts import CHINESE
from bot.handover.requests import NewsRequest, SayRequest
from bot.handover.service import HandoverFailed, Service
from bot.workers.inbox import Inbox
from desk.conversations.conversations import Conversations
from desk.errors import TooLong
from desk.model import Sender

_POLL = 0.3  # seconds between two looks for new messages

_PATIENCE = 20.0  # seconds the prompt waits for an answer

_LEAVE = ("/quit", "/exit")


class ChatLine(Protocol):
    """A way to the helpdesk: in this process, or through the running service."""

    def say(self, text: str) -> None:
        """Hand in one message."""

    def news(self, after: int) -> list[NewsItem]:
        """Return the messages to this applicant with an id above `after`."""


class DirectLine:
    """Talks to a helpdesk in this process, and does the inbox's work itself."""

    def __init__(self, conversations: Conversations, inbox: Inbox, key: str) -> None:
        self._conversations, self._inbox, self._key = conversations, inbox, key

    def say(self, text: str) -> None:
        self._inbox.handle(said(self._conversations, self._key, text))

    def news(self, after: int) -> list[NewsItem]:
        return news(self._conversations, self._key, after)


class ServiceLine:
    """Talks through the running service."""

    def __init__(self, service: Service, key: str) -> None:
        self._service, self._key = service, key

    def say(self, text: str) -> None:
        list(self._service.stream("say", SayRequest(self._key, text)))

    def news(self, after: int) -> list[NewsItem]:
        lines = self._service.stream("news", NewsRequest(self._key, after))
        return read_news(next(line["done"]["messages"] for line in lines if "done" in line))


def new_key() -> str:
    """Return a key for one chat. Every start of `laofashi chat` is another applicant."""
    return secrets.token_hex(8)


def message_text(said: NewsItem) -> str:
    """Return one message as text, with its buttons as words to type."""
    who = said.author or {Sender.BOT: "机器人", Sender.SYSTEM: "系统"}.get(said.sender, "")
    choices = "".join(f"\n  [{each.label}] {each.value}" for each in said.body.buttons)
    return f"{who}：{plain_text(said.text, said.body)}{choices}"


def talk(line: ChatLine, read: Callable[[], str], write: Callable[[str], None]) -> None:
    """Read lines with `read` until EOFError or /quit, and `write` the replies."""
    stopping, told = threading.Event(), threading.Event()

    def listen() -> None:
        last = 0
        while not stopping.wait(_POLL):
            try:
                fresh = line.news(last)
            except HandoverFailed as error:
                return write(str(error))
            for each in fresh:
                last = each.id
                write(message_text(each))
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


def _handed_in(line: ChatLine, text: str, write: Callable[[str], None]) -> bool:
    try:
        line.say(text)
    except (TooLong, HandoverFailed) as error:
        write(str(error))
        return False
    return True
