"""A real headless Chromium for the browser tests, one per module, and the applicant's page open in it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright
from sqlalchemy import Engine

from tests.support.browser.chat_browser import QUICK, watch
from tests.support.known_answers import Desk
from tests.support.serving import serving

CHROMIUM = Path(os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--auto-accept-this-tab-capture",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; skipped where it is missing, unless REQUIRE_SERVICES=1.

    Per module and not per session: Playwright's loop stays in the thread and would stop later asynchronous tests.
    """
    if not CHROMIUM.exists():
        message = f"Chromium is not at {CHROMIUM} (Debian: apt install chromium fonts-noto-cjk)"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def desk(sqlite_engine: Engine, clock: Any) -> Desk:
    """Conversations and tickets behind the applicant's page, and a canned bot."""
    return Desk(sqlite_engine, clock, options={"quick_questions": QUICK})


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where the applicant's page is served."""
    with serving(desk.app()) as address:
        yield address


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A telephone's browser: 390 pixels wide."""
    size: ViewportSize = {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True)
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext, address: str) -> Iterator[Page]:
    """The applicant's page, open; anything wrong in its console fails the test."""
    page = phone.new_page()
    wrong = watch(page)
    page.goto(address)
    yield page
    assert wrong == []
