"""Copies the stored documents into memory to try a change on them: nobody waits, and nothing of the copy stays."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, Table, insert, or_, select

from knowledge import tables
from knowledge.database import connect_database, metadata, reading, writing
from knowledge.tables import versions

_OF_PUBLISHING = {versions.name, tables.golden_questions.name, tables.golden_runs.name}  # no part of what is live
_LEFT_OUT = {tables.failures.name, tables.document_texts.name}  # no answer rests on them
_ROWS = 2000  # in one statement


@contextmanager
def copied(engine: Engine, version_ids: Sequence[str]) -> Iterator[Engine]:
    """Yield a database in memory with what is live.

    It also holds the given versions, and all versions of the documents to which these belong.
    """
    copy = connect_database("sqlite://")
    ours = {id(each) for each in vars(tables).values() if isinstance(each, Table)}
    all_of = [each for each in metadata.sorted_tables if id(each) in ours and each.name not in _OF_PUBLISHING]
    whole = [each for each in all_of if each.name not in _LEFT_OUT]
    try:
        metadata.create_all(copy, [*all_of, versions])
        if engine.dialect.name == "sqlite" and engine.url.database:
            _attached(engine.url.database, copy, whole)
        else:
            _read(engine, copy, whole)
        _their_versions(engine, copy, version_ids)
        yield copy
    finally:
        copy.dispose()


def _attached(path: str, copy: Engine, whole: Sequence[Table]) -> None:
    """Copy rows from one SQLite database to another, without a row passing through Python."""
    with copy.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None  # noqa: S101  (a connection that is open has one)
        raw.execute("ATTACH DATABASE ? AS live", (path,))
        raw.execute("BEGIN")
        for table in whole:
            names = ", ".join(f'"{column.name}"' for column in table.c)
            raw.execute(f'INSERT INTO main."{table.name}" ({names}) SELECT {names} FROM live."{table.name}"')
        raw.execute("COMMIT")
        raw.execute("DETACH DATABASE live")


def _read(engine: Engine, copy: Engine, whole: Sequence[Table]) -> None:
    with reading(engine) as source, writing(copy) as target:
        for table in whole:
            rows = source.execution_options(yield_per=_ROWS).execute(select(table))
            for part in rows.partitions(_ROWS):
                target.execute(insert(table), [dict(row._mapping) for row in part])


def _their_versions(engine: Engine, copy: Engine, version_ids: Sequence[str]) -> None:
    these = versions.c.id.in_(version_ids)
    about = select(versions.c.document_id, versions.c.successor_of).where(these)
    with reading(engine) as source, writing(copy) as target:
        named = [each for row in source.execute(about) for each in row if each]
        mine = or_(these, versions.c.document_id.in_(named))
        its = [dict(row._mapping) for row in source.execute(select(versions).where(mine))]
        if its:
            target.execute(insert(versions), its)
