"""What the console's lists show beside a ticket: who the applicant is and the sentence that tells most."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from desk.model import Sender, Ticket
from desk.tables import applicants, conversations, messages
from knowledge.database import reading

_LOOKED_AT = 4  # an applicant's newest messages, to find one that says more than a command
_TELLING = 5  # characters from which a message says something
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class MessageStart:
    """The beginning of one message."""

    id: int
    sender: Sender
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A conversation in one line of a list.

    `asked` is the applicant's last telling message, `last` the newest of applicant or specialist.
    """

    channel: str
    applicant: str
    asked: MessageStart | None = None
    last: MessageStart | None = None


class Overview:
    """Reads cards for many tickets at once, with three queries however many there are."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def cards(self, tickets: Sequence[Ticket]) -> dict[str, Card]:
        """One card for each conversation of these tickets; the caller has checked that they may be seen."""
        ids = {ticket.conversation_id for ticket in tickets}
        asked = self._newest(ids, (Sender.APPLICANT,), _LOOKED_AT)
        last = self._newest(ids, (Sender.APPLICANT, Sender.SPECIALIST), 1)
        joined = conversations.join(applicants, applicants.c.id == conversations.c.applicant_id)
        who = select(conversations.c.id, conversations.c.channel, applicants.c.display_name).select_from(joined)
        with reading(self._engine) as connection:
            rows = connection.execute(who.where(conversations.c.id.in_(ids))).all()
        return {
            row.id: Card(
                row.channel, row.display_name, _telling(asked.get(row.id)), next(iter(last.get(row.id, ())), None)
            )
            for row in rows
        }

    def _newest(self, ids: Collection[str], senders: Collection[Sender], limit: int) -> dict[str, list[MessageStart]]:
        place = func.row_number().over(partition_by=messages.c.conversation_id, order_by=messages.c.id.desc())
        columns = (messages.c.id, messages.c.conversation_id, messages.c.sender, messages.c.created_at)
        where = (messages.c.conversation_id.in_(ids), messages.c.sender.in_(senders))
        beginning = func.substr(messages.c.text, 1, _SHOWN).label("text")
        ranked = select(*columns, beginning, place.label("place")).where(*where).subquery()
        found: dict[str, list[MessageStart]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.place)):
                line = MessageStart(row.id, Sender(row.sender), row.text, row.created_at)
                found.setdefault(row.conversation_id, []).append(line)
        return found


def _telling(lines: Sequence[MessageStart] | None) -> MessageStart | None:
    """The newest of these that is not a command or a bare word, else the newest."""
    if not lines:
        return None
    telling = (line for line in lines if len(line.text) >= _TELLING and not line.text.startswith("/"))
    return next(telling, lines[0])
