"""Screen sharing: unguessable links, consent, fifteen minutes, dead when the matter is over or the owner another."""

import pytest
from sqlalchemy import Engine, select

from desk.errors import NotFound, WrongState
from desk.model import Account, ShareState, Ticket
from desk.tables import screenshare_sessions
from desk.tickets.screenshare import Links, ScreenShares, ShareSide
from knowledge.database import reading
from tests.support.clock import Clock
from tests.support.desk_parts import House


@pytest.fixture
def house(emptied_engine: Engine, clock: Clock) -> House:
    return House(emptied_engine, clock)


@pytest.fixture
def zhang(house: House) -> Account:
    return house.account("zhang")


@pytest.fixture
def ticket(house: House, zhang: Account) -> Ticket:
    return house.claimed(zhang)


@pytest.fixture
def links(house: House, zhang: Account, ticket: Ticket) -> Links:
    return house.shares.request(ticket.id, zhang, ticket.epoch)


def dead(house: House, links: Links) -> bool:
    for token in (links.specialist_url_token, links.applicant_url_token):
        with pytest.raises(NotFound):
            house.shares.enter(token)
    return True


def test_a_session_from_request_to_end(house: House, links: Links, ticket: Ticket) -> None:
    mine, theirs = links.specialist_url_token, links.applicant_url_token
    assert house.shares.enter(mine) == (links.session, ShareSide.SPECIALIST)
    assert house.shares.enter(theirs) == (links.session, ShareSide.APPLICANT)
    with pytest.raises(WrongState):
        house.shares.started(mine)
    assert house.shares.consent(theirs).state is ShareState.CONSENTED
    assert house.shares.consent(theirs).state is ShareState.CONSENTED
    assert house.shares.started(mine).state is ShareState.LIVE
    assert house.shares.started(theirs).state is ShareState.LIVE
    assert house.shares.of_ticket(ticket.id) is not None
    assert house.shares.end(theirs).state is ShareState.ENDED
    assert dead(house, links)
    assert house.shares.of_ticket(ticket.id) is None
    acts = [row["action"] for row in reversed(house.audit.of(f"screenshare:{links.session.id}"))]
    assert acts == [f"screenshare.{state}" for state in ("requested", "consented", "live", "ended")]


def test_only_the_applicant_consents_or_declines(house: House, links: Links) -> None:
    for decide in (house.shares.consent, house.shares.decline):
        with pytest.raises(NotFound):
            decide(links.specialist_url_token)
    house.shares.decline(links.applicant_url_token)
    assert dead(house, links)
    assert house.shares.state_of(links.session.id) is ShareState.DECLINED


def test_fifteen_minutes_to_join_and_then_as_long_as_it_takes(house: House, links: Links, clock: Clock) -> None:
    house.shares.consent(links.applicant_url_token)
    clock.forward(minutes=14, seconds=59)
    house.shares.started(links.applicant_url_token)
    clock.forward(hours=1)
    assert house.shares.enter(links.applicant_url_token)[0].state is ShareState.LIVE


def test_a_link_nobody_followed_expires(house: House, links: Links, clock: Clock, ticket: Ticket) -> None:
    clock.forward(minutes=15)
    assert house.shares.of_ticket(ticket.id) is None
    assert dead(house, links)
    assert house.shares.state_of(links.session.id) is ShareState.EXPIRED
    with pytest.raises(NotFound):
        house.shares.consent(links.applicant_url_token)


def test_a_new_request_ends_the_one_before(house: House, links: Links, zhang: Account, ticket: Ticket) -> None:
    again = house.shares.request(ticket.id, zhang, ticket.epoch)
    assert dead(house, links)
    assert house.shares.enter(again.applicant_url_token)[0] == again.session


@pytest.mark.parametrize("act", ["resolve", "release", "transfer"])
def test_links_die_with_the_owners_hold_on_the_ticket(
    house: House, links: Links, zhang: Account, ticket: Ticket, act: str
) -> None:
    house.shares.consent(links.applicant_url_token)
    house.shares.started(links.applicant_url_token)
    house.bus.heard.clear()
    more = {"resolve": ("",), "release": (), "transfer": (house.account("li"),)}[act]
    getattr(house.tickets, act)(ticket.id, zhang, ticket.epoch, *more)
    assert dead(house, links)
    assert (f"room:{links.session.id}", {"state": "ended"}) in house.bus.heard


def test_the_database_does_not_know_the_links_and_they_cannot_be_guessed(house: House, links: Links) -> None:
    tokens = {links.specialist_url_token, links.applicant_url_token}
    with reading(house.engine) as connection:
        kept = repr(connection.execute(select(screenshare_sessions)).all())
    assert all(token not in kept and len(token) >= 22 for token in tokens)  # 22 characters carry 128 bits
    for wrong in ("", "x" * 10_000, links.session.id, "\ud800"):
        with pytest.raises(NotFound):
            house.shares.enter(wrong)


def test_a_jitsi_room_is_named_anew_each_time_and_not_after_the_link(
    house: House, zhang: Account, ticket: Ticket
) -> None:
    shares = ScreenShares(house.engine, house.bus, house.clock, "https://meet.example/")
    first, second = (shares.request(ticket.id, zhang, ticket.epoch) for _ in range(2))
    assert first.session.meeting_url != second.session.meeting_url
    assert first.session.meeting_url.startswith("https://meet.example/laofashi-")
    assert first.applicant_url_token not in first.session.meeting_url
    assert len(first.session.meeting_url.rpartition("-")[2]) == 32
