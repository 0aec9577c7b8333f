"""Steps the desk's browser tests share."""

import time

from playwright.sync_api import Browser, Page, expect

from tests.support.desk_site import PASSWORD

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE = 30_000  # ms, for a busy machine


def opened(browser: Browser, base: str, size: dict[str, int] = DESKTOP, **options: object) -> Page:
    """A page of a fresh browser context; whatever its console calls an error fails the test at `quiet`."""
    context = browser.new_context(base_url=base, viewport=size, locale="zh-CN", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.errors = errors  # type: ignore[attr-defined]
    return page


def until(page: Page, expression: str, given: object = None) -> object:
    """Wait until an expression is true; its value. Playwright's own way needs eval, which the pages forbid."""
    give_up = time.monotonic() + PATIENCE / 1000
    while not (value := page.evaluate(expression, given)):
        assert time.monotonic() < give_up, f"never true: {expression}"
        page.wait_for_timeout(100)
    return value


def quiet(*pages: Page, but: str = "\0") -> None:
    """No page had an error beside those that contain `but`."""
    found = [error for page in pages for error in page.errors if but not in error]  # type: ignore[attr-defined]
    assert not found, found


def sign_in(page: Page, name: str, path: str = "/desk") -> None:
    page.goto(path)
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#link")).to_have_attribute("data-state", "online")
