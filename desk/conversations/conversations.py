"""Conversations: take an applicant's message in, put the bot's replies out, say who holds the conversation."""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.bus import Bus
from desk.conversations.action import PUSH_CHANNELS, Action, Actions
from desk.conversations.rows import (
    MessageDraft,
    applicant_of,
    clean,
    conversation_of,
    find_applicant,
    find_conversation,
    insert_message,
    latest_ticket,
    message_of,
    stored_message,
)
from desk.errors import NotFound
from desk.message_body import NO_BODY, MessageBody
from desk.model import Applicant, Conversation, Holder, Locale, Message, Sender, Ticket, TicketState
from desk.tables import OPEN, UNHANDLED, answer_records, applicants, conversations, messages, tickets
from knowledge.database import reading, writing

_ATTEMPTS = 5  # at opening a conversation that somebody else opens at the same instant


@dataclass(frozen=True, slots=True)
class Accepted:
    """An applicant's message as stored; `repeated`: it had been stored before, and nothing changed."""

    message: Message
    conversation: Conversation
    repeated: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What the answer to a message depends on.

    `earlier`: the messages before it, oldest first; `ticket`: the live one of its conversation, else the newest;
    `attempts`: at handling it, this one included.
    """

    conversation: Conversation
    applicant: Applicant
    ticket: Ticket | None
    earlier: tuple[Message, ...]
    attempts: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply of the bot, or a notice of the system (`Sender.SYSTEM`), not stored yet.

    `record` is what it rests on (desk/answers/records.py), kept beside it.
    """

    sender: Sender
    text: str
    body: MessageBody = NO_BODY
    record: dict[str, Any] | None = None


