"""The rule for standing says the same in SQL as in Python, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select

from knowledge.database import writing
from knowledge.law import validity_sql
from knowledge.law.validity import BEGINNINGS, standing_on
from knowledge.model import Metadata
from knowledge.store.rows import columns_of
from knowledge.tables import documents

DAY = date(2026, 11, 20)
NEAR = st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))
SAID = st.none() | NEAR
ABOUT = st.builds(
    Metadata,
    title=st.just(""),
    published_on=SAID,
    issued_on=SAID,
    effective_on=SAID,
    expires_on=SAID,
    repealed_on=SAID,
)
ROWS = st.lists(ABOUT, min_size=20, max_size=60)
QUICKLY = settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    report_multiple_bugs=False,
)


def in_sql(engine: Engine, rows: Sequence[Metadata], day: date) -> list[str]:
    """What the twin says of these documents, in their order."""
    same = {
        "version": 1,
        "file": "",
        "media_type": "",
        "content_hash": "",
        "repeals": [],
        "clause_count": 0,
        "added_at": datetime(2026, 11, 20, tzinfo=UTC),
        "updated_at": datetime(2026, 11, 20, tzinfo=UTC),
    }
    values = [
        columns_of(replace(each, title=f"{i:03}")) | same | {"id": f"{i}", "source": f"{i}"}
        for i, each in enumerate(rows)
    ]
    with writing(engine) as connection:
        connection.execute(delete(documents))
        connection.execute(insert(documents), values)
        return list(connection.scalars(select(validity_sql.standing_on(day)).order_by(documents.c.title)))


def both_agree(engine: Engine) -> None:
    @QUICKLY
    @given(rows=ROWS, day=NEAR)
    def agree(rows: list[Metadata], day: date) -> None:
        assert in_sql(engine, rows, day) == [standing_on(each, day).value for each in rows]

    agree()


def test_function_and_sql_agree(emptied_engine: Engine) -> None:
    both_agree(emptied_engine)


@pytest.mark.parametrize(
    "wrong",
    [
        ("effective_on", "issued_on", "published_on"),
        ("issued_on", "effective_on", "published_on"),
        ("effective_on", "published_on"),
    ],
)
def test_a_wrong_order_is_noticed(
    emptied_engine: Engine, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    assert wrong != BEGINNINGS
    monkeypatch.setattr(validity_sql, "BEGINNINGS", wrong)
    with pytest.raises(AssertionError):
        both_agree(emptied_engine)
