"""What worried people type about a district's real pages: answered, or refused, as a person would judge."""

import importlib.util
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from clock import Clock

from bot.app import Helpdesk
from bot.migrations import migrate
from bot.replies import outcome_json
from bot.settings import load_settings
from retrieval.embedding import Embedder
from retrieval.model import Question

pytestmark = [pytest.mark.data, pytest.mark.model, pytest.mark.timeout(600)]

SHARED = Path(__file__).parent.parent.parent.parent / "shared"
NOW = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)  # the pages' dates of expiry are judged from here
Verdicts = list[tuple[dict[str, Any], dict[str, Any], str]]
FLOORS = {"right": 0.60, "refused": 0.90}  # what the engine reaches is higher


@pytest.fixture(scope="module")
def score() -> ModuleType:
    """The scorer beside the checkout."""
    file = SHARED / "score_lay.py"
    if not file.exists():
        pytest.skip("the scorer is not beside this checkout (../shared/score_lay.py)")
    spec = importlib.util.spec_from_file_location("score_lay", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    file = SHARED / "data" / "lay" / "questions.jsonl"
    if not file.exists():
        pytest.skip("the lay questions are not beside this checkout (../shared/data/lay)")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def helpdesk(embedder: Embedder, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpdesk]:
    """The real engine over the real pages, in a home of its own."""
    pages = SHARED / "data" / "pages"
    if not pages.is_dir():
        pytest.skip("the pages are not beside this checkout (../shared/data/pages)")
    home = tmp_path_factory.mktemp("lay")
    helpdesk = Helpdesk(load_settings({}, home=home, models_dir=models_dir), Clock(NOW))
    migrate(helpdesk.engine)
    report = helpdesk.indexer.run([pages])
    assert len(report.added) == 30
    assert not report.failed
    yield helpdesk
    helpdesk.close()


@pytest.fixture(scope="module")
def verdicts(helpdesk: Helpdesk, questions: list[dict[str, Any]], score: ModuleType) -> Verdicts:
    """Each question with its outcome and what the scorer says of it."""
    outcomes = [outcome_json(helpdesk.answer(Question.of(question["question"]))) for question in questions]
    return [(q, a, score.judge(q, a)) for q, a in zip(questions, outcomes, strict=True)]


def share(verdicts: Verdicts, kind: str, verdict: str) -> float:
    of_kind = [each for question, _, each in verdicts if question["kind"] == kind]
    return of_kind.count(verdict) / len(of_kind)


def test_what_the_pages_answer_is_answered(verdicts: Verdicts) -> None:
    assert share(verdicts, "answer", "right") >= FLOORS["right"]


def test_what_they_do_not_answer_is_refused(verdicts: Verdicts) -> None:
    assert share(verdicts, "abstain", "refused") >= FLOORS["refused"]


@pytest.mark.parametrize("style", ["needs-human", "other-city"])
def test_no_other_city_and_nothing_for_a_person_is_answered(verdicts: Verdicts, style: str) -> None:
    wrong = [question["id"] for question, _, verdict in verdicts if question["style"] == style and verdict != "refused"]
    assert wrong == []


def test_every_quotation_stands_in_its_clause(helpdesk: Helpdesk, verdicts: Verdicts) -> None:
    answers = [answer for _, answer, _ in verdicts if answer["kind"] == "answer"]
    assert answers
    for answer in answers:
        for citation in answer["citations"]:
            clause = helpdesk.store.clause(citation["clause_id"])
            assert clause
            assert citation["quote"] in clause.clause.text
            assert citation["quote"] in answer["text"]