class Conversations:
    """Takes messages in and puts them out; every change commits before it is announced.

    The topics are `conversation:<id>` for new messages, `inbox` for what has to be handled, `deliveries` for what has
    to be sent.
    """

    def __init__(
        self,
        engine: Engine,
        bus: Bus,
        clock: Callable[[], datetime],
        push_channels: Collection[str] = PUSH_CHANNELS,
    ) -> None:
        self._engine, self._bus, self._clock = engine, bus, clock
        self._actions = Actions(engine, bus, clock, push_channels)

    def applicant(self, channel: str, key: str, display_name: str = "", locale: Locale = "zh") -> Applicant:
        """Return the applicant a channel knows as `key`; create him on first sight."""
        found = self.known(channel, key)
        if found is not None:
            return found
        made = Applicant(secrets.token_hex(8), channel, key, clean(display_name), locale)
        values = {"id": made.id, "channel": channel, "key": key, "display_name": made.display_name, "locale": locale}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(applicants).values(**values, created_at=self._clock()))
        except IntegrityError:  # somebody else made it in between
            return self.applicant(channel, key)
        return made

    def known(self, channel: str, key: str) -> Applicant | None:
        """Return the applicant a channel knows as `key`, if he has written before. Nothing is created."""
        where = (applicants.c.channel == channel) & (applicants.c.key == key)
        with reading(self._engine) as connection:
            row = connection.execute(select(applicants).where(where)).one_or_none()
        return None if row is None else applicant_of(row)

    def speaks(self, applicant: Applicant, locale: Locale) -> Applicant:
        """Answer the applicant in this language from now on; return him as changed."""
        if applicant.locale == locale:
            return applicant
        with writing(self._engine) as connection:
            connection.execute(update(applicants).where(applicants.c.id == applicant.id).values(locale=locale))
        return replace(applicant, locale=locale)

    def accept(self, applicant: Applicant, text: str, external_id: str | None, body: MessageBody = NO_BODY) -> Accepted:
        """Store an applicant's message, in a new conversation where none is open. It is on disk when this returns.

        `external_id` is the channel's own id of the message: the same id again stores nothing and returns the stored
        message. A ticket that waits for the applicant becomes CLAIMED again. Raises TooLong.
        """
        draft = MessageDraft(Sender.APPLICANT, clean(text), applicant.display_name, external_id, body)
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._announced(self._accept(applicant, draft))
            except IntegrityError:  # the same message, or the first of a new conversation, came in twice at once
                continue
        return self._announced(self._accept(applicant, draft))

    def _accept(self, applicant: Applicant, draft: MessageDraft) -> Accepted:
        at = self._clock()
        with writing(self._engine) as connection:
            conversation = self._held_open(connection, applicant, at)
            stored = stored_message(connection, applicant.id, draft.external_id)
            if stored is not None:
                where = conversations.c.id == stored.conversation_id
                return Accepted(stored, find_conversation(connection, where), repeated=True)
            if conversation is None:
                conversation = _opened(connection, applicant, at)
            _resume_waiting(connection, conversation)
            return Accepted(insert_message(connection, conversation, draft, at, push=False), conversation, False)

    def _held_open(self, connection: Connection, applicant: Applicant, at: datetime) -> Conversation | None:
        where = (conversations.c.applicant_id == applicant.id) & OPEN
        statement = update(conversations).where(where).values(updated_at=at).returning(*conversations.c)
        row = connection.execute(statement).one_or_none()
        return None if row is None else conversation_of(row)

    def _announced(self, accepted: Accepted) -> Accepted:
        if not accepted.repeated:
            self._bus.publish(f"conversation:{accepted.conversation.id}", {"message": accepted.message.id})
            self._bus.publish("inbox", {"message": accepted.message.id})
        return accepted

    def unhandled(self, limit: int) -> list[Message]:
        """Return applicants' messages that nobody has dealt with yet, oldest first."""
        return self._messages(select(messages).where(UNHANDLED).order_by(messages.c.id).limit(limit))

    def to_answer(self, message_id: int, earlier: int, attempts: int) -> Unanswered:
        """Count one more attempt at handling a message, and read what its answer depends on, in one transaction.

        It reads at most `earlier` messages before it. After more than `attempts` it reads none, as one of them may be
        what fails. Raises NotFound.
        """
        counted = update(messages).where(messages.c.id == message_id).values(attempts=messages.c.attempts + 1)
        with writing(self._engine) as connection:
            asked = connection.execute(counted.returning(messages.c.conversation_id, messages.c.attempts)).one_or_none()
            if asked is None:
                raise NotFound
            conversation = find_conversation(connection, conversations.c.id == asked.conversation_id)
            applicant = find_applicant(connection, conversation.applicant_id)
            ticket = latest_ticket(connection, conversation.id)
            where = (messages.c.conversation_id == conversation.id) & (messages.c.id < message_id)
            newest = select(messages).where(where).order_by(messages.c.id.desc())
            rows = connection.execute(newest.limit(earlier if asked.attempts <= attempts else 0)).all()
        told = tuple(message_of(row) for row in reversed(rows))  # counted first: it may fail
        return Unanswered(conversation, applicant, ticket, told, asked.attempts)

    def _handle(self, connection: Connection, message_id: int) -> bool:
        where = (messages.c.id == message_id) & messages.c.handled_at.is_(None)
        return connection.execute(update(messages).where(where).values(handled_at=self._clock())).rowcount == 1

    def reply(
        self,
        conversation_id: str,
        replies: Sequence[Outgoing],
        answered: int | None,
        meant_for: Holder | None = None,
    ) -> list[Message]:
        """Store replies and mark the message they answer as handled, both or neither. Return what was stored.

        Nothing is stored where `answered` was handled before (it is answered at most once). Replies of the bot are
        dropped unless the bot holds the conversation at this very moment. `meant_for` is the holder the replies
        were made for: all of them are dropped where another holds it now. Raises NotFound, TooLong.
        """
        drafts = [(_draft(outgoing), outgoing.record) for outgoing in replies]
        with self._actions.on_conversation(conversation_id) as action:
            if answered is not None and not self._handle(action.connection, answered):
                return []
            holder = action.conversation.holder
            if meant_for not in (None, holder):
                return []
            bots_too = holder is Holder.BOT
            told = [each for each in drafts if bots_too or each[0].sender is not Sender.BOT]
            return [_said(action, draft, record) for draft, record in told]

    def message(self, message_id: int) -> Message:
        """Return one message. Raises NotFound."""
        found = self._messages(select(messages).where(messages.c.id == message_id))
        if not found:
            raise NotFound
        return found[0]

    def messages(self, conversation_id: str, after: int = 0, limit: int = 500) -> list[Message]:
        """Return messages with an id above `after`, oldest first. Who asks again after the last id misses none."""
        where = (messages.c.conversation_id == conversation_id) & (messages.c.id > after)
        return self._messages(select(messages).where(where).order_by(messages.c.id).limit(limit))

    def of_applicant(self, applicant_id: str, after: int, limit: int) -> list[Message]:
        """Return the messages of all his conversations above `after`, oldest first; with 0 the newest `limit`."""
        where = (messages.c.applicant_id == applicant_id) & (messages.c.id > after)
        order = messages.c.id if after else messages.c.id.desc()
        found = self._messages(select(messages).where(where).order_by(order).limit(limit))
        return found if after else found[::-1]

    def last_messages(self, conversation_id: str, limit: int) -> list[Message]:
        """Return the newest `limit` messages, oldest first."""
        where = messages.c.conversation_id == conversation_id
        return self._messages(select(messages).where(where).order_by(messages.c.id.desc()).limit(limit))[::-1]

    def _messages(self, statement: Any) -> list[Message]:
        with reading(self._engine) as connection:
            return [message_of(row) for row in connection.execute(statement)]

    def get(self, conversation_id: str) -> Conversation:
        """Return one conversation. Raises NotFound. To show it to a person go through desk/accounts/access.py."""
        with reading(self._engine) as connection:
            return find_conversation(connection, conversations.c.id == conversation_id)

    def applicant_of(self, conversation: Conversation) -> Applicant:
        """Return the applicant whose conversation it is."""
        with reading(self._engine) as connection:
            return find_applicant(connection, conversation.applicant_id)

    def open_conversation(self, applicant_id: str) -> Conversation | None:
        """Return the applicant's open conversation, if he has one."""
        where = (conversations.c.applicant_id == applicant_id) & OPEN
        with reading(self._engine) as connection:
            row = connection.execute(select(conversations).where(where)).one_or_none()
        return None if row is None else conversation_of(row)


