"""The rule of `validity.standing_on` in SQL, over the rows of the documents table."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func

from knowledge.law.validity import BEGINNINGS
from knowledge.model import Standing
from knowledge.tables import documents


def standing_on(day: date) -> ColumnElement[str]:
    """Return the value of each document's `Standing` on `day`, by the rule of `validity.standing_on`.

    A missing day in a row never counts.
    """
    begins: ColumnElement[Any] = func.coalesce(*(documents.c[name] for name in BEGINNINGS))
    return case(
        (documents.c.repealed_on <= day, Standing.REPEALED.value),
        (documents.c.expires_on < day, Standing.EXPIRED.value),
        (begins > day, Standing.NOT_YET.value),
        else_=Standing.IN_FORCE.value,
    )
