"""Publishing in real browsers at the real service: a new version dropped, compared, tried, approved by a second person,
answered from, opened at its clause, and rolled back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import knowledge
from bot.app import build
from bot.settings import load_settings
from bot.web import create_app
from desk.model import Role
from knowledge.database import metadata
from retrieval.embedding.embedder import Embedder
from tests.support.serving import free_port, serving

pytestmark = [pytest.mark.browser]
PASSWORD = "correct-horse-9"
SAMPLES = Path(knowledge.__file__).parent / "documents"
MEALS = SAMPLES / "老年助餐服务办法.md"
QUESTION = "行动不便的老年人申请送餐上门，送餐费每次多少钱？"
SLOW_TRIAL = """
const fetched = window.fetch;
window.fetch = async (address, ...rest) => {
    if (String(address).endsWith("/effects")) await new Promise((go) => setTimeout(go, 3000));
    return fetched(address, ...rest);
};
"""
OLD, NEW = "送餐费每次2元", "送餐费每次4元"


@pytest.fixture
def address(tmp_path: Path, embedder: Embedder) -> Iterator[str]:
    """The service where two must agree, with the sample documents live and two administrators."""
    home, port = tmp_path / "home", free_port()
    first = build(load_settings({}, home=home))
    metadata.create_all(first.engine)
    first.indexer.run([SAMPLES], False, lambda progress: None)
    first.accounts.create("shen", "沈主任", Role.ADMINISTRATOR, PASSWORD)
    first.accounts.create("lin", "林科长", Role.ADMINISTRATOR, PASSWORD)
    first.accounts.create("zhou", "周敏", Role.SPECIALIST, PASSWORD)
    first.close()
    helpdesk = build(load_settings({}, home=home, port=port, approval="second_person"))
    with serving(create_app(helpdesk), port=port) as address:
        yield address
    helpdesk.close()


def window(browser: Browser, address: str, width: int = 1280) -> Page:
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a page failed: {error}"))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    return page


def sign_in(page: Page, name: str, path: str = "/admin") -> None:
    page.goto(path)
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#link")).to_have_attribute("data-state", "online")


def drop(page: Page, name: str, content: str) -> None:
    """Drop a file on the page as a file manager does."""
    page.evaluate(
        """([name, content]) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([content], name));
            document.querySelector("#drop").dispatchEvent(
                new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
        }""",
        [name, content],
    )
    expect(page.locator(".upload", has_text=name)).to_contain_text("已读成")


def asked(page: Page) -> Locator:
    """The answer to the question, asked in a chat of its own."""
    page.goto("/")
    page.get_by_label("您的问题").fill(QUESTION)
    page.get_by_role("button", name="发送").click()
    answer = page.locator('.bubble[data-sender="bot"]').last
    expect(answer).to_be_visible()
    return answer


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def shoot(page: Page, folder: Path, name: str) -> None:
    """The page as it is, wide and as on a telephone; on neither does it run out of the window."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=folder / f"{name}-{width}.png")
        assert fits(page), f"{name} at {width}"


def test_from_a_dropped_version_to_the_answer_and_back(browser: Browser, address: str, tmp_path: Path) -> None:
    shen, lin = window(browser, address), window(browser, address)
    before = window(browser, address, 390)
    expect(asked(before)).to_contain_text(OLD)
    sign_in(shen, "shen", "/admin/golden")
    golden(shen)
    shoot(shen, tmp_path, "1-golden")
    shen.goto("/admin")
    drop(shen, "助餐办法2026修订.md", MEALS.read_text(encoding="utf-8").replace(OLD, NEW))
    shoot(shen, tmp_path, "2-intake")
    shen.locator("#drafts a").click()
    looked_at(shen, tmp_path)
    expect(asked(window(browser, address, 390))).to_contain_text(OLD)
    approve(lin, tmp_path)
    after = window(browser, address, 390)
    expect(asked(after)).to_contain_text(NEW)
    shoot(after, tmp_path, "5-answer")
    document = opened(after)
    expect(document.locator("#cited")).to_contain_text(NEW)
    shoot(document, tmp_path, "6-document")
    asked_before = opened(before)
    expect(asked_before.locator(".note")).to_contain_text("后来修改过")
    expect(asked_before.locator("#cited")).to_contain_text(NEW)
    roll_back(lin, tmp_path)
    expect(asked(window(browser, address, 390))).to_contain_text(OLD)


