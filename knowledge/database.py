"""Open the database: SQLite with one durable writer, or PostgreSQL."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")
_PART = 400  # values bound in one statement

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A column type for aware UTC datetimes. It refuses a naive one with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a timezone")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_writer_locks: dict[int, threading.RLock] = {}


def connect_database(url: str) -> Engine:
    """Open `sqlite:///path` or `postgresql://…`. It connects only on first use.

    Raises ValueError for any other kind of URL.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database)
    if parsed.get_backend_name() == "postgresql":
        return _closing_late(create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True))
    raise ValueError(f"DATABASE_URL {parsed.drivername!r} is not supported: use sqlite:/// or postgresql://")


def _closing_late(engine: Engine) -> Engine:
    """Let `dispose` reach connections in use, too: each is closed when whoever uses it gives it back."""
    disposals = 0

    @event.listens_for(engine, "engine_disposed")
    def _disposed(_engine: Engine) -> None:
        nonlocal disposals
        disposals += 1

    @event.listens_for(engine, "connect")
    def _connected(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["disposals"] = disposals

    @event.listens_for(engine, "checkin")
    def _given_back(_connection: Any, record: ConnectionPoolEntry) -> None:
        if record.info.get("disposals", disposals) != disposals:
            record.close()

    return engine


def _sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = _closing_late(create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}))

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # _begin() below says BEGIN instead of the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("write", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif driver := connection.connection.dbapi_connection:
            driver.execute("BEGIN")  # takes no lock, so it cannot fail; every read begins here

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes. It commits at the end and rolls back on an error.

    On SQLite only one such transaction runs at a time: SQLite 3.7.0-3.51.2 can corrupt its WAL when two connections
    write at once.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with _lock_of(engine), engine.connect().execution_options(write=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads. It sees one snapshot."""
    with engine.connect() as connection, connection.begin():
        yield connection


def in_parts(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """Split `values` into parts that each fit into one statement. Repeated values are dropped, the order stays."""
    distinct = list(dict.fromkeys(values))
    return (distinct[start : start + _PART] for start in range(0, len(distinct), _PART))


def _lock_of(engine: Engine) -> threading.RLock:
    return _writer_locks.setdefault(id(engine), threading.RLock())
