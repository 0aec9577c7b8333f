"""Administration in a real browser: folders dropped in, versions looked at, shelves searched, accounts made; and
nothing of any file as markup."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfWriter
from sqlalchemy import Engine

from bot.documents import routes
from desk.admin.tabs import TABS
from desk.model import Role
from knowledge.model import Clause, Metadata, ParsedDocument
from knowledge.sandbox.page_images import Pictures
from tests.support.browser.desk_browser import DESKTOP, PHONE, opened, quiet, sign_in, until
from tests.support.desk_site import PASSWORD, Site, desk_site, free_port, served

pytestmark = pytest.mark.browser
RULES = "# 江湾区{name}办法\n\n第一条 {name}由区民政局管理。\n\n第二条 每人每月补贴{amount}元。\n"
EVIL = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def site(sqlite_engine: Engine, clock: Any, tmp_path: Path) -> Site:
    site = desk_site(sqlite_engine, clock, tmp_path, public_url=f"http://127.0.0.1:{free_port()}")
    deps = site.deps
    assert deps.kept is not None
    reading = routes.DocumentSources(deps.store, deps.accounts, deps.kept, Pictures(), lambda: date(2026, 11, 19))
    site.app.include_router(routes.router(reading))
    return site


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    site.account("root", "周主任", Role.ADMINISTRATOR)
    with served(site.app, int(site.deps.public_url.rsplit(":", 1)[1])) as base:
        yield base


@pytest.fixture
def root(browser: Browser, base: str) -> Page:
    page = opened(browser, base)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    sign_in(page, "root", "/admin")
    return page


def rules(name: str = "助餐", amount: int = 5) -> str:
    return RULES.format(name=name, amount=amount)


def live(site: Site, folder: Path, *names: str) -> None:
    """Documents that answer already."""
    for place, name in enumerate(names):
        (folder / f"{place}-{name}.md").write_text(rules(name), encoding="utf-8")
    site.deps.indexer.run([folder], False, lambda _: None)


def put_in(page: Page, *files: Path) -> None:
    page.set_input_files("#files", files)
    for file in files:
        expect(page.locator(".upload", has_text=file.name)).to_contain_text("已读成草稿")


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_files_become_drafts_with_progress_and_are_published_together(site: Site, root: Page, tmp_path: Path) -> None:
    bad = written(tmp_path, "空.md", b"")
    good = [written(tmp_path, f"{name}.md", rules(name)) for name in ("助餐", "助浴")]
    root.set_input_files("#files", [*good, bad])
    expect(root.locator(".upload", has_text="助餐.md")).to_contain_text("已读成草稿")
    expect(root.locator(".upload", has_text="空.md")).to_contain_text("没有放进去")
    expect(root.locator("#report")).to_contain_text("读成草稿 2 份")
    expect(root.locator("#drafts li")).to_have_count(2)
    assert site.deps.store.documents() == []
    root.get_by_role("button", name="全部发布（2 份）").click()
    root.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    expect(root.locator("#drafts-empty")).to_be_visible()
    root.get_by_role("link", name="文件", exact=True).click()
    expect(root.locator("#documents tr")).to_have_count(2)
    root.get_by_role("button", name="没有放进去").click()
    expect(root.locator("#failures")).to_contain_text("空.md")
    root.get_by_role("button", name="全部 2").click()
    root.get_by_role("button", name="撤下 江湾区助餐办法").click()
    root.get_by_role("dialog").get_by_role("button", name="撤下").click()
    expect(root.locator("#documents tr")).to_have_count(1)
    quiet(root)


def test_a_dropped_folder_is_walked_and_what_is_too_large_is_named(root: Page, site: Site) -> None:
    root.evaluate(
        """async ([small]) => {
            const { dropped } = await import("/desk/assets/admin/folders.js");
            const file = (name, content) => ({ isFile: true, name, file: (done) => done(new File([content], name)) });
            const folder = (name, entries) => ({
                isFile: false, name,
                createReader: () => {
                    let told = [entries.slice(0, 1), entries.slice(1), []];
                    return { readEntries: (done) => done(told.shift()) };
                },
            });
            const tree = folder("区政府", [
                file("通知.md", small), file("~$通知.docx", "x"), folder(".git", [file("config", "x")]),
                folder("旧", [
                    file("通知.md", small.replaceAll("助餐", "助浴")), file("大.md", new Uint8Array(1000001)),
                ]),
            ]);
            const items = await dropped({ items: [{ webkitGetAsEntry: () => tree }], files: [] });
            window.told = items.map(({ file, folder }) => `${folder}/${file.name}`);
            const data = new DataTransfer();
            for (const { file } of items) data.items.add(file);
            Object.defineProperty(data, "items", { value: [{ webkitGetAsEntry: () => tree }] });
            const event = new Event("drop", { bubbles: true, cancelable: true });
            Object.defineProperty(event, "dataTransfer", { value: data });
            document.querySelector("#drop").dispatchEvent(event);
        }""",
        [rules()],
    )
    assert root.evaluate("window.told") == ["区政府/通知.md", "区政府/旧/通知.md", "区政府/旧/大.md"]
    expect(root.locator(".upload", has_text="区政府/旧/大.md")).to_contain_text("文件太大")
    expect(root.locator("#report")).to_contain_text("读成草稿 2 份")
    kept = {path.relative_to(site.deps.uploads).as_posix() for path in site.deps.uploads.rglob("*.md")}
    assert kept == {"区政府/通知.md", "区政府/旧/通知.md"}


def test_one_file_is_left_out_and_the_rest_go_in(root: Page, tmp_path: Path, site: Site) -> None:
    files = [written(tmp_path, f"{name}.md", rules(name)) for name in ("助餐", "助浴", "助洁")]

    def slow(route: Any) -> None:
        root.wait_for_timeout(300)
        route.continue_()

    root.route("**/admin/files?*", slow)
    root.set_input_files("#files", files)
    root.get_by_role("button", name="取消 助洁.md").click()
    expect(root.locator(".upload", has_text="助洁.md")).to_contain_text("已取消")
    expect(root.locator("#drafts li")).to_have_count(2)


def test_reading_is_stopped_and_the_rest_waits(root: Page, tmp_path: Path, site: Site, monkeypatch: Any) -> None:
    real = site.deps.indexer.run

    def until_stopped(paths: Any, dry_run: bool, tell: Any, how: Any) -> Any:
        assert how.cancel.wait(30)
        return real(paths, dry_run, tell, how)

    monkeypatch.setattr(site.deps.indexer, "run", until_stopped)
    root.set_input_files("#files", written(tmp_path, "助餐.md", rules()))
    expect(root.locator(".upload")).to_contain_text("正在读取")
    root.get_by_role("button", name="全部停下").click()
    expect(root.locator(".upload")).to_contain_text("已取消")
    expect(root.locator("#waiting")).to_contain_text("助餐.md")
    root.get_by_role("button", name="不要了").click()
    root.get_by_role("dialog").get_by_role("button", name="不要了").click()
    expect(root.locator("#waiting-panel")).to_be_hidden()
    assert list(site.deps.uploads.iterdir()) == []


def test_what_was_never_read_is_shown_and_read_on_demand(root: Page, tmp_path: Path) -> None:
    # the service is killed between taking in and reading
    root.route("**/admin/files/read", lambda route: route.abort())
    root.set_input_files("#files", written(tmp_path, "助餐.md", rules()))
    expect(root.locator(".upload", has_text="助餐.md")).to_contain_text("没有放进去")
    root.unroute("**/admin/files/read")
    root.reload()
    expect(root.locator("#waiting")).to_contain_text("助餐.md")
    root.get_by_role("button", name="接着读").click()
    expect(root.locator("#drafts li")).to_have_count(1)
    expect(root.locator("#waiting-panel")).to_be_hidden()


def test_an_archive_is_one_row_that_names_what_did_not_go_in(root: Page, tmp_path: Path) -> None:
    packed = tmp_path / "文件.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in (("助餐.md", rules()), ("旧/助浴.md", rules("助浴")), ("空.md", "")):
            archive.writestr(name, content)
    root.set_input_files("#files", packed)
    row = root.locator(".upload")
    expect(row).to_contain_text("其中有的没有放进去")
    expect(row.locator(".reason")).to_contain_text("文件.zip/空.md：")
    expect(root.locator("#drafts li")).to_have_count(2)
    expect(root.locator("#drafts")).to_contain_text("文件.zip/旧/助浴.md")


def test_a_held_file_is_released_with_a_reason_and_published(root: Page, tmp_path: Path, site: Site) -> None:
    root.set_input_files("#files", written(tmp_path, "内部.md", "# 内部办法\n\n机密★10年\n\n第一条 只发内部。\n"))
    expect(root.locator(".upload", has_text="内部.md")).to_contain_text("已拦下")
    root.locator("#drafts a").click()
    expect(root.locator("#holds")).to_contain_text("机密")
    expect(root.locator("#publish-do")).to_be_hidden()
    root.get_by_label("放行理由").fill("已经解密，见解密通知")
    root.get_by_role("button", name="放行", exact=True).click()
    expect(root.locator("#held-panel")).to_be_hidden()
    root.get_by_role("button", name="发布", exact=True).click()
    expect(root.locator("#facts .chip")).to_have_text("已发布")
    assert len(site.deps.store.documents()) == 1


def test_metadata_is_set_and_what_was_read_stays_beside_it(root: Page, tmp_path: Path, site: Site) -> None:
    put_in(root, written(tmp_path, "助餐.md", rules()))
    root.locator("#drafts a").click()
    root.get_by_label("有效期至").fill("2026-12-31")
    root.get_by_label("标题").fill("江湾区助餐实施办法")
    root.get_by_role("button", name="保存文件信息").click()
    expect(root.locator("#was-title")).to_have_text("读到的是：江湾区助餐办法")
    root.get_by_label("发布日期（空着就是现在）").fill("")
    root.get_by_role("button", name="发布", exact=True).click()
    expect(root.locator("#facts .chip")).to_have_text("已发布")
    (document,) = site.deps.store.documents()
    assert (document.metadata.title, document.metadata.expires_on) == ("江湾区助餐实施办法", date(2026, 12, 31))
    root.goto("/admin")
    expect(root.locator("#expiring")).to_contain_text("1 份文件 60 天内到期")
    expect(root.locator("#expiring")).to_contain_text("《江湾区助餐实施办法》（到 2026-12-31）")


def test_a_version_is_scheduled_and_withdrawn(root: Page, tmp_path: Path, site: Site) -> None:
    put_in(root, written(tmp_path, "助餐.md", rules()))
    root.locator("#drafts a").click()
    root.get_by_label("发布日期（空着就是现在）").fill("2026-12-01")
    root.get_by_role("button", name="发布", exact=True).click()
    expect(root.locator("#facts .chip")).to_have_text("2026-12-01 发布")
    root.get_by_role("button", name="撤回").click()
    root.get_by_role("dialog").get_by_role("button", name="撤回").click()
    expect(root.locator("#facts .chip")).to_have_text("已撤回")
    assert site.deps.store.documents() == []


def test_the_new_version_of_another_document_is_chosen_by_hand(root: Page, tmp_path: Path, site: Site) -> None:
    (tmp_path / "live").mkdir()
    live(site, tmp_path / "live", "助餐", "助浴")
    put_in(root, written(tmp_path, "修订.md", "# 关于敬老的规定\n\n第一条 全部重写，与以前毫无相同之处。\n"))
    root.locator("#drafts a").click()
    root.get_by_text("选别的文件").click()
    root.get_by_label("查找文件").fill("助浴")
    root.get_by_role("button", name="《江湾区助浴办法》").click()
    root.get_by_role("button", name="确认", exact=True).click()
    expect(root.locator("#difference-counts")).to_contain_text("新增 1 条")
    expect(root.locator(".entry-change.removed del").first).to_contain_text("助浴由区民政局管理")
    root.get_by_role("button", name="发布", exact=True).click()
    expect(root.locator("#facts .chip")).to_have_text("已发布")
    assert sorted(each.metadata.title for each in site.deps.store.documents()) == ["关于敬老的规定", "江湾区助餐办法"]


def test_shelves_are_searched_and_paged(root: Page, tmp_path: Path, site: Site) -> None:
    folder = tmp_path / "live"
    folder.mkdir()
    live(site, folder, *(f"第{n}号事项" for n in range(55)))
    root.goto("/admin/documents")
    expect(root.locator("#documents tr")).to_have_count(50)
    root.get_by_role("button", name="下一页").click()
    expect(root.locator("#documents tr")).to_have_count(5)
    root.get_by_label("按标题、文号、发布机关、文件名查找").fill("第54号")
    expect(root.locator("#documents tr")).to_have_count(1)
    expect(root).to_have_url(re.compile("words="))
    root.reload()
    expect(root.locator("#documents tr")).to_have_count(1)
    root.get_by_role("button", name="已废止或过期").click()
    expect(root.locator("#documents-empty")).to_have_text("没有符合的文件。")
    quiet(root)


def pdf() -> bytes:
    writer, made = PdfWriter(), io.BytesIO()
    for _ in range(3):
        writer.add_blank_page(600, 800)
    writer.write(made)
    return made.getvalue()


def evil(site: Site, media_type: str = "text/html") -> str:
    """A live document full of markup, its name and metadata, too."""
    rows = ((EVIL, "金额"), (EVIL, EVIL))
    clauses = (
        Clause(1, EVIL, (EVIL,), f"第一条 {EVIL}", page=2),
        Clause(2, "第二条", (EVIL,), EVIL, rows=rows, header_rows=1),
    )
    about = Metadata(f"办法{EVIL}", EVIL, EVIL, region=EVIL, url="javascript:document.title=1", topics=(EVIL,))
    return site.deps.store.put(ParsedDocument(about, clauses, media_type), f"{EVIL}.html", f"/{EVIL}", "1" * 64)


def test_nothing_of_a_file_is_ever_markup(root: Page, site: Site, tmp_path: Path) -> None:
    document_id = evil(site)
    page = "<html><head><title>犬只办法</title></head><body><h1>犬只办法</h1><div>" + "".join(
        f"<p>第{n}条 养犬人应当在三十日内{EVIL.replace('<', '&lt;')}到派出所办理登记。</p>{EVIL}" for n in "一二三四五"
    )
    put_in(root, written(tmp_path, "坏<b>.html", page + "</div></body></html>"))
    marks = root.locator("main img[src=x], main b, article img, article script")
    root.evaluate("evil => document.querySelector('main').insertAdjacentHTML('beforeend', evil)", EVIL)
    assert marks.count() > 0, "as markup it is found"
    root.wait_for_timeout(300)
    root.errors.clear()  # type: ignore[attr-defined]
    for path in ("/admin", "/admin/documents", f"/admin/documents/{document_id}", f"/documents/{document_id}"):
        root.goto(path)
        until(root, "document.body.innerText.includes('onerror') || document.querySelectorAll('#drafts li').length > 0")
        assert marks.count() == 0, path
        assert root.evaluate("document.title") != "1", path
    root.goto("/admin")
    root.locator("#drafts a").click()
    expect(root.locator(".clause").first).to_contain_text("onerror")
    expect(root.locator("#original iframe")).to_be_visible()
    root.wait_for_timeout(300)
    assert root.evaluate("document.title") != "1"
    frame = root.frames[1]
    assert frame.title() == "犬只办法", "its script did not run"
    assert all("Content Security Policy" in each or "sandbox" in each for each in root.errors)  # type: ignore[attr-defined]


def test_staff_read_a_document_beside_the_pages_of_its_original(
    browser: Browser, root: Page, site: Site, tmp_path: Path
) -> None:
    (tmp_path / "live").mkdir()
    live(site, tmp_path / "live", "助餐")
    (document,) = site.deps.store.documents()
    original = written(tmp_path, "原件.pdf", pdf())
    assert site.deps.kept is not None
    object.__setattr__(document, "media_type", "application/pdf")
    site.deps.kept.original = lambda document_id: original  # type: ignore[method-assign]
    site.deps.store.get = lambda document_id: document  # type: ignore[method-assign]
    root.goto(f"/documents/{document.id}")
    expect(root.locator("original-pages [role=status]")).to_have_text("第 1 页，共 3 页")
    root.get_by_role("button", name="下一页").click()
    expect(root.locator("original-pages [role=status]")).to_have_text("第 2 页，共 3 页")
    until(root, "document.querySelector('original-pages img').naturalWidth > 0")
    quiet(root)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["390", "1280"])
def test_no_page_is_wider_than_the_screen(browser: Browser, base: str, site: Site, size: dict[str, int]) -> None:
    folder = site.deps.uploads
    folder.mkdir()
    (folder / ("名" * 60 + ".md")).write_text("# " + "标题" * 40 + "\n\n第一条 内容。\n", encoding="utf-8")
    site.deps.indexer.run([folder], False, lambda _: None)
    document_id = evil(site)
    (version,) = site.deps.publication.versions.in_states()
    page = opened(browser, base, size)
    sign_in(page, "root", "/admin")
    paths = [*(f"/{name}" for name in TABS), f"/review/{version.id}", f"/documents/{document_id}"]
    for path in [*(f"/admin{each}" for each in paths), f"/documents/{document_id}"]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(FITS), path


def test_the_way_to_a_published_file_needs_no_mouse_and_is_named_in_english(root: Page, tmp_path: Path) -> None:
    root.get_by_role("button", name="English").click()
    expect(root.get_by_role("heading", name="To be published")).to_be_visible()
    expect(root.locator("html[lang^=en]")).to_be_attached()
    expect(root.get_by_text("Connected", exact=True)).to_be_visible()  # the page's modules have run
    root.bring_to_front()
    with root.expect_file_chooser() as chooser:
        root.get_by_role("button", name="Choose files").focus()
        root.keyboard.press("Enter")
    chooser.value.set_files(written(tmp_path, "a.md", rules()))
    root.locator("#drafts a").focus()
    root.keyboard.press("Enter")
    root.wait_for_url("**/review/*")  # and until it is loaded: while its styles arrive nothing can be focused
    expect(root.locator("#publish-do")).to_be_visible()
    root.locator("#publish-do").focus()
    root.keyboard.press("Enter")
    expect(root.locator("#facts .chip")).to_have_text("Published")


def test_a_new_account_signs_in_with_its_one_time_password(browser: Browser, base: str) -> None:
    page = opened(browser, base)
    sign_in(page, "root", "/admin/accounts")
    form = page.locator("#create-account")
    form.get_by_label("账号").fill("zhao")
    form.get_by_label("姓名").fill("赵老师")
    page.get_by_role("button", name="新建账号").click()
    expect(page.locator("#one-time")).to_be_visible()
    password = page.locator("#one-time").inner_text()
    page.get_by_role("button", name="我已记下").click()
    expect(page.locator("#accounts")).to_contain_text("待改密码")
    assert password not in page.content()
    fresh = opened(browser, base)
    fresh.goto("/desk")
    fresh.get_by_label("账号").fill("zhao")
    fresh.get_by_label("密码").fill(password)
    fresh.get_by_role("button", name="登录").click()
    expect(fresh.get_by_text("这是一次性密码")).to_be_visible()
    fresh.get_by_label("现在的密码").fill(password)
    fresh.get_by_label("新密码", exact=True).fill(PASSWORD)
    fresh.get_by_label("再输一遍新密码").fill(PASSWORD)
    fresh.get_by_role("button", name="保存").click()
    expect(fresh.locator("#link")).to_have_attribute("data-state", "online")
