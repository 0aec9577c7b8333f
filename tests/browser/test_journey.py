"""The whole story in two browsers: ask, abstain, 转人工, claim, chat, look at one screen together, resolve, solved."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import free_port, serving

import knowledge
from bot.app import Helpdesk
from bot.settings import load_settings
from bot.web import create_app
from desk.model import Role
from knowledge.database import metadata
from retrieval.embedding import Embedder
from retrieval.model import Abstention, AbstentionReason, Answer, Citation, Outcome, Question

pytestmark = [pytest.mark.browser, pytest.mark.model]
PASSWORD = "correct-horse-9"


class Rehearsed(Helpdesk):
    """The real house and index; whether to answer is decided by one word, and the first passage is the answer."""

    @cached_property
    def answer(self) -> Callable[[Question], Outcome]:
        return self._answer

    def _answer(self, question: Question) -> Outcome:
        if "食品" not in question.text:
            return Abstention(AbstentionReason.NOTHING_FOUND, "抱歉，现行文件里没有找到这件事的依据，不敢乱答。")
        chunk = self.index.search(question.text, 1, None)[0].chunk
        document, clause = self.store.get(chunk.document_id), self.store.clause(chunk.clause_id)
        assert document is not None
        assert clause is not None
        about = document.metadata
        place = (about.title, about.document_number, clause.clause.locator, clause.clause.text)
        return Answer(clause.clause.text, 0.9, (Citation(*place, about.effective_on, about.url, document.file),))


@pytest.fixture
def address(tmp_path: Path, embedder: Embedder) -> Iterator[str]:
    port = free_port()
    helpdesk = Rehearsed(load_settings({}, home=tmp_path / "home", port=port))
    metadata.create_all(helpdesk.engine)
    helpdesk.indexer.run([Path(knowledge.__file__).parent / "documents"], False, lambda progress: None)
    helpdesk.accounts.create("zhou", "周敏", Role.SPECIALIST, PASSWORD)
    with serving(create_app(helpdesk), port=port) as address:
        yield address
    helpdesk.close()


def window(browser: Browser, width: int, height: int, *, phone: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=phone
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a page failed: {error}"))
    return page


def test_from_the_question_to_solved(browser: Browser, address: str, tmp_path: Path) -> None:
    applicant, specialist = window(browser, 390, 844, phone=True), window(browser, 1280, 800)

    def shoot(name: str) -> None:
        applicant.screenshot(path=tmp_path / f"{name}-applicant.png")
        specialist.screenshot(path=tmp_path / f"{name}-specialist.png")

    sign_in(specialist, address)
    ask(applicant, address)
    shoot("1-asked")
    applicant.get_by_role("button", name="转人工").last.click()
    expect(applicant.locator("#queue")).to_contain_text("下一位就是您")
    specialist.locator("#queue .entry").click()
    expect(specialist.locator("#messages")).to_contain_text("转人工")
    shoot("2-queued")
    specialist.get_by_role("button", name="接手").click()
    expect(applicant.locator("#holder-name")).to_have_text("老法师 周敏 正在为您服务")
    chat(applicant, specialist)
    shoot("3-chat")
    share(applicant, specialist, tmp_path)
    resolve(applicant, specialist)
    shoot("5-resolved")
    applicant.get_by_role("button", name="解决了", exact=True).click()
    applicant.get_by_role("button", name="5 ★").click()
    expect(applicant.locator('.bubble[data-sender="applicant"]').last).to_contain_text("5 ★")
    expect(applicant.locator("#log")).to_contain_text("谢谢您的评价")
    expect(applicant.locator("#holder-name")).to_have_text("机器人为您解答")
    shoot("6-solved")


def sign_in(specialist: Page, address: str) -> None:
    specialist.goto(address + "/desk")
    specialist.get_by_label("账号").fill("zhou")
    specialist.get_by_label("密码").fill(PASSWORD)
    specialist.get_by_role("button", name="登录").click()
    expect(specialist.locator("#link")).to_have_attribute("data-state", "online")


def write(applicant: Page, words: str) -> None:
    applicant.get_by_label("您的问题").fill(words)
    applicant.get_by_role("button", name="发送").click()


def ask(applicant: Page, address: str) -> None:
    applicant.goto(address)
    write(applicant, "店面是转租的，办食品经营许可证要哪些材料？")
    expect(applicant.locator(".citation cite")).to_have_text("《江湾区食品经营许可（新办）办事指南》")
    write(applicant, "外地的摩托车能不能在这里年检？")
    expect(applicant.locator('.bubble[data-kind="abstention"]')).to_contain_text("不敢乱答")


def chat(applicant: Page, specialist: Page) -> None:
    specialist.locator("#text").fill("您好，我是周敏。房东手上有产权证吗？")
    specialist.locator("#send").click()
    spoken = applicant.locator('.bubble[data-sender="specialist"]')
    expect(spoken.locator(".author")).to_have_text("老法师 周敏")
    expect(spoken.locator(".words")).to_have_text("您好，我是周敏。房东手上有产权证吗？")
    write(applicant, "有产权证，办食品证还要他来吗？")
    expect(specialist.locator("#messages")).to_contain_text("有产权证，办食品证还要他来吗？")
    expect(applicant.locator('.bubble[data-kind="answer"]')).to_have_count(1)  # the bot keeps silent


def share(applicant: Page, specialist: Page, folder: Path) -> None:
    specialist.get_by_role("button", name="共享屏幕").click()
    invitation = applicant.locator(".link-button")
    expect(invitation).to_be_visible()
    with applicant.expect_popup() as opened:
        invitation.click()
    room = opened.value
    room.get_by_role("button", name="同意，进入").click()
    with specialist.expect_popup() as entered:
        specialist.get_by_role("link", name="进入共享屏幕").click()
    theirs = entered.value
    for page in (room, theirs):
        expect(page.locator("#status")).to_have_text("已连接")
    theirs.get_by_role("button", name="共享我的屏幕").click()
    while room.locator("#screen").evaluate("video => video.currentTime") == 0:  # until a picture has come over
        room.wait_for_timeout(100)
    room.screenshot(path=folder / "4-room-applicant.png")
    theirs.screenshot(path=folder / "4-room-specialist.png")
    room.get_by_role("button", name="结束").click()
    expect(theirs.locator("#over")).to_be_visible()
    theirs.close()
    room.close()


def resolve(applicant: Page, specialist: Page) -> None:
    specialist.get_by_role("button", name="办结", exact=True).click()
    dialog = specialist.get_by_role("dialog")
    dialog.get_by_label("办理结果").fill("转租店面补交产权人书面同意即可。")
    dialog.get_by_role("button", name="办结", exact=True).click()
    expect(applicant.get_by_role("button", name="解决了", exact=True)).to_be_visible()
    expect(applicant.get_by_role("button", name="转人工")).to_be_enabled()
