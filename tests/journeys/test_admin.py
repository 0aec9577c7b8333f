"""An administrator's work through the HTTP edge: files in and out, a question tried, accounts."""

import asyncio
import contextlib
import json
import os
import re
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from bot.dialogue.texts import ENGLISH
from desk.admin.files import told
from desk.admin.tabs import TABS
from desk.admin.uploads import safe_name, safe_path
from desk.model import Role, TicketState
from knowledge.formats.detect import ACCEPTED
from knowledge.model import Clause, IngestReport, Metadata, ParsedDocument
from retrieval.model import Answer, Citation
from tests.support.desk_site import PASSWORD, Site, desk_site

OLD = "# 江湾区老年人助餐办法\n\n第一条 六十岁以上老人可以享受助餐。\n\n第二条 每餐补贴五元。\n"
NEW = OLD.replace("五元", "八元")


@pytest.fixture
def site(sqlite_engine: Engine, clock: Any, tmp_path: Path) -> Site:
    quote = Citation("办法", "江府〔2026〕1号", "第一条", "六十岁以上", date(2026, 1, 1), "", "a.md")
    site = desk_site(sqlite_engine, clock, tmp_path, answer=lambda asked: Answer(f"答：{asked.text}", 0.8, (quote,)))
    site.account("wang", "王老师")
    site.account("root", "管理员", Role.ADMINISTRATOR)
    return site


