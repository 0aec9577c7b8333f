"""The widget on another site's page, and what arrives while nobody looks."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Engine

from tests.support.browser.chat_browser import claim, write
from tests.support.known_answers import Desk
from tests.support.serving import free_port, serving

pytestmark = pytest.mark.browser


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
