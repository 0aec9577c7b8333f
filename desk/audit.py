"""The append-only record of who did what to what; it holds no message's text and no secret."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from desk.tables import audit
from knowledge.database import reading, writing


def record(connection: Connection, at: datetime, actor: str, action: str, object: str, **detail: Any) -> None:
    """Add a record in the transaction of the act itself, so that neither exists without the other.

    `actor` is an account's id, `applicant:<id>`, `bot` or `system`; `detail` holds JSON values.
    """
    connection.execute(insert(audit).values(at=at, actor=actor, action=action, object=object, detail=detail))


class Audit:
    """Records acts that have no transaction of their own, and reads the record back."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def record(self, actor: str, action: str, object: str, **detail: Any) -> None:
        """Add a record in a transaction of its own."""
        with writing(self._engine) as connection:
            record(connection, self._clock(), actor, action, object, **detail)

    def of(self, object: str, limit: int = 100) -> list[dict[str, Any]]:
        """Return what was done to an object, newest first."""
        statement = select(audit).where(audit.c.object == object).order_by(audit.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            return [dict(row._mapping) for row in connection.execute(statement)]
