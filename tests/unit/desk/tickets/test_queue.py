"""The queue's order, and that what asks often uses its index."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, event, insert

from desk.model import Escalation, Holder, Priority, Ticket, TicketState
from desk.tables import conversations, tickets
from knowledge.database import writing
from tests.support.clock import Clock
from tests.support.desk_parts import House


def place(ticket: Ticket) -> tuple[int, date, datetime, str]:
    """Danger first, then the green channel, then what is due; due at no known day comes after those that are."""
    priorities = [Priority.EMERGENCY, Priority.GREEN_CHANNEL, Priority.NORMAL]
    return priorities.index(ticket.priority), ticket.due_on or date.max, ticket.queued_at, ticket.id


def test_the_queue_is_in_its_order(emptied_engine: Engine, clock: Clock) -> None:
    house, random = House(emptied_engine, clock), Random(7)
    for number in range(60):
        asked = house.asked(key=str(number))
        with writing(emptied_engine) as connection:
            moment = datetime(2026, 11, 19, tzinfo=UTC) + timedelta(hours=random.randrange(4))
            values = {
                "id": f"{random.randrange(10**9):016d}",
                "conversation_id": asked.conversation_id,
                "state": TicketState.QUEUED,
                "reason": Escalation.ASKED,
                "priority": random.choice(list(Priority)),
                "priority_reason": "",
                "epoch": 0,
                "queued_at": moment,
                "due_on": random.choice([None, date(2026, 11, 19), date(2026, 11, 20)]),
            }
            connection.execute(insert(tickets).values(values))
            connection.execute(conversations.update().values(holder=Holder.QUEUE))
    queue = house.tickets.queue()
    assert len(queue) == 60
    assert queue == sorted(queue, key=place)
    assert [house.tickets.position(each.id) for each in queue] == list(range(1, 61))


Ask = Callable[[House], object]


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda house: house.conversations.unhandled(10), "ix_messages_unhandled"),
        (lambda house: house.deliveries.due(10), "ix_messages_undelivered"),
        (lambda house: house.deliveries.attention(), "ix_messages_attention"),
        (lambda house: house.conversations.open_conversation("a"), "uq_conversations_open_applicant"),
        (lambda house: house.asked(), "uq_conversations_open_applicant"),
        (lambda house: house.conversations.messages("c"), "ix_messages_conversation_id"),
        (lambda house: house.tickets.queue(), "ix_tickets_state"),
        (lambda house: house.tickets.of_account("a"), "ix_tickets_"),
        (lambda house: house.tickets.usual_wait(), "ix_tickets_claimed_at"),
    ],
)
def test_what_is_asked_often_reads_no_whole_table(sqlite_engine: Engine, clock: Clock, ask: Ask, index: str) -> None:
    house, asked = House(sqlite_engine, clock), []
    house.bus.looks = False

    @event.listens_for(sqlite_engine, "before_cursor_execute")
    def _note(_c: object, _k: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    house.applicant()
    asked.clear()
    ask(house)
    plans = []
    with sqlite_engine.connect() as connection:
        for statement, parameters in list(asked):
            if statement.startswith(("SELECT", "UPDATE")):
                plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)  # type: ignore[arg-type]
                plans += [row[3] for row in plan]
    assert any(index in step for step in plans), plans
    assert not [step for step in plans if step.startswith("SCAN") and "INDEX" not in step], plans
