"""What comes next: danger to life, then the green channel, then what is due first, then what has waited longest."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, case, func, select

from desk.model import Priority, Ticket, TicketState
from desk.store import find_tickets
from desk.tables import tickets

_RANK = {Priority.EMERGENCY: 0, Priority.GREEN_CHANNEL: 1, Priority.NORMAL: 2}
_RECENT_CLAIMS = 20
_ENOUGH_CLAIMS = 3  # below these a median says nothing


def rank(priority: Priority) -> int:
    """Lower goes first."""
    return _RANK[priority]


def sort_key(ticket: Ticket) -> tuple[int, date, datetime, str]:
    """The place of a ticket in the queue; one that is due at no known date comes after those that are."""
    return (rank(ticket.priority), ticket.due_on or date.max, ticket.queued_at, ticket.id)


def order() -> Sequence[Any]:
    """The same order for the database."""
    rank = case(_RANK, value=tickets.c.priority)
    return (rank, tickets.c.due_on.is_(None), tickets.c.due_on, tickets.c.queued_at, tickets.c.id)


def waiting(connection: Connection) -> list[Ticket]:
    """Every queued ticket, next first."""
    return find_tickets(connection, tickets.c.state == TicketState.QUEUED, order=order())


def position(connection: Connection, ticket_id: str) -> int:
    """A ticket's place, the next one being 1; 0 for one that waits no longer."""
    place = func.row_number().over(order_by=order()).label("place")
    queued = select(tickets.c.id, place).where(tickets.c.state == TicketState.QUEUED).subquery()
    found = connection.execute(select(queued.c.place).where(queued.c.id == ticket_id)).scalar_one_or_none()
    return int(found or 0)


def usual_wait(connection: Connection) -> timedelta | None:
    """How long the tickets claimed most recently had waited (median); None where too few were."""
    claimed = tickets.c.claimed_at.is_not(None)
    statement = select(tickets.c.queued_at, tickets.c.claimed_at).where(claimed).order_by(tickets.c.claimed_at.desc())
    waits = [row.claimed_at - row.queued_at for row in connection.execute(statement.limit(_RECENT_CLAIMS))]
    return median(waits) if len(waits) >= _ENOUGH_CLAIMS else None
