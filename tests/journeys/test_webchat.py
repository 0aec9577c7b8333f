"""The web chat over the wire: what is accepted is stored once and told to every window, through cuts and lost hints."""

import asyncio
import json
import random
import secrets
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select, text
from websockets.asyncio.client import connect as connect_async

from bot.channels.webchat.exchange import PAGE
from bot.channels.webchat.identity import COOKIE
from desk.bus import MemoryBus, connect_bus
from desk.model import Holder, Sender
from desk.tables import applicants
from tests.support.known_answers import CITATION, Desk
from tests.support.serving import serving
from tests.support.webchat_client import Applicant, eventually, said, stored


@pytest.fixture
def desk(sqlite_engine: Engine, clock: Any) -> Desk:
    return Desk(sqlite_engine, clock)


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with serving(desk.app()) as address:
        yield address


def test_a_question_is_accepted_then_answered_with_its_clause(address: str) -> None:
    with Applicant(address).tab() as tab:
        accepted = tab.say("办食品证要什么材料")
        answer = tab.message(Sender.BOT)
        assert accepted["type"] == "accepted"
        assert answer["body"]["citations"] == [asdict(CITATION)]
        assert answer["id"] > accepted["id"]
        assert set(answer) == {"type", "id", "sender", "author", "text", "body", "created_at", "client_message_id"}


@pytest.mark.parametrize(("reuses_its_id", "rows"), [(True, 1), (False, 2)])
def test_a_message_resent_after_a_cut_is_stored_once(
    engine: Engine, clock: Any, reuses_its_id: bool, rows: int
) -> None:
    """Cut between the commit and the acknowledgement; a page that made a new id for the resend would store two."""
    first = str(uuid.uuid4())
    with serving(Desk(engine, clock).app()) as address:
        applicant = Applicant(address)
        with applicant.tab() as tab:
            tab.send(said("店面是转租的", first))
            eventually(lambda: stored(engine) == 1)
            tab.cut()
        with applicant.tab() as tab:
            assert tab.say("店面是转租的", first if reuses_its_id else None)["type"] == "accepted"
        assert stored(engine) == rows


def test_random_cuts_lose_nothing_double_nothing_and_keep_the_order(engine: Engine, clock: Any) -> None:
    chance = random.Random(7)
    words = [f"第 {n} 句" for n in range(25)]
    with serving(Desk(engine, clock, options={"messages_per_minute": 1_000}).app()) as address:
        applicant = Applicant(address)
        for each in words:
            _insist(applicant, each, chance)
        own = [message["text"] for message in applicant.shown() if message["sender"] == Sender.APPLICANT]
    assert own == words


def _insist(applicant: Applicant, words: str, chance: random.Random) -> None:
    """Send as the page does: under one id, again after every cut, until it is accepted."""
    own = str(uuid.uuid4())
    for _ in range(chance.randrange(3)):
        with applicant.tab() as tab:
            tab.send(said(words, own))
            time.sleep(chance.uniform(0, 0.01))
            tab.cut()
    with applicant.tab() as tab:
        assert tab.say(words, own)["type"] == "accepted"


def test_what_was_said_during_a_cut_is_told_once_on_resuming(desk: Desk, address: str) -> None:
    applicant = Applicant(address)
    with applicant.tab() as tab:
        tab.say("有什么补贴")
        last = tab.message(Sender.BOT)["id"]
    applicant.say("办食品证要什么材料")
    eventually(lambda: len(applicant.shown()) == 4)
    with applicant.tab(after=last) as tab:
        heard = [frame["id"] for frame in tab.heard if frame["type"] == "message"]
    assert heard == [message["id"] for message in applicant.shown()][2:]


def test_two_tabs_of_one_applicant_see_the_same(address: str) -> None:
    applicant = Applicant(address)
    with applicant.tab() as one, applicant.tab() as other:
        one.say("办食品证要什么材料")
        seen = [[tab.message(Sender.APPLICANT), tab.message(Sender.BOT)] for tab in (one, other)]
    assert seen[0] == seen[1]


def test_what_stood_on_a_button_is_kept_beside_its_value(address: str) -> None:
    applicant = Applicant(address)
    with applicant.tab() as tab:
        tab.send(said("/useful") | {"label": "有帮助"})
        shown = tab.message(Sender.APPLICANT)
    assert (shown["text"], shown["body"]) == ("/useful", {"label": "有帮助"})