def signed_in(site: Site, name: str) -> TestClient:
    client = TestClient(site.app, follow_redirects=False)
    form = client.get("/desk/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    client.post("/desk/sign-in", data={"name": name, "password": PASSWORD, "csrf_token": token.group(1)})
    meta = re.search(r'<meta name="csrf" content="([^"]+)">', client.get("/desk").text)
    assert meta
    client.headers["X-CSRF-Token"] = meta.group(1)
    return client


@pytest.fixture
def root(site: Site) -> TestClient:
    return signed_in(site, "root")


def put(client: TestClient, name: str, content: str | bytes) -> Any:
    return client.post("/admin/files", params={"name": name}, content=content)


def index(client: TestClient, *names: str) -> list[dict[str, Any]]:
    answer = client.post("/admin/files/read", json={"files": names})
    assert answer.status_code == 200, answer.text
    events = [json.loads(line) for line in answer.text.splitlines()]
    assert events[0]["event"] == "run"
    return events[1:]


def publish(client: TestClient, *versions: str) -> None:
    answer = client.post("/admin/versions/publish", json={"versions": versions})
    assert answer.status_code == 200, answer.text


def put_live(client: TestClient, name: str, content: str | bytes) -> list[dict[str, Any]]:
    """Take a file in, read it, and publish what came of it."""
    events = index(client, put(client, name, content).json()["file"])
    if drafts := events[-1]["drafts"]:
        publish(client, *drafts)
    return events


def titles(client: TestClient) -> list[str]:
    return [each["title"] for each in client.get("/admin/documents/list").json()["documents"]]


def test_a_file_becomes_a_draft_with_progress_and_once_published_is_listed_with_its_standing(root: TestClient) -> None:
    name = put(root, "助餐.md", OLD).json()["file"]
    events = index(root, name)
    assert [each["event"] for each in events] == ["progress", "report"]
    assert events[0]["outcome"] == "added"
    assert events[1]["added"] == ["助餐.md"]
    assert titles(root) == []
    (draft,) = root.get("/admin/versions", params={"state": "draft"}).json()["versions"]
    assert (draft["id"], draft["title"], draft["kind"]) == (events[1]["drafts"][0], "江湾区老年人助餐办法", "new")
    publish(root, draft["id"])
    (listed,) = root.get("/admin/documents/list").json()["documents"]
    assert (listed["title"], listed["standing"], listed["file"]) == ("江湾区老年人助餐办法", "in_force", "助餐.md")
    assert listed["clauses"] >= 2


def test_the_file_picker_offers_whatever_can_be_read(root: TestClient) -> None:
    offered = re.search(r'accept="([^"]+)"', root.get("/admin/files").text)
    assert offered
    assert offered.group(1).split(",") == list(ACCEPTED)


def test_a_text_that_names_only_a_day_of_issue_to_come_is_not_yet_in_force_in_any_list(
    root: TestClient, site: Site
) -> None:
    clause = Clause(1, "第一条", (), "第一条 摊主应当在二十三时前收摊。")
    about = Metadata("夜市收摊办法", issued_on=date(2027, 3, 1))
    site.deps.store.put(ParsedDocument(about, (clause,), "text/plain"), "夜市.md", "/夜市.md", "0" * 64)
    (listed,) = root.get("/admin/documents/list", params={"shelf": "not_yet"}).json()["documents"]
    assert (listed["title"], listed["standing"]) == ("夜市收摊办法", "not_yet")
    counts = root.get("/admin/documents/list").json()["counts"]
    assert (counts["in_force"], counts["not_yet"], counts["ended"]) == (0, 1, 0)


def test_the_same_name_again_replaces_and_the_same_content_changes_nothing(root: TestClient, site: Site) -> None:
    for content, outcome in ((OLD, "added"), (OLD, "unchanged"), (NEW, "changed")):
        assert put_live(root, "助餐.md", content)[0]["outcome"] == outcome
    (document,) = site.deps.store.documents()
    texts = [each.clause.text for each in site.deps.store.clauses(document.id)]
    assert any("八元" in text for text in texts)
    assert not any("五元" in text for text in texts)


def test_failures_are_named_and_the_others_go_in(root: TestClient) -> None:
    names = [
        put(root, name, content).json()["file"]
        for name, content in (
            ("空.md", b""),
            ("程序.pdf", b"MZ\x90\x00" + bytes(2000)),
            ("助餐.md", OLD.encode("gb18030")),
        )
    ]
    report = index(root, *names)[-1]
    assert report["added"] == ["助餐.md"]
    assert {each["file"] for each in report["failed"]} == {"空.md", "程序.pdf"}
    assert all(each["reason"] for each in report["failed"])
    assert len(root.get("/admin/documents/list").json()["failures"]) == 2


def test_removing_takes_the_uploaded_file_along(root: TestClient, site: Site) -> None:
    put_live(root, "助餐.md", OLD)
    (document,) = root.get("/admin/documents/list").json()["documents"]
    assert root.post(f"/admin/documents/{document['id']}/remove", json={}).json() == {"removed": True}
    assert titles(root) == []
    assert list(site.deps.uploads.iterdir()) == []
    assert root.post(f"/admin/documents/{document['id']}/remove", json={}).status_code == 404
    assert root.get(f"/admin/documents/{document['id']}").status_code == 200, "from there it comes back"
    assert root.post(f"/admin/documents/{document['id']}/roll-back", json={}).status_code == 200
    assert titles(root) == ["江湾区老年人助餐办法"]


def test_removing_leaves_files_of_other_folders_alone(root: TestClient, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.md"
    file.write_text(OLD, encoding="utf-8")
    site.deps.indexer.run([file], False, lambda _: None)
    (document,) = root.get("/admin/documents/list").json()["documents"]
    root.post(f"/admin/documents/{document['id']}/remove", json={})
    assert file.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\办法.docx", "办法.docx"),
        ("办\x00法\n.md", "办法.md"),
        (".hidden.md", "hidden.md"),
        ("..", "未命名"),
        ("", "未命名"),
        ("a" * 500 + ".pdf", "a" * 196 + ".pdf"),
        ("长" * 300 + ".html", "长" * 65 + ".html"),
        ("x." + "y" * 300, "x." + "y" * 198),
        ("CON: <a>|?.txt", "CON a.txt"),
    ],
)
def test_names_are_made_safe(root: TestClient, site: Site, given: str, kept: str) -> None:
    assert safe_name(given) == kept == safe_name(kept)
    assert put(root, given, OLD).json() == {"file": kept}
    assert [each.name for each in site.deps.uploads.iterdir() if not each.name.startswith(".")] == [kept]
    assert [each.name for each in site.deps.uploads.parent.iterdir() if each.name != "test.db"] != []


