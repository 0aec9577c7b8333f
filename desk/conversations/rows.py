"""Rows to model objects and back: what every action on conversations, messages and tickets shares.

The conversation's row is the lock of all that happens in it: every action updates that row first (`hold`). So actions
on one conversation follow each other on PostgreSQL as they do on SQLite. Messages of one conversation are committed in
the order of their ids. No two actions can wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from desk import sentences
from desk.errors import NotFound, TooLong
from desk.message_body import NO_BODY, MessageBody
from desk.model import (
    Applicant,
    Conversation,
    DeliveryState,
    Escalation,
    Holder,
    Message,
    Priority,
    Sender,
    Ticket,
    TicketState,
)
from desk.tables import accounts, applicants, conversations, messages, tickets

LIVE = (TicketState.QUEUED, TicketState.CLAIMED, TicketState.WAITING_FOR_APPLICANT)
OWNED = (TicketState.CLAIMED, TicketState.WAITING_FOR_APPLICANT)
LONGEST_TEXT = 8_000  # characters of one message; more than a screenful of a worried person's story
LONGEST_EXTERNAL_ID = 128


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message about to be stored."""

    sender: Sender
    text: str
    author: str = ""
    external_id: str | None = None
    body: MessageBody = NO_BODY
    handled_at: datetime | None = None


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return `text` as both databases can hold it: no NUL, no lone surrogate.

    Raises TooLong above `longest` characters.
    """
    if len(text) > longest:
        raise TooLong
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def hold(
    connection: Connection, conversation_id: str, at: datetime, *, was: Holder | None = None, to: Holder | None = None
) -> Conversation | None:
    """Lock a conversation until the transaction ends, and hand it from `was` to `to` where they are given.

    Return the conversation as it is now; None where it does not exist, or is not open in the hands of `was`.
    """
    change = {"updated_at": at} if to is None else {"updated_at": at, "holder": to}
    statement = update(conversations).where(conversations.c.id == conversation_id)
    if was is not None:
        statement = statement.where(conversations.c.holder == was, conversations.c.open)
    row = connection.execute(statement.values(change).returning(*conversations.c)).one_or_none()
    return None if row is None else conversation_of(row)


def insert_message(
    connection: Connection, conversation: Conversation, draft: MessageDraft, at: datetime, push: bool
) -> Message:
    """Store a message of a conversation this transaction holds; `push`: it has to be sent out (Telegram)."""
    values: dict[str, Any] = {
        "conversation_id": conversation.id,
        "applicant_id": conversation.applicant_id,
        "sender": draft.sender,
        "author": draft.author,
        "text": clean(draft.text),
        "body": draft.body.to_json(),
        "external_id": draft.external_id,
        "created_at": at,
        "handled_at": draft.handled_at,
        "delivery": DeliveryState.PENDING if push else DeliveryState.NONE,
    }
    row = connection.execute(insert(messages).values(values).returning(*messages.c)).one()
    return message_of(row, draft.body)


def stored_message(connection: Connection, applicant_id: str, external_id: str | None) -> Message | None:
    """Return the message already stored under this channel's own id, if any. Raises TooLong for a long id."""
    if external_id is None:
        return None
    if len(external_id) > LONGEST_EXTERNAL_ID:
        raise TooLong(sentences.MESSAGE_ID_TOO_LONG)
    where = (messages.c.applicant_id == applicant_id) & (messages.c.external_id == external_id)
    row = connection.execute(select(messages).where(where)).one_or_none()
    return None if row is None else message_of(row)


def find_conversation(connection: Connection, *where: ColumnElement[bool]) -> Conversation:
    """The one conversation that fits, or NotFound."""
    row = connection.execute(select(conversations).where(*where)).one_or_none()
    if row is None:
        raise NotFound
    return conversation_of(row)


def find_tickets(connection: Connection, *where: ColumnElement[bool], order: Sequence[Any] = ()) -> list[Ticket]:
    """The tickets that fit, with their owners' names."""
    statement = select(*tickets.c, accounts.c.display_name.label("owner_name")).select_from(
        tickets.outerjoin(accounts, accounts.c.id == tickets.c.owner_id)
    )
    return [ticket_of(row) for row in connection.execute(statement.where(*where).order_by(*order))]


def find_ticket(connection: Connection, ticket_id: str) -> Ticket:
    """One ticket, or NotFound."""
    found = find_tickets(connection, tickets.c.id == ticket_id)
    if not found:
        raise NotFound
    return found[0]


def latest_ticket(connection: Connection, conversation_id: str) -> Ticket | None:
    """A conversation's live ticket, else its newest, else None."""
    order = (tickets.c.state.in_(LIVE).desc(), tickets.c.queued_at.desc(), tickets.c.id)
    found = find_tickets(connection, tickets.c.conversation_id == conversation_id, order=order)
    return found[0] if found else None


def applicant_of(row: Row[Any]) -> Applicant:
    return Applicant(row.id, row.channel, row.key, row.display_name, "en" if row.locale == "en" else "zh")


def find_applicant(connection: Connection, applicant_id: str) -> Applicant:
    """One applicant, or NotFound."""
    row = connection.execute(select(applicants).where(applicants.c.id == applicant_id)).one_or_none()
    if row is None:
        raise NotFound
    return applicant_of(row)


def conversation_of(row: Row[Any]) -> Conversation:
    return Conversation(
        row.id, row.applicant_id, row.channel, row.open, Holder(row.holder), row.opened_at, row.updated_at
    )


def message_of(row: Row[Any], body: MessageBody | None = None) -> Message:
    """Return the message in a row; give `body` where it is known already."""
    sender, external_id = Sender(row.sender), row.external_id
    if sender is Sender.SPECIALIST and external_id is not None:
        external_id = external_id.partition(":")[2]  # stored under "<account>:", see desk/tickets/tickets.py
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        sender=sender,
        text=row.text,
        created_at=row.created_at,
        author=row.author,
        external_id=external_id,
        delivery=DeliveryState(row.delivery),
        body=MessageBody.from_json(row.body) if body is None else body,
    )


def ticket_of(row: Any) -> Ticket:
    return Ticket(
        id=row.id,
        conversation_id=row.conversation_id,
        state=TicketState(row.state),
        reason=Escalation(row.reason),
        priority=Priority(row.priority),
        priority_reason=row.priority_reason,
        owner_id=row.owner_id,
        owner_name=row.owner_name or "",
        epoch=row.epoch,
        queued_at=row.queued_at,
        claimed_at=row.claimed_at,
        first_reply_at=row.first_reply_at,
        resolved_at=row.resolved_at,
        due_on=row.due_on,
        rating=row.rating,
        summary=row.summary,
    )
