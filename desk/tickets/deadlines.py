"""When a ticket is due, counted in working days of the office's own calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from desk.model import Escalation, Priority
from desk.tickets.workdays import UnknownYear, WorkCalendar

CLOSING_HOUR = 17  # a matter that comes in later counts as received the next day

# Working days until a matter is answered, by its priority. This is our own promise, not a statute's.
WORKING_DAYS = {Priority.EMERGENCY: 0, Priority.GREEN_CHANNEL: 1, Priority.NORMAL: 3}
WORKING_DAYS_BADLY_RATED = 1


class DeadlineKind(StrEnum):
    """What has to have happened by a deadline."""

    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date (截止日期), inclusive, in the office's zone; `provisional`: its year's holidays are not announced."""

    due_on: date
    kind: DeadlineKind
    provisional: bool


def answer_deadline(
    calendar: WorkCalendar, queued_at: datetime, priority: Priority, reason: Escalation
) -> Deadline | None:
    """Return when a ticket queued at `queued_at` has to be answered.

    None where the calendar does not know the year: a missing calendar must never keep an applicant from a specialist.
    """
    local = calendar.local(queued_at)
    days = WORKING_DAYS[priority]
    if reason is Escalation.RATED_BADLY:
        days = min(days, WORKING_DAYS_BADLY_RATED)
    try:
        due_on = calendar.add(_counted_from(calendar, local), days)
        return Deadline(due_on, DeadlineKind.ANSWER, calendar.provisional(due_on.year))
    except UnknownYear:
        return None


def _counted_from(calendar: WorkCalendar, local: datetime) -> date:
    """The day a matter counts as received: the next working day after closing time or on a day off."""
    return calendar.add(local.date(), 1 if local.hour >= CLOSING_HOUR else 0)


def overdue(calendar: WorkCalendar, due_on: date | None, now: datetime) -> bool:
    """Whether a due date has passed in the office's zone."""
    return due_on is not None and calendar.local(now).date() > due_on
