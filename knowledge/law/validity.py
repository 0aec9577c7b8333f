"""Whether a document, or one clause of it, is in force on a day."""

from datetime import date
from typing import Any

from sqlalchemy import Row

from knowledge.model import ClauseDays, Metadata, Standing

BEGINNINGS = ("effective_on", "published_on", "issued_on")


def begins(about: Metadata | Row[Any]) -> date | None:
    """Return the first day a document is in force. None means that it names no day and has always been in force.

    A document that does not say when it takes effect is in force from its publication, else from its issue. `about` is
    its metadata or a row with the columns of `BEGINNINGS`.
    """
    return next((day for name in BEGINNINGS if (day := getattr(about, name))), None)


def standing_on(metadata: Metadata, day: date) -> Standing:
    """Return the document's standing on `day`. `knowledge/law/validity_sql.py` holds the same rule in SQL.

    `expires_on` is the last day in force, `repealed_on` the first day no longer in force.
    """
    if metadata.repealed_on and day >= metadata.repealed_on:
        return Standing.REPEALED
    if metadata.expires_on and day > metadata.expires_on:
        return Standing.EXPIRED
    first = begins(metadata)
    if first and day < first:
        return Standing.NOT_YET
    return Standing.IN_FORCE


def clause_standing_on(metadata: Metadata, days: ClauseDays | None, day: date) -> Standing:
    """Return the standing of a clause on `day`: its document's, unless the clause ended earlier or begins later."""
    standing = standing_on(metadata, day)
    if standing is not Standing.IN_FORCE or days is None:
        return standing
    if days.repealed_on and day >= days.repealed_on:
        return Standing.REPEALED
    if days.effective_on and day < days.effective_on:
        return Standing.NOT_YET
    return Standing.IN_FORCE


def version_day(row: Row[Any]) -> date | None:
    """Return the day that orders the versions of one text: the day of issue, else the first day in force.

    It tells which text is newer, not which one is in force.
    """
    found: date | None = row.issued_on or row.effective_on
    return found


def same_place(one: str, other: str) -> bool:
    """Return whether a rule of one place can concern a rule of the other.

    It can if the places are the same, if one lies within the other, or if one is unknown.
    """
    return one.startswith(other) or other.startswith(one)
