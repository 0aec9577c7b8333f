"""Is the service well: database, index, bus, Telegram, each in a word or two."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from bot.app import Helpdesk
from knowledge.database import reading

ELSEWHERE = "leader elsewhere"  # another process takes updates in; this one knows nothing of it


def health_report(helpdesk: Helpdesk) -> dict[str, Any]:
    """`status` is ok, degraded (answers suffer) or down (no database); every part says "ok" or what is wrong."""
    parts: dict[str, str] = {
        "database": _tried(lambda: _database(helpdesk)),
        "index": _tried(helpdesk.index_state),
        "bus": _tried(lambda: _bus(helpdesk)),
        "telegram": _telegram(helpdesk),
    }
    well = all(word in ("ok", "off", "starting", ELSEWHERE) for word in parts.values())
    return {"status": "down" if parts["database"] != "ok" else "ok" if well else "degraded", **parts}


def _telegram(helpdesk: Helpdesk) -> str:
    if helpdesk.telegram is None:
        return "off"
    return ELSEWHERE if helpdesk.leads is False else helpdesk.telegram.state or "starting"


def _tried(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # whatever it is, the report goes out
        return type(error).__name__


def _database(helpdesk: Helpdesk) -> str:
    with reading(helpdesk.engine) as connection:
        connection.execute(text("SELECT 1"))
    return "ok"


def _bus(helpdesk: Helpdesk) -> str:
    if helpdesk.settings.bus.startswith("memory"):
        return "ok"
    import redis

    with redis.Redis.from_url(helpdesk.settings.bus, socket_timeout=1, socket_connect_timeout=1) as server:
        server.ping()
    return "ok"
