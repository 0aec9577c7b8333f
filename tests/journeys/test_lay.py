"""What worried people type about a district's real pages: answered, or refused, as a person would judge."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.app import Helpdesk
from bot.dialogue.replies import answered_json
from retrieval.model import Question

pytestmark = [pytest.mark.data, pytest.mark.timeout(600)]

SHARED = Path(__file__).parent.parent.parent.parent / "shared"
OFFERED = 0.75  # right, or right among what is offered
Verdicts = list[tuple[dict[str, Any], dict[str, Any], str]]
FLOORS = {"right": 0.55, "refused": 0.92}  # what the engine reaches is higher: .62 and .95


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    file = SHARED / "data" / "lay" / "questions.jsonl"
    if not file.exists():
        pytest.skip("the lay questions are not beside this checkout (../shared/data/lay)")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def verdicts(district: Helpdesk, questions: list[dict[str, Any]], score: ModuleType) -> Verdicts:
    """Each question with its outcome and what the scorer says of it."""
    outcomes = [answered_json(district.answer, Question.of(question["question"])) for question in questions]
    return [(q, a, score.judge(q, a)) for q, a in zip(questions, outcomes, strict=True)]


def share(verdicts: Verdicts, kind: str, verdict: str) -> float:
    of_kind = [each for question, _, each in verdicts if question["kind"] == kind]
    return of_kind.count(verdict) / len(of_kind)


def test_what_the_pages_answer_is_answered(verdicts: Verdicts) -> None:
    assert share(verdicts, "answer", "right") >= FLOORS["right"]


def test_of_the_rest_most_are_offered(verdicts: Verdicts) -> None:
    assert share(verdicts, "answer", "right") + share(verdicts, "answer", "offered") >= OFFERED


def test_what_they_do_not_answer_is_refused(verdicts: Verdicts) -> None:
    assert share(verdicts, "abstain", "refused") >= FLOORS["refused"]


@pytest.mark.parametrize("style", ["needs-human", "other-city"])
def test_no_other_city_and_nothing_for_a_person_is_answered(verdicts: Verdicts, style: str) -> None:
    wrong = [question["id"] for question, _, verdict in verdicts if question["style"] == style and verdict != "refused"]
    assert wrong == []


def test_every_quotation_stands_in_its_clause(district: Helpdesk, verdicts: Verdicts) -> None:
    answers = [answer for _, answer, _ in verdicts if answer["kind"] == "answer"]
    assert answers
    for answer in answers:
        for citation in answer["citations"]:
            clause = district.store.clause(citation["clause_id"])
            assert clause
            assert citation["quote"] in clause.clause.text
            assert citation["quote"] in answer["text"]
