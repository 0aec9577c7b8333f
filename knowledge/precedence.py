"""Which of two stored texts came first, and whether they can be about the same place."""

from datetime import date
from typing import Any

from sqlalchemy import Row


def begins(row: Row[Any]) -> date | None:
    """The first day of a document in force, as far as it says."""
    found: date | None = row.effective_on or row.issued_on or row.published_on
    return found


def version(row: Row[Any]) -> date | None:
    """The day that tells the versions of one text apart."""
    found: date | None = row.issued_on or row.effective_on
    return found


def same_place(one: str, other: str) -> bool:
    """Whether a rule of one place can be about one of another: the same, one within the other, or unknown."""
    return one.startswith(other) or other.startswith(one)