def test_without_a_websocket_plain_requests_do_the_same(address: str, sqlite_engine: Engine) -> None:
    applicant, own = Applicant(address), str(uuid.uuid4())
    first, again = applicant.say("办食品证要什么材料", own), applicant.say("办食品证要什么材料", own)
    assert first.json() == again.json() == {"type": "accepted", "client_message_id": own, "id": first.json()["id"]}
    eventually(lambda: len(applicant.shown()) == 2)
    assert applicant.shown(after=first.json()["id"])[0]["body"]["citations"] == [asdict(CITATION)]
    with applicant.tab() as tab:
        assert tab.say("办食品证要什么材料", own)["id"] == first.json()["id"]
    assert stored(sqlite_engine) == 1
    flood = httpx.post(address + "/chat/messages", content=b"x" * 2_000_000, headers=applicant.headers)
    assert flood.status_code == 422


class LossyBus(MemoryBus):
    """A bus that loses every hint."""

    def publish(self, topic: str, payload: Any) -> None:
        pass


@pytest.mark.parametrize(("poll_seconds", "arrives"), [(0.2, True), (3600.0, False)])
def test_lost_hints_delay_and_do_not_lose(
    sqlite_engine: Engine, clock: Any, poll_seconds: float, arrives: bool
) -> None:
    """A page that only waited for hints would never be told."""
    desk = Desk(sqlite_engine, clock, bus=LossyBus(), slow=0.3, options={"poll_seconds": poll_seconds})
    with serving(desk.app()) as address, Applicant(address).tab() as tab:
        tab.say("办食品证要什么材料")
        try:
            heard = tab.until(lambda frame: frame.get("sender") == Sender.BOT, timeout=1.5) is not None
        except TimeoutError:
            heard = False
    assert heard is arrives


@pytest.mark.services
@pytest.mark.parametrize(("shared", "arrives"), [(True, True), (False, False)])
def test_two_processes_tell_each_other(engine: Engine, clock: Any, redis_url: str, shared: bool, arrives: bool) -> None:
    """One applicant's windows on two processes; with a bus each of its own nothing is heard before the next look."""
    buses = [connect_bus(redis_url if shared else "memory://") for _ in range(2)]
    desks = [Desk(engine, clock, bus=bus, options={"poll_seconds": 3600.0}) for bus in buses]
    with serving(desks[0].app(bot=False)) as one, serving(desks[1].app(bot=False)) as other:
        first = Applicant(one)
        first.say("先有会话")
        with Applicant(other, first.token).tab() as tab:
            time.sleep(0.5)  # until the window listens
            first.say("另一个窗口看得到吗")
            try:
                heard = tab.until(lambda frame: frame.get("text") == "另一个窗口看得到吗", timeout=3) is not None
            except TimeoutError:
                heard = False
    for bus in buses:
        bus.close()
    assert heard is arrives


def test_place_in_the_queue_then_the_specialist_by_name(desk: Desk, address: str, clock: Any) -> None:
    account = desk.specialist()
    with Applicant(address).tab() as first, Applicant(address).tab() as second:
        for tab, place in ((first, 1), (second, 2)):
            tab.say("/human")
            state = tab.until(lambda frame: frame["type"] == "state" and frame["holder"] == Holder.QUEUE)
            assert state["position"] == place
            clock.forward(seconds=1)
        claimed = desk.tickets.claim(desk.tickets.queue()[0].id, account)
        taken = first.until(lambda frame: frame["type"] == "state" and frame["holder"] == Holder.SPECIALIST)
        assert (taken["specialist"], taken["position"]) == ("周敏", None)
        assert second.until(lambda frame: frame["type"] == "state")["position"] == 1
        desk.tickets.post(claimed.id, account, claimed.epoch, "您好，我来看看", "a" * 32)
        spoken = first.message(Sender.SPECIALIST)
        assert (spoken["author"], spoken["text"], spoken["client_message_id"]) == ("周敏", "您好，我来看看", None)


