"""Working days and due dates against the State Council's notice for 2026."""

from datetime import UTC, date, datetime

import pytest

from desk.model import Escalation, Priority
from desk.tickets.deadlines import answer_deadline, overdue
from desk.tickets.workdays import UnknownYear, WorkCalendar
from tests.support.clock import in_office

CALENDAR = WorkCalendar(in_office)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked instead of 20 February
        (date(2026, 2, 16), False),  # New Year's eve
        (date(2026, 2, 20), False),
        (date(2026, 2, 28), True),  # a Saturday worked instead of 23 February
        (date(2026, 10, 10), True),
        (date(2026, 10, 7), False),
        (date(2026, 11, 19), True),
        (date(2026, 11, 21), False),
    ],
)
def test_holidays_and_make_up_workdays_of_2026(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 19), 1, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 19), 0, date(2026, 11, 19)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),  # 8, 9 and the Saturday 10, then 12 and 13
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_a_period_begins_the_day_after(start: date, days: int, end: date) -> None:
    assert CALENDAR.add(start, days) == end


def test_a_year_without_a_notice_is_provisional_and_an_unknown_one_an_error() -> None:
    assert not CALENDAR.provisional(2026)
    assert CALENDAR.provisional(2027)
    for ask in (CALENDAR.provisional, lambda year: CALENDAR.is_working_day(date(year, 1, 4))):
        with pytest.raises(UnknownYear, match="2150"):
            ask(2150)
    with pytest.raises(UnknownYear):
        CALENDAR.add(date(2100, 12, 31), 1)
    with pytest.raises(ValueError, match="backwards"):
        CALENDAR.add(date(2026, 1, 1), -1)


def at(month: int, day: int, hour: int, year: int = 2026) -> datetime:
    """An hour of the office's clock."""
    return datetime(year, month, day, hour - 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("queued_at", "priority", "reason", "due_on"),
    [
        (at(11, 19, 9), Priority.NORMAL, Escalation.ASKED, date(2026, 11, 24)),
        (at(11, 19, 9), Priority.GREEN_CHANNEL, Escalation.ASKED, date(2026, 11, 20)),
        (at(11, 19, 18), Priority.GREEN_CHANNEL, Escalation.ASKED, date(2026, 11, 23)),  # after closing time
        (at(11, 19, 9), Priority.EMERGENCY, Escalation.ASKED, date(2026, 11, 19)),
        (at(11, 21, 9), Priority.EMERGENCY, Escalation.ASKED, date(2026, 11, 23)),
        (at(11, 19, 9), Priority.NORMAL, Escalation.RATED_BADLY, date(2026, 11, 20)),
    ],
)
def test_due_dates(queued_at: datetime, priority: Priority, reason: Escalation, due_on: date) -> None:
    deadline = answer_deadline(CALENDAR, queued_at, priority, reason)
    assert deadline is not None
    assert (deadline.due_on, deadline.provisional) == (due_on, False)


def test_a_due_date_of_a_year_not_announced_says_so_and_an_unknown_year_stops_nobody() -> None:
    provisional = answer_deadline(CALENDAR, at(12, 31, 9), Priority.NORMAL, Escalation.ASKED)
    assert provisional is not None
    assert provisional.provisional
    assert answer_deadline(CALENDAR, at(1, 1, 9, year=2150), Priority.NORMAL, Escalation.ASKED) is None


def test_a_day_is_over_at_midnight_in_shanghai() -> None:
    due = date(2026, 11, 19)
    assert not overdue(CALENDAR, due, datetime(2026, 11, 19, 15, 59, tzinfo=UTC))
    assert overdue(CALENDAR, due, datetime(2026, 11, 19, 16, 0, tzinfo=UTC))
    assert not overdue(CALENDAR, None, datetime(2026, 11, 19, tzinfo=UTC))