def test_files_of_one_name_in_two_folders_stay_two(root: TestClient, site: Site) -> None:
    names = []
    for folder, content in (
        ("区政府/2024", OLD),
        ("区政府/2026", NEW),
        ("../../..//etc\\.x", "# 另一份\n\n第一条 别的。\n"),
    ):
        given = root.post("/admin/files", params={"name": "通知.md", "folder": folder}, content=content)
        names.append(given.json()["file"])
    assert names == ["区政府/2024/通知.md", "区政府/2026/通知.md", "etc/x/通知.md"]
    assert [safe_path(*reversed(name.rsplit("/", 1))) for name in names] == names
    assert len(index(root, *names)[-1]["drafts"]) == 3


def waiting(client: TestClient) -> list[str]:
    return [each["file"] for each in client.get("/admin/files/waiting").json()["files"]]


def test_what_was_taken_in_and_not_read_is_known_after_a_restart(
    sqlite_engine: Engine, clock: Any, tmp_path: Path, root: TestClient
) -> None:
    put(root, "助餐.md", OLD)
    root.post("/admin/files", params={"name": "助餐.md", "folder": "旧"}, content=NEW)
    after = signed_in(desk_site(sqlite_engine, clock, tmp_path), "root")
    assert sorted(waiting(after)) == ["助餐.md", "旧/助餐.md"]
    publish(after, *index(after, "旧/助餐.md")[-1]["drafts"])
    assert waiting(after) == ["助餐.md"]
    assert after.post("/admin/files/discard", json={"files": ["旧/助餐.md"]}).status_code == 404, "it has been read"
    assert after.post("/admin/files/discard", json={"files": ["助餐.md"]}).json() == {"discarded": 1}
    assert waiting(after) == []
    assert titles(after) == ["江湾区老年人助餐办法"]


def test_a_file_where_a_folder_should_be_is_told(root: TestClient) -> None:
    put(root, "旧", OLD)
    answer = root.post("/admin/files", params={"name": "a.md", "folder": "旧"}, content=OLD)
    assert answer.status_code == 422
    assert "改名" in answer.json()["message"]


def test_documents_are_told_by_shelf_and_words_with_counts(root: TestClient) -> None:
    soon = "# 江湾区犬只登记办法\n\n第一条 养犬的应当登记。\n\n第二条 本办法有效期至2026年12月31日。\n"
    put_live(root, "a.md", OLD)
    put_live(root, "b.md", soon)
    told = root.get("/admin/documents/list", params={"shelf": "expiring"}).json()
    assert [each["file"] for each in told["documents"]] == ["b.md"]
    assert (told["total"], told["counts"]["all"], told["counts"]["expiring"]) == (1, 2, 1)
    assert told["documents"][0]["page"].startswith("/documents/")
    assert root.get("/admin/documents/list", params={"words": "助餐"}).json()["total"] == 1
    assert root.get("/admin/documents/list", params={"shelf": "no such"}).status_code == 422


@pytest.mark.parametrize("name", ["../test.db", "/etc/passwd", ".x.part", "none.md", "a\x00b"])
def test_only_uploaded_files_can_be_indexed(root: TestClient, name: str) -> None:
    answer = root.post("/admin/files/read", json={"files": [name]})
    assert answer.status_code == 404
    assert "请重新上传" in answer.json()["message"]


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(root: TestClient, site: Site) -> None:
    declared = put(root, "big.md", bytes(site.deps.upload_limit + 1))
    streamed = root.post("/admin/files", params={"name": "big.md"}, content=(bytes(100_000) for _ in range(11)))
    for answer in (declared, streamed):
        assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
        assert "不能超过" in answer.json()["message"]
    assert list(site.deps.uploads.glob("*")) == []
    assert list(site.deps.uploads.glob(".*")) == []


