"""The only door: who reaches what, and that unknown and forbidden look alike."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from desk.errors import NotFound
from desk.model import Account, Role, Ticket
from tests.support.clock import Clock
from tests.support.desk_parts import House


@pytest.fixture
def house(emptied_engine: Engine, clock: Clock) -> House:
    return House(emptied_engine, clock)


def sees(house: House, account: Account, ticket: Ticket) -> bool:
    """Whether an account reaches a ticket; the conversation must be reached in the same cases."""
    reached = [
        reaches(house.access.ticket_for, account, ticket.id),
        reaches(house.access.conversation_for, account, ticket.conversation_id),
    ]
    assert len(set(reached)) == 1
    return reached[0]


def reaches(door: Callable[[Account, str], object], account: Account, wanted: str) -> bool:
    try:
        door(account, wanted)
    except NotFound:
        return False
    return True


def test_a_ticket_is_seen_by_all_while_it_waits_and_by_its_owner_from_then_on(house: House) -> None:
    zhang, li, chief = house.account("zhang"), house.account("li"), house.account("chief", Role.ADMINISTRATOR)

    def seen(ticket: Ticket) -> tuple[bool, bool, bool]:
        return sees(house, zhang, ticket), sees(house, li, ticket), sees(house, chief, ticket)

    ticket = house.queued()
    assert seen(ticket) == (True, True, True)
    ticket = house.tickets.claim(ticket.id, zhang)
    assert seen(ticket) == (True, False, True)
    ticket = house.tickets.transfer(ticket.id, zhang, ticket.epoch, li)
    assert seen(ticket) == (False, True, True)
    ticket = house.tickets.resolve(ticket.id, li, ticket.epoch, "")
    assert seen(ticket) == (False, True, True)
    house.tickets.reopen(ticket.conversation_id)
    assert seen(ticket) == (True, True, True)


def test_what_the_bot_holds_is_the_administrators_only(house: House) -> None:
    zhang, chief, asked = house.account("zhang"), house.account("chief", Role.ADMINISTRATOR), house.asked()
    assert not reaches(house.access.conversation_for, zhang, asked.conversation_id)
    assert reaches(house.access.conversation_for, chief, asked.conversation_id)


def test_role_and_disablement_are_read_anew(house: House) -> None:
    chief, zhang, ticket = house.account("chief", Role.ADMINISTRATOR), house.account("zhang"), house.queued()
    house.access.administration(chief)
    house.accounts.disable(chief.id)
    for account in (chief, zhang, replace(zhang, role=Role.ADMINISTRATOR), replace(zhang, id="unknown")):
        with pytest.raises(NotFound):
            house.access.administration(account)
    assert not sees(house, chief, ticket)
    assert not sees(house, replace(zhang, id="unknown"), ticket)
    assert sees(house, zhang, ticket)
