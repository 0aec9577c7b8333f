"""Golden questions: kept, judged, and the record of their runs."""

from datetime import date

import pytest
from sqlalchemy import Engine, insert

from desk.admin.version_json import went
from knowledge.database import writing
from knowledge.golden import Cited, Expected, GoldenAnswer, GoldenQuestions, problem
from knowledge.tables import golden_runs
from tests.support.clock import Clock

ANSWER = GoldenAnswer("每餐补贴 5 元。", (Cited("d1", "江湾区助餐办法", "第二章 第四条 （三）", "每餐补贴5元"),))
REFUSED = GoldenAnswer("没有找到依据。", refused=True)


@pytest.mark.parametrize(
    ("expected", "said", "what"),
    [
        (Expected(words=("补贴5元",)), ANSWER, ""),
        (Expected(words=("补贴8元", "补贴5元")), ANSWER, "补贴8元"),
        (Expected("江湾区助餐办法"), ANSWER, ""),
        (Expected("《江湾区助餐办法》", "第四条"), ANSWER, ""),
        (Expected("d1", "第四条 （三）"), ANSWER, ""),
        (Expected("江湾区助餐办法", "四条"), ANSWER, "应当依据"),
        (Expected("江湾区助餐办法", "第四条 （二）"), ANSWER, "应当依据"),
        (Expected("别的办法"), ANSWER, "第二章 第四条"),
        (Expected(refused=True), ANSWER, "应当拒答"),
        (Expected(refused=True), REFUSED, ""),
        (Expected(words=("5元",)), REFUSED, "没有回答"),
    ],
)
def test_an_answer_is_judged(expected: Expected, said: GoldenAnswer, what: str) -> None:
    found = problem(expected, said)
    assert (what in found) if what else found == ""


def test_they_are_kept_run_recorded_and_removed(emptied_engine: Engine, clock: Clock) -> None:
    golden = GoldenQuestions(emptied_engine, clock)
    first = golden.add(" 补贴多少？ ", Expected("江湾区助餐办法", "第四条", ("5元",)), "anna", date(2026, 6, 1))
    clock.forward(minutes=1)
    second = golden.add("明天天气？", Expected(refused=True), "anna")
    assert golden.all() == [first, second]
    assert (first.question, first.as_of) == ("补贴多少？", date(2026, 6, 1))
    results = golden.ask(lambda question: ANSWER, golden.all())
    run = golden.record(results, "bert")
    assert (run.passed, run.failed, run.by, run.at) == (1, 1, "bert", clock())
    assert [each["question"] for each in run.failures] == ["明天天气？"]
    assert (run.right, run.version) == ((first.id,), "")
    golden.record(golden.ask(lambda question: REFUSED, [second]), "bert")
    assert [(each.passed, each.failed) for each in golden.runs()] == [(1, 0), (1, 1)]
    assert golden.remove(first.id)
    assert not golden.remove(first.id)
    assert golden.all() == [second]


@pytest.mark.parametrize(
    "expected",
    [Expected(), Expected(clause="第四条"), Expected("办法", refused=True), Expected(words=("甲",), refused=True)],
)
def test_what_is_expected_has_to_be_said(sqlite_engine: Engine, clock: Clock, expected: Expected) -> None:
    with pytest.raises(ValueError, match=r"请写明|还要写明"):
        GoldenQuestions(sqlite_engine, clock).add("补贴多少？", expected, "anna")


def test_a_run_tells_what_it_was_for_and_older_ones_only_what_failed(sqlite_engine: Engine, clock: Clock) -> None:
    golden = GoldenQuestions(sqlite_engine, clock)
    asked = golden.add("补贴多少？", Expected(words=("5元",)), "anna")
    failure = {"id": asked.id, "question": asked.question, "problem": "不对", "text": ""}
    with writing(sqlite_engine) as connection:  # as before right answers were kept
        old = {"at": clock(), "by": "anna", "passed": 3, "failed": 1, "results": [failure]}
        connection.execute(insert(golden_runs).values(old))
    golden.record(golden.ask(lambda question: ANSWER, [asked]), "anna", "v1")
    new, before = golden.runs()
    assert (new.version, new.right, new.failures) == ("v1", (asked.id,), ())
    assert (before.version, before.right, before.failures) == ("", (), (failure,))
    assert went(asked.id, [new, before]) == [False, True], "the oldest first"
    assert went("another", [new, before]) == []