def test_what_a_killed_service_had_begun_to_take_in_is_swept_away(root: TestClient, site: Site) -> None:
    site.deps.uploads.mkdir()
    old, new = (site.deps.uploads / f".{name}.part" for name in ("0ld", "new"))
    for part in (old, new):
        part.write_bytes(b"# ")
    os.utime(old, (time.time() - 90_000,) * 2)
    put(root, "助餐.md", OLD)
    assert not old.exists()
    assert new.exists(), "another process may be taking it in"


def test_a_stop_does_not_wait_for_indexing() -> None:
    goes_on = threading.Event()

    def slow(tell: Any) -> IngestReport:
        goes_on.wait(20)
        return IngestReport()

    async def serve() -> None:
        lines = told("run", slow)
        await anext(lines)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await anext(lines)
        await lines.aclose()

    began = time.monotonic()
    asyncio.run(serve())
    assert time.monotonic() - began < 10
    goes_on.set()


def test_a_question_is_tried(root: TestClient) -> None:
    tried = root.post("/admin/trial/ask", json={"question": "助餐补贴多少"}).json()
    assert (tried["kind"], tried["text"]) == ("answer", "答：助餐补贴多少")
    assert tried["citations"][0]["locator"] == "第一条"
    asked = "What about lunch?"
    english = root.post("/admin/trial/ask", json={"question": asked}).json()
    assert english["text"] == ENGLISH.framed.format(text=f"答：{asked}"), "as the applicant who asks reads it"


def test_what_a_disabled_account_had_in_hand_goes_back_to_the_queue(root: TestClient, site: Site) -> None:
    wang = next(each for each in site.deps.accounts.list() if each.name == "wang")
    mine, done = site.waiting(key="a"), site.waiting(key="b")
    for each in (mine, done):
        site.deps.tickets.claim(each.id, wang)
    site.deps.tickets.resolve(done.id, wang, 1, "办好了")
    assert root.post(f"/admin/accounts/{wang.id}/disable", json={}).status_code == 200
    assert [each.id for each in site.deps.tickets.queue()] == [mine.id]
    assert "回到等候队列" in site.deps.conversations.messages(mine.conversation_id)[-1].text
    released = site.deps.audit.of(f"ticket:{mine.id}")[0]
    assert (released["action"], released["detail"]) == ("ticket.release", {"was": wang.id})
    assert released["actor"] != wang.id
    assert site.deps.tickets.get(done.id).state is TicketState.RESOLVED


def test_accounts_are_made_with_a_password_shown_once_and_disabled_at_once(root: TestClient, site: Site) -> None:
    made = root.post("/admin/accounts", json={"name": "zhao", "display_name": "赵老师", "role": "specialist"}).json()
    assert made["account"]["must_change_password"]
    assert made["password"] not in root.get("/admin/accounts/list").text
    session = site.deps.accounts.sign_in("zhao", made["password"], "test")
    assert root.post(f"/admin/accounts/{made['account']['id']}/disable", json={}).json() == {"disabled": True}
    assert site.deps.accounts.who(session.token) is None
    again = root.post("/admin/accounts", json={"name": "Zhao", "display_name": "x", "role": "specialist"})
    assert (again.status_code, again.json()["error"]) == (409, "name_taken")


def test_an_administrator_cannot_lock_himself_out(root: TestClient, site: Site) -> None:
    (me,) = [each for each in site.deps.accounts.list() if each.name == "root"]
    assert root.post(f"/admin/accounts/{me.id}/disable", json={}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/admin/documents/list", None),
        ("GET", "/admin/accounts/list", None),
        ("POST", "/admin/files?name=a.md", {}),
        ("GET", "/admin/files/waiting", None),
        ("POST", "/admin/files/discard", {"files": ["a.md"]}),
        ("POST", "/admin/files/read/x/cancel", {}),
        ("POST", "/admin/files/read", {"files": ["a.md"]}),
        ("POST", "/admin/trial/ask", {"question": "x"}),
        ("POST", "/admin/accounts", {"name": "x", "display_name": "x", "role": "administrator"}),
        ("POST", "/admin/documents/x/remove", {}),
        ("POST", "/admin/accounts/x/disable", {}),
    ],
)
def test_specialists_and_strangers_find_nothing_there(site: Site, method: str, path: str, body: Any) -> None:
    assert signed_in(site, "wang").request(method, path, json=body).status_code == 404
    assert TestClient(site.app).request(method, path, json=body).status_code == 401


