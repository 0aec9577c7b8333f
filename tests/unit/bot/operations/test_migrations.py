"""The migrated schema is the one the tables say, on both databases, however many start at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from bot.operations import migrations
from knowledge.database import connect_database, metadata, writing


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def indexes(engine: Engine) -> set[tuple[str, str, bool, str]]:
    """Table, name, uniqueness and condition of every index."""
    found = inspect(engine)
    dialect = engine.dialect.name
    return {
        (
            table,
            str(each["name"]),
            bool(each["unique"]),
            str(each.get("dialect_options", {}).get(f"{dialect}_where", "")),
        )
        for table in found.get_table_names()
        for each in found.get_indexes(table)
        if table != "alembic_version"
    }


def test_migrating_makes_exactly_the_tables(database_url: str) -> None:
    engine = connect_database(database_url)
    assert migrations.migrate(engine)
    assert differences(engine) == []
    migrated = indexes(engine)
    with writing(engine) as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert migrated == indexes(engine)
    engine.dispose()


def test_a_column_the_revisions_lack_is_noticed(sqlite_engine: Engine) -> None:
    """Negative control of the comparison above."""
    with writing(sqlite_engine) as connection:
        connection.execute(text("ALTER TABLE tickets DROP COLUMN rating"))
    assert differences(sqlite_engine) != []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    engine = connect_database(database_url)
    assert migrations.migrate(engine)
    assert not migrations.migrate(engine)
    engine.dispose()


def test_several_processes_may_start_at_once(database_url: str) -> None:
    engines = [connect_database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        changed = list(pool.map(migrations.migrate, engines))
    assert sum(changed) == 1
    for engine in engines:
        engine.dispose()


def test_a_newer_database_is_refused(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    with pytest.raises(migrations.NewerDatabase, match="install the newer version"):
        migrations.migrate(sqlite_engine)
