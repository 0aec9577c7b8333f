"""The outbox of push channels: only one sender begins a message; an uncertain one is never repeated silently."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, or_, select, update

from desk.audit import record
from desk.conversations.rows import message_of
from desk.errors import WrongState
from desk.model import DeliveryState, Holder, Message, Sender
from desk.tables import ATTENTION, UNDELIVERED, conversations, messages
from knowledge.database import reading, writing

_BOT_HOLDS = (
    select(conversations.c.id)
    .where(conversations.c.id == messages.c.conversation_id, conversations.c.holder == Holder.BOT)
    .exists()
)


class Deliveries:
    """Takes messages from PENDING by SENDING to SENT.

    A message goes back to PENDING where it surely did not leave, and to UNKNOWN where nobody can know.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def due(self, limit: int) -> list[Message]:
        """Return messages that may be sent now, oldest first; in a conversation none overtakes an earlier one."""
        earlier = messages.alias("earlier")
        blocked = select(earlier.c.id).where(
            earlier.c.conversation_id == messages.c.conversation_id,
            earlier.c.id < messages.c.id,
            earlier.c.delivery.in_([DeliveryState.PENDING, DeliveryState.SENDING]),
        )
        waiting = or_(messages.c.next_attempt_at.is_(None), messages.c.next_attempt_at <= self._clock())
        where = (messages.c.delivery == DeliveryState.PENDING) & waiting & ~blocked.exists()
        return self._read(select(messages).where(UNDELIVERED, where).order_by(messages.c.id).limit(limit))

    def begin(self, message_id: int) -> bool:
        """Take a message to send it. False where another has it, it is done, or a specialist overtook the bot.

        Call this right before the network: after a claim has committed, no text of the bot begins its way out.
        """
        mine = (messages.c.id == message_id) & (messages.c.delivery == DeliveryState.PENDING)
        allowed = or_(messages.c.sender != Sender.BOT, _BOT_HOLDS)
        with writing(self._engine) as connection:
            begun = update(messages).where(mine, allowed)
            values = {"delivery": DeliveryState.SENDING, "attempts": messages.c.attempts + 1}
            if connection.execute(begun.values(values)).rowcount == 1:
                return True
            overtaken = update(messages).where(mine, messages.c.sender == Sender.BOT, ~_BOT_HOLDS)
            connection.execute(overtaken.values(delivery=DeliveryState.WITHDRAWN))
            return False

    def sent(self, message_id: int) -> None:
        """Note that the channel said it has the message."""
        self._finish(message_id, delivery=DeliveryState.SENT, delivered_at=self._clock(), failure="")

    def unknown(self, message_id: int, why: str) -> None:
        """Note that the send was cut off: it may or may not have arrived. Staff see it; it is not repeated."""
        self._finish(message_id, delivery=DeliveryState.UNKNOWN, failure=why)

    def retry(self, message_id: int, at: datetime, why: str) -> None:
        """Try again at `at`: the message surely did not leave (connection refused, told to wait)."""
        self._finish(message_id, delivery=DeliveryState.PENDING, next_attempt_at=at, failure=why)

    def failed(self, message_id: int, why: str) -> None:
        """Note that the channel refused the message for good. Staff see it."""
        self._finish(message_id, delivery=DeliveryState.FAILED, failure=why)

    def _finish(self, message_id: int, **values: Any) -> None:
        where = (messages.c.id == message_id) & (messages.c.delivery == DeliveryState.SENDING)
        with writing(self._engine) as connection:
            if connection.execute(update(messages).where(where).values(**values)).rowcount != 1:
                raise WrongState(f"message {message_id} is not being sent")

    def interrupted(self) -> int:
        """Set what a dead process was sending to UNKNOWN; return how many messages that were.

        Call this only at a start with no other sender alive.
        """
        with writing(self._engine) as connection:
            statement = update(messages).where(messages.c.delivery == DeliveryState.SENDING)
            values = {"delivery": DeliveryState.UNKNOWN, "failure": "interrupted"}
            return connection.execute(statement.values(values)).rowcount

    def attempts(self, message_id: int) -> int:
        """Return how often sending a message has been begun."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(messages.c.attempts).where(messages.c.id == message_id)).scalar_one())

    def attention(self, limit: int = 200) -> list[Message]:
        """Return what staff must look at, newest first: messages that may not have arrived or that were refused."""
        return self._read(select(messages).where(ATTENTION).order_by(messages.c.id.desc()).limit(limit))

    def resend(self, message_id: int, actor: str) -> bool:
        """Send an uncertain or refused message again, as a person decided; False where it is neither."""
        where = _attention(message_id)
        values = {"delivery": DeliveryState.PENDING, "next_attempt_at": None, "failure": ""}
        return self._decided(where, values, actor, "delivery.resend", message_id)

    def dismiss(self, message_id: int, actor: str) -> bool:
        """Let an uncertain or refused message rest, as a person decided; False where it is neither."""
        return self._decided(
            _attention(message_id), {"delivery": DeliveryState.WITHDRAWN}, actor, "delivery.dismiss", message_id
        )

    def _decided(
        self, where: ColumnElement[bool], values: dict[str, Any], actor: str, action: str, message_id: int
    ) -> bool:
        with writing(self._engine) as connection:
            changed = connection.execute(update(messages).where(where).values(values)).rowcount == 1
            if changed:
                record(connection, self._clock(), actor, action, f"message:{message_id}")
            return changed

    def _read(self, statement: Any) -> list[Message]:
        with reading(self._engine) as connection:
            return [message_of(row) for row in connection.execute(statement)]


def _attention(message_id: int) -> ColumnElement[bool]:
    return (messages.c.id == message_id) & messages.c.delivery.in_([DeliveryState.UNKNOWN, DeliveryState.FAILED])
