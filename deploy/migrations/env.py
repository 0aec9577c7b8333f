"""Alembic's environment: runs on the connection it is handed (see bot/migrations.py), without an ini file."""

from alembic import context

from knowledge.database import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
