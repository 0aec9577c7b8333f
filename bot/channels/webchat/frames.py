"""Frames of the web chat: what a page may say, what it is told, and the check between."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, TypeAdapter, ValidationError

from desk.message_body import MessageBody
from desk.model import Holder, Message, Sender

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # PostgreSQL refuses NUL; the others show as nothing


class _Frame(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SayFrame(_Frame):
    """An applicant's message; the page keeps `client_message_id` until it is accepted, and resends under it.

    `label` is what stood on the button that was pressed, for people to read in place of the button's value.
    """

    type: Literal["say"] = "say"
    client_message_id: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")
    text: str
    label: str = Field(default="", max_length=200)
    locale: Literal["zh", "en"] = "zh"


class Resume(_Frame):
    """Asks for every message after the id `after`; 0 for the recent ones of a page just opened."""

    type: Literal["resume"] = "resume"
    after: int = Field(default=0, ge=0, lt=2**63)


class Ping(_Frame):
    """A page asking whether the line still holds."""

    type: Literal["ping"] = "ping"


@dataclass(frozen=True, slots=True)
class AcceptedFrame:
    """A message is committed under `id`; a resend of it gets the same answer."""

    client_message_id: str
    id: int
    type: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True)
class RefusedFrame:
    """A frame not taken, and the sentence its writer reads; it may be sent again after `retry_after` seconds."""

    reason: Literal["unreadable", "too_long", "empty", "too_fast", "not_stored", "not_ours", "no_cookie"]
    text: str
    client_message_id: str | None = None
    retry_after: float | None = None
    type: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True)
class StateFrame:
    """Who holds the conversation; in the queue: the place (1 is next) and the usual wait, where they are known."""

    holder: Holder = Holder.BOT
    specialist: str = ""
    position: int | None = None
    waiting_minutes: int | None = None
    type: Literal["state"] = "state"


@dataclass(frozen=True, slots=True)
class MessageFrame:
    """A message as an applicant's page is told it: nothing of the desk's own (delivery, conversation).

    `author` is a specialist's display name; `client_message_id` the page's own id of what it has said.
    `created_at` is an ISO date and time.
    """

    id: int
    sender: Sender
    author: str
    text: str
    body: Annotated[MessageBody, PlainSerializer(MessageBody.to_json)]
    created_at: str
    client_message_id: str | None
    type: Literal["message"] = "message"


@dataclass(frozen=True, slots=True)
class PongFrame:
    """The answer to a ping."""

    type: Literal["pong"] = "pong"


class _Named(_Frame):
    client_message_id: str = Field(max_length=64)


IncomingFrame = SayFrame | Resume | Ping
OutgoingFrame = AcceptedFrame | RefusedFrame | StateFrame | MessageFrame | PongFrame
_incoming: TypeAdapter[IncomingFrame] = TypeAdapter(Annotated[IncomingFrame, Field(discriminator="type")])
_outgoing: TypeAdapter[OutgoingFrame] = TypeAdapter(Annotated[OutgoingFrame, Field(discriminator="type")])
_say: TypeAdapter[SayFrame] = TypeAdapter(SayFrame)
_named: TypeAdapter[_Named] = TypeAdapter(_Named)


def read_frame(raw: str | bytes) -> IncomingFrame | None:
    """The frame in `raw` (JSON), or None where it is not one we know."""
    try:
        return _incoming.validate_json(raw)
    except (ValidationError, UnicodeEncodeError):
        return None


def read_say(raw: bytes) -> SayFrame | None:
    """The message posted over HTTP (JSON), or None where it is not one."""
    try:
        return _say.validate_json(raw)
    except ValidationError:
        return None


def message_id_of(raw: str | bytes) -> str | None:
    """The id of a message that is unreadable otherwise, so that its page can let it go."""
    try:
        return _named.validate_json(raw).client_message_id
    except ValidationError:
        return None


def clean(text: str) -> str:
    """The text without control characters and outer blanks; line ends as one line feed."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def frame_json(frame: OutgoingFrame) -> dict[str, Any]:
    """A frame as it goes over the line."""
    plain: dict[str, Any] = _outgoing.dump_python(frame, mode="json")
    return plain


def message_frame(message: Message) -> MessageFrame:
    """What an applicant's page is told of a message."""
    return MessageFrame(
        id=message.id,
        sender=message.sender,
        author=message.author if message.sender is Sender.SPECIALIST else "",
        text=message.text,
        body=message.body,
        created_at=message.created_at.isoformat(),
        client_message_id=message.external_id if message.sender is Sender.APPLICANT else None,
    )
