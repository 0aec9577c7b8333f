"""What administrators steer by in a real browser: words added and mined, answers looked at, golden questions from a
conversation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from bot.dialogue.wording import worded_for
from desk.answers.records import Records, Setup
from desk.answers.replay import Replays
from desk.bus import MemoryBus
from desk.conversations.conversations import Conversations, Outgoing
from desk.message_body import CitedClause, MessageBody
from desk.model import Escalation, Role, Sender
from knowledge.golden import Cited, Expected, GoldenAnswer, Result
from knowledge.store.documents import DocumentStore
from retrieval.model import Outcome, Question
from tests.support.browser.desk_browser import opened, quiet, sign_in
from tests.support.desk_site import Site, desk_site, free_port, served
from tests.support.light_helpdesk import canned

pytestmark = pytest.mark.browser
SETUP = Setup(0.5, "laofashi-e5-small", 7, "0123456789ab", "")
EVIL = '<img src=x onerror="document.title=1">食品店要什么材料'


@pytest.fixture
def site(sqlite_engine: Engine, clock: Any, tmp_path: Path) -> Site:
    store, conversations = DocumentStore(sqlite_engine, clock), Conversations(sqlite_engine, MemoryBus(), clock)
    replays = Replays(conversations, store, recorder(store), other, worded_for)
    site = desk_site(sqlite_engine, clock, tmp_path, public_url=f"http://127.0.0.1:{free_port()}", replays=replays)
    site.account("root", "周主任", Role.ADMINISTRATOR)
    site.account("chen", "陈师傅")
    return site


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    with served(site.app, int(site.deps.public_url.rsplit(":", 1)[1])) as base:
        yield base


def answered(site: Site, text: str) -> int:
    """The bot's answer to a question, with its record; the message's id."""
    conversation = site.asked(text)
    deps, records = site.deps, recorder(site.deps.store)
    asked = deps.conversations.last_messages(conversation.id, 1)[0]
    outcome = canned(Question.of(text))
    body = MessageBody("answer", citations=(CitedClause(**CITED),))
    record = records.of(outcome, [asked.id])
    (said,) = deps.conversations.reply(
        conversation.id, [Outgoing(Sender.BOT, worded_for(Question.of(text), outcome), body, record)], None
    )
    return said.id


def recorder(store: DocumentStore) -> Records:
    return Records(store, lambda: SETUP, lambda: store.clock().date())


CITED = {
    "title": "江湾区食品经营许可办事指南",
    "document_number": "",
    "locator": "三、申请材料 （二）",
    "quote": "转租的，应当同时提交产权人同意转租的书面材料。",
    "effective_on": None,
    "url": "",
}


def shoot(page: Page, folder: Path, name: str) -> None:
    """The page wide and as on a telephone; on neither does it run out of the window."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at {width}"


def test_words_are_added_edited_switched_off_and_removed(
    site: Site, browser: Browser, base: str, tmp_path: Path
) -> None:
    page = opened(browser, base)
    sign_in(page, "root", "/admin/words")
    expect(page.locator("#own-empty")).to_be_visible()
    page.get_by_label("大家怎么说（几个说法用空格隔开）").fill("随申码 随身码")
    page.get_by_label("文件怎么写（几个词用空格隔开）").fill("健康信息码")
    page.get_by_role("button", name="先看标准问题会怎样变").click()
    expect(page.locator("#tried")).to_contain_text("还没有标准问题")
    page.get_by_role("button", name="加上", exact=True).click()
    expect(page.locator("#own tr")).to_contain_text("随申码 随身码")
    expect(page.locator("#notices")).to_contain_text("没有一份文件里有“健康信息码”")
    words = site.deps.wording.words
    assert words.lexicon().official("随身码") == ["健康信息码"]
    page.get_by_role("button", name="停用 随申码 随身码").click()
    expect(page.locator("#own .chip.off")).to_be_visible()
    assert words.lexicon().official("随身码") == []
    shoot(page, tmp_path, "words")
    page.get_by_role("button", name="改 随申码 随身码").click()
    page.get_by_label("文件怎么写（几个词用空格隔开）").fill("疫情防控健康信息码")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#own")).to_contain_text("疫情防控健康信息码")
    page.get_by_role("button", name="删去 随申码 随身码").click()
    expect(page.locator("#own-empty")).to_be_visible()
    page.get_by_label("查找用词").fill("暂住证")
    expect(page.locator("#shipped tr")).to_have_count(1)
    page.locator("#shipped").get_by_role("button", name="停用").click()
    expect(page.locator("#shipped .chip.off")).to_be_visible()
    assert "居住证" not in words.lexicon().official("暂住证")
    quiet(page)


