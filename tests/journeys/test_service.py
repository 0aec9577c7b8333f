"""The service's edges: hosts, origins, sizes, errors, headers, health and figures."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import websockets
from sqlalchemy import create_engine, text

from bot.workers.background import _LEADER
from tests.conftest import postgres_database
from tests.support.audited import audited
from tests.support.light_helpdesk import light, served


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with served(light(tmp_path, embed_origins="https://gov.example")) as url:
        yield url


def test_health_names_each_part(url: str) -> None:
    report = httpx.get(f"{url}/health").json()
    assert report == {"status": "degraded", "database": "ok", "index": "empty", "bus": "ok", "telegram": "off"}


def test_a_lost_bus_is_seen_and_everything_goes_on(tmp_path: Path) -> None:
    with served(light(tmp_path, bus_url="redis://127.0.0.1:1/0")) as url:
        response = httpx.get(f"{url}/health", timeout=10)
        assert response.status_code == 200
        assert response.json()["bus"] == "ConnectionError"
        assert httpx.get(f"{url}/").status_code == 200


def test_a_process_that_does_not_lead_says_so(tmp_path: Path) -> None:
    """Of several processes one takes Telegram's updates in; the others are well without."""
    with postgres_database() as database:
        rival = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
        with rival.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LEADER})
            settings = {"database_url": database, "telegram_token": "1:x", "telegram_api": "http://127.0.0.1:1"}
            with served(light(tmp_path, **settings)) as url:
                assert telegram(url, "leader elsewhere")
                assert httpx.get(f"{url}/health").json()["status"] == "degraded"  # the index is empty
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LEADER})
                connection.commit()
                assert telegram(url, "NetworkError"), "it leads now, and its server is away"
        rival.dispose()


def telegram(url: str, word: str) -> bool:
    """Whether /health comes to say this of Telegram within 20 s."""
    for _ in range(200):
        if httpx.get(f"{url}/health").json()["telegram"].startswith(word):
            return True
        time.sleep(0.1)
    return False


def test_a_room_is_told_the_servers_set(tmp_path: Path) -> None:
    helpdesk = light(tmp_path, ice_servers="turn:bob:s3cret@turn.example:3478")
    assert helpdesk.desk.ice_servers == ({"urls": "turn:turn.example:3478", "username": "bob", "credential": "s3cret"},)
    helpdesk.close()


def test_figures_are_counted_by_route(url: str) -> None:
    httpx.get(f"{url}/health")
    httpx.get(f"{url}/no/such/page/1")
    figures = httpx.get(f"{url}/metrics").text
    assert 'laofashi_requests_total{method="GET",route="/health",status="200"} 1.0' in figures
    assert "/no/such/page" not in figures, "addresses must not become series"
    assert "laofashi_queued_tickets 0.0" in figures


def test_ratings_of_answers_are_counted_and_recorded(tmp_path: Path) -> None:
    helpdesk = light(tmp_path)
    with served(helpdesk) as url:
        applicant = helpdesk.conversations.applicant("web", "k")
        for place, text in enumerate(
            ("食品经营许可", "/useful", "/useful", "/useless", "好", "居住证", "食品", "/useful")
        ):
            said = helpdesk.conversations.accept(applicant, text, f"m{place}").message
            for _ in range(200):
                if all(each.id != said.id for each in helpdesk.conversations.unhandled(9)):
                    break
                time.sleep(0.05)
        figures = httpx.get(f"{url}/metrics").text
        assert 'laofashi_rated_answers_total{useful="yes"} 2.0' in figures
        assert 'laofashi_rated_answers_total{useful="no"} 1.0' in figures
        rated = [each for each in audited(helpdesk.engine) if each["action"] == "answer_rated"]
        assert [each["detail"]["useful"] for each in rated] == [True, False, True]
        assert rated[0]["actor"] == f"applicant:{applicant.id}"


def test_an_unknown_page_is_a_sentence(url: str) -> None:
    page = httpx.get(f"{url}/nowhere", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "没有找到这个页面" in page.text
    assert httpx.get(f"{url}/nowhere").json() == {"error": "没有找到这个页面。"}


def test_another_hosts_name_is_refused(url: str) -> None:
    assert httpx.get(url, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_another_sites_post_is_refused(url: str, origin: str) -> None:
    response = httpx.post(f"{url}/chat/messages", json={}, headers={"Origin": origin})
    assert response.status_code == 403


def test_another_sites_socket_is_refused(url: str) -> None:
    async def connect(origin: str) -> None:
        async with websockets.connect(url.replace("http", "ws") + "/chat/ws", origin=origin):  # type: ignore[arg-type]
            pass

    with pytest.raises(websockets.InvalidStatus) as refused:
        asyncio.run(connect("https://evil.example"))
    assert refused.value.response.status_code == 403


def test_a_huge_body_is_refused_declared_or_not(url: str) -> None:
    assert httpx.post(f"{url}/chat/messages", content=b"x" * 2_000_000).status_code == 413

    def parts() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    assert httpx.post(f"{url}/chat/messages", content=parts()).status_code in (401, 413)


def test_pages_carry_their_headers(url: str) -> None:
    for path in ("/", "/desk/sign-in", "/health", "/nowhere"):
        headers = httpx.get(f"{url}{path}").headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "frame-ancestors" in headers["Content-Security-Policy"], path
    assert "https://gov.example" in httpx.get(f"{url}/chat/embed").headers["Content-Security-Policy"]
    assert "gov.example" not in httpx.get(f"{url}/desk/sign-in").headers["Content-Security-Policy"]


def test_what_breaks_is_a_sentence_and_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helpdesk = light(tmp_path)
    with served(helpdesk) as url:
        monkeypatch.setattr(helpdesk.deliveries, "attention", None)  # the figures need it
        response = httpx.get(f"{url}/metrics")
        assert response.status_code == 500
        assert response.json() == {"error": "出了点问题，已经记录下来。请稍后再试。"}
        assert httpx.get(f"{url}/health").status_code == 200
