"""What every bus promises, over the in-process one and over a real Redis."""

import asyncio
import contextlib
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import redis

from desk.bus import LONGEST_QUEUE, Bus, Hint, MemoryBus, RedisBus, connect_bus

Pair = tuple[Bus, Bus]  # one publishes, one listens; the same object where there is only one process


@pytest.fixture(params=["memory", "redis"])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    if request.param == "memory":
        bus = connect_bus("memory://")
        yield bus, bus
        return
    url = request.getfixturevalue("redis_url")
    publishing, listening = connect_bus(url), connect_bus(url)
    yield publishing, listening
    publishing.close()
    listening.close()


@pytest.fixture
def topic() -> str:
    return f"conversation:{uuid.uuid4().hex}"


async def take(hints: AsyncIterator[Hint], count: int, within: float = 5) -> list[Hint]:
    async def some() -> list[Hint]:
        return [await anext(hints) for _ in range(count)]

    return await asyncio.wait_for(some(), within)


async def test_a_hint_reaches_every_listener_of_its_topic_and_no_other(pair: Pair, topic: str) -> None:
    publishing, listening = pair
    async with listening.subscribe(topic) as first, listening.subscribe(topic, topic + "b") as second:
        publishing.publish(topic + "c", {"n": 0})
        publishing.publish(topic, {"n": 1})
        publishing.publish(topic + "b", {"n": 2})
        assert await take(first, 1) == [(topic, {"n": 1})]
        assert await take(second, 2) == [(topic, {"n": 1}), (topic + "b", {"n": 2})]
        with pytest.raises(TimeoutError):
            await take(first, 1, within=0.2)


