"""The shared screen's page, consent and signals over HTTP and WebSocket, without a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect

from desk.model import ShareState
from desk.tickets.screenshare import Links
from tests.support.desk_site import Site, desk_site

OURS = {"Origin": "http://testserver"}


class Room:
    def __init__(self, site: Site) -> None:
        self.site, self.client = site, TestClient(site.app)
        wang = site.account("wang", "王老师")
        ticket = site.deps.tickets.claim(site.waiting().id, wang)
        self.links: Links = site.deps.shares.request(ticket.id, wang, ticket.epoch)
        self.specialist, self.applicant = self.links.specialist_url_token, self.links.applicant_url_token

    @property
    def state(self) -> ShareState:
        return self.site.deps.shares.state_of(self.links.session.id)

    @contextmanager
    def inside(self, token: str, window: str = "w", headers: dict[str, str] = OURS) -> Iterator[Any]:
        with self.client.websocket_connect(f"/room/{token}/ws?window={window}", headers=headers) as socket:
            yield socket


@pytest.fixture
def room(engine: Engine, clock: Any, tmp_path: Path) -> Room:
    return Room(desk_site(engine, clock, tmp_path))


def heard(socket: Any, kind: str) -> dict[str, Any]:
    """The next message of a kind; others in between are passed over."""
    while True:
        message: dict[str, Any] = socket.receive_json()
        if message["type"] == kind:
            return message


def test_looking_at_a_link_changes_nothing(room: Room) -> None:
    for token in (room.applicant, room.specialist, room.applicant):
        assert room.client.get(f"/room/{token}").status_code == 200
    assert room.state is ShareState.REQUESTED


def test_only_the_applicants_own_link_consents(room: Room) -> None:
    assert room.client.post(f"/room/{room.specialist}/consent").status_code == 404
    assert room.state is ShareState.REQUESTED
    assert room.client.post(f"/room/{room.applicant}/consent").json()["state"] == "consented"
    assert room.client.post(f"/room/{room.applicant}/consent").status_code == 200  # twice is once
    assert room.client.post(f"/room/{room.applicant}/decline").status_code == 409  # asked and answered


@pytest.mark.parametrize("token", ["", "x", "0" * 22, "é", "a" * 5000, "..%2F..%2Fetc"])
def test_a_wrong_link_is_told_plainly(room: Room, token: str) -> None:
    answer = room.client.get(f"/room/{token}")
    assert answer.status_code in (404, 410)
    if answer.status_code == 410:
        assert "这个链接已经失效" in answer.text


def test_a_link_dies_after_fifteen_minutes(room: Room, clock: Any) -> None:
    clock.forward(minutes=14, seconds=59)
    assert room.client.get(f"/room/{room.applicant}").status_code == 200
    clock.forward(seconds=1)
    assert room.client.get(f"/room/{room.applicant}").status_code == 410
    assert room.client.post(f"/room/{room.applicant}/consent").status_code == 404
    with room.inside(room.specialist) as socket:
        assert socket.receive_json() == {"type": "state", "state": "ended"}


def test_signals_reach_the_other_side_and_only_what_signals_are(room: Room) -> None:
    room.client.post(f"/room/{room.applicant}/consent")
    with room.inside(room.specialist) as specialist:
        heard(specialist, "ready")
        with room.inside(room.applicant) as applicant:
            heard(applicant, "ready")
            applicant.send_text("no json")
            applicant.send_json({"type": "state", "state": "ended"})  # not his to say
            applicant.send_json({"type": "hello", "id": "x" * 70_000})
            applicant.send_json({"type": "hello", "id": "a1", "side": "specialist", "extra": 1})
            hello = heard(specialist, "hello")
            assert (hello["id"], hello["side"], "extra" in hello) == ("a1", "applicant", False)
            specialist.send_json({"type": "description", "id": "s1", "to": "a1", "description": {"type": "offer"}})
            assert heard(applicant, "description")["to"] == "a1"
    assert room.state is ShareState.LIVE


def test_nobody_enters_as_the_applicant_before_he_agreed(room: Room) -> None:
    with room.inside(room.applicant) as socket, pytest.raises(WebSocketDisconnect):
        socket.receive_json()
    assert room.state is ShareState.REQUESTED


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": ""}])
def test_other_sites_pages_do_not_enter(room: Room, headers: dict[str, str]) -> None:
    with room.inside(room.specialist, headers=headers) as socket, pytest.raises(WebSocketDisconnect):
        socket.receive_json()


def test_a_second_window_replaces_and_a_reconnection_does_not_tell(room: Room) -> None:
    with room.inside(room.specialist, "one") as first:
        heard(first, "ready")
        with room.inside(room.specialist, "two") as second:
            assert heard(first, "replaced")
            with room.inside(room.specialist, "two") as again:
                heard(again, "ready")
                heard(second, "ready")
                with pytest.raises(WebSocketDisconnect):
                    heard(second, "replaced")


def test_either_side_ends_it_for_both(room: Room) -> None:
    room.client.post(f"/room/{room.applicant}/consent")
    with room.inside(room.specialist) as specialist:
        assert room.client.post(f"/room/{room.applicant}/end").json() == {"state": "ended"}
        while (said := heard(specialist, "state"))["state"] != "ended":
            assert said["state"] == "consented"
    assert room.client.post(f"/room/{room.specialist}/end").json() == {"state": "ended"}  # ended is ended
    assert room.client.get(f"/room/{room.specialist}").status_code == 410


def test_the_end_is_seen_without_any_hint(room: Room, monkeypatch: Any) -> None:
    monkeypatch.setattr("desk.console.room.LOOKED_AT_EVERY", 0.05)
    with room.inside(room.specialist) as specialist:
        heard(specialist, "ready")
        monkeypatch.setattr(room.site.deps.bus, "publish", lambda *_: None)
        room.client.post(f"/room/{room.applicant}/decline")
        assert heard(specialist, "state")["state"] == "declined"
