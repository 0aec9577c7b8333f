"""Finds stored documents for a person: by standing and by words of title, number or file, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, case, func, or_, select, true

from knowledge.database import reading
from knowledge.law.validity_sql import standing_on
from knowledge.model import PolicyDocument, Standing
from knowledge.store.rows import document_of
from knowledge.tables import clauses, documents

PAGE = 50  # documents at a time
SOON = timedelta(days=60)
_LONGEST = 200  # characters of a search


class Shelf(StrEnum):
    """Which documents are looked at."""

    ALL = "all"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"  # in force today, but no longer on some day of the next 60
    NOT_YET = "not_yet"
    ENDED = "ended"  # repealed or expired


@dataclass(frozen=True, slots=True)
class Looking:
    """What somebody looks for: the shelf, the words (all must occur) and the page, counted from 0."""

    shelf: Shelf = Shelf.ALL
    words: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the documents found.

    `total` is how many were found in all. `counts` is how many each shelf holds, whatever the words are.
    """

    documents: tuple[PolicyDocument, ...]
    total: int
    counts: dict[Shelf, int]


def find_documents(engine: Engine, looking: Looking, today: date) -> Listing:
    """Find documents. The latest change comes first; on the shelf of those that expire, the earliest last day does."""
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
    """Return the condition that the documents on each shelf meet."""
    standing, until = standing_on(today), today + SOON
    in_force = standing == Standing.IN_FORCE.value
    return {
        Shelf.ALL: true(),
        Shelf.IN_FORCE: in_force,
        Shelf.EXPIRING: and_(in_force, or_(documents.c.repealed_on <= until, documents.c.expires_on <= until)),
        Shelf.NOT_YET: standing == Standing.NOT_YET.value,
        Shelf.ENDED: standing.in_((Standing.REPEALED.value, Standing.EXPIRED.value)),
    }


def _last_day() -> ColumnElement[Any]:
    """Return the earlier of `expires_on` and `repealed_on`; either may be missing."""
    one, other = documents.c.expires_on, documents.c.repealed_on
    return case((one.is_(None), other), (other.is_(None), one), (one < other, one), else_=other)


def _has(word: str) -> ColumnElement[bool]:
    columns = (documents.c.title, documents.c.document_number, documents.c.file, documents.c.issuer)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def words_in_documents(engine: Engine, words: Iterable[str]) -> set[str]:
    """Return those of `words` that occur in any clause or title, in force or not. Each other word costs a full scan."""
    with reading(engine) as connection:
        found = set()
        for word in dict.fromkeys(words):
            in_clause = select(clauses.c.id).where(clauses.c.text.contains(word, autoescape=True)).exists()
            in_title = select(documents.c.id).where(documents.c.title.contains(word, autoescape=True)).exists()
            if connection.execute(select(or_(in_title, in_clause))).scalar_one():
                found.add(word)
        return found