def golden(shen: Page) -> None:
    form = shen.locator("#add")
    form.get_by_label("问题", exact=True).fill(QUESTION)
    form.get_by_label("回答里要有的话").fill("每次2元")
    form.get_by_role("button", name="加上").click()
    expect(shen.locator("#golden")).to_contain_text("每次2元")
    shen.get_by_role("button", name="现在试一遍").click()
    expect(shen.locator("#golden .good")).to_contain_text("对")
    expect(shen.locator("#runs svg")).to_be_visible()


def looked_at(shen: Page, folder: Path) -> None:
    """The difference, what it changes, and the wish to publish, which the proposer himself cannot grant."""
    expect(shen.locator("#about")).to_contain_text("江湾区老年助餐服务管理办法")
    if shen.locator("#of-panel.asks").count():
        shen.get_by_role("button", name="确认", exact=True).click()
        expect(shen.locator("#of-panel.asks")).to_have_count(0)
    changed = shen.locator(".entry-change")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("第五条")
    assert "2" in changed.locator("del").all_inner_texts()[0]
    assert "4" in changed.locator("ins").all_inner_texts()[0]
    shen.get_by_role("button", name="试一遍").click()
    effects = shen.locator("#effects")
    expect(effects).to_contain_text("标准问题：1 个回答会变")
    expect(effects.locator(".before")).to_contain_text(OLD)
    expect(effects.locator(".after")).to_contain_text(NEW)
    expect(effects).to_contain_text("以前有 1 个回答用过改动或删去的条款")
    shoot(shen, folder, "3-review")
    shen.get_by_role("button", name="提交，请另一位管理员同意").click()
    although_a_golden_question_changes(shen)
    expect(shen.locator("#decision-why")).to_contain_text("要由另一位管理员同意")
    expect(shen.get_by_role("button", name="同意发布")).to_be_hidden()


def although_a_golden_question_changes(page: Page) -> None:
    dialog = page.locator("#worse-dialog")
    expect(dialog.locator("#worse li")).to_have_count(1)
    dialog.get_by_role("button", name="仍要发布").click()


def approve(lin: Page, folder: Path) -> None:
    lin.add_init_script(SLOW_TRIAL)  # whoever is faster than the trial is still asked
    sign_in(lin, "lin")
    draft = lin.locator(".draft", has_text="老年助餐")
    expect(draft).to_contain_text("等另一位管理员同意")
    draft.get_by_role("link").click()
    expect(lin.locator("#decision-why")).to_contain_text("沈主任")
    shoot(lin, folder, "4-approve")
    lin.get_by_role("button", name="同意发布").click()
    although_a_golden_question_changes(lin)
    expect(lin.locator("#facts .chip")).to_have_text("已发布")


def opened(applicant: Page) -> Page:
    """The page behind the answer's citation."""
    with applicant.expect_popup() as popup:
        card = applicant.locator(".citation").last
        if not card.evaluate("card => card.open"):
            card.locator("summary").click()
        card.get_by_role("link", name="查看原文").click()
    page: Page = popup.value
    expect(page.locator("#cited")).to_be_in_viewport()
    assert re.search(r"/documents/\w+\?clause=.+#cited$", page.url)
    return page


def roll_back(lin: Page, folder: Path) -> None:
    lin.goto("/admin/documents?words=助餐服务管理办法")
    lin.locator("#documents a", has_text="江湾区老年助餐服务管理办法").first.click()
    expect(lin.locator("#history li")).to_have_count(2)
    shoot(lin, folder, "7-history")
    lin.get_by_role("button", name="退回上一版").first.click()
    lin.get_by_role("dialog").get_by_role("button", name="退回上一版").click()
    expect(lin.locator("#notices")).to_contain_text("已退回上一版")
