"""A real headless Chromium for the browser tests, one per module."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

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
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()
