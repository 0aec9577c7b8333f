"""Words of the desk: conversations, messages, tickets, screen-share sessions, accounts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from desk.message_body import NO_BODY, MessageBody

Locale = Literal["zh", "en"]  # the languages in which people are told things


class Holder(StrEnum):
    """Who holds a conversation now: exactly one of these three."""

    BOT = "bot"
    QUEUE = "queue"
    SPECIALIST = "specialist"


class Sender(StrEnum):
    """Who wrote a message."""

    APPLICANT = "applicant"
    BOT = "bot"
    SPECIALIST = "specialist"
    SYSTEM = "system"


class DeliveryState(StrEnum):
    """How far an outgoing message has come in a push channel (Telegram). A message at NONE needs no sending."""

    NONE = "none"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"  # the send was cut off: it may or may not have arrived, and is never repeated silently
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # a bot message overtaken by a specialist's claim


class Escalation(StrEnum):
    """Why a conversation goes to a specialist (转人工)."""

    ASKED = "asked"
    ABSTAINED = "abstained"
    REPEATED = "repeated"
    GREEN_CHANNEL = "green_channel"
    COMPLAINT = "complaint"
    RATED_BADLY = "rated_badly"


class TicketState(StrEnum):
    """Where a ticket (工单) stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    WAITING_FOR_APPLICANT = "waiting_for_applicant"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Priority(StrEnum):
    """Order in the queue: danger to life before all, then the green channel (绿色通道)."""

    EMERGENCY = "emergency"
    GREEN_CHANNEL = "green_channel"
    NORMAL = "normal"


class Role(StrEnum):
    """What an account may do; an administrator may do everything a specialist may."""

    SPECIALIST = "specialist"
    ADMINISTRATOR = "administrator"


class ShareState(StrEnum):
    """Where a screen-share session (屏幕共享) stands."""

    REQUESTED = "requested"
    CONSENTED = "consented"
    LIVE = "live"
    ENDED = "ended"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Account:
    """A specialist or administrator; `name` is what he signs in with."""

    id: str
    name: str
    display_name: str
    role: Role
    disabled: bool
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person on one channel (申请人); `key` is the channel's own identifier of him."""

    id: str
    channel: str
    key: str
    display_name: str
    locale: Locale


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation (会话). An applicant has at most one open."""

    id: str
    applicant_id: str
    channel: str
    open: bool
    holder: Holder
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """A message (消息). `id` rises within and across conversations. Applicants see `author`."""

    id: int
    conversation_id: str
    sender: Sender
    text: str
    created_at: datetime
    author: str = ""
    external_id: str | None = None
    delivery: DeliveryState = DeliveryState.NONE
    body: MessageBody = NO_BODY


@dataclass(frozen=True, slots=True)
class Ticket:
    """A matter for a specialist (工单).

    `epoch` rises at every change of owner. A write that carries an old epoch is refused with StaleOwner.
    """

    id: str
    conversation_id: str
    state: TicketState
    reason: Escalation
    priority: Priority
    priority_reason: str
    owner_id: str | None
    owner_name: str
    epoch: int
    queued_at: datetime
    claimed_at: datetime | None
    first_reply_at: datetime | None
    resolved_at: datetime | None
    due_on: date | None
    rating: int | None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class ScreenShareSession:
    """One shared-screen meeting for one ticket; its links die when it ends or expires."""

    id: str
    ticket_id: str
    conversation_id: str
    state: ShareState
    requested_at: datetime
    expires_at: datetime
    meeting_url: str = ""  # a configured Jitsi room; "" for the built-in room