async def test_hints_keep_their_order_from_many_threads(pair: Pair, topic: str) -> None:
    publishing, listening = pair

    def many(thread: int) -> None:
        for n in range(50):
            publishing.publish(topic, {"thread": thread, "n": n})

    async with listening.subscribe(topic) as hints:
        threads = [threading.Thread(target=many, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        taken = [payload for _, payload in await take(hints, 200)]
        for thread in threads:
            thread.join()
    for number in range(4):
        assert [each["n"] for each in taken if each["thread"] == number] == list(range(50))


async def test_a_slow_listener_loses_the_oldest_and_stops_nobody(pair: Pair, topic: str) -> None:
    publishing, listening = pair
    async with listening.subscribe(topic) as slow, listening.subscribe(topic + "end") as other:
        for n in range(LONGEST_QUEUE + 10):
            publishing.publish(topic, {"n": n})
        publishing.publish(topic + "end", {})
        await take(other, 1)
        taken = await take(slow, LONGEST_QUEUE)
    assert [payload["n"] for _, payload in taken] == list(range(10, LONGEST_QUEUE + 10))


async def test_a_listener_that_left_hears_nothing_and_leaves_nothing(pair: Pair, topic: str) -> None:
    publishing, listening = pair
    async with listening.subscribe(topic) as gone:
        pass
    async with listening.subscribe(topic) as hints:
        publishing.publish(topic, {"n": 1})
        assert await take(hints, 1) == [(topic, {"n": 1})]
    with pytest.raises(TimeoutError):
        await take(gone, 1, within=0.2)
    local = listening if isinstance(listening, MemoryBus) else listening._local  # type: ignore[attr-defined]
    assert local._listeners == {}


async def test_a_payload_is_as_another_process_would_see_it(pair: Pair, topic: str) -> None:
    publishing, listening = pair
    payload = {"文字": "转人工", "list": [1]}
    async with listening.subscribe(topic) as hints:
        publishing.publish(topic, payload)
        payload["list"].append(2)  # type: ignore[attr-defined]
        assert await take(hints, 1) == [(topic, {"文字": "转人工", "list": [1]})]


def test_publishing_needs_no_event_loop(pair: Pair, topic: str) -> None:
    pair[0].publish(topic, {})


def test_an_unknown_address_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="memory:// or redis://"):
        connect_bus("amqp://localhost")


def cut_connections(url: str, *buses: RedisBus) -> int:
    """Have the server close the connections of these buses; how many there were."""
    server = redis.Redis.from_url(url)
    names = {f"laofashi-{bus._me}" for bus in buses}
    found = [client["id"] for client in server.client_list() if client["name"] in names]
    for number in found:
        with contextlib.suppress(redis.ResponseError):  # gone by itself
            server.client_kill_filter(_id=number)
    server.close()
    return len(found)


async def test_hints_go_on_after_the_server_cut_the_connections(redis_url: str, topic: str) -> None:
    publishing, listening = RedisBus(redis_url), RedisBus(redis_url)
    async with listening.subscribe(topic) as hints:
        publishing.publish(topic, {"n": 1})
        assert await take(hints, 1) == [(topic, {"n": 1})]
        assert cut_connections(redis_url, publishing, listening) >= 2
        publishing.publish(topic, {"n": 2})  # may be lost, must not raise
        assert await heard_again(publishing, hints, topic)
    publishing.close()
    listening.close()


class GivesUp(RedisBus):
    """The broken variant: it listens until the server is lost, and never again."""

    def _listen(self) -> None:
        with contextlib.suppress(*self._errors):
            for message in self._messages():
                self._pass_on(message)


@pytest.mark.parametrize(("listener", "comes_back"), [(RedisBus, True), (GivesUp, False)])
async def test_hints_go_on_after_redis_was_away(
    redis_url: str, topic: str, listener: type[RedisBus], comes_back: bool
) -> None:
    wire = Wire()
    port = await wire.open()
    publishing, listening = RedisBus(redis_url), listener(redis_url.replace("6379", str(port)))
    async with listening.subscribe(topic) as hints:
        publishing.publish(topic, {"n": 1})
        assert await take(hints, 1) == [(topic, {"n": 1})]
        await wire.cut()
        listening.publish(topic + "x", {})  # must not raise
        await asyncio.sleep(0.6)
        await wire.open(port)
        assert await heard_again(publishing, hints, topic, within=6 if comes_back else 2) is comes_back
    await wire.cut()
    publishing.close()
    listening.close()


async def heard_again(publishing: Bus, hints: AsyncIterator[Hint], topic: str, within: float = 10) -> bool:
    end = time.monotonic() + within
    waiting = asyncio.ensure_future(take(hints, 1, within=within))
    while time.monotonic() < end and not waiting.done():
        publishing.publish(topic, {"n": 3})
        await asyncio.sleep(0.1)
    try:
        return bool(await waiting)
    except TimeoutError:
        return False


async def test_without_a_server_nothing_raises_and_own_hints_still_come(
    topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    bus = RedisBus("redis://127.0.0.1:1/0")  # nobody listens on this port
    async with bus.subscribe(topic) as hints:
        for n in range(20):
            bus.publish(topic, {"n": n})
        assert len(await take(hints, 20)) == 20
    bus.close()
    assert [record.getMessage() for record in caplog.records if record.name == "desk.bus"] == [
        "the bus cannot be reached, hints are delayed: ConnectionError"
    ]


async def test_a_server_that_fell_silent_is_left_and_found_again(redis_url: str, topic: str) -> None:
    wire = Wire()
    port = await wire.open()
    publishing, listening = RedisBus(redis_url), RedisBus(redis_url.replace("6379", str(port)), quiet=0.3)
    async with listening.subscribe(topic) as hints:
        assert await heard_again(publishing, hints, topic)
        wire.silence()  # open connections say nothing any more, and are not closed
        assert await heard_again(publishing, hints, topic)
    await wire.cut()
    publishing.close()
    listening.close()


class Wire:
    """A stretch of wire to Redis that can be cut, opened again, or fall silent."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._ends: list[asyncio.StreamWriter] = []
        self._carrying: set[asyncio.Task[None]] = set()

    async def open(self, port: int = 0) -> int:
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        self.silence()
        for end in self._ends:
            end.close()
        self._ends.clear()
        await asyncio.sleep(0)

    def silence(self) -> None:
        for task in self._carrying:
            task.cancel()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", 6379)
        self._ends += [writer, there_writer]
        for pair in ((reader, there_writer), (there_reader, writer)):
            task = asyncio.create_task(self._carry(*pair))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
