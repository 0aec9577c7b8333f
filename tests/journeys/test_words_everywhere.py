"""Words changed at one serving process are in use at another, over PostgreSQL and Redis."""

import time
from pathlib import Path

import pytest

from desk.words.words import Words
from tests.conftest import postgres_database
from tests.support.light_helpdesk import light, served


@pytest.mark.parametrize("hinted", [True, False])
def test_a_change_is_in_effect_at_every_process(tmp_path: Path, redis_url: str, hinted: bool) -> None:
    """With the bus, and without: each process looks by itself, too. One that does neither has the words of before."""
    buses = (redis_url, redis_url if hinted else "memory://")
    with postgres_database() as url:
        one, other = (light(tmp_path / str(n), database_url=url, bus_url=bus) for n, bus in enumerate(buses))
        with served(one), served(other):
            idle = Words(other.engine, other.bus, other.clock)
            assert [each.lexicon().official("随申码") for each in (other.words, idle)] == [[], []]
            made = one.words.add(["随申码"], ["健康信息码"], "anna")
            assert one.words.lexicon().official("随申码") == ["健康信息码"]
            until(other.words, ["健康信息码"])
            assert idle.lexicon().official("随申码") == []
            one.words.remove(made.id, "anna")
            until(other.words, [])


def until(words: Words, expected: list[str]) -> None:
    give_up = time.monotonic() + 60
    while words.lexicon().official("随申码") != expected:
        assert time.monotonic() < give_up, "the change never came"
        time.sleep(0.05)
