"""kill -9 of the polling service at random instants: no update is lost, none is answered twice."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.model import DeliveryState, Sender
from desk.tables import messages
from knowledge.database import connect_database, metadata
from tests.support.fakes.bot_api import BotApi

CHATS = 12


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module, *arguments], stderr=subprocess.DEVNULL)


def kill_at_random_instants(module: str, target: str, api: BotApi, updates: int, kills: int, seed: int) -> list[str]:
    """Feed `updates` in, killing the process `kills` times while it works; the texts that were said."""
    chance, said = random.Random(seed), []
    for life in range(kills):
        before = len(api.calls)
        process = start(module, target, api.url)
        for number in range(life * updates // kills, (life + 1) * updates // kills):
            said.append(f"居住证第 {number} 问怎么办理")
            api.say(100 + number % CHATS, said[-1])
        try:
            api.wait(lambda before=before: "getUpdates" in [method for method, _ in api.calls[before:]], 120)
            let_work(api, calls=chance.randint(0, 40), seconds=chance.uniform(0.0, 0.02))
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    return said


def let_work(api: BotApi, calls: int, seconds: float) -> None:
    """Until the process has asked the Bot API so many things more (or nothing for a second), and a moment on."""
    goal, seen, still = len(api.calls) + calls, len(api.calls), time.monotonic()
    while seen < goal and time.monotonic() < still + 1:
        if len(api.calls) > seen:
            seen, still = len(api.calls), time.monotonic()
        time.sleep(0.001)
    time.sleep(seconds)


def finish(module: str, target: str, api: BotApi, done: object, seconds: float) -> None:
    """One last life, in which everything pending is dealt with."""
    process = start(module, target, api.url)
    try:
        api.wait(done, seconds)
    finally:
        process.kill()
        process.wait()


def survive(database: str, updates: int, kills: int, seed: int) -> None:
    """The proof: every update is stored once, answered once in the store, and sent at most once; what was not sent
    for certain is shown as uncertain."""
    engine = connect_database(database)
    metadata.create_all(engine)

    def open_ends() -> int:
        with engine.connect() as connection:
            rows = connection.execute(select(messages.c.sender, messages.c.handled_at, messages.c.delivery)).all()
        waiting = [row for row in rows if row.sender == Sender.APPLICANT and row.handled_at is None]
        unsent = [row for row in rows if row.delivery in (DeliveryState.PENDING, DeliveryState.SENDING)]
        return len(waiting) + len(unsent) + updates - sum(row.sender == Sender.APPLICANT for row in rows)

    with BotApi() as api:
        said = kill_at_random_instants("tests.support.fakes.polling_service", database, api, updates, kills, seed)
        finish("tests.support.fakes.polling_service", database, api, lambda: open_ends() == 0, 60 + updates / 5)
        sent = Counter(call["text"] for call in api.sent)
    with engine.connect() as connection:
        rows = connection.execute(select(messages.c.sender, messages.c.text, messages.c.delivery)).all()
    engine.dispose()
    assert Counter(row.text for row in rows if row.sender == Sender.APPLICANT) == Counter(said)
    answers = {row.text: row.delivery for row in rows if row.sender == Sender.BOT}
    assert Counter(row.text for row in rows if row.sender == Sender.BOT) == Counter(f"答：{text}" for text in said)
    assert max(sent.values()) == 1
    uncertain = {text for text, delivery in answers.items() if delivery == DeliveryState.UNKNOWN}
    assert {text for text in answers if text not in sent} <= uncertain
    assert len(uncertain) <= kills * 8  # at most what was on the wire when the process died
    print(f"{updates} updates, {kills} kills: 0 lost, 0 answered twice, {len(uncertain)} uncertain")


def test_nothing_is_lost_or_answered_twice(tmp_path: Path) -> None:
    survive(f"sqlite:///{tmp_path}/bot.db", updates=150, kills=8, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [7])
def test_fifty_kills_over_a_thousand_updates(database_url: str, seed: int) -> None:
    survive(database_url, updates=1000, kills=50, seed=seed)


def test_the_librarys_own_polling_loses_updates(tmp_path: Path) -> None:
    """The negative control: the same kills, python-telegram-bot's `run_polling`."""
    log = tmp_path / "handled"
    log.touch()
    with BotApi() as api:
        said = kill_at_random_instants(
            "tests.support.fakes.library_polling", str(log), api, updates=150, kills=8, seed=1
        )
        finish("tests.support.fakes.library_polling", str(log), api, lambda: api.pending == 0, 60)
        time.sleep(0.5)
        handled = set(log.read_text(encoding="utf-8").splitlines())
    assert set(said) - handled, "the harness cannot tell a polling loop that loses updates from one that does not"
