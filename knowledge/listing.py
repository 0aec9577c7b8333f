"""Finding stored documents for a person: by standing, by words of title, number or file, a page at a time."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, case, func, not_, or_, select

from knowledge.database import reading
from knowledge.model import PolicyDocument
from knowledge.rows import document_of
from knowledge.tables import documents

PAGE = 50  # documents at a time
SOON = timedelta(days=60)
_LONGEST = 200  # characters of a search


class Shelf(StrEnum):
    """Which documents are looked at."""

    ALL = "all"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"  # in force today, and no longer some day within 60
    NOT_YET = "not_yet"
    ENDED = "ended"  # repealed or expired


@dataclass(frozen=True, slots=True)
class Looking:
    """What somebody looks for: on which shelf, with which words (all of them), which page (from 0)."""

    shelf: Shelf = Shelf.ALL
    words: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of documents, how many there are like them, and how many stand on each shelf whatever the words."""

    documents: tuple[PolicyDocument, ...]
    total: int
    counts: dict[Shelf, int]


def find_documents(engine: Engine, looking: Looking, today: date) -> Listing:
    """The documents looked for; the latest change first, those that expire by the day they do."""
    shelves = _shelves(today)
    where = and_(shelves[looking.shelf], *(_has(word) for word in looking.words[:_LONGEST].split()))
    latest = (documents.c.updated_at.desc(), documents.c.id)
    order = (_last_day(), documents.c.id) if looking.shelf is Shelf.EXPIRING else latest
    query = select(documents).where(where).order_by(*order).limit(PAGE).offset(looking.page * PAGE)
    counted = [func.sum(case((each, 1), else_=0)).label(shelf.value) for shelf, each in shelves.items()]
    with reading(engine) as connection:
        found = tuple(document_of(row) for row in connection.execute(query))
        total = connection.execute(select(func.count()).select_from(documents).where(where)).scalar_one()
        counts = connection.execute(select(*counted)).one()
    return Listing(found, total, {shelf: getattr(counts, shelf.value) or 0 for shelf in Shelf})


def _shelves(today: date) -> dict[Shelf, ColumnElement[bool]]:
    """As `knowledge/validity.py` has it, in SQL."""
    begins = func.coalesce(documents.c.effective_on, documents.c.published_on)
    ended = or_(
        and_(documents.c.repealed_on.is_not(None), documents.c.repealed_on <= today),
        and_(documents.c.expires_on.is_not(None), documents.c.expires_on < today),
    )
    not_yet = and_(not_(ended), begins.is_not(None), begins > today)
    in_force = and_(not_(ended), or_(begins.is_(None), begins <= today))
    until = today + SOON
    soon = or_(
        and_(documents.c.repealed_on.is_not(None), documents.c.repealed_on <= until),
        and_(documents.c.expires_on.is_not(None), documents.c.expires_on <= until),
    )
    everything: Any = documents.c.id.is_not(None)
    return {
        Shelf.ALL: everything,
        Shelf.IN_FORCE: in_force,
        Shelf.EXPIRING: and_(in_force, soon),
        Shelf.NOT_YET: not_yet,
        Shelf.ENDED: ended,
    }


def _last_day() -> ColumnElement[Any]:
    """The earlier of the two days; either may be missing."""
    one, other = documents.c.expires_on, documents.c.repealed_on
    return case((one.is_(None), other), (other.is_(None), one), (one < other, one), else_=other)


def _has(word: str) -> ColumnElement[bool]:
    columns = (documents.c.title, documents.c.document_number, documents.c.file, documents.c.issuer)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