@pytest.mark.parametrize("page", TABS)
def test_a_specialist_reads_that_the_page_is_not_for_him(site: Site, page: str) -> None:
    answer = signed_in(site, "wang").get(f"/admin/{page}")
    assert answer.status_code == 403
    assert "只有管理员" in answer.text


@pytest.mark.parametrize("page", ["/admin/files", "/admin/documents", "/admin/trial", "/admin/golden"])
def test_whoever_is_not_signed_in_comes_back_to_the_page_he_wanted(site: Site, page: str) -> None:
    stranger = TestClient(site.app, follow_redirects=False)
    sign_in = stranger.get(page).headers["location"]
    assert sign_in == f"/desk/sign-in?next={page}"
    assert f'name="next" value="{page}"' in stranger.get(sign_in).text
    elsewhere = stranger.get("/desk/sign-in", params={"next": "//evil.example/admin"}).text
    assert 'name="next" value="/desk"' in elsewhere


def test_what_was_done_is_on_record(root: TestClient, site: Site) -> None:
    put_live(root, "助餐.md", OLD)
    assert site.deps.audit.of("documents")[0]["detail"] == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "held": 0,
        "failed": 0,
    }


def test_a_broken_indexer_is_told_and_disturbs_nothing(root: TestClient, site: Site, monkeypatch: Any) -> None:
    put_live(root, "助餐.md", OLD)

    def broken(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(site.deps.indexer, "run", broken)
    events = index(root, put(root, "新.md", NEW).json()["file"])
    assert [each["event"] for each in events] == ["error"]
    assert "照常可用" in events[0]["message"]
    assert titles(root) == ["江湾区老年人助餐办法"]


SECRET = "# 内部办法\n\n机密★10年\n\n第一条 本办法只发内部。\n"


def test_a_held_file_is_named_with_its_reason_and_no_longer_waits_to_be_read(root: TestClient) -> None:
    report = index(root, put(root, "内部.md", SECRET).json()["file"])[-1]
    assert [each["file"] for each in report["held"]] == ["内部.md"]
    assert report["drafts"] == []
    assert waiting(root) == []
    (held,) = root.get("/admin/versions", params={"state": "held"}).json()["versions"]
    assert held["holds"][0]["sentence"] in report["held"][0]["reasons"][0]
    assert root.get(f"/admin/review/{held['id']}").status_code == 200


def test_a_run_that_is_stopped_leaves_the_rest_waiting(root: TestClient, site: Site, monkeypatch: Any) -> None:
    names = [put(root, f"{n}.md", OLD.replace("江湾区", f"第{n}区")).json()["file"] for n in range(30)]
    real = site.deps.indexer.run

    def stopped(paths: Any, dry_run: bool, tell: Any, how: Any) -> IngestReport:
        def told(progress: Any) -> None:
            how.cancel.set()  # as the route below does
            tell(progress)

        return real(paths, dry_run, told, how)

    monkeypatch.setattr(site.deps.indexer, "run", stopped)
    report = index(root, *names)[-1]
    assert report["cancelled"]
    left = waiting(root)
    assert left
    assert {*left, *report["added"]} == set(names)


def test_a_run_is_stopped_by_its_name_and_only_while_it_goes_on(root: TestClient, site: Site, monkeypatch: Any) -> None:
    begun, seen = threading.Event(), threading.Event()

    def waits(paths: Any, dry_run: bool, tell: Any, how: Any) -> IngestReport:
        begun.set()
        if how.cancel.wait(20):
            seen.set()
        return IngestReport(cancelled=True)

    monkeypatch.setattr(site.deps.indexer, "run", waits)
    name, answers = put(root, "助餐.md", OLD).json()["file"], list[Any]()

    def cancel() -> None:
        begun.wait(20)
        answers.append(root.post("/admin/files/read/this/cancel", json={}).json())

    monkeypatch.setattr("desk.admin.files.secrets.token_hex", lambda _bytes: "this")
    other = threading.Thread(target=cancel)
    other.start()
    assert index(root, name)[-1]["cancelled"]
    other.join()
    assert seen.is_set()
    assert answers == [{"cancelled": True}]
    assert root.post("/admin/files/read/over/cancel", json={}).status_code == 404


def test_what_is_said_of_a_live_document_is_set_and_shown_beside_what_was_read(root: TestClient, site: Site) -> None:
    put_live(root, "助餐.md", OLD)
    (listed,) = root.get("/admin/documents/list").json()["documents"]
    told = root.get(f"/admin/documents/{listed['id']}/about").json()
    given = told["metadata"] | {"expires_on": "2026-12-31", "topics": ["养老", "助餐"]}
    after = root.post(f"/admin/documents/{listed['id']}/metadata", json=given).json()
    assert (after["metadata"]["expires_on"], after["read"]["expires_on"]) == ("2026-12-31", None)
    assert after["metadata"]["topics"] == ["养老", "助餐"]
    assert root.get("/admin/documents/list", params={"shelf": "expiring"}).json()["total"] == 1
    assert site.deps.audit.of(f"document:{listed['id']}")[0]["action"] == "document.confirm"
    assert root.post("/admin/documents/none/metadata", json=given).status_code == 404
    assert root.post(f"/admin/documents/{listed['id']}/metadata", json=given | {"title": ""}).status_code == 422


def test_where_two_must_agree_nobody_changes_a_live_document_alone(
    sqlite_engine: Engine, clock: Any, tmp_path: Path
) -> None:
    site = desk_site(sqlite_engine, clock, tmp_path, second_person=True)
    site.account("root", "管理员", Role.ADMINISTRATOR)
    site.account("li", "李主任", Role.ADMINISTRATOR)
    root, li = signed_in(site, "root"), signed_in(site, "li")
    put_live(root, "助餐.md", OLD)
    (draft,) = root.get("/admin/versions").json()["versions"]
    assert draft["awaits_approval"]
    assert root.post(f"/admin/versions/{draft['id']}/approve", json={}).status_code == 409
    assert titles(root) == []
    assert li.post(f"/admin/versions/{draft['id']}/approve", json={}).json()["state"] == "published"
    (listed,) = root.get("/admin/documents/list").json()["documents"]
    metadata = root.get(f"/admin/documents/{listed['id']}/about").json()["metadata"] | {"title": "别的"}
    refused = root.post(f"/admin/documents/{listed['id']}/metadata", json=metadata)
    assert refused.status_code == 409
    assert "两位管理员" in refused.json()["message"]


def test_the_original_of_a_draft_is_shown_so_that_nothing_in_it_runs(root: TestClient, site: Site) -> None:
    rules = "".join(f"<p>第{n}条 养犬人应当在三十日内到派出所办理登记。</p>" for n in "一二三四五")
    page = f"<html><body><h1>犬只办法</h1><div>{rules}</div></body></html>"
    (draft,) = index(root, put(root, "页.html", page).json()["file"])[-1]["drafts"]
    assert f'"address": "/admin/versions/{draft}", "kind": "frame"' in root.get(f"/admin/review/{draft}").text
    framed = root.get(f"/admin/versions/{draft}/framed")
    assert framed.content == page.encode()
    assert framed.headers["content-security-policy"].endswith("frame-ancestors 'self'; sandbox")
    assert root.get(f"/admin/versions/{draft}/pages/1").status_code == 404
    assert root.get(f"/admin/versions/{draft}/original").headers["content-disposition"].startswith("attachment")
    assert TestClient(site.app).get(f"/admin/versions/{draft}/original").status_code == 401
    assert signed_in(site, "wang").get(f"/admin/versions/{draft}/framed").status_code == 404
