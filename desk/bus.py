"""The bus carries hints between parts and processes: "look again at …". The database carries the facts.

Whoever listens also looks by itself now and then, so a hint that is lost delays and never loses.
"""

import asyncio
import contextlib
import json
import logging
import threading
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)

Hint = tuple[str, dict[str, Any]]
LONGEST_QUEUE = 1_000  # hints waiting for one slow listener; older ones are dropped
_PREFIX = "laofashi:"
_LAST_WAIT = 5.0  # seconds between attempts to reach a lost server, at most


class Bus(Protocol):
    """A hint is a topic (`conversation:<id>`, `queue`, `deliveries`, `inbox`, `documents`, `room:<id>`) and a small
    JSON object."""

    def publish(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Hint, from any thread; never raises for a lost server."""

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[Hint]]:
        """Hints on these topics published from now on; after a lost connection some may be missing."""

    def close(self) -> None:
        """Let connections go."""


def connect_bus(url: str) -> Bus:
    """`memory://` for one process, `redis://host:port/db` for several; no connection is made before the first use."""
    scheme = url.partition("://")[0]
    if scheme == "memory":
        return MemoryBus()
    if scheme in ("redis", "rediss", "unix"):
        return RedisBus(url)
    raise ValueError(f"BUS_URL {scheme!r} is not supported: use memory:// or redis://")


class _Listener:
    """One listener's queue: filled from any thread, emptied on the loop that made it."""

    def __init__(self) -> None:
        self._loop, self._ready = asyncio.get_running_loop(), asyncio.Event()
        self._hints: deque[Hint] = deque(maxlen=LONGEST_QUEUE)

    def put(self, hint: Hint) -> None:
        self._hints.append(hint)
        with contextlib.suppress(RuntimeError):  # the listener's loop is closed: nobody is there to be told
            self._loop.call_soon_threadsafe(self._ready.set)

    async def hints(self) -> AsyncIterator[Hint]:
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._hints:
                yield self._hints.popleft()


class MemoryBus:
    """The bus of a single process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, list[_Listener]] = {}

    def publish(self, topic: str, payload: Mapping[str, Any]) -> None:
        hint = (topic, json.loads(json.dumps(dict(payload))))  # as another process would see it
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for listener in listeners:
            listener.put(hint)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Hint]]:
        listener = _Listener()
        with self._lock:
            for topic in topics:
                self._listeners.setdefault(topic, []).append(listener)
        try:
            yield listener.hints()
        finally:
            with self._lock:
                for topic in topics:
                    self._forget(topic, listener)

    def _forget(self, topic: str, listener: _Listener) -> None:
        self._listeners[topic].remove(listener)
        if not self._listeners[topic]:
            del self._listeners[topic]

    def close(self) -> None:
        pass


class RedisBus:
    """The bus between several processes, over Redis publish/subscribe."""

    def __init__(self, url: str) -> None:
        import redis

        self._url, self._lost = url, False
        self._errors: tuple[type[Exception], ...] = (redis.RedisError, OSError)
        self._publisher: redis.Redis = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)

    def publish(self, topic: str, payload: Mapping[str, Any]) -> None:
        try:
            self._publisher.publish(_PREFIX + topic, json.dumps(dict(payload)))
        except self._errors as error:
            self._say_lost(error)
        else:
            self._lost = False

    def _say_lost(self, error: Exception) -> None:
        if not self._lost:  # once for each time it is lost
            log.warning("the bus cannot be reached, hints are delayed: %s", type(error).__name__)
        self._lost = True

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Hint]]:
        listener, listening = _Listener(), asyncio.Event()
        task = asyncio.create_task(self._listen(topics, listener, listening))
        try:
            with contextlib.suppress(TimeoutError):  # no server: begin anyway, hints come once it is back
                await asyncio.wait_for(listening.wait(), timeout=2)
            yield listener.hints()
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _listen(self, topics: tuple[str, ...], listener: _Listener, listening: asyncio.Event) -> None:
        wait = 0.1
        while True:
            try:
                async for hint in self._hints(topics, listening):
                    wait = 0.1
                    listener.put(hint)
            except self._errors as error:
                self._say_lost(error)
            listening.clear()
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LAST_WAIT)

    async def _hints(self, topics: tuple[str, ...], listening: asyncio.Event) -> AsyncIterator[Hint]:
        import redis.asyncio

        server = redis.asyncio.Redis.from_url(self._url, socket_connect_timeout=2, health_check_interval=10)
        try:
            pubsub = server.pubsub()
            await pubsub.subscribe(*(_PREFIX + topic for topic in topics))
            async for message in pubsub.listen():
                if message["type"] == "subscribe":
                    self._lost = False
                    listening.set()
                elif message["type"] == "message":
                    yield _hint(message)
        finally:
            await server.aclose()

    def close(self) -> None:
        self._publisher.close()


def _hint(message: dict[str, Any]) -> Hint:
    return message["channel"].decode().removeprefix(_PREFIX), json.loads(message["data"])