def _said(action: Action, draft: MessageDraft, record: dict[str, Any] | None) -> Message:
    message = action.say(draft)
    if record is not None:
        action.connection.execute(insert(answer_records).values(message_id=message.id, record=record))
    return message


def _draft(outgoing: Outgoing) -> MessageDraft:
    if outgoing.sender not in (Sender.BOT, Sender.SYSTEM):
        raise ValueError(f"a reply is the bot's or the system's, not the {outgoing.sender}'s")
    return MessageDraft(outgoing.sender, outgoing.text, body=outgoing.body)


def _opened(connection: Connection, applicant: Applicant, at: datetime) -> Conversation:
    opened = Conversation(secrets.token_hex(8), applicant.id, applicant.channel, True, Holder.BOT, at, at)
    names = ("id", "applicant_id", "channel", "open", "holder", "opened_at", "updated_at")
    connection.execute(insert(conversations).values({name: getattr(opened, name) for name in names}))
    return opened


def _resume_waiting(connection: Connection, conversation: Conversation) -> None:
    if conversation.holder is not Holder.SPECIALIST:
        return
    where = (tickets.c.conversation_id == conversation.id) & (tickets.c.state == TicketState.WAITING_FOR_APPLICANT)
    connection.execute(update(tickets).where(where).values(state=TicketState.CLAIMED))
