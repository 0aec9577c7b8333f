"""A copy of the stored documents in memory, to try a change on: nobody waits, and nothing of it stays."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, Table, insert, or_, select

from knowledge import tables
from knowledge.database import connect_database, metadata, reading, writing
from knowledge.version_tables import versions

_LEFT_OUT = {tables.failures.name, tables.document_texts.name}  # no answer rests on them
_ROWS = 2000  # in one statement


@contextmanager
def copied(engine: Engine, version_id: str) -> Iterator[Engine]:
    """A database in memory with what is live and the versions of the document that `version_id` is one of."""
    copy = connect_database("sqlite://")
    ours = [each for each in vars(tables).values() if isinstance(each, Table) and each.name not in _LEFT_OUT]
    try:
        empty = [tables.failures, tables.document_texts, versions]
        metadata.create_all(copy, [*(t for t in metadata.sorted_tables if t in ours), *empty])
        with reading(engine) as source, writing(copy) as target:
            for table in (each for each in metadata.sorted_tables if each in ours):
                rows = source.execution_options(yield_per=_ROWS).execute(select(table))
                for part in rows.partitions(_ROWS):
                    target.execute(insert(table), [dict(row._mapping) for row in part])
            about = select(versions.c.document_id, versions.c.successor_of).where(versions.c.id == version_id)
            named = [each for row in source.execute(about) for each in row if each]
            mine = or_(versions.c.id == version_id, versions.c.document_id.in_(named))
            its = [dict(row._mapping) for row in source.execute(select(versions).where(mine))]
            if its:
                target.execute(insert(versions), its)
        yield copy
    finally:
        copy.dispose()
