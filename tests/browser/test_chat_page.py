"""The applicant's page in a real browser: answers, choices, links; text stays text, and no cut loses a word."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import Engine

from desk.conversations.conversations import Outgoing
from desk.message_body import Button, CitedClause, MessageBody, MessageLink
from desk.model import Sender
from tests.support.browser.chat_browser import QUICK, bubbles, claim, conversation_of, stored, write
from tests.support.known_answers import Desk
from tests.support.serving import free_port, serving

pytestmark = pytest.mark.browser
EVIL = '<img src=x onerror="document.title=1"><script>document.title=1</script><a href="javascript:alert(1)">点</a>'


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


def test_the_page_itself_never_scrolls_however_much_is_said(page: Page) -> None:
    for _ in range(8):
        write(page, "有什么补贴")
    expect(bubbles(page, "bot")).to_have_count(8)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


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
    body = MessageBody(
        buttons=(Button(EVIL, EVIL),),
        citations=tuple(CitedClause(**evil, url=each) for each in links[:2]),
        links=tuple(MessageLink("去看", each) for each in ("javascript:alert(2)", *links[1:3])),
    )
    desk.conversations.reply(conversation_of(desk), [Outgoing(Sender.BOT, EVIL, body)], None)
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


def test_links_are_followed_to_our_own_pages_and_to_https(page: Page, desk: Desk, address: str) -> None:
    write(page, "转人工")
    expect(page.locator("#queue")).to_have_text("您在排队，下一位就是您。可以先把情况写下来，老法师接手时都能看到。")
    account, ticket = claim(desk)
    words = f"看这里：https://example.com/a?b=c。还有 {address}/room/x，不要点 http://elsewhere.example/"
    links = (MessageLink("打开共享屏幕", "/room/abc"), MessageLink("会议", "https://meet.example/room"))
    desk.tickets.post(ticket.id, account, ticket.epoch, words, "f" * 32, MessageBody(links=links))
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


@pytest.mark.parametrize("arrives_first", [True, False])
def test_a_plain_request_that_is_cut_is_made_again(
    phone: BrowserContext, desk: Desk, address: str, arrives_first: bool
) -> None:
    """Whether the request got through or only its answer was lost: stored once, shown once."""
    page, cut = phone.new_page(), list[str]()

    def once(route: Route) -> None:
        if route.request.method != "POST" or cut:
            return route.continue_()
        cut.append(route.fetch().text() if arrives_first else "")
        return route.abort()

    page.route_web_socket("**/chat/ws", lambda line: line.close())
    page.route("**/chat/messages*", once)
    page.goto(address)
    write(page, "办食品证要什么材料")
    expect(page.locator(".citation")).to_be_visible()
    expect(bubbles(page, "applicant").locator(".delivery")).to_have_text("")
    assert (len(cut), stored(desk.engine)) == (1, 1)


def test_two_windows_of_one_browser_show_the_same(phone: BrowserContext, address: str) -> None:
    one, other = phone.new_page(), phone.new_page()
    one.goto(address)
    other.goto(address)
    write(one, "有什么补贴")
    for page in (one, other):
        expect(bubbles(page, "bot")).to_have_count(1)
        expect(bubbles(page, "applicant")).to_have_count(1)


def test_while_the_bot_looks_it_is_said_so(phone: BrowserContext, sqlite_engine: Engine, clock: Any) -> None:
    with serving(Desk(sqlite_engine, clock, slow=1.5).app()) as address:
        page = phone.new_page()
        page.goto(address)
        write(page, "办食品证要什么材料")
        expect(page.locator("#typing")).to_have_text(re.compile("正在查找现行文件"))
        expect(page.locator(".citation")).to_be_visible()
        expect(page.locator("#typing")).to_be_hidden()


def test_reading_back_is_not_disturbed_by_what_arrives(page: Page, desk: Desk) -> None:
    for n in range(6):
        write(page, f"办食品证，第 {n} 次问")
        expect(bubbles(page, "bot")).to_have_count(n + 1)
    page.locator("#scroller").evaluate("box => { box.scrollTop = 0; }")
    desk.conversations.reply(conversation_of(desk), [Outgoing(Sender.SYSTEM, "稍后有人来")], None)
    newer = page.get_by_role("button", name="有新消息")
    expect(newer).to_be_visible()
    assert page.locator("#scroller").evaluate("box => box.scrollTop") == 0
    newer.click()
    expect(newer).to_be_hidden()
    expect(page.get_by_text("稍后有人来")).to_be_in_viewport()