def test_what_conversations_propose_is_accepted_or_turned_down(
    site: Site, browser: Browser, base: str, tmp_path: Path
) -> None:
    (tmp_path / "不动产.md").write_text("# 不动产办法\n\n第一条 不动产权证书遗失的，可以补发。\n", encoding="utf-8")
    site.deps.indexer.run([tmp_path / "不动产.md"], False, lambda _: None)
    chen = next(each for each in site.deps.accounts.list() if each.name == "chen")
    lost = ["绿本本丢了", "绿本本怎么补", "哪里能补绿本本"]
    matters = [(each, "请申请补发不动产权证书") for each in lost] + [("社保断缴了", "可以补缴")] * 3
    for place, (said, told) in enumerate(matters):
        conversation = site.asked(said, key=f"k{place}")
        ticket = site.deps.tickets.escalate(conversation.id, Escalation.ASKED)
        ticket = site.deps.tickets.claim(ticket.id, chen)
        site.deps.tickets.post(ticket.id, chen, ticket.epoch, told, f"answer-{place}")
        site.deps.tickets.resolve(ticket.id, chen, ticket.epoch, "")
    page = opened(browser, base)
    sign_in(page, "root", "/admin/words")
    page.get_by_role("button", name="找一找").click()
    proposal = page.locator("#mined li")
    expect(proposal).to_have_count(1)
    expect(proposal).to_contain_text("绿本本 → 不动产权证书")
    expect(proposal).to_contain_text("3 位申请人说过")
    shoot(page, tmp_path, "mined")
    proposal.get_by_role("button", name="采用", exact=False).first.click()
    expect(page.locator("#own tr")).to_contain_text("从会话里来")
    expect(page.locator("#mined-empty")).to_be_visible()
    quiet(page)


def test_an_answer_is_looked_at_asked_again_and_made_a_golden_question(
    site: Site, browser: Browser, base: str, tmp_path: Path
) -> None:
    id_ = answered(site, EVIL)
    page = opened(browser, base)
    sign_in(page, "root", "/admin/answers")
    expect(page.locator("#answers li")).to_have_count(1)
    page.get_by_role("button", name="没有回答").click()
    expect(page.locator("#answers-empty")).to_be_visible()
    page.get_by_role("button", name="全部").click()
    expect(page.locator("#answers li")).to_have_count(1)
    shoot(page, tmp_path, "answers")
    page.locator("#answers a").click()
    expect(page.locator("#question")).to_have_text(EVIL)
    expect(page.locator("#setup")).to_contain_text("laofashi-e5-small")
    page.get_by_role("button", name="再问一遍").click()
    expect(page.locator("#replayed")).to_contain_text("今天的回答不一样了")
    expect(page.locator("#replayed")).to_contain_text("已经没有这一条")
    expect(page.locator("#replayed")).to_contain_text("结果：已回答 → 没有回答")
    shoot(page, tmp_path, "answer")
    page.get_by_role("link", name="加为标准问题").click()
    expect(page.get_by_label("问题", exact=True)).to_have_value(EVIL)
    expect(page.get_by_label("应当依据哪份文件（标题）")).to_have_value("江湾区食品经营许可办事指南")
    page.get_by_role("button", name="加上").click()
    expect(page.locator("#golden")).to_contain_text("三、申请材料")
    (kept,) = site.deps.publication.golden.all()
    assert (kept.question, kept.expected.document) == (EVIL, "江湾区食品经营许可办事指南")
    assert id_ > 0
    quiet(page)


def other(question: Question) -> Outcome:
    return canned(Question.of("别的"))


def test_the_history_of_golden_questions_is_a_chart_and_a_table(
    site: Site, browser: Browser, base: str, tmp_path: Path
) -> None:
    golden = site.deps.publication.golden
    asked = [golden.add(f"补贴多少{n}？", Expected(words=("5元",)), "root") for n in range(3)]
    for wrong in (0, 2, 1):
        said = [GoldenAnswer("5元", (Cited("d", "办法", "第一条", "5元"),))] * 3
        golden.record(
            [
                Result(g.id, g.question, "不对" * (n < wrong), s)
                for n, (g, s) in enumerate(zip(asked, said, strict=True))
            ],
            "root",
            "v" * (wrong == 1),
        )
        site.deps.clock.forward(minutes=5)  # type: ignore[attr-defined]
    page = opened(browser, base)
    sign_in(page, "root", "/admin/golden")
    expect(page.locator("#runs svg")).to_be_visible()
    expect(page.locator("#runs-rows tr")).to_have_count(3)
    expect(page.locator("#runs-rows tr").first).to_contain_text("67%")
    expect(page.locator("#runs-rows tr").first).to_contain_text("发布前试的")
    expect(page.get_by_role("img", name="最近 3 次里对 1 次")).to_be_visible()
    shoot(page, tmp_path, "golden")
    quiet(page)


def test_in_the_console_only_an_administrator_finds_the_way_to_a_golden_question(
    site: Site, browser: Browser, base: str
) -> None:
    ticket = site.waiting("暂住证怎么办", "转人工")
    root, chen = opened(browser, base), opened(browser, base)
    for page, name, count in ((root, "root", 2), (chen, "chen", 0)):
        sign_in(page, name)
        page.locator(f'[data-ticket="{ticket.id}"]').click()
        expect(page.locator(".message")).to_have_count(2)
        expect(page.get_by_role("link", name="加为标准问题")).to_have_count(count)
    root.get_by_role("link", name="加为标准问题").first.click()
    expect(root.get_by_label("问题", exact=True)).to_have_value("暂住证怎么办")
    quiet(root, chen)
