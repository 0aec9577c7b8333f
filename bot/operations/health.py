"""Reports whether the service is well: database, index, bus and Telegram, each in a word or two."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text

from bot.channels.telegram import TelegramChannel
from knowledge.database import reading

ELSEWHERE = "leader elsewhere"  # another process takes updates in; this process does not know how that goes


@dataclass(frozen=True, slots=True)
class HealthParts:
    """The parts that health looks at. `leads`: whether this process does what only one may; None: not known yet."""

    engine: Engine
    index_state: Callable[[], str]
    bus_url: str
    telegram: TelegramChannel | None
    leads: Callable[[], bool | None]


def health_report(looked_at: HealthParts) -> dict[str, Any]:
    """Return the report.

    `status` is ok, degraded (answers suffer) or down (no database). Every part says "ok" or what is wrong.
    """
    parts: dict[str, str] = {
        "database": _tried(lambda: _database(looked_at.engine)),
        "index": _tried(looked_at.index_state),
        "bus": _tried(lambda: _bus(looked_at.bus_url)),
        "telegram": _telegram(looked_at.telegram, looked_at.leads()),
    }
    well = all(word in ("ok", "off", "starting", ELSEWHERE) for word in parts.values())
    return {"status": "down" if parts["database"] != "ok" else "ok" if well else "degraded", **parts}


def _telegram(channel: TelegramChannel | None, leads: bool | None) -> str:
    if channel is None:
        return "off"
    return ELSEWHERE if leads is False else channel.state or "starting"


def _tried(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # the report goes out whatever the error is
        return type(error).__name__


def _database(engine: Engine) -> str:
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))
    return "ok"


def _bus(url: str) -> str:
    if url.startswith("memory"):
        return "ok"
    import redis

    with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as server:
        server.ping()
    return "ok"
