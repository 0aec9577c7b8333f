"""A specialist's day through the HTTP and WebSocket edges of the console."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect

from desk.model import DeliveryState, Holder, Role, Sender
from tests.support.desk_site import PASSWORD, Site, desk_site


@pytest.fixture
def site(engine: Engine, clock: Any, tmp_path: Path) -> Site:
    site = desk_site(engine, clock, tmp_path)
    site.account("wang", "王老师")
    site.account("li", "李老师")
    site.account("root", "管理员", Role.ADMINISTRATOR)
    return site


def form_token(client: TestClient, path: str = "/desk/sign-in") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found.group(1)


def signed_in(site: Site, name: str, password: str = PASSWORD) -> TestClient:
    client = TestClient(site.app, follow_redirects=False)
    data = {"name": name, "password": password, "csrf_token": form_token(client)}
    answer = client.post("/desk/sign-in", data=data)
    assert answer.status_code == 303, answer.text
    page = client.get("/desk").text
    token = re.search(r'<meta name="csrf" content="([^"]+)">', page)
    if token:
        client.headers["X-CSRF-Token"] = token.group(1)
    return client


def act(client: TestClient, ticket_id: str, act: str, **body: Any) -> Any:
    answer = client.post(f"/desk/tickets/{ticket_id}/{act}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def claimed(client: TestClient, ticket_id: str) -> int:
    return int(act(client, ticket_id, "claim")["ticket"]["epoch"])


# ---- sessions


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    client = TestClient(site.app, follow_redirects=False)
    data = {"name": "wang", "password": PASSWORD, "csrf_token": form_token(client)}
    cookie = client.post("/desk/sign-in", data=data).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie


def test_over_https_the_cookie_is_for_https_only(engine: Engine, clock: Any, tmp_path: Path) -> None:
    site = desk_site(engine, clock, tmp_path, public_url="https://help.example.org")
    site.account("wang", "王老师")
    client = TestClient(site.app, follow_redirects=False, base_url="https://help.example.org")
    data = {"name": "wang", "password": PASSWORD, "csrf_token": form_token(client)}
    assert "; Secure" in client.post("/desk/sign-in", data=data).headers["set-cookie"]


def test_a_wrong_password_is_told_and_too_many_are_refused(site: Site) -> None:
    client = TestClient(site.app, follow_redirects=False)
    token = form_token(client)
    statuses = []
    for _ in range(7):
        answer = client.post("/desk/sign-in", data={"name": "wang", "password": "wrong", "csrf_token": token})
        statuses.append(answer.status_code)
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert "尝试次数太多" in answer.text


def test_a_sign_in_form_from_elsewhere_is_refused(site: Site) -> None:
    client = TestClient(site.app, follow_redirects=False)
    answer = client.post("/desk/sign-in", data={"name": "wang", "password": PASSWORD, "csrf_token": "made-up"})
    assert answer.status_code == 403


def test_without_a_session_pages_lead_to_sign_in_and_data_is_refused(site: Site) -> None:
    client = TestClient(site.app, follow_redirects=False)
    assert client.get("/desk").headers["location"] == "/desk/sign-in?next=/desk"
    assert client.get("/admin/files").headers["location"] == "/desk/sign-in?next=/admin/files"
    assert client.get("/desk/state").json()["error"] == "signed_out"


def test_sign_in_never_leads_to_another_site(site: Site) -> None:
    client = TestClient(site.app, follow_redirects=False)
    data = {"name": "wang", "password": PASSWORD, "csrf_token": form_token(client), "next": "//evil.example"}
    assert client.post("/desk/sign-in", data=data).headers["location"] == "/desk"


def test_a_one_time_password_is_changed_before_anything_else(site: Site) -> None:
    _, password = site.deps.accounts.create("new", "新同事", Role.SPECIALIST)
    client = signed_in(site, "new", password)
    assert client.get("/desk").headers["location"] == "/desk/password"
    assert client.get("/desk/state").json()["error"] == "password_change_required"
    data = {"old": password, "new": "a-better-one-9", "csrf_token": form_token(client, "/desk/password")}
    assert "不一样" in client.post("/desk/password", data={**data, "again": "other"}).text
    assert client.post("/desk/password", data={**data, "again": data["new"]}).headers["location"] == "/desk"
    assert client.get("/desk").status_code == 200


def test_signing_out_ends_the_session(site: Site) -> None:
    client = signed_in(site, "wang")
    old = dict(client.cookies)
    assert client.post("/desk/sign-out", data={"csrf_token": client.headers["X-CSRF-Token"]}).status_code == 303
    again = TestClient(site.app, cookies=old)
    assert again.get("/desk/state").status_code == 401


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": "é"}])
def test_a_change_without_the_csrf_token_is_refused(site: Site, headers: dict[str, str]) -> None:
    ticket = site.waiting()
    client = signed_in(site, "wang")
    del client.headers["X-CSRF-Token"]
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = client.post(f"/desk/tickets/{ticket.id}/claim", json={}, headers=encoded)
    assert answer.status_code == 403
    assert site.deps.tickets.get(ticket.id).owner_id is None


# ---- tickets


def test_the_queue_shows_what_a_specialist_needs_to_choose(site: Site) -> None:
    site.waiting("我租的店面没有产证，能办食品经营许可证吗", "转人工", key="a", name="陈先生")
    (entry,) = signed_in(site, "wang").get("/desk/state").json()["queue"]
    assert entry["last"]["text"] == "我租的店面没有产证，能办食品经营许可证吗"
    assert (entry["applicant"], entry["channel"], entry["reason"]) == ("陈先生", "web", "asked")


def test_one_claim_wins_and_the_other_reads_who_was_faster(site: Site) -> None:
    ticket = site.waiting()
    wang, li = signed_in(site, "wang"), signed_in(site, "li")
    claimed(wang, ticket.id)
    lost = li.post(f"/desk/tickets/{ticket.id}/claim", json={})
    assert (lost.status_code, lost.json()["error"]) == (409, "already_claimed")
    assert "刚刚被其他同事接手了" in lost.json()["message"]


def test_chat_resend_release_transfer_and_resolve(site: Site) -> None:
    ticket = site.waiting()
    wang, li = signed_in(site, "wang"), signed_in(site, "li")
    epoch = claimed(wang, ticket.id)
    said = {"epoch": epoch, "text": "您好，我来帮您。", "client_message_id": "0123456789ab"}
    first, second = (act(wang, ticket.id, "messages", **said)["message"]["id"] for _ in range(2))
    assert first == second
    shown = wang.get(f"/desk/tickets/{ticket.id}").json()
    assert [each["text"] for each in shown["messages"] if each["sender"] == "specialist"] == ["您好，我来帮您。"]
    (colleague,) = [c for c in wang.get("/desk/colleagues").json()["colleagues"] if c["display_name"] == "李老师"]
    act(wang, ticket.id, "transfer", epoch=epoch, to=colleague["id"])
    stale = wang.post(f"/desk/tickets/{ticket.id}/messages", json={**said, "client_message_id": "another-one"})
    assert stale.json()["error"] in ("stale_owner", "not_found")
    mine = li.get("/desk/state").json()["mine"]
    assert [each["id"] for each in mine] == [ticket.id]
    act(li, ticket.id, "wait", epoch=mine[0]["epoch"])
    act(li, ticket.id, "resolve", epoch=mine[0]["epoch"], summary="已告知")
    assert site.deps.conversations.get(ticket.conversation_id).holder is Holder.BOT
    assert li.get("/desk/state").json()["mine"] == []


def test_release_puts_the_ticket_back(site: Site) -> None:
    ticket = site.waiting()
    wang = signed_in(site, "wang")
    act(wang, ticket.id, "release", epoch=claimed(wang, ticket.id))
    assert [each["id"] for each in signed_in(site, "li").get("/desk/state").json()["queue"]] == [ticket.id]


def test_anothers_ticket_looks_like_none(site: Site) -> None:
    ticket = site.waiting()
    claimed(signed_in(site, "wang"), ticket.id)
    li = signed_in(site, "li")
    forbidden, unknown = li.get(f"/desk/tickets/{ticket.id}"), li.get("/desk/tickets/0123456789abcdef")
    assert forbidden.status_code == unknown.status_code == 404
    assert forbidden.json() == unknown.json()
    assert signed_in(site, "root").get(f"/desk/tickets/{ticket.id}").status_code == 200


@pytest.mark.parametrize("body", [{}, {"epoch": 1, "text": " ", "client_message_id": "12345678"}, {"epoch": "x"}, [1]])
def test_a_malformed_message_gets_its_sentence(site: Site, body: Any) -> None:
    ticket = site.waiting()
    wang = signed_in(site, "wang")
    claimed(wang, ticket.id)
    answer = wang.post(f"/desk/tickets/{ticket.id}/messages", json=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid")


def test_a_message_of_a_hundred_thousand_characters_gets_its_sentence(site: Site) -> None:
    ticket = site.waiting()
    wang = signed_in(site, "wang")
    said = {"epoch": claimed(wang, ticket.id), "text": "长" * 100_000, "client_message_id": "12345678"}
    answer = wang.post(f"/desk/tickets/{ticket.id}/messages", json=said)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_long")


def test_messages_that_may_not_have_arrived_are_shown_and_sent_again_only_by_a_person(site: Site) -> None:
    ticket = site.waiting(channel="telegram", key="42")
    wang, li = signed_in(site, "wang"), signed_in(site, "li")
    said = {"epoch": claimed(wang, ticket.id), "text": "请带身份证", "client_message_id": "12345678"}
    message_id = act(wang, ticket.id, "messages", **said)["message"]["id"]
    deliveries = site.deps.deliveries
    while (due := deliveries.due(1)) and deliveries.begin(due[0].id):
        deliveries.unknown(due[0].id, "cut off") if due[0].id == message_id else deliveries.sent(due[0].id)
    state = wang.get("/desk/state").json()
    assert [(each["id"], each["ticket_id"]) for each in state["attention"]] == [(message_id, ticket.id)]
    others = li.get("/desk/state").json()
    assert (others["attention"], others["attention_elsewhere"]) == ([], 1)
    assert li.post(f"/desk/messages/{message_id}/resend", json={}).status_code == 404
    assert wang.post(f"/desk/messages/{message_id}/resend", json={}).json() == {"done": True}
    assert [each.delivery for each in deliveries.due(5) if each.id == message_id] == [DeliveryState.PENDING]


def test_the_shared_screens_link_goes_to_the_applicant_and_not_into_the_console(site: Site) -> None:
    ticket = site.waiting(channel="telegram", key="42")
    wang = signed_in(site, "wang")
    share = act(wang, ticket.id, "share", epoch=claimed(wang, ticket.id))["share"]
    sent = site.deps.conversations.last_messages(ticket.conversation_id, 1)[0]
    (link,) = sent.body.links
    assert sent.sender is Sender.SPECIALIST
    assert sent.delivery is DeliveryState.PENDING
    assert link.url in sent.text
    assert link.url != share["url"]
    assert "/room/" not in wang.get(f"/desk/tickets/{ticket.id}").text


# ---- hints


def hear(socket: Any) -> str:
    return str(socket.receive_json()["topic"])


def test_the_socket_hints_at_the_queue_and_at_the_watched_conversation(site: Site) -> None:
    ticket = site.waiting()
    wang = signed_in(site, "wang")
    with wang.websocket_connect("/desk/live", headers={"Origin": "http://testserver"}) as socket:
        site.deps.bus.publish("documents", {})  # not for specialists
        site.waiting(key="b")
        assert {hear(socket) for _ in range(2)} <= {"queue", "inbox"}
        socket.send_json({"watch": ticket.conversation_id})
        topics = set()
        while "conversation:" + ticket.conversation_id not in topics:  # until the watch stands
            site.deps.bus.publish(f"conversation:{ticket.conversation_id}", {})
            site.deps.bus.publish("queue", {})
            topics.add(hear(socket))
        assert "documents" not in topics


def test_the_socket_does_not_let_others_conversations_be_watched(site: Site) -> None:
    ticket = site.waiting()
    claimed(signed_in(site, "wang"), ticket.id)
    with signed_in(site, "li").websocket_connect("/desk/live", headers={"Origin": "http://testserver"}) as socket:
        for _ in range(3):
            socket.send_json({"watch": ticket.conversation_id})
            socket.send_text("no json")
            site.deps.bus.publish(f"conversation:{ticket.conversation_id}", {})
            site.deps.bus.publish("queue", {})
        assert {hear(socket) for _ in range(3)} == {"queue"}


@pytest.mark.parametrize("origin", ["http://evil.example", ""])
def test_the_socket_is_closed_to_other_sites_and_to_strangers(site: Site, origin: str) -> None:
    client = signed_in(site, "wang")
    for who, headers in ((client, {"Origin": origin}), (TestClient(site.app), {"Origin": "http://testserver"})):
        with who.websocket_connect("/desk/live", headers=headers) as socket:
            with pytest.raises(WebSocketDisconnect) as closed:
                socket.receive_text()
            assert closed.value.code == 4401


def test_pages_allow_no_foreign_script(site: Site) -> None:
    answer = signed_in(site, "wang").get("/desk")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert re.findall(r"<script(?![^>]*(src=|application/json))", answer.text) == []
    assert " onclick=" not in answer.text
    assert " style=" not in answer.text


def test_assets_are_only_those_of_the_pages(site: Site) -> None:
    client = TestClient(site.app)
    assert client.get("/desk/assets/console/console.js").headers["content-type"].startswith("text/javascript")
    for name in (
        "shared/texts.json",
        "shared/base.html",
        "console.js",
        "shared",
        "..%2Fweb.py",
        "shared/%2e%2e%2f%2e%2e%2fweb.py",
        "none.js",
    ):
        assert client.get(f"/desk/assets/{name}").status_code == 404
