"""The console in a real browser: two specialists, lost networks, danger first, nothing of an applicant's as markup."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from desk.model import Holder, Role, Sender
from tests.support.browser.desk_browser import DESKTOP, PHONE, opened, quiet, sign_in
from tests.support.desk_site import Site, desk_site, free_port, served

pytestmark = pytest.mark.browser
SUBLEASE = "我租的店面是转租的，能办食品经营许可证吗"


@pytest.fixture
def site(sqlite_engine: Engine, clock: Any, tmp_path: Path) -> Site:
    return desk_site(sqlite_engine, clock, tmp_path, public_url=f"http://127.0.0.1:{free_port()}")


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    site.account("wang", "王老师")
    site.account("li", "李老师")
    site.account("root", "周主任", Role.ADMINISTRATOR)
    with served(site.app, int(site.deps.public_url.rsplit(":", 1)[1])) as base:
        yield base


def entry(page: Page, text: str) -> Any:
    return page.locator(".entry", has_text=text)


def claim(page: Page, text: str) -> None:
    entry(page, text).click()
    page.get_by_role("button", name="接手").click()
    expect(page.locator("#composer")).to_be_visible()


def test_a_ticket_from_the_queue_to_its_end(browser: Browser, base: str, site: Site) -> None:
    wang, li = opened(browser, base), opened(browser, base)
    sign_in(wang, "wang")
    sign_in(li, "li")
    expect(wang.locator("#queue-empty")).to_be_visible()
    ticket = site.waiting(SUBLEASE, "转人工", name="陈先生")  # appears by itself
    expect(entry(wang, SUBLEASE)).to_be_visible()
    expect(wang).to_have_title(re.compile("1 件等待"))
    entry(li, SUBLEASE).click()
    expect(li.get_by_role("button", name="接手")).to_be_visible()
    claim(wang, SUBLEASE)
    expect(li.locator(".entry")).to_have_count(0)
    wang.locator("#text").fill("您好，我来帮您看。")
    wang.keyboard.press("Shift+Enter")
    wang.keyboard.type("请先把租赁合同发来。")
    wang.keyboard.press("Enter")
    expect(wang.locator(".message.specialist")).to_contain_text("您好，我来帮您看。\n请先把租赁合同发来。")
    expect(wang.locator("#text")).to_have_value("")
    site.asked("合同在这里", key="k1")  # the same external ids: dropped as repeats
    applicant = site.deps.conversations.applicant("web", "k1")
    site.deps.conversations.accept(applicant, "合同拍好了", "new-one")
    expect(wang.locator(".message.applicant").last).to_contain_text("合同拍好了")
    wang.locator("[data-action=resolve]").click()
    wang.get_by_label("办理结果").fill("已告知需要产权人书面同意")
    wang.get_by_role("dialog").get_by_role("button", name="办结").click()
    expect(wang.locator("#readonly")).to_contain_text("已经办结")
    assert site.deps.tickets.get(ticket.id).summary == "已告知需要产权人书面同意"
    assert site.deps.conversations.get(ticket.conversation_id).holder is Holder.BOT
    quiet(wang, li, but="404")  # who looked at a ticket that was claimed is told it is gone


def test_a_lost_claim_says_so(browser: Browser, base: str, site: Site) -> None:
    ticket = site.waiting(SUBLEASE)
    page = opened(browser, base)
    sign_in(page, "wang")
    entry(page, SUBLEASE).click()
    button = page.get_by_role("button", name="接手")
    expect(button).to_be_visible()
    li = next(each for each in site.deps.accounts.list() if each.name == "li")
    page.route("**/desk/tickets/**", lambda route: route.continue_())
    page.evaluate("window.WebSocket = null")  # no hints any more, and the click comes before the next look
    page.route("**/claim", lambda route: (site.deps.tickets.claim(ticket.id, li), route.continue_()))
    button.click()
    expect(page.locator("#notices")).to_contain_text("刚刚被其他同事接手了")


def test_unsent_text_outlives_the_network_and_the_page_and_is_posted_once(
    browser: Browser, base: str, site: Site
) -> None:
    ticket = site.waiting(SUBLEASE)
    page = opened(browser, base)
    sign_in(page, "wang")
    claim(page, SUBLEASE)
    arrived = []

    def cut_answer(route: Any) -> None:
        arrived.append(route.fetch().status)  # the server has it, the page never hears so
        route.abort()

    page.route("**/messages", cut_answer)
    page.locator("#text").fill("请带身份证来一趟。")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#notices")).to_contain_text("网络不通")
    expect(page.locator("#text")).to_have_value("请带身份证来一趟。")
    page.reload()
    expect(page.locator("#text")).to_have_value("请带身份证来一趟。")
    page.unroute("**/messages")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#text")).to_have_value("")
    posted = [m.text for m in site.deps.conversations.messages(ticket.conversation_id) if m.sender is Sender.SPECIALIST]
    assert arrived == [200]
    assert posted == ["请带身份证来一趟。"]


def test_hints_lost_the_page_looks_again_when_the_socket_is_back(browser: Browser, base: str, site: Site) -> None:
    page = opened(browser, base)
    sign_in(page, "wang")
    page.context.set_offline(True)
    page.evaluate("document.querySelector('#link').dataset.seen = ''")
    site.waiting(SUBLEASE)
    page.wait_for_timeout(300)
    expect(page.locator(".entry")).to_have_count(0)
    page.context.set_offline(False)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(entry(page, SUBLEASE)).to_be_visible()


def test_transfer_and_release(browser: Browser, base: str, site: Site) -> None:
    site.waiting(SUBLEASE)
    wang, li = opened(browser, base), opened(browser, base)
    sign_in(wang, "wang")
    sign_in(li, "li")
    claim(wang, SUBLEASE)

    def slow(route: Any) -> None:
        answer = route.fetch()
        time.sleep(0.5)  # the hint overtakes the answer
        route.fulfill(response=answer)

    wang.route("**/transfer", slow)
    wang.get_by_role("button", name="转给同事").click()
    wang.get_by_role("dialog").get_by_role("combobox").select_option(label="李老师")
    wang.get_by_role("button", name="转交").click()
    expect(wang.locator("#mine-empty")).to_be_visible()
    li.locator("#mine .entry").click()
    li.get_by_role("button", name="退回").click()
    li.get_by_role("dialog").get_by_role("button", name="退回").click()
    expect(wang.locator("#queue .entry")).to_have_count(1)
    quiet(wang, li)


def test_a_press_is_not_lost_when_the_list_changes_under_it(
    browser: Browser, base: str, site: Site, clock: Any
) -> None:
    site.waiting(SUBLEASE)
    page = opened(browser, base)
    page.clock.set_fixed_time(clock())  # what has waited another minute says so, and is another entry
    sign_in(page, "wang")
    entry(page, SUBLEASE).hover()
    page.mouse.down()
    clock.forward(seconds=1)  # and so stands below
    site.waiting("营业执照丢了怎么补", key="b")
    expect(page.locator("#queue .entry")).to_have_count(2)
    page.mouse.up()
    expect(page.get_by_role("button", name="接手")).to_be_visible()
    quiet(page)


def test_danger_to_life_stands_first_and_says_why(browser: Browser, base: str, site: Site) -> None:
    site.waiting(SUBLEASE)
    site.waiting("我怀孕了，办事能优先吗", key="b")
    page = opened(browser, base)
    sign_in(page, "wang")
    expect(page.locator("#queue .entry")).to_have_count(2)
    site.waiting("证办不下来，我不想活了", key="c")
    expect(page.locator("#notices")).to_contain_text("提到轻生")
    marks = page.locator("#queue .chip")
    expect(marks).to_have_text(["紧急", "绿色通道"])
    expect(page.locator("#queue .entry").first).to_contain_text("提到轻生或自伤，请立即联系")
    page.locator("#queue .entry").first.click()
    expect(page.locator("#facts .chip.emergency")).to_have_text("紧急：提到轻生或自伤，请立即联系")
    colour = "mark => getComputedStyle(mark).backgroundColor"
    assert page.locator("#facts .emergency").evaluate(colour) == marks.first.evaluate(colour) == "rgb(168, 38, 28)"
    assert marks.last.evaluate(colour) != marks.first.evaluate(colour)
    quiet(page)


def test_what_an_applicant_writes_is_text(browser: Browser, base: str, site: Site) -> None:
    site.waiting("<img src=x onerror=alert(1)><b>粗</b>", name="<script>alert(2)</script>")
    page = opened(browser, base)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    sign_in(page, "wang")
    entry(page, "<b>粗</b>").click()
    expect(page.locator(".message.applicant")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#who")).to_have_text("<script>alert(2)</script>")
    quiet(page)


def test_the_console_works_by_keyboard_and_in_english(browser: Browser, base: str, site: Site) -> None:
    site.waiting(SUBLEASE)
    site.waiting("居住证到期了怎么办", key="b")
    page = opened(browser, base)
    sign_in(page, "wang")
    page.locator("#queue .entry").first.focus()
    page.keyboard.press("ArrowDown")
    second = page.locator("#queue .entry-last").nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text(second)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Waiting 2")).to_be_visible()
    page.get_by_role("button", name="Large type").click()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "19px"
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "19px"


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["390", "1280"])
def test_no_page_is_wider_than_the_screen(browser: Browser, base: str, site: Site, size: dict[str, int]) -> None:
    site.waiting(SUBLEASE + "长" * 300)
    page = opened(browser, base, size)
    page.goto("/desk")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    sign_in(page, "root")
    assert page.evaluate(fits)
    entry(page, SUBLEASE).click()
    expect(page.locator(".message.applicant").first).to_be_visible()
    assert page.evaluate(fits)
    page.goto("/desk/password")
    assert page.evaluate(fits)
