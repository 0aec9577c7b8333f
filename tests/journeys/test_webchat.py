"""The web chat over the wire: what is accepted is stored once, nonsense gets a sentence, nobody sees another's."""

import asyncio
import json
import random
import secrets
import socket
import struct
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from canned import CITATION, Desk
from serving import serving
from sqlalchemy import Engine, func, select, text
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.channels.webchat_exchange import PAGE
from bot.channels.webchat_identity import COOKIE
from desk.bus import MemoryBus, connect_bus
from desk.model import Holder, Sender
from desk.tables import applicants, messages

Frame = dict[str, Any]


class Applicant:
    """A browser with its cookie; `tab()` opens a page's socket in it."""

    def __init__(self, address: str, token: str = "") -> None:
        self.address = address
        self.token = token or httpx.get(address).cookies[COOKIE]

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.address, "Cookie": f"{COOKIE}={self.token}"}

    @contextmanager
    def tab(self, after: int = 0) -> Iterator["Tab"]:
        url = self.address.replace("http", "ws") + "/chat/ws"
        with connect(url, additional_headers=self.headers, max_size=None) as line:
            tab = Tab(line)
            tab.send({"type": "resume", "after": after})
            tab.until(lambda frame: frame["type"] == "state")
            yield tab

    def say(self, words: str, client_message_id: str | None = None) -> httpx.Response:
        return httpx.post(self.address + "/chat/messages", json=said(words, client_message_id), headers=self.headers)

    def shown(self, after: int = 0) -> list[Frame]:
        answer = httpx.get(self.address + "/chat/messages", params={"after": after}, headers=self.headers)
        found: list[Frame] = answer.json()["messages"]
        return found


class Tab:
    """A page's socket; every frame it hears is kept in `heard`."""

    def __init__(self, line: ClientConnection) -> None:
        self.line, self.heard = line, list[Frame]()

    def send(self, frame: Frame | str | bytes) -> None:
        self.line.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    def say(self, words: str, client_message_id: str | None = None) -> Frame:
        """Send a message; the server's verdict on it."""
        frame = said(words, client_message_id)
        self.send(frame)
        return self.until(lambda f: f.get("client_message_id") == frame["client_message_id"] and f["type"] != "message")

    def until(self, fits: Callable[[Frame], bool], timeout: float = 5) -> Frame:
        deadline = time.monotonic() + timeout
        while True:
            self.heard.append(json.loads(self.line.recv(timeout=max(0.0, deadline - time.monotonic()))))
            if fits(self.heard[-1]):
                return self.heard[-1]

    def message(self, sender: Sender) -> Frame:
        return self.until(lambda frame: frame["type"] == "message" and frame["sender"] == sender)

    def lives(self) -> bool:
        self.send({"type": "ping"})
        return self.until(lambda frame: frame["type"] == "pong") is not None

    def cut(self) -> None:
        """Break the connection as a dead network does: nothing is said, what is under way is lost."""
        self.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.line.socket.close()


def said(words: str, client_message_id: str | None = None) -> Frame:
    return {"type": "say", "client_message_id": client_message_id or str(uuid.uuid4()), "text": words}


def stored(engine: Engine, words: str | None = None) -> int:
    where = messages.c.sender == Sender.APPLICANT
    where = where if words is None else where & (messages.c.text == words)
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(messages).where(where)).scalar_one()


def eventually(true: Callable[[], bool], timeout: float = 5) -> None:
    deadline = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


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
        assert answer["body"]["citations"] == [CITATION]
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


def test_another_applicant_sees_nothing_whoever_he_says_he_is(address: str) -> None:
    mine = Applicant(address)
    mine.say("我的事不给别人看")
    for stranger in (Applicant(address), Applicant(address, "A" * 43)):
        assert stranger.shown() == []
        with stranger.tab() as tab:
            assert [frame for frame in tab.heard if frame["type"] == "message"] == []
    assert len(mine.shown()) >= 1


def test_the_database_holds_no_cookie(desk: Desk, address: str, sqlite_engine: Engine) -> None:
    applicant = Applicant(address)
    applicant.say("你好")
    with sqlite_engine.connect() as connection:
        keys = connection.execute(select(applicants.c.key)).scalars().all()
    assert len(keys) == 1
    assert applicant.token not in keys[0]


def test_opening_the_page_writes_nothing(address: str, sqlite_engine: Engine) -> None:
    with Applicant(address).tab(), sqlite_engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(applicants)).scalar_one() == 0


def test_a_hundred_thousand_characters_get_a_sentence(address: str, sqlite_engine: Engine) -> None:
    applicant, novel = Applicant(address), "长" * 100_000
    with applicant.tab() as tab:
        refused = tab.say(novel)
        assert (refused["type"], refused["reason"]) == ("refused", "too_long")
        assert "100000 字" in refused["text"]
        assert tab.lives()
    over_http = applicant.say(novel)
    assert over_http.status_code == 422
    assert over_http.json()["reason"] == "too_long"
    assert stored(sqlite_engine) == 0


NONSENSE: list[str | bytes] = [
    "",
    "你好",
    "{",
    "null",
    "[]",
    "{}",
    '{"type":"drop"}',
    '{"type":"say"}',
    '{"type":"say","client_message_id":"x","text":"太短的编号"}',
    '{"type":"say","client_message_id":"' + "a" * 36 + '","text":null}',
    '{"type":"say","client_message_id":"' + "a" * 36 + '","text":"\\ud800"}',
    '{"type":"resume","after":-1}',
    '{"type":"resume","after":99999999999999999999999}',
    "[" * 50_000,
    b"\xff\xfe\x00",
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda n: repr(n)[:40])
def test_nonsense_gets_a_sentence_and_the_socket_lives(address: str, nonsense: str | bytes) -> None:
    with Applicant(address).tab() as tab:
        tab.send(nonsense)
        refused = tab.until(lambda frame: frame["type"] == "refused")
        assert refused["reason"] == "unreadable"
        assert "刷新" in refused["text"]
        assert tab.lives()


