"""Steps on the applicant's chat page that its browser tests share."""

from typing import Any

from playwright.sync_api import ConsoleMessage, Page
from sqlalchemy import Engine, func, select

from desk.model import Account, Sender, Ticket
from desk.tables import messages
from tests.support.known_answers import Desk

QUICK = ("办食品经营许可证要哪些材料？", "65 岁以上老人就餐有补贴吗？")


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


def conversation_of(desk: Desk) -> str:
    with desk.engine.connect() as connection:
        return connection.execute(select(messages.c.conversation_id)).scalars().first() or ""


def claim(desk: Desk) -> tuple[Account, Ticket]:
    account = desk.specialist()
    return account, desk.tickets.claim(desk.tickets.queue()[0].id, account)
