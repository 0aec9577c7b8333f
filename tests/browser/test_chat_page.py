"""The applicant's page in a real browser: text stays text, cuts lose nothing, it fits a phone and a keyboard."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from canned import Desk
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from serving import free_port, serving
from sqlalchemy import Engine, func, select

from desk.conversations import Outgoing
from desk.model import Account, Sender, Ticket
from desk.tables import messages

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
EVIL = '<img src=x onerror="document.title=1"><script>document.title=1</script><a href="javascript:alert(1)">点</a>'
QUICK = ("办食品经营许可证要哪些材料？", "65 岁以上老人就餐有补贴吗？")


@pytest.fixture
def desk(sqlite_engine: Engine, clock: Any) -> Desk:
    return Desk(sqlite_engine, clock, options={"quick_questions": QUICK})


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with serving(desk.app()) as address:
        yield address


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext, address: str) -> Iterator[Page]:
    """The chat page, open; anything wrong in its console fails the test."""
    page = phone.new_page()
    wrong = watch(page)
    page.goto(address)
    yield page
    assert wrong == []


def watch(page: Page) -> list[str]:
    """What the page complains of from now on."""
    wrong: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    page.on("console", console)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return wrong


def write(page: Page, words: str) -> None:
    page.get_by_label("您的问题").fill(words)
    page.get_by_role("button", name="发送").click()


def bubbles(page: Page, sender: str) -> Any:
    return page.locator(f'.bubble[data-sender="{sender}"]')


def stored(engine: Engine) -> int:
    with engine.connect() as connection:
        own = select(func.count()).select_from(messages).where(messages.c.sender == Sender.APPLICANT)
        return connection.execute(own).scalar_one()


def claim(desk: Desk) -> tuple[Account, Ticket]:
    account = desk.specialist()
    return account, desk.tickets.claim(desk.tickets.queue()[0].id, account)


def test_a_quick_question_is_answered_with_a_citation_to_open(page: Page) -> None:
    page.get_by_role("button", name=QUICK[0]).click()
    card = page.locator(".citation")
    expect(card.locator("cite")).to_have_text("《江湾区食品经营许可办事指南》")
    expect(card.locator("blockquote")).to_contain_text("产权人同意转租")
    expect(card.locator(".facts")).to_contain_text("自2025年3月1日起施行")
    source = card.get_by_role("link", name="查看原文")
    assert (source.get_attribute("href") or "").startswith("https://www.jiangwan.example/guides/food.html#:~:text=")
    assert source.get_attribute("rel") == "noopener noreferrer"
    expect(page.locator("#start")).to_be_hidden()
    expect(page.locator("#typing")).to_be_hidden()


def test_a_choice_is_said_and_then_gone(page: Page) -> None:
    write(page, "有什么补贴")
    page.get_by_role("button", name="租房补贴").click()
    expect(bubbles(page, "applicant").last).to_contain_text("租房补贴")
    expect(page.get_by_role("button", name="老年人就餐补贴")).to_have_count(1)  # those of the new answer alone


def test_text_stays_text_from_everybody_everywhere(page: Page, desk: Desk) -> None:
    write(page, EVIL)
    expect(bubbles(page, "bot")).to_have_count(1)
    evil = dict.fromkeys(("title", "document_number", "locator", "quote", "effective_on"), EVIL)
    links = [
        "javascript:alert(1)",
        "data:text/html,<script>1</script>",
        "http://elsewhere.example/",
        "//elsewhere.example",
    ]
    body = {
        "kind": EVIL,
        "citations": [evil | {"url": each} for each in links[:2]],
        "buttons": [{"label": EVIL, "value": EVIL}, *({"label": "去看", "url": each} for each in links[:3])],
    }
    desk.conversations.reply(_conversation(desk), [Outgoing(Sender.BOT, EVIL, body)], None)
    expect(bubbles(page, "bot")).to_have_count(2)
    page.get_by_role("button", name="转人工").first.click()
    expect(page.locator("#queue")).to_be_visible()
    account, ticket = claim(desk)
    desk.tickets.post(ticket.id, account, ticket.epoch, EVIL, "e" * 32)
    expect(bubbles(page, "specialist").locator(".words")).to_have_text(EVIL)
    expect(bubbles(page, "applicant").first.locator(".words")).to_have_text(EVIL)
    assert page.title() == "办事咨询"
    assert page.locator("#log img, #log script, #log a:visible").count() == 0
    assert page.locator(".source:not([hidden]), .link-button").count() == 0


def _conversation(desk: Desk) -> str:
    with desk.engine.connect() as connection:
        return connection.execute(select(messages.c.conversation_id)).scalars().first() or ""


def test_links_are_followed_to_our_own_pages_and_to_https(page: Page, desk: Desk, address: str) -> None:
    write(page, "转人工")
    expect(page.locator("#queue")).to_have_text("您在排队，下一位就是您。可以先把情况写下来，老法师接手时都能看到。")
    account, ticket = claim(desk)
    words = f"看这里：https://example.com/a?b=c。还有 {address}/room/x，不要点 http://elsewhere.example/"
    buttons = [{"label": "打开共享屏幕", "url": "/room/abc"}, {"label": "会议", "url": "https://meet.example/room"}]
    desk.tickets.post(ticket.id, account, ticket.epoch, words, "f" * 32, {"buttons": buttons})
    spoken = bubbles(page, "specialist")
    expect(spoken.locator(".author")).to_have_text("老法师 周敏")
    expect(page.locator("#holder-name")).to_have_text("老法师 周敏 正在为您服务")
    hrefs = [link.get_attribute("href") for link in spoken.locator("a:visible").all()]
    expected = ["https://example.com/a?b=c", f"{address}/room/x", f"{address}/room/abc", "https://meet.example/room"]
    assert hrefs == expected
    expect(spoken.locator(".words")).to_have_text(words)


def test_what_is_written_while_the_service_is_down_arrives_once(phone: BrowserContext, desk: Desk) -> None:
    """Down, a reload without the network kept out, up again: written once, shown once, stored once."""
    port = free_port()
    page = phone.new_page()
    with serving(desk.app(), port=port) as address:
        page.goto(address)
        write(page, "第一句")
        expect(bubbles(page, "bot")).to_have_count(1)
    expect(page.locator("#banner")).to_contain_text("您写的话会在连上后发出")
    write(page, "断线时写的")
    expect(bubbles(page, "applicant").last.locator(".delivery")).to_have_text("还没发出，连上后自动发送")
    assert stored(desk.engine) == 1
    with serving(desk.app(), port=port):
        expect(bubbles(page, "bot")).to_have_count(2, timeout=20_000)
        expect(page.locator("#banner")).to_be_hidden()
        expect(bubbles(page, "applicant").last.locator(".delivery")).to_have_text("")
        page.reload()
        expect(bubbles(page, "bot")).to_have_count(2)
        expect(bubbles(page, "applicant")).to_have_count(2)
    assert stored(desk.engine) == 2


@pytest.mark.parametrize(("outbox_kept", "rows"), [(True, 1), (False, 0)])
def test_a_reload_keeps_what_is_not_sent(
    phone: BrowserContext, desk: Desk, address: str, outbox_kept: bool, rows: int
) -> None:
    """A page that kept the unsent in memory alone would lose it."""
    page = phone.new_page()
    page.goto(address)
    expect(page.locator("#holder-name")).to_have_text("机器人为您解答")
    phone.set_offline(True)
    write(page, "办食品证要什么材料")
    expect(page.locator("#banner")).to_have_text("网络断开，正在重连，您写的话会在连上后发出")
    if not outbox_kept:
        page.evaluate("localStorage.removeItem('laofashi.outbox')")
    page.goto("about:blank")
    phone.set_offline(False)
    page.goto(address)
    expect(page.locator('#log[aria-busy="false"]')).to_be_attached()
    expect(bubbles(page, "applicant")).to_have_count(rows)
    expect(bubbles(page, "bot")).to_have_count(rows)
    assert stored(desk.engine) == rows


def test_where_no_websocket_gets_through_plain_requests_are_used(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.route_web_socket("**/chat/ws", lambda line: line.close())
    page.goto(address)
    write(page, "办食品证要什么材料")
    expect(page.locator(".citation")).to_be_visible(timeout=15_000)
    expect(page.locator("#banner")).to_be_hidden()
    write(page, "转人工")
    expect(page.locator("#queue")).to_be_visible()


def test_two_windows_of_one_browser_show_the_same(phone: BrowserContext, address: str) -> None:
    one, other = phone.new_page(), phone.new_page()
    one.goto(address)
    other.goto(address)
    write(one, "有什么补贴")
    for page in (one, other):
        expect(bubbles(page, "bot")).to_have_count(1)
        expect(bubbles(page, "applicant")).to_have_count(1)


def test_enter_sends_but_not_while_a_chinese_word_is_being_picked(page: Page, desk: Desk) -> None:
    box = page.get_by_label("您的问题")
    box.fill("ban zheng")
    event = "{key: 'Enter', isComposing: composing, bubbles: true, cancelable: true}"
    press = f"(box, composing) => box.dispatchEvent(new KeyboardEvent('keydown', {event}))"
    box.evaluate(f"box => ({press})(box, true)")
    assert box.input_value() == "ban zheng"
    box.press("Shift+Enter")
    assert box.input_value() == "ban zheng\n"
    box.evaluate(f"box => ({press})(box, false)")
    expect(bubbles(page, "bot")).to_have_count(1)
    assert box.input_value() == ""


def test_half_an_emoji_does_not_stop_what_follows(page: Page) -> None:
    page.get_by_label("您的问题").evaluate("box => { box.value = '好\\ud83d'; }")
    page.get_by_role("button", name="发送").click()
    write(page, "办食品证要什么材料")
    expect(page.locator(".citation")).to_be_visible()
    expect(bubbles(page, "applicant").first.locator(".words")).to_have_text("好\ufffd")


def test_too_long_a_text_is_told_while_writing(page: Page) -> None:
    page.get_by_label("您的问题").fill("长" * 4_001)
    expect(page.locator("#hint")).to_have_text("这条消息太长了（4001 字）。请分成几条，每条 4000 字以内。")
    expect(page.get_by_role("button", name="发送")).to_be_disabled()


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到输入框"
    page.keyboard.press("Enter")
    page.keyboard.type("办食品证要什么材料")
    page.keyboard.press("Enter")
    expect(page.locator(".citation")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "human":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="正在排队")).to_be_disabled()


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    write(page, "办食品证要什么材料")
    expect(page.locator(".citation")).to_be_visible()
    log = page.get_by_role("log", name="对话")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-busy", "false")
    expect(log.get_by_role("article")).to_have_count(2)
    expect(page.get_by_role("textbox", name="您的问题")).to_be_visible()
    expect(page.get_by_role("heading", name="办事咨询", level=1)).to_be_visible()
    unnamed = (
        "[...document.querySelectorAll('button, a')].filter(e => e.checkVisibility() && !e.textContent.trim()).length"
    )
    assert page.evaluate(unnamed) == 0


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize(("large", "english"), [(False, False), (True, False), (False, True), (True, True)])
def test_it_fits_its_window(page: Page, width: int, large: bool, english: bool) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    if large:
        page.get_by_role("button", name="大字").click()
    write(page, "办食品证要什么材料" + "https://example.com/" + "x" * 200)
    expect(page.locator(".citation")).to_be_visible()
    if english:
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("button", name="Talk to a person").last).to_be_visible()
    wide = "[document.documentElement, document.getElementById('scroller')].map(e => e.scrollWidth - e.clientWidth)"
    assert page.evaluate(wide) == [0, 0]
    for name in ("#send", "#human", "#large", "#language"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 700
        assert min(box["width"], box["height"]) >= 40


def test_type_size_and_language_are_remembered(page: Page) -> None:
    page.get_by_role("button", name="大字").click()
    page.get_by_role("button", name="English").click()
    page.reload()
    expect(page.get_by_role("button", name="Large type")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "22px"
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="转人工")).to_be_visible()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def site(folder: Path, desk_address: str) -> Iterator[str]:
    """Another site that carries the widget, under a strict policy of its own."""
    policy = f"default-src 'none'; script-src {desk_address}; frame-src {desk_address}"
    (folder / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width"><title>江湾小店</title><h1>江湾小店</h1>'
        f'<script src="{desk_address}/widget.js" data-label="问政策" async></script>',
        encoding="utf-8",
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("allowed", [True, False])
def test_the_widget_opens_on_allowed_sites_alone(
    phone: BrowserContext, sqlite_engine: Engine, clock: Any, tmp_path: Path, allowed: bool
) -> None:
    port = free_port()
    with site(tmp_path, f"http://127.0.0.1:{port}") as shop:
        origins = (shop,) if allowed else ("https://other.example",)
        with serving(Desk(sqlite_engine, clock, options={"widget_origins": origins}).app(), port=port) as address:
            page = phone.new_page()
            page.goto(shop)
            page.get_by_role("button", name="问政策").click()
            frame = page.frame_locator("iframe")
            if not allowed:
                while not any(each.url.startswith("chrome-error:") for each in page.frames):
                    page.wait_for_timeout(50)  # the browser blocks the frame; the test's own limit ends the wait
                assert not any(each.url.startswith(address) for each in page.frames)
                return
            frame.get_by_label("您的问题").fill("办食品证要什么材料")
            frame.get_by_role("button", name="发送").click()
            expect(frame.locator(".citation")).to_be_visible()
            frame.get_by_label("您的问题").press("Escape")
            expect(page.get_by_role("dialog")).to_be_hidden()
            expect(page.get_by_role("button", name="问政策")).to_be_focused()


def test_a_message_that_arrives_unseen_is_counted_in_the_title(page: Page, desk: Desk) -> None:
    write(page, "转人工")
    expect(page.locator("#queue")).to_be_visible()
    hide: Callable[[bool], object] = lambda hidden: page.evaluate(  # noqa: E731
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )
    hide(True)
    account, ticket = claim(desk)
    desk.tickets.post(ticket.id, account, ticket.epoch, "您好", "a" * 32)
    expect(page).to_have_title("（2 条新消息）办事咨询")  # that he is here, and what he says
    hide(False)
    expect(page).to_have_title("办事咨询")
