"""The order of the queue: danger to life, the green channel, what is due first, what has waited longest."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, case, func, select

from desk.conversations.rows import find_tickets
from desk.model import Priority, Ticket, TicketState
from desk.tables import tickets

_RANK = {Priority.EMERGENCY: 0, Priority.GREEN_CHANNEL: 1, Priority.NORMAL: 2}
_RECENT_CLAIMS = 20
_ENOUGH_CLAIMS = 3  # below these a median says nothing


def rank(priority: Priority) -> int:
    """Return the rank of a priority; the lower goes first."""
    return _RANK[priority]


def order() -> Sequence[Any]:
    """Return the order of the queue for the database."""
    rank = case(_RANK, value=tickets.c.priority)
    return (rank, tickets.c.due_on.is_(None), tickets.c.due_on, tickets.c.queued_at, tickets.c.id)


def waiting(connection: Connection) -> list[Ticket]:
    """Return every queued ticket, next first."""
    return find_tickets(connection, tickets.c.state == TicketState.QUEUED, order=order())


def position(connection: Connection, ticket_id: str) -> int:
    """Return a ticket's place, the next one being 1; 0 for one that waits no longer."""
    place = func.row_number().over(order_by=order()).label("place")
    queued = select(tickets.c.id, place).where(tickets.c.state == TicketState.QUEUED).subquery()
    found = connection.execute(select(queued.c.place).where(queued.c.id == ticket_id)).scalar_one_or_none()
    return int(found or 0)


def usual_wait(connection: Connection) -> timedelta | None:
    """Return the median wait of the tickets claimed most recently; None where too few were claimed."""
    claimed = tickets.c.claimed_at.is_not(None)
    statement = select(tickets.c.queued_at, tickets.c.claimed_at).where(claimed).order_by(tickets.c.claimed_at.desc())
    waits = [row.claimed_at - row.queued_at for row in connection.execute(statement.limit(_RECENT_CLAIMS))]
    return median(waits) if len(waits) >= _ENOUGH_CLAIMS else None
