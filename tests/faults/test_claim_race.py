"""Many processes claim the same tickets: each ticket has one owner; and no bot text enters after a claim has committed.

The negative controls are the code one would write without thinking: look first, then write.
"""

import json
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from desk.conversations.rows import MessageDraft, find_conversation, insert_message
from desk.model import Escalation, Holder, Message, Sender, TicketState
from desk.tables import accounts, applicants, conversations, tickets
from knowledge.database import reading, writing
from tests.support.clock import Clock
from tests.support.desk_parts import House, at_once

ROOT = Path(__file__).parent.parent.parent

Claimed = dict[str, list[tuple[str, int]]]  # by account: ticket, epoch


def furnish(engine: Engine, processes: int, count: int) -> None:
    """Accounts for so many processes, and so many queued tickets, each with its conversation."""
    at, names = datetime.now(UTC), [f"account{n}" for n in range(processes)]
    people = [secrets.token_hex(8) for _ in range(count)]
    common = {"display_name": "", "created_at": at}
    account = {"role": "specialist", "password_hash": "", "must_change_password": False, "disabled": False, **common}
    person = {"channel": "web", "locale": "zh", **common}
    talk = {"channel": "web", "open": True, "holder": Holder.QUEUE, "opened_at": at, "updated_at": at}
    ticket = {"state": TicketState.QUEUED, "reason": Escalation.ASKED, "priority": "normal", "priority_reason": ""}
    with writing(engine) as connection:
        connection.execute(insert(accounts), [{"id": name, "name": name, **account} for name in names])
        connection.execute(insert(applicants), [{"id": each, "key": each, **person} for each in people])
        connection.execute(insert(conversations), [{"id": each, "applicant_id": each, **talk} for each in people])
        rows = [{"id": each, "conversation_id": each, "epoch": 0, "queued_at": at, **ticket} for each in people]
        connection.execute(insert(tickets), rows)


def race(url: str, claim: str) -> Claimed:
    """What each process believes it has claimed."""
    command = [sys.executable, "-m", "tests.support.faults.claimants", url, claim]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[list[object]]] = json.loads(done.stdout)
    return {name: [(str(ticket), int(str(epoch))) for ticket, epoch in won] for name, won in found.items()}


def won_more_than_once(claimed: Claimed) -> dict[str, int]:
    won = Counter(ticket for each in claimed.values() for ticket, _ in each)
    return {ticket: times for ticket, times in won.items() if times > 1}


@pytest.mark.parametrize(
    ("processes", "count"), [(32, 100), pytest.param(32, 2_000, marks=[pytest.mark.soak, pytest.mark.timeout(1_000)])]
)
def test_each_ticket_has_one_owner(database_url: str, engine: Engine, processes: int, count: int) -> None:
    furnish(engine, processes, count)
    claimed = race(database_url, "real")
    assert won_more_than_once(claimed) == {}
    with reading(engine) as connection:
        rows = connection.execute(select(tickets.c.id, tickets.c.owner_id, tickets.c.epoch, tickets.c.state)).all()
        holders = connection.execute(select(conversations.c.holder).distinct()).scalars().all()
    believed = {(ticket, name, 1, "claimed") for name, each in claimed.items() for ticket, _ in each}
    assert {tuple(row) for row in rows} == believed
    assert len(believed) == count
    assert holders == [Holder.SPECIALIST]


def test_the_naive_claim_gives_tickets_to_several(database_url: str, engine: Engine) -> None:
    """The negative control, in the same harness."""
    furnish(engine, 8, 60)
    assert len(won_more_than_once(race(database_url, "naive"))) > 6


Reply = Callable[[House, str], list[Message]]


def real_reply(house: House, conversation_id: str) -> list[Message]:
    return house.bot_says(conversation_id)


def naive_reply(house: House, conversation_id: str) -> list[Message]:
    """The broken variant: look who holds the conversation, and then write; a claim takes less than the time between."""
    conversation = house.conversations.get(conversation_id)
    if conversation.holder is not Holder.BOT:
        return []
    time.sleep(0.1)
    with writing(house.engine) as connection:
        found = find_conversation(connection, conversations.c.id == conversation_id)
        return [insert_message(connection, found, MessageDraft(Sender.BOT, "答案"), house.clock(), push=False)]


@pytest.mark.parametrize(("reply", "holds"), [(real_reply, True), (naive_reply, False)])
def test_no_bot_text_enters_after_a_claim(emptied_engine: Engine, clock: Clock, reply: Reply, holds: bool) -> None:
    house = House(emptied_engine, clock)
    account, late = house.account(), 0
    for number in range(10 if holds else 100):  # the control: until it has happened
        if late:
            break
        conversation_id = house.asked(key=str(number)).conversation_id

        def act(who: int, conversation_id: str = conversation_id) -> list[Message]:
            if who == 0:
                time.sleep(0.01)
                house.tickets.claim(house.tickets.escalate(conversation_id, Escalation.ASKED).id, account)
                return []
            return [message for _ in range(8) for message in reply(house, conversation_id)]

        written = [each for result in at_once(4, act) for each in result]
        claimed = next(each.id for each in house.conversations.messages(conversation_id) if each.sender == "system")
        late += sum(each.id > claimed for each in written)
    assert (late == 0) is holds
