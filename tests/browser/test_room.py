"""The shared screen between two real browsers: consent, the picture, the pointer, the end, the dead link."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from desk.bus import connect_bus
from desk.model import ShareState
from desk.tickets.screenshare import Links
from tests.support.browser.desk_browser import DESKTOP, PHONE, opened, quiet, until
from tests.support.desk_site import Site, desk_site, free_port, served

pytestmark = pytest.mark.browser


class Room:
    """A site with one claimed ticket and links to its shared screen."""

    def __init__(self, site: Site, base: str) -> None:
        self.site, self.base = site, base
        specialist = site.account("wang", "王老师")
        ticket = site.deps.tickets.claim(site.waiting().id, specialist)
        self.links: Links = site.deps.shares.request(ticket.id, specialist, ticket.epoch)

    @property
    def specialist(self) -> str:
        return f"/room/{self.links.specialist_url_token}"

    @property
    def applicant(self) -> str:
        return f"/room/{self.links.applicant_url_token}"

    @property
    def state(self) -> ShareState:
        return self.site.deps.shares.state_of(self.links.session.id)


@pytest.fixture
def room(sqlite_engine: Engine, clock: Any, tmp_path: Path) -> Iterator[Room]:
    port = free_port()
    site = desk_site(sqlite_engine, clock, tmp_path, public_url=f"http://127.0.0.1:{port}")
    with served(site.app, port) as base:
        yield Room(site, base)


def playing(page: Page) -> None:
    """The picture is there and goes on."""
    until(page, "document.querySelector('#screen').videoWidth > 0")
    seen = page.evaluate("document.querySelector('#screen').currentTime")
    until(page, "seen => document.querySelector('#screen').currentTime > seen", seen)


def inked(page: Page, colour: str) -> None:
    """Something of this colour (r,g,b) is drawn over the picture."""
    until(
        page,
        """wanted => {
            const ink = document.querySelector("#ink");
            const { data } = ink.getContext("2d").getImageData(0, 0, ink.width || 1, ink.height || 1);
            for (let at = 0; at < data.length; at += 4)
                if (data[at + 3] > 200 && wanted.every((part, i) => Math.abs(data[at + i] - part) < 8)) return true;
            return false;
        }""",
        [int(each) for each in colour.split(",")],
    )


RED, BLUE = "255,90,77", "55,182,255"  # the specialist's, the applicant's


def both_in(browser: Browser, room: Room, size: dict[str, int] = PHONE) -> tuple[Page, Page]:
    specialist = opened(browser, room.base, DESKTOP)
    specialist.goto(room.specialist + "?this-tab")
    expect(specialist.locator("#stage-note")).to_contain_text("等待对方进入")
    applicant = opened(browser, room.base, size)
    applicant.goto(room.applicant)
    applicant.get_by_role("button", name="同意，进入").click()
    expect(specialist.locator("#stage-note")).to_have_text("还没有人共享屏幕。")
    return specialist, applicant


def draw(page: Page) -> None:
    page.get_by_role("button", name="画笔").click()
    box = page.locator("#ink").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=5)
    page.mouse.up()


def test_consent_picture_pointer_and_end(browser: Browser, room: Room) -> None:
    specialist, applicant = both_in(browser, room)
    specialist.bring_to_front()
    specialist.get_by_role("button", name="共享我的屏幕").click()
    playing(applicant)
    assert room.state is ShareState.LIVE
    expect(applicant.locator("#hint")).to_have_text("您正在看对方的屏幕。")
    specialist.mouse.move(600, 400)
    specialist.mouse.move(640, 420, steps=3)
    inked(applicant, RED)
    draw(applicant)
    inked(specialist, BLUE)
    applicant.get_by_role("button", name="结束").click()
    for page in (applicant, specialist):
        expect(page.get_by_role("heading", name="共享屏幕已结束")).to_be_visible()
        assert page.evaluate("document.querySelector('#screen').srcObject") is None
    assert room.state is ShareState.ENDED
    for page, link in ((applicant, room.applicant), (specialist, room.specialist)):
        page.goto(link)
        expect(page.get_by_role("heading", name="这个链接已经失效")).to_be_visible()
    quiet(applicant, but="410")


def test_declining_shares_nothing_and_tells_the_specialist(browser: Browser, room: Room) -> None:
    specialist, applicant = opened(browser, room.base), opened(browser, room.base, PHONE)
    specialist.goto(room.specialist)
    applicant.goto(room.applicant)
    applicant.get_by_role("button", name="不同意").click()
    expect(applicant.get_by_role("heading", name="您没有同意共享屏幕")).to_be_visible()
    expect(specialist.get_by_role("heading", name="申请人没有同意共享屏幕")).to_be_visible()
    assert room.state is ShareState.DECLINED
    assert applicant.goto(room.applicant).status == 410  # type: ignore[union-attr]


def test_consent_cannot_be_passed_by(browser: Browser, room: Room) -> None:
    applicant = opened(browser, room.base, PHONE)
    applicant.goto(room.applicant)
    applicant.keyboard.press("Escape")
    expect(applicant.get_by_role("dialog")).to_be_visible()
    said = applicant.evaluate(
        """link => new Promise((resolve) => {
            const heard = [];
            const socket = new WebSocket(location.origin.replace("http", "ws") + link + "/ws");
            socket.onmessage = ({ data }) => heard.push(data);
            socket.onclose = () => resolve(heard);
        })""",
        room.applicant,
    )
    assert said == []
    assert room.state is ShareState.REQUESTED


def test_the_applicant_shares_his_own_screen_from_a_desktop(browser: Browser, room: Room) -> None:
    specialist, applicant = both_in(browser, room, DESKTOP)
    applicant.bring_to_front()
    applicant.get_by_role("button", name="共享我的屏幕").click()
    playing(specialist)
    specialist.bring_to_front()
    draw(specialist)
    inked(applicant, RED)
    applicant.get_by_role("button", name="停止共享").click()
    expect(specialist.locator("#stage-note")).to_have_text("还没有人共享屏幕。")


def test_a_phone_is_told_that_it_can_only_watch(browser: Browser, room: Room) -> None:
    phone = opened(browser, room.base, PHONE, user_agent="Mozilla/5.0 (iPhone) Mobile/15E148 Safari/604.1")
    phone.goto(room.applicant)
    phone.get_by_role("button", name="同意，进入").click()
    expect(phone.locator("#hint")).to_contain_text("手机不能共享自己的屏幕")
    expect(phone.get_by_role("button", name="共享我的屏幕")).to_be_hidden()


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_the_way_out_does_not_stand_alone_on_a_phone(browser: Browser, room: Room, large: bool) -> None:
    _specialist, phone = both_in(browser, room)
    if large:
        phone.get_by_role("button", name="大字").click()
    tops = phone.locator(".toolbar button:visible").evaluate_all(
        "buttons => buttons.map((button) => Math.round(button.getBoundingClientRect().top))"
    )
    assert len(tops) == 6
    assert tops.count(tops[-1]) == 5, "结束 in one row with the rest, below the wide button"


def test_a_reloaded_page_gets_the_picture_again(browser: Browser, room: Room) -> None:
    specialist, applicant = both_in(browser, room)
    specialist.bring_to_front()
    specialist.get_by_role("button", name="共享我的屏幕").click()
    playing(applicant)
    applicant.reload()
    playing(applicant)


def test_a_second_window_takes_over(browser: Browser, room: Room) -> None:
    specialist, applicant = both_in(browser, room)
    again = applicant.context.new_page()
    again.goto(room.applicant)
    expect(applicant.locator("#over-text")).to_contain_text("另一个窗口")
    expect(again.locator("#stage-note")).to_have_text("还没有人共享屏幕。")
    expect(specialist.locator("#over")).to_be_hidden()


def test_voice_is_off_until_it_is_asked_for(browser: Browser, room: Room) -> None:
    specialist, applicant = both_in(browser, room)
    assert specialist.evaluate("document.querySelector('#sound').srcObject") is None
    applicant.get_by_role("button", name="语音").click()
    until(specialist, "document.querySelector('#sound').srcObject?.getAudioTracks().length === 1")


def test_resolving_the_ticket_ends_the_room(browser: Browser, room: Room) -> None:
    specialist, applicant = both_in(browser, room)
    deps = room.site.deps
    ticket = deps.tickets.get(room.links.session.ticket_id)
    owner = deps.accounts.get(ticket.owner_id or "")
    deps.tickets.resolve(ticket.id, owner, ticket.epoch, "已办")
    for page in (specialist, applicant):
        expect(page.get_by_role("heading", name="共享屏幕已结束")).to_be_visible()


def test_the_two_sides_meet_across_processes(
    browser: Browser, engine: Engine, clock: Any, tmp_path: Path, redis_url: str
) -> None:
    """Two servers share a database and Redis, as two serving processes do; the control is two that share no bus."""
    for bus_of, meet in ((lambda: connect_bus(redis_url), True), (lambda: connect_bus("memory://"), False)):
        ports = (free_port(), free_port())
        sites = [desk_site(engine, clock, tmp_path, bus=bus_of(), public_url="") for _ in ports]
        with served(sites[0].app, ports[0]) as one, served(sites[1].app, ports[1]) as two:
            if not sites[0].deps.accounts.list():
                sites[0].account("wang", "王老师")
            (wang,) = sites[0].deps.accounts.list()
            ticket = sites[0].deps.tickets.claim(sites[0].waiting(key=str(meet)).id, wang)
            links = sites[0].deps.shares.request(ticket.id, wang, ticket.epoch)
            specialist, applicant = opened(browser, one), opened(browser, two, PHONE)
            specialist.goto(f"/room/{links.specialist_url_token}")
            applicant.goto(f"/room/{links.applicant_url_token}")
            applicant.get_by_role("button", name="同意，进入").click()
            if meet:
                expect(specialist.locator("#stage-note")).to_have_text("还没有人共享屏幕。")
            else:
                applicant.wait_for_timeout(4000)  # one greeting of each side
                expect(specialist.locator("#stage-note")).to_contain_text("等待对方进入")
            sites[0].deps.shares.end(links.specialist_url_token)
            for page in (specialist, applicant):
                expect(page.get_by_role("heading", name="共享屏幕已结束")).to_be_visible()
        for site in sites:
            site.deps.bus.close()


def test_a_configured_jitsi_server_is_linked_after_consent(
    browser: Browser, sqlite_engine: Engine, clock: Any, tmp_path: Path
) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    site = desk_site(sqlite_engine, clock, tmp_path, public_url=base, jitsi_url="https://meet.example.org")
    with served(site.app, port):
        room = Room(site, base)
        applicant = opened(browser, base, PHONE)
        applicant.goto(room.applicant)
        assert "meet.example.org" not in applicant.content()
        applicant.get_by_role("button", name="同意，进入").click()
        meeting = applicant.get_by_role("link", name="进入会议").get_attribute("href")
        assert meeting == room.links.session.meeting_url
        assert str(meeting).startswith("https://meet.example.org/laofashi-")
        specialist = opened(browser, base)
        specialist.goto(room.specialist)
        assert specialist.get_by_role("link", name="进入会议").get_attribute("href") == meeting
        specialist.get_by_role("button", name="结束").click()
        expect(applicant.get_by_role("heading", name="共享屏幕已结束")).to_be_visible()
        quiet(applicant, specialist)
