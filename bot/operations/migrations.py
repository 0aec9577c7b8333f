"""Brings the database schema to the newest revision before anything uses the database."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import desk.tables
import knowledge.tables
import retrieval.tables
from knowledge.database import reading, writing

SCRIPTS = Path(__file__).parents[2] / "deploy" / "migrations"
TABLES = (
    knowledge.tables,
    retrieval.tables,
    desk.tables,
)  # importing them fills the metadata
_LOCK = 7_236_002  # key of PostgreSQL's advisory lock: one process migrates at a time


class NewerDatabase(Exception):
    """A newer version of the program made the database. The text says what to do."""


def migrate(engine: Engine) -> bool:
    """Bring the schema to the newest revision; return whether anything changed. Raises NewerDatabase."""
    if revision(engine) == newest():
        return False
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = _revision(connection)
        if before is not None and before not in _known():
            raise NewerDatabase(
                f"the database is at revision {before}, which this version does not know: install the newer version"
            )
        command.upgrade(_config(connection), "head")
        return before != newest()


def revision(engine: Engine) -> str | None:
    """Return the revision of the database; None for an empty one."""
    with reading(engine) as connection:
        return _revision(connection)


def newest() -> str | None:
    """Return the revision that this version of the program needs."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
