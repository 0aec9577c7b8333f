"""The office's time zone, as set, decides which day it is: for deadlines, the index, answers and the shelves."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest

from bot.app import Helpdesk
from bot.operations.migrations import migrate
from bot.settings import load_settings
from desk.model import Escalation
from retrieval.embedding.embedder import Embedder
from retrieval.model import Abstention, AbstentionReason, Answer, Question
from tests.support.clock import Clock
from tests.support.fakes.hashing_model import HashingEmbedder
from tests.support.index_material import put

NOW = Clock(datetime(2026, 11, 19, 10, 30, tzinfo=UTC))
EARLY, LATE = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # there it is 00:30 on 20 November, and 23:30 on the 18th


@pytest.fixture
def in_zone(tmp_path: Path) -> Iterator[Callable[[str], Helpdesk]]:
    """An empty house in a time zone."""
    opened: list[Helpdesk] = []

    def open_in(zone: str) -> Helpdesk:
        home = tmp_path / str(len(opened))
        helpdesk = Helpdesk(load_settings({}, home=home, timezone=zone), NOW)
        opened.append(helpdesk)
        home.mkdir()
        helpdesk.__dict__["embedder"] = cast(Embedder, HashingEmbedder())
        migrate(helpdesk.engine)
        return helpdesk

    yield open_in
    for each in opened:
        each.close()


@pytest.mark.parametrize(("zone", "today", "found"), [(EARLY, 20, 1), (LATE, 18, 0)])
def test_index_and_answers_go_by_the_day_of_the_zone(
    in_zone: Callable[[str], Helpdesk], zone: str, today: int, found: int
) -> None:
    helpdesk = in_zone(zone)
    put(helpdesk.store, "夜市", "夜市摊主应当每晚二十三时前收摊。", effective_on=date(2026, 11, 20))
    helpdesk.index.publish()
    assert helpdesk.today() == helpdesk.desk.today() == date(2026, 11, today)
    assert len(helpdesk.index.search("夜市摊主几点前收摊")) == found
    outcome = helpdesk.answer_from(0.0)(Question.of("夜市摊主每晚几点前收摊"))
    if found:
        assert isinstance(outcome, Answer)
    else:
        assert isinstance(outcome, Abstention)
        assert outcome.reason is AbstentionReason.NOT_YET_IN_FORCE


@pytest.mark.parametrize(("zone", "due"), [(EARLY, 25), (LATE, 24), ("UTC", 24)])
def test_a_deadline_goes_by_day_and_closing_time_of_the_zone(
    in_zone: Callable[[str], Helpdesk], zone: str, due: int
) -> None:
    """Three working days; in Pago Pago the office had closed, so that they count from the 19th."""
    helpdesk = in_zone(zone)
    said = helpdesk.conversations.accept(helpdesk.conversations.applicant("web", "1"), "转人工", "1")
    assert helpdesk.tickets.escalate(said.message.conversation_id, Escalation.ASKED).due_on == date(2026, 11, due)
