"""The terminal channel: it stores typed lines and returns new messages, including a specialist's."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from desk.conversations.conversations import Conversations
from desk.message_body import MessageBody
from desk.model import Message, Sender

CHANNEL = "terminal"


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A message to the applicant of a terminal."""

    id: int
    sender: Sender
    author: str
    text: str
    body: MessageBody


_ITEMS = TypeAdapter(list[NewsItem])


def said(conversations: Conversations, key: str, text: str) -> Message:
    """Store a typed line. Raises TooLong."""
    applicant = conversations.applicant(CHANNEL, key, "终端")
    return conversations.accept(applicant, text, secrets.token_hex(8)).message


def news(conversations: Conversations, key: str, after: int) -> list[NewsItem]:
    """Return the messages that this chat's applicant got after message `after`."""
    applicant = conversations.applicant(CHANNEL, key, "终端")
    conversation = conversations.open_conversation(applicant.id)
    if conversation is None:
        return []
    found = conversations.messages(conversation.id, after)
    return [
        NewsItem(each.id, each.sender, each.author, each.text, each.body)
        for each in found
        if each.sender is not Sender.APPLICANT
    ]


def news_json(items: Iterable[NewsItem]) -> list[dict[str, Any]]:
    """Return news as the JSON that the running service sends to `laofashi chat`."""
    plain: list[dict[str, Any]] = _ITEMS.dump_python(list(items), mode="json")
    return plain


def read_news(told: list[dict[str, Any]]) -> list[NewsItem]:
    """Read back what `news_json` made."""
    return _ITEMS.validate_python(told)
