"""Alembic's environment: runs on the connection that bot/operations/migrations.py hands it, without an ini file."""

from typing import Any, Literal

from alembic import context

from knowledge.database import UtcDateTime, metadata


def render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Revisions do not import the program: its aware datetimes are plain ones there."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
