from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert, select

from desk.tables import applicants
from knowledge.database import connect_database, in_parts, reading, writing


def row(key: str, at: datetime) -> dict[str, object]:
    return {"id": key, "channel": "web", "key": key, "display_name": "", "locale": "zh", "created_at": at}


def test_datetimes_come_back_aware_and_utc(engine: Engine) -> None:
    at = datetime(2026, 11, 20, 8, 30, 1, 5, tzinfo=UTC)
    with writing(engine) as connection:
        connection.execute(insert(applicants).values(row("a", at)))
    with reading(engine) as connection:
        assert connection.execute(select(applicants.c.created_at)).scalar_one() == at


def test_an_error_rolls_back(engine: Engine) -> None:
    with pytest.raises(RuntimeError), writing(engine) as connection:
        connection.execute(insert(applicants).values(row("a", datetime.now(UTC))))
        raise RuntimeError
    with reading(engine) as connection:
        assert connection.execute(select(applicants)).all() == []


def test_an_unknown_database_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        connect_database("mysql://x/y")


def test_many_values_go_in_parts_each_once_and_none_is_left_out() -> None:
    values = [f"{n}" for n in range(1000)]
    parts = list(in_parts([*values, *values[::-1]]))
    assert [value for part in parts for value in part] == values
    assert max(map(len, parts)) <= 400
    assert list(in_parts([])) == []


def test_a_connection_still_in_use_when_the_engine_is_disposed_of_is_closed_when_given_back(database_url: str) -> None:
    engine = connect_database(database_url)
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        engine.dispose()
        assert connection.execute(select(1)).scalar_one() == 1
    with pytest.raises(Exception, match="closed"):
        driver.cursor().execute("SELECT 1")


def test_a_connection_given_back_before_is_kept_for_the_next(database_url: str) -> None:
    engine = connect_database(database_url)
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection is driver
    engine.dispose()
