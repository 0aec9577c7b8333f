"""One action on one conversation: a transaction that holds the conversation, and hints that go out after its commit."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Update, select, update

from desk.audit import record
from desk.bus import Bus
from desk.conversations.rows import OWNED, MessageDraft, find_ticket, hold, insert_message
from desk.errors import DeskError, NotFound, StaleOwner, WrongState
from desk.model import Account, Conversation, Holder, Message, Ticket, TicketState
from desk.tables import tickets
from knowledge.database import reading, writing

PUSH_CHANNELS = frozenset({"telegram"})  # messages are sent out to these; the others fetch theirs


@dataclass(frozen=True, slots=True)
class Ownership:
    """What an owner shows with every write: which ticket, who he is, and the epoch his claim gave him."""

    ticket_id: str
    account: Account
    epoch: int


@dataclass(slots=True)
class Action:
    """What an action may do while it holds its conversation."""

    connection: Connection
    conversation: Conversation
    at: datetime
    push: bool
    hints: dict[str, dict[str, Any]] = field(default_factory=dict)

    def hint(self, topic: str, **payload: Any) -> None:
        """Announce this after the commit; of several hints on one topic only the last goes out."""
        self.hints[topic] = payload

    def change(self, statement: Update, otherwise: type[DeskError]) -> None:
        """Run a conditional UPDATE that must change exactly one row; else raise `otherwise`."""
        if self.connection.execute(statement).rowcount != 1:
            raise otherwise

    def own(self, ownership: Ownership, **values: Any) -> None:
        """Change a ticket as its owner. Raises StaleOwner where he is not, WrongState where he has resolved it."""
        mine = (
            tickets.c.id == ownership.ticket_id,
            tickets.c.owner_id == ownership.account.id,
            tickets.c.epoch == ownership.epoch,
        )
        statement = update(tickets).where(*mine, tickets.c.state.in_(OWNED))
        if self.connection.execute(statement.values(values)).rowcount != 1:
            still = self.connection.execute(select(tickets.c.id).where(*mine)).one_or_none()
            raise StaleOwner if still is None else WrongState

    def hand(self, was: Holder, to: Holder) -> None:
        """Hand the conversation over. Raises WrongState where `was` does not hold it."""
        changed = hold(self.connection, self.conversation.id, self.at, was=was, to=to)
        if changed is None:
            raise WrongState
        self.conversation = changed
        self.hint("queue")
        self.hint(f"conversation:{changed.id}", message=None)

    def say(self, draft: MessageDraft) -> Message:
        """Store a message of this conversation. Raises TooLong."""
        stored = insert_message(self.connection, self.conversation, draft, self.at, self.push)
        self.hint(f"conversation:{self.conversation.id}", message=stored.id)
        if self.push:
            self.hint("deliveries", message=stored.id)
        return stored

    def done(self, actor: str, act: str, ticket_id: str, **detail: Any) -> Ticket:
        """Write the audit record of what happened to a ticket, and return the ticket as it is now."""
        record(self.connection, self.at, actor, act, f"ticket:{ticket_id}", **detail)
        self.hint("queue", ticket=ticket_id)
        return find_ticket(self.connection, ticket_id)


def _never(_: TicketState) -> DeskError | None:
    return None


class Actions:
    """Begins actions; hands their hints to the bus once they are committed."""

    def __init__(
        self, engine: Engine, bus: Bus, clock: Callable[[], datetime], push_channels: Collection[str] = PUSH_CHANNELS
    ) -> None:
        self._engine, self._bus, self._clock, self._push = engine, bus, clock, frozenset(push_channels)

    @contextmanager
    def on_conversation(self, conversation_id: str) -> Iterator[Action]:
        """Begin an action on a conversation. Raises NotFound where there is none."""
        with writing(self._engine) as connection:
            at = self._clock()
            conversation = hold(connection, conversation_id, at)
            if conversation is None:
                raise NotFound
            action = Action(connection, conversation, at, conversation.channel in self._push)
            yield action
        for topic, payload in action.hints.items():
            self._bus.publish(topic, payload)

    @contextmanager
    def on_ticket(self, ticket_id: str, unless: Callable[[TicketState], DeskError | None] = _never) -> Iterator[Action]:
        """Begin an action on the conversation of a ticket. Raises NotFound where there is none.

        `unless` returns a refusal or None, by the ticket's state before anything is held. So whoever comes late writes
        nothing at all.
        """
        columns = select(tickets.c.conversation_id, tickets.c.state).where(tickets.c.id == ticket_id)
        with reading(self._engine) as connection:
            row = connection.execute(columns).one_or_none()
        if row is None:
            raise NotFound
        if refused := unless(TicketState(row.state)):
            raise refused
        with self.on_conversation(row.conversation_id) as action:  # a ticket never changes its conversation
            yield action
