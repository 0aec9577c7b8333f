"""The bus carries hints between parts and processes: "look again at …". The database carries the facts.

Every listener also looks by itself now and then, so a lost hint only delays: nothing is lost.
"""

import asyncio
import contextlib
import json
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

log = logging.getLogger(__name__)

Hint = tuple[str, dict[str, Any]]
LONGEST_QUEUE = 1_000  # hints waiting for one slow listener; older ones are dropped
_FIRST_WAIT, _LAST_WAIT = 0.1, 5.0  # seconds between attempts to reach a lost server
_LOOK_UP = 0.5  # seconds after which the listening thread looks whether it shall stop


class Bus(Protocol):
    """A hint is a topic (`conversation:<id>`, `queue`, `deliveries`, `inbox`, `documents`, `words`, `room:<id>`) and
    a small JSON object."""

    def publish(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Publish a hint. Any thread may call this. It never raises for a lost server."""

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[Hint]]:
        """Yield the hints published on these topics from now on. After a lost connection some may be missing."""

    def close(self) -> None:
        """Close the connections."""


def connect_bus(url: str) -> Bus:
    """Return the bus for a URL: `memory://` for one process, `redis://host:port/db` for several.

    No connection is made before the first use. Raises ValueError for another scheme.
    """
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
    """The bus of several processes, over Redis.

    One connection listens for the whole process and passes hints on to an in-process bus. Hints of this process reach
    its own listeners directly, so they come even without the server.
    """

    def __init__(self, url: str, quiet: float = 10.0) -> None:
        """`quiet` is in seconds: after that long without a word the server is asked, after twice as long given up."""
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._local, self._me, self._quiet = MemoryBus(), secrets.token_hex(8), quiet
        self._errors: tuple[type[Exception], ...] = (redis.RedisError, OSError)
        limits = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 1)}
        self._server: Any = redis.Redis.from_url(url, client_name=f"laofashi-{self._me}", **limits)
        self._prefix = f"laofashi:{self._server.get_connection_kwargs().get('db', 0)}:"
        self._tried, self._stopping, self._starting = threading.Event(), threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._lost, self._not_before = False, 0.0

    def publish(self, topic: str, payload: Mapping[str, Any]) -> None:
        self._local.publish(topic, payload)
        if time.monotonic() < self._not_before:
            return
        try:
            self._server.publish(self._prefix + topic, json.dumps({"from": self._me, "hint": dict(payload)}))
            self._lost = False
        except self._errors as error:
            self._not_before = time.monotonic() + _LAST_WAIT  # not every hint shall wait for a dead server
            self._say_lost(error)

    def _say_lost(self, error: Exception) -> None:
        if not self._lost:  # once each time
            log.warning("the bus cannot be reached, hints are delayed: %s", type(error).__name__)
        self._lost = True

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Hint]]:
        async with self._local.subscribe(*topics) as hints:
            self._start()
            if not self._tried.is_set():  # begin without a server, too: hints come once it is back
                await asyncio.to_thread(self._tried.wait, 3)
            yield hints

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="bus", daemon=True)
                self._thread.start()

    def _listen(self) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            try:
                for message in self._messages():
                    wait = _FIRST_WAIT
                    self._pass_on(message)
            except self._errors as error:
                self._say_lost(error)
            self._tried.set()
            self._stopping.wait(wait)
            wait = min(wait * 2, _LAST_WAIT)

    def _messages(self) -> Iterator[dict[str, Any]]:
        with self._server.pubsub() as pubsub:
            pubsub.psubscribe(self._prefix + "*")
            heard, asked = time.monotonic(), False
            while not self._stopping.is_set():
                message = pubsub.get_message(timeout=_LOOK_UP)
                if message is not None:
                    heard, asked = time.monotonic(), False
                    yield message
                elif time.monotonic() - heard > 2 * self._quiet:
                    raise TimeoutError
                elif time.monotonic() - heard > self._quiet and not asked:
                    pubsub.ping()
                    asked = True

    def _pass_on(self, message: dict[str, Any]) -> None:
        if message["type"] == "psubscribe":
            self._lost, self._not_before = False, 0.0
            self._tried.set()
        elif message["type"] == "pmessage":
            topic, sent = message["channel"].decode().removeprefix(self._prefix), json.loads(message["data"])
            if sent["from"] != self._me:
                self._local.publish(topic, sent["hint"])

    def close(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._server.close()