def test_an_unreadable_message_is_refused_by_its_id_so_that_a_page_can_let_it_go(address: str) -> None:
    applicant, wrong = Applicant(address), said("有字", "no-text-at-all") | {"text": None}
    with applicant.tab() as tab:
        tab.send(wrong)
        refused = tab.until(lambda frame: frame["type"] == "refused")
    assert (refused["reason"], refused["client_message_id"]) == ("unreadable", "no-text-at-all")
    over_http = httpx.post(address + "/chat/messages", json=wrong, headers=applicant.headers)
    assert over_http.json()["client_message_id"] == "no-text-at-all"


def test_what_stood_on_a_button_is_kept_beside_its_value(address: str) -> None:
    applicant = Applicant(address)
    with applicant.tab() as tab:
        tab.send(said("/useful") | {"label": "有帮助"})
        shown = tab.message(Sender.APPLICANT)
    assert (shown["text"], shown["body"]) == ("/useful", {"label": "有帮助"})


def test_blank_and_unprintable_text(address: str) -> None:
    applicant = Applicant(address)
    with applicant.tab() as tab:
        assert tab.say(" \n\t ")["reason"] == "empty"
        assert tab.say("\x00\x07办证\r\n要多久\x1b")["type"] == "accepted"
    assert applicant.shown()[0]["text"] == "办证\n要多久"


def test_too_fast_gets_a_gentle_sentence_and_may_go_on_after_it(address: str, clock: Any) -> None:
    with Applicant(address).tab() as tab:
        verdicts = [tab.say(f"第 {n} 句")["type"] for n in range(20)]
        assert verdicts == ["accepted"] * 20
        clock.forward(seconds=45)
        refused = tab.say("第 21 句")
        assert (refused["reason"], refused["retry_after"]) == ("too_fast", 15)
        assert "不会丢" in refused["text"]
        clock.forward(seconds=15)
        assert tab.say("第 21 句", refused["client_message_id"])["type"] == "accepted"
    with Applicant(address).tab() as other:
        assert other.say("别人不受影响")["type"] == "accepted"


@pytest.mark.parametrize(("origin", "cookie"), [("http://elsewhere.example", True), (None, True), ("ours", False)])
def test_pages_of_other_sites_and_without_cookie_are_refused(address: str, origin: str | None, cookie: bool) -> None:
    applicant = Applicant(address)
    origin = address if origin == "ours" else origin
    headers = {"Cookie": f"{COOKIE}={applicant.token}"} if cookie else {}
    headers |= {"Origin": origin} if origin else {}
    with pytest.raises(InvalidStatus) as refused:
        connect(address.replace("http", "ws") + "/chat/ws", additional_headers=headers)
    assert refused.value.response.status_code == 403
    answer = httpx.post(address + "/chat/messages", json=said("你好"), headers=headers)
    assert answer.status_code == (403 if cookie else 401)
    assert answer.json()["text"]


def test_without_a_websocket_plain_requests_do_the_same(address: str, sqlite_engine: Engine) -> None:
    applicant, own = Applicant(address), str(uuid.uuid4())
    first, again = applicant.say("办食品证要什么材料", own), applicant.say("办食品证要什么材料", own)
    assert first.json() == again.json() == {"type": "accepted", "client_message_id": own, "id": first.json()["id"]}
    eventually(lambda: len(applicant.shown()) == 2)
    assert applicant.shown(after=first.json()["id"])[0]["body"]["citations"] == [CITATION]
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


@pytest.mark.parametrize(
    ("path", "secure", "attributes"),
    [
        ("/", False, {"SameSite=Lax"}),
        ("/", True, {"SameSite=Lax", "Secure"}),
        ("/chat/embed", False, {"SameSite=Lax"}),
        ("/chat/embed", True, {"SameSite=None", "Partitioned", "Secure"}),
    ],
)
def test_cookies_and_who_may_frame_the_page(
    sqlite_engine: Engine, clock: Any, path: str, secure: bool, attributes: set[str]
) -> None:
    options = {"secure_cookies": secure, "widget_origins": ("https://shop.example",)}
    with serving(Desk(sqlite_engine, clock, options=options).app()) as address:
        page = httpx.get(address + path)
        again = httpx.get(address + path, headers={"Cookie": page.headers["set-cookie"].split(";")[0]})
    name, *given = page.headers["set-cookie"].split("; ")
    assert set(given) - {"Path=/", "Max-Age=31536000", "HttpOnly"} == attributes
    assert "HttpOnly" in given
    assert again.headers["set-cookie"].split("; ")[0] == name
    policy = page.headers["content-security-policy"]
    frames = "'self' https://shop.example" if path == "/chat/embed" else "'none'"
    assert policy.endswith(f"frame-ancestors {frames}")
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_assets_are_served_and_nothing_else(address: str) -> None:
    page = httpx.get(address).text
    scripts = [part.split('"')[0] for part in page.split('src="')[1:]]
    assert len(scripts) == 2
    for script in scripts:
        answer = httpx.get(address + script)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
    folder = scripts[0].rsplit("/", 1)[0]
    for wrong in (f"{folder}/chat.html", f"{folder}/..%2f..%2fsettings.py", "/chat/assets/0/chat.js"):
        assert httpx.get(address + wrong).status_code == 404
    assert httpx.get(address + "/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"
