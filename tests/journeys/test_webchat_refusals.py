"""What the web chat does not take, and whom it does not know: a sentence each, and the rest goes on."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.channels.webchat.identity import COOKIE
from desk.tables import applicants
from tests.support.known_answers import Desk
from tests.support.serving import serving
from tests.support.webchat_client import Applicant, said, stored


@pytest.fixture
def desk(sqlite_engine: Engine, clock: Any) -> Desk:
    return Desk(sqlite_engine, clock)


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with serving(desk.app()) as address:
        yield address


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
    folder = scripts[0].rsplit("/", 1)[0]  # of early.js: above those of the pages
    for wrong in (
        f"{folder}/chat/chat.html",
        f"{folder}/..%2f..%2fsettings.py",
        f"{folder}/chat.js",
        "/chat/assets/0/chat/widget.js",
    ):
        assert httpx.get(address + wrong).status_code == 404
    other_version = httpx.get(address + "/chat/assets/0/chat/chat.js")
    assert (other_version.status_code, other_version.headers["cache-control"]) == (200, "no-cache")
    assert httpx.get(address + "/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"
