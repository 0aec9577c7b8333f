"""Runs work beside requests: waits for a hint or a timer, restarts what fails, leads in one process only."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from desk.bus import Bus

log = logging.getLogger(__name__)

_LEADER = 7_236_001  # key of PostgreSQL's advisory lock that the leading process holds
_LONGEST_REST = 30.0  # seconds at most before a failed task is started again


class Waker:
    """Wakes a worker: by a hint from the bus, by `wake()`, or when its timer ends."""

    def __init__(self) -> None:
        self._loop, self._event = asyncio.get_running_loop(), asyncio.Event()

    def wake(self) -> None:
        """Wake the worker. Any thread may call this."""
        with contextlib.suppress(RuntimeError):  # the loop is closed, so nobody waits any more
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> None:
        """Wait until woken, for at most `seconds`. A wake-up since the last wait counts too."""
        with contextlib.suppress(TimeoutError):  # not wait_for: before Python 3.12 it may swallow a cancellation
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


@asynccontextmanager
async def waking(bus: Bus, *topics: str) -> AsyncIterator[Waker]:
    """Yield a waker that hints on `topics` wake."""
    waker = Waker()
    async with bus.subscribe(*topics) as hints:

        async def listen() -> None:
            async for _ in hints:
                waker.wake()

        async with running(listen):
            yield waker


@asynccontextmanager
async def running(*works: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run `works` beside the body. When the body ends, cancel and await them."""
    tasks = [asyncio.ensure_future(work()) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def supervised(name: str, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Return `work` with restarts: it starts again whenever it fails, after a rest that grows to 30 s."""

    async def supervise() -> None:
        rest = 0.5
        while True:
            try:
                return await work()
            except Exception:
                log.exception("%s failed and is started again in %.1f s", name, rest)
            await asyncio.sleep(rest)
            rest = min(rest * 2, _LONGEST_REST)

    return supervise


def leading(
    engine: Engine, *works: Callable[[], Awaitable[None]], told: Callable[[bool], None] = lambda leads: None
) -> Callable[[], Awaitable[None]]:
    """Return work that runs `works` only while this process leads.

    On SQLite this process always leads. On PostgreSQL one process of all leads. `told` is called with whether it leads
    whenever that is newly known.
    """

    async def lead() -> None:
        if engine.dialect.name == "sqlite":
            told(True)
            async with running(*works):
                await asyncio.Event().wait()
        connection = await asyncio.to_thread(engine.connect)
        try:
            while not await asyncio.to_thread(_elected, connection):  # another process holds the lock
                told(False)
                await asyncio.sleep(2)
            told(True)
            async with running(*works):
                await _while_alive(connection)
        finally:
            told(False)
            await asyncio.to_thread(connection.invalidate)
            await asyncio.to_thread(connection.close)

    return supervised("leading", lead)


def _elected(connection: Connection) -> bool:
    won = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LEADER}).scalar_one()
    connection.commit()
    return bool(won)


async def _while_alive(connection: Connection) -> None:
    """Wait until the connection that holds the lock is lost, then raise the database's error."""

    def ping() -> Any:
        connection.execute(text("SELECT 1"))
        connection.commit()

    while True:
        await asyncio.sleep(2)
        await asyncio.to_thread(ping)
