"""The whole audit record, for tests that look for what is in it and what is not."""

from typing import Any

from sqlalchemy import Engine, select

from desk.tables import audit
from knowledge.database import reading


def audited(engine: Engine) -> list[dict[str, Any]]:
    """Every record, newest first."""
    with reading(engine) as connection:
        return [dict(row._mapping) for row in connection.execute(select(audit).order_by(audit.c.id.desc()))]