def test_a_database_out_of_order_is_weathered(desk: Desk, address: str, sqlite_engine: Engine) -> None:
    applicant = Applicant(address)
    with applicant.tab() as tab:
        tab.say("第一句")
        tab.message(Sender.BOT)
        _rename(sqlite_engine, "messages", "away")
        refused = tab.say("第二句")
        assert (refused["reason"], refused["retry_after"]) == ("not_stored", 5)
        time.sleep(0.8)  # the page is looked after meanwhile, and finds no table
        _rename(sqlite_engine, "away", "messages")
        assert tab.say("第二句", refused["client_message_id"])["type"] == "accepted"
        assert tab.message(Sender.BOT)
    assert stored(sqlite_engine) == 2


def _rename(engine: Engine, old: str, new: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_a_long_history_opens_at_its_end_and_resumes_without_gaps(sqlite_engine: Engine, clock: Any) -> None:
    desk = Desk(sqlite_engine, clock, options={"messages_per_minute": 10_000})
    with serving(desk.app()) as address:
        applicant = Applicant(address)
        first = applicant.say("第一句").json()["id"]
        owner = desk.conversations.known("web", _key(sqlite_engine))
        assert owner is not None
        for n in range(PAGE + 60):
            desk.conversations.accept(owner, f"第 {n} 句", f"number-{n:08}")
        eventually(lambda: not desk.conversations.unhandled(1), timeout=30)
        whole = applicant.shown(after=first)
        while len(page := applicant.shown(after=whole[-1]["id"])):
            whole += page
        with applicant.tab() as tab:
            opened = [frame["id"] for frame in tab.heard if frame["type"] == "message"]
        with applicant.tab(after=first) as tab:
            tab.until(lambda frame: frame.get("id") == whole[-1]["id"])
            resumed = [frame["id"] for frame in tab.heard if frame["type"] == "message"]
    ids = [message["id"] for message in whole]
    assert len(ids) > 2 * PAGE
    assert opened == ids[-PAGE:]
    assert resumed == ids


async def _talk(address: str, count: int) -> tuple[list[str], list[float]]:
    """One applicant's page: what it was told he said, and the seconds each acceptance took."""
    headers = {"Origin": address, "Cookie": f"{COOKIE}={secrets.token_urlsafe(32)}"}
    own, waits = list[str](), list[float]()
    async with connect_async(address.replace("http", "ws") + "/chat/ws", additional_headers=headers) as line:
        await line.send(json.dumps({"type": "resume", "after": 0}))
        for n in range(count):
            began = time.perf_counter()
            await line.send(json.dumps(said(f"食品证第 {n} 问")))
            while (frame := json.loads(await line.recv()))["type"] != "accepted":
                own += [frame["text"]] if frame.get("sender") == Sender.APPLICANT else []
            waits.append(time.perf_counter() - began)
        while len(own) < count:
            frame = json.loads(await line.recv())
            own += [frame["text"]] if frame.get("sender") == Sender.APPLICANT else []
    return own, waits


@pytest.mark.parametrize("applicants", [40, pytest.param(400, marks=pytest.mark.soak)])
async def test_many_at_once_each_hear_their_own_in_order(sqlite_engine: Engine, clock: Any, applicants: int) -> None:
    with serving(Desk(sqlite_engine, clock, options={"poll_seconds": 3.0}).app()) as address:
        began = time.perf_counter()
        pages = await asyncio.gather(*(_talk(address, 5) for _ in range(applicants)))
        seconds = time.perf_counter() - began
    waits = sorted(wait for _, each in pages for wait in each)
    print(f"\n{len(waits) / seconds:.0f} messages/s, p99 {waits[int(0.99 * len(waits))] * 1000:.0f} ms")
    assert [own for own, _ in pages] == [[f"食品证第 {n} 问" for n in range(5)]] * applicants
    assert stored(sqlite_engine) == 5 * applicants


def _key(engine: Engine) -> str:
    with engine.connect() as connection:
        return connection.execute(select(applicants.c.key)).scalar_one()


def test_language_of_the_applicant_follows_the_page(desk: Desk, address: str, sqlite_engine: Engine) -> None:
    with Applicant(address).tab() as tab:
        tab.say("你好")
        tab.send(said("hello") | {"locale": "en"})
        tab.until(lambda frame: frame.get("text") == "hello")
        tab.send("nonsense")
        assert "reload" in tab.until(lambda frame: frame["type"] == "refused")["text"]
    applicant = desk.conversations.known("web", _key(sqlite_engine))
    assert applicant is not None
    assert applicant.locale == "en"
