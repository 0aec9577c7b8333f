"""A document's public page: the clause marked, the standing told, the original given so that nothing in it runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jinja2 import Environment
from pypdf import PdfWriter
from sqlalchemy import Engine

from bot import http_errors
from bot.documents import routes
from desk.accounts.accounts import Accounts
from desk.model import Role
from desk.web.addresses import document_page
from desk.web.guard import COOKIE
from knowledge.intake.run import ingest
from knowledge.load import PRELOAD, load
from knowledge.model import Clause, Metadata, ParsedDocument, PolicyDocument
from knowledge.sandbox.page_images import Pictures
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from knowledge.versions.history import Kept
from knowledge.versions.originals import Originals
from tests.support.desk_site import PASSWORD, desk_site

EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}'
RULES = """# 江湾区犬只登记办法

江公〔2026〕3号

第一章 登记

第一条 养犬人应当在三十日内办理登记。

第二章 收费

第二条 每只每年收费160元。

| 类别 | 金额 |
|---|---|
| 成犬 | 160元 |
| 幼犬 | 80元 |

第三章 附则

第三条 本办法自2026年3月1日起施行，有效期至2027年2月28日。
"""


class Shelf(Kept):
    """Originals at the paths a test gives."""

    def __init__(self, engine: Engine, paths: dict[str, Path]) -> None:
        super().__init__(engine, Originals(Path()))
        self._paths = paths

    def original(self, document_id: str) -> Path | None:
        return self._paths.get(document_id)


@dataclass
class Readers:
    store: DocumentStore
    accounts: Accounts
    kept: dict[str, Path]
    client: TestClient
    folder: Path

    def put(self, name: str, content: str | bytes) -> PolicyDocument:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with Parsers(load, workers=1, preload=PRELOAD) as parsers:
            report = ingest([path], self.store, parsers)
        assert not report.failed, report.failed
        (document,) = [each for each in self.store.documents() if each.file == name]
        self.kept[document.id] = path
        return document

    def staff(self) -> None:
        """From now on the reader is a specialist who is signed in."""
        self.accounts.create("wang", "王老师", Role.SPECIALIST, "correct-horse-9")
        self.client.cookies.set(COOKIE, self.accounts.sign_in("wang", "correct-horse-9", "test").token)

    def clause(self, document: PolicyDocument, number: str) -> str:
        return next(each.id for each in self.store.clauses(document.id) if each.clause.number == number)


@pytest.fixture
def readers(sqlite_engine: Engine, clock: Callable[[], Any], tmp_path: Path) -> Readers:
    store, kept = DocumentStore(sqlite_engine, clock), dict[str, Path]()
    accounts = Accounts(sqlite_engine, clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    app = FastAPI()
    http_errors.install(app)
    reading = routes.DocumentSources(
        store, accounts, Shelf(sqlite_engine, kept), Pictures(), lambda: date(2026, 11, 19)
    )
    app.include_router(routes.router(reading))
    return Readers(store, accounts, kept, TestClient(app), tmp_path)


def marked(page: str) -> str:
    """The text of what is marked as the clause asked for."""
    found = re.search(r'<div id="cited".*?</p>(.*?)</div>\s*(?=<|$)', page, re.S)
    assert found, page
    return re.sub(r"<[^>]+>|\s", "", found.group(1))


def test_a_citation_opens_at_its_clause(readers: Readers) -> None:
    document = readers.put("犬.md", RULES)
    address = document_page(document.id, readers.clause(document, "第一条"))
    assert address.endswith("#cited")
    page = readers.client.get(address)
    assert page.status_code == 200
    assert marked(page.text) == "第一条养犬人应当在三十日内办理登记。"
    assert page.text.count('id="cited"') == 1
    for words in ("江湾区犬只登记办法", "江公〔2026〕3号", "现行有效", "有效期到2027年2月28日为止", "2026年3月1日"):
        assert words in page.text
    assert re.search(r"<h\d[^>]*>第一章 登记</h\d>", page.text)
    assert re.search(r"<th scope=\"col\">类别</th>", page.text)
    assert re.search(r"<td>幼犬</td>\s*<td>80元</td>", page.text)


def test_a_clause_that_is_not_there_is_told_and_nothing_is_marked(readers: Readers) -> None:
    document = readers.put("犬.md", RULES)
    for clause in (f"{document.id}.1.999", "别的", EVIL):
        page = readers.client.get(document_page(document.id, clause)).text
        assert 'id="cited"' not in page
        assert "没有找到您要看的那一条" in page
        assert "每只每年收费160元" in page


@pytest.mark.parametrize("path", ["", "/original", "/framed", "/pages/1"])
def test_what_is_not_published_is_not_there(readers: Readers, path: str) -> None:
    readers.staff()
    answer = readers.client.get(f"/documents/0123456789abcdef{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def standing(store: DocumentStore, client: TestClient, **days: date) -> str:
    parsed = ParsedDocument(Metadata("办法", **days), (Clause(1, "第一条", (), "第一条 一。"),), "text/plain")  # type: ignore[arg-type]
    id_ = store.put(parsed, "a.md", f"/{days}", str(days)[:60])
    found = re.search(r'<div class="standing (\w+)".*?</strong>(.*?)</p>', client.get(f"/documents/{id_}").text, re.S)
    assert found
    return f"{found.group(1)}:{found.group(2).strip()}"


def test_the_standing_is_told_in_plain_words(readers: Readers) -> None:
    store, client, day = readers.store, readers.client, date
    assert standing(store, client) == "in_force:"
    assert standing(store, client, expires_on=day(2026, 11, 19)) == "in_force:有效期到2026年11月19日为止。"
    assert (
        standing(store, client, expires_on=day(2026, 11, 18))
        == "expired:有效期到2026年11月18日为止，现在不能作为依据。"
    )
    assert standing(store, client, repealed_on=day(2026, 11, 19)).startswith("repealed:自2026年11月19日起不再有效")
    for said in ("effective_on", "published_on", "issued_on"):
        assert standing(store, client, **{said: day(2027, 1, 1)}).startswith("not_yet:自2027年1月1日起施行")


def runs(page: str) -> list[str]:
    """What of `EVIL` a browser, or the template, would take for more than text."""
    return [each for each in ("<img src=x", "alert(2)</script>", "javascript:", ">49<", "49</") if each in page]


def test_a_page_that_escapes_nothing_is_caught(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = {"autoescape": False}
    monkeypatch.setattr(routes, "Environment", lambda **options: Environment(**options | raw))  # noqa: S701
    app = FastAPI()
    app.include_router(
        routes.router(
            routes.DocumentSources(
                readers.store, readers.accounts, Shelf(readers.store.engine, {}), Pictures(), lambda: date(2026, 11, 19)
            )
        )
    )
    id_ = readers.store.put(ParsedDocument(Metadata(EVIL), (Clause(1, "", (), EVIL),), "text/html"), "a", "/a", "1")
    assert "<img src=x" in runs(TestClient(app).get(f"/documents/{id_}").text)


def test_titles_names_and_text_are_never_markup(readers: Readers) -> None:
    clause = Clause(1, EVIL, (EVIL,), EVIL, rows=((EVIL, "b"), ("c", EVIL)), header_rows=1)
    about = Metadata(EVIL, EVIL, EVIL, region=EVIL, url="javascript:alert(1)")
    id_ = readers.store.put(ParsedDocument(about, (clause,), "text/html"), f"{EVIL}.html", "/x", "1")
    readers.kept[id_] = readers.folder / "x.html"
    readers.kept[id_].write_text(EVIL)
    page = readers.client.get(f"/documents/{id_}?clause={id_}.1.1")
    assert runs(page.text) == []
    assert page.text.count("&lt;img src=x") > 5
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_issuers_page_is_linked_at_the_clause(readers: Readers) -> None:
    clauses = (Clause(1, "第一条", (), "第一条 养犬-登记。"),)
    parsed = ParsedDocument(Metadata("办法", url="https://www.example.org/a?b=1"), clauses, "text/plain")
    id_ = readers.store.put(parsed, "a.md", "/a", "1")
    page = readers.client.get(document_page(id_, f"{id_}.1.1")).text
    assert 'href="https://www.example.org/a?b=1#:~:text=%E7%AC%AC%E4%B8%80%E6%9D%A1%20%E5%85%BB%E7%8A%AC%2D' in page


def test_an_original_page_is_saved_and_never_opened_as_one(readers: Readers) -> None:
    body = "".join(f"<p>第{n}条 养犬人应当在三十日内到派出所办理登记。</p>" for n in "一二三四五")
    document = readers.put("页.html", f"<html><body><h1>犬只办法</h1><div>{body}</div>{EVIL}</body></html>")
    answer = readers.client.get(f"/documents/{document.id}/original")
    assert answer.content == readers.kept[document.id].read_bytes()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E9%A1%B5.html"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert readers.client.get(f"/documents/{document.id}/framed").status_code == 404, "the frame is for staff"
    readers.staff()
    framed = readers.client.get(f"/documents/{document.id}/framed")
    assert framed.headers["content-type"] == "text/html; charset=utf-8", "the page names none"
    assert re.search(r"default-src 'none'.*frame-ancestors 'self'; sandbox$", framed.headers["content-security-policy"])
    assert '<iframe sandbox title="原件"' in readers.client.get(f"/documents/{document.id}").text


def pdf(*texts: str) -> bytes:
    import io

    writer, made = PdfWriter(), io.BytesIO()
    for _ in texts:
        writer.add_blank_page(600, 800)
    writer.write(made)
    return made.getvalue()


def test_a_pdf_opens_at_the_page_and_staff_see_it_beside_the_text(readers: Readers) -> None:
    clauses = (Clause(1, "第一条", (), "第一条 一。", page=1), Clause(2, "第二条", (), "第二条 二。", page=2))
    id_ = readers.store.put(ParsedDocument(Metadata("办法"), clauses, "application/pdf"), "办法.pdf", "/a", "1")
    readers.kept[id_] = readers.folder / "a.pdf"
    readers.kept[id_].write_bytes(pdf("一", "二"))
    at_second = document_page(id_, f"{id_}.1.2")
    page = readers.client.get(at_second).text
    assert f'href="/documents/{id_}/original#page=2"' in page
    assert "<original-pages" not in page
    assert readers.client.get(f"/documents/{id_}/pages/2").status_code == 404, "pictures are for staff"
    answer = readers.client.get(f"/documents/{id_}/original")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline;")
    readers.staff()
    page = readers.client.get(at_second).text
    assert 'data-pages="2" data-page="2"' in page
    picture = readers.client.get(f"/documents/{id_}/pages/2")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert readers.client.get(f"/documents/{id_}/pages/3").status_code == 404


def test_an_original_that_is_gone_leaves_the_text(readers: Readers) -> None:
    document = readers.put("犬.md", RULES)
    readers.kept.clear()
    readers.staff()
    page = readers.client.get(f"/documents/{document.id}").text
    assert "/original" not in page
    assert "每只每年收费160元" in page
    assert readers.client.get(f"/documents/{document.id}/original").status_code == 404


def test_in_english_the_frame_speaks_it_and_the_document_stays_as_it_is(readers: Readers) -> None:
    document = readers.put("犬.md", RULES)
    page = readers.client.get(f"/documents/{document.id}?lang=en").text
    assert '<html lang="en">' in page
    assert "In force" in page
    assert "第一条 养犬人" in page


def test_a_page_that_names_its_encoding_is_left_to_it(readers: Readers) -> None:
    readers.staff()
    body = "".join(f"<p>第{n}条 养犬人应当在三十日内到派出所办理登记。</p>" for n in "一二三四五")
    page = f"<html><head>{{}}</head><body><h1>犬只办法</h1><div>{body}</div></body></html>"
    for name, meta, charset in (("甲", '<meta charset="gbk">', ""), ("乙", "", "; charset=gb18030")):
        document = readers.put(f"{name}.html", page.format(meta).replace("犬只", f"{name}犬").encode("gb18030"))
        framed = readers.client.get(f"/documents/{document.id}/framed")
        assert framed.headers["content-type"] == f"text/html{charset}"


def test_a_clause_that_has_ended_says_so_where_it_stands(readers: Readers) -> None:
    document = readers.put("犬.md", RULES)
    amending = readers.put(
        "决定.md",
        "# 关于修改《江湾区犬只登记办法》的决定\n\n江公〔2026〕9号\n\n"
        "一、将第二条修改为：“第二条 每只每年收费200元。”\n\n二、本决定自2026年6月1日起施行。\n",
    )
    page = readers.client.get(document_page(document.id, readers.clause(document, "第二条"))).text
    assert "下面这一条自2026年6月1日起不再有效。" in page
    assert f'href="/documents/{amending.id}"' in page
    assert "标出的这一条现在不能作为依据" in page
    whole = readers.client.get(document_page(document.id)).text
    assert whole.count("不再有效") == 1
    assert "标出的这一条" not in whole


def test_a_citation_of_an_earlier_version_opens_what_stands_there_now(
    sqlite_engine: Engine, clock: Callable[[], Any], tmp_path: Path
) -> None:
    site = desk_site(sqlite_engine, clock, tmp_path)
    site.account("wang", "王老师")
    deps = site.deps
    assert deps.kept is not None
    site.app.include_router(
        routes.router(
            routes.DocumentSources(deps.store, deps.accounts, deps.kept, Pictures(), lambda: date(2026, 11, 19))
        )
    )
    reader, staff, path = TestClient(site.app), TestClient(site.app), tmp_path / "犬.md"
    staff.cookies.set(COOKIE, deps.accounts.sign_in("wang", PASSWORD, "test").token)
    for text in (RULES, RULES.replace("三十日内", "十五日内")):
        path.write_text(text, encoding="utf-8")
        deps.indexer.run([path], False, lambda progress: None)
    (document,) = deps.store.documents()
    assert document.version == 2
    changed, same = (document_page(document.id, f"{document.id}.1.{n}") for n in (0, 1))
    told = reader.get(changed).text
    assert marked(told) == "第一条养犬人应当在十五日内办理登记。"
    assert "后来修改过" in told
    assert "看另一个版本" not in told, "what was corrected is not for the public"
    assert "三十日内" not in reader.get(f"/documents/{document.id}?version=1").text
    assert "后来修改过" not in reader.get(same).text
    link = re.search(r'href="(/documents/[^"]+version=1[^"]+)"', staff.get(changed).text)
    assert link
    old = staff.get(link.group(1).replace("&amp;", "&")).text
    assert marked(old) == "第一条养犬人应当在三十日内办理登记。"
    assert "这是旧版" in old


def test_a_repealed_document_leads_to_what_came_in_its_place(readers: Readers) -> None:
    old = readers.put("旧.md", RULES.replace("，有效期至2027年2月28日", ""))
    new = readers.put(
        "新.md",
        "# 江湾区养犬管理规定\n\n江公〔2026〕8号\n\n第一条 养犬应当登记。\n\n"
        "第二条 本规定自2026年10月1日起施行。《江湾区犬只登记办法》（江公〔2026〕3号）同时废止。\n",
    )
    page = readers.client.get(document_page(old.id)).text
    assert "自2026年10月1日起不再有效" in page
    assert f'<a href="/documents/{new.id}" lang="zh-CN">《江湾区养犬管理规定》</a> （自2026年10月1日起）' in page
    assert "由下面的文件代替" not in readers.client.get(document_page(new.id)).text
