"""The applicant's page for everybody: keyboard, screen reader, large type, narrow windows, light and dark."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk.message_body import MessageBody, MessageLink
from tests.support.browser.chat_browser import bubbles, claim, write
from tests.support.known_answers import Desk

pytestmark = pytest.mark.browser


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


CONTRAST = """() => {
  const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
  const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const written = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const read = (element) => element.checkVisibility() && written(element) && !element.disabled;
  return [...document.body.querySelectorAll("*")].filter(read).map((e) => {
    const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(ground(e))];
    return [e.textContent.trim().slice(0, 20), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_its_ground(page: Page, desk: Desk, scheme: Any) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 at least."""
    page.emulate_media(color_scheme=scheme)
    write(page, "办食品证要什么材料")
    expect(page.locator(".citation")).to_be_visible()
    write(page, "转人工")
    expect(page.locator("#queue")).to_be_visible()
    account, ticket = claim(desk)
    body = MessageBody(links=(MessageLink("去看", "/room/x"),))
    desk.tickets.post(ticket.id, account, ticket.epoch, "您好", "a" * 32, body)
    expect(page.locator(".link-button")).to_be_visible()
    found = dict(page.evaluate(CONTRAST))
    assert len(found) > 10
    assert {words: round(ratio, 2) for words, ratio in found.items() if ratio < 4.5} == {}
