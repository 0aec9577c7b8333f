"""Many processes that claim the same tickets: `python -m tests.support.faults.claimants URL PROCESSES real|naive`.

One process loads everything and forks the others, so that all of them run within a second. Prints, as JSON, what each
believes it has claimed: {account: [[ticket, epoch], …]}.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select, update

from bot.dialogue.texts import NOTICES
from desk.bus import MemoryBus
from desk.errors import AlreadyClaimed
from desk.model import Account, Role, TicketState
from desk.tables import accounts, tickets
from desk.tickets.tickets import Tickets
from desk.tickets.workdays import WorkCalendar
from knowledge.database import connect_database, reading, writing
from tests.support.clock import in_office

BETWEEN = 0.005  # seconds the naive claim takes between looking and writing
CALENDAR = WorkCalendar(in_office)

Claim = Callable[[Engine, str, str], int | None]  # engine, ticket, account -> the epoch of a claim that succeeded


def real(engine: Engine, ticket_id: str, account_id: str) -> int | None:
    """As the desk does it."""
    desk = Tickets(engine, MemoryBus(), lambda: datetime.now(UTC), CALENDAR, NOTICES)
    me = Account(account_id, account_id, account_id, Role.SPECIALIST, False, False)
    try:
        return desk.claim(ticket_id, me).epoch
    except AlreadyClaimed:
        return None


def naive(engine: Engine, ticket_id: str, account_id: str) -> int | None:
    """The broken variant: look, and then write."""
    where = tickets.c.id == ticket_id
    with reading(engine) as connection:
        seen = connection.execute(select(tickets.c.state, tickets.c.epoch).where(where)).one()
    if seen.state != TicketState.QUEUED:
        return None
    time.sleep(BETWEEN)
    with writing(engine) as connection:
        values = {"state": TicketState.CLAIMED, "owner_id": account_id, "epoch": seen.epoch + 1}
        connection.execute(update(tickets).where(where).values(values))
    return int(seen.epoch) + 1


def claim_all(url: str, account_id: str, claim: Claim, start: Any, results: Any) -> None:
    """Try every ticket, in the same order as everybody else."""
    engine = connect_database(url)
    with reading(engine) as connection:
        ids = list(connection.execute(select(tickets.c.id).order_by(tickets.c.id)).scalars())
    start.wait()
    won = [(each, epoch) for each in ids if (epoch := claim(engine, each, account_id)) is not None]
    results.put((account_id, won))
    engine.dispose()


def main(url: str, claim: Claim) -> None:
    engine = connect_database(url)
    with reading(engine) as connection:
        names = list(connection.execute(select(accounts.c.id)).scalars())
    engine.dispose()  # before forking: a connection belongs to one process
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(len(names)), context.Queue()
    processes = [context.Process(target=claim_all, args=(url, name, claim, start, results)) for name in names]
    for process in processes:
        process.start()
    print(json.dumps(dict(results.get(timeout=600) for _ in processes)))
    for process in processes:
        process.join()


if __name__ == "__main__":
    main(sys.argv[1], {"real": real, "naive": naive}[sys.argv[2]])
