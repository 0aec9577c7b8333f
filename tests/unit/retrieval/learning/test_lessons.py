"""Questions to learn from: read with their faults named, and those that are shipped keep their own rules."""

import json
from collections import Counter
from pathlib import Path

import pytest

from retrieval.learning.lessons import (
    Lesson,
    NotLessons,
    Verdict,
    faults,
    overlap,
    read_lessons,
    read_utterances,
    repeated,
)
from retrieval.learning.sources import CORPORA, NoSource, Sources, may_be_learned_from

CLAUSE = "第八条 申请人应当自受理之日起 20 日内，\n提交证明。"
LESSON = Lesson("a-1", ("孩子上学", "要多久交"), "follow-up", Verdict.WHOLLY, "laws/x.md", 0, "第八条申请人", "20日内")


def test_a_span_is_found_over_white_space_and_a_wrong_one_is_named() -> None:
    assert list(faults(LESSON, CLAUSE)) == []
    wrong = Lesson("a-2", ("问",), "plain", Verdict.WHOLLY, "laws/x.md", 0, "第九条", "30日内")
    assert list(faults(wrong, CLAUSE)) == [
        "the clause opens with '第八条 申请人应当自受理' instead of '第九条'",
        "the clause does not say '30日内'",
    ]


def test_what_nothing_answers_needs_a_reason_and_what_something_answers_a_span() -> None:
    nothing = Lesson("a", ("问",), "plain", Verdict.NOT, "laws/x.md", 0, "第八条")
    assert list(faults(nothing, CLAUSE)) == ["no reason is given why nothing answers"]
    bare = Lesson("a", ("问",), "plain", Verdict.PARTLY, "laws/x.md", 0, "第八条", "，")
    assert list(faults(bare, CLAUSE)) == ["no span is given"]


def test_the_same_words_are_asked_once() -> None:
    again = Lesson("a-3", ("孩子上学", "要多久交？"), "plain", Verdict.NOT, "laws/y.md", 0, "x", reason="other-place")
    assert repeated([LESSON, again]) == ["a-3"]
    assert repeated([LESSON]) == []


def test_shared_pairs_of_characters_are_counted() -> None:
    assert overlap("提交证明", CLAUSE) == 1.0
    assert overlap("提交证明吗", CLAUSE) == 0.75
    assert overlap("要带啥", CLAUSE) == 0.0
    assert overlap("啥", CLAUSE) == 0.0


@pytest.mark.parametrize("line", ["x", "[]", '{"turns": ["a"]}', '{"turns": ["a"], "verdict": "maybe"}'])
def test_a_garbled_line_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "01.jsonl").write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(NotLessons, match=r"01\.jsonl, line 2"):
        read_lessons(tmp_path)


def test_a_garbled_utterance_is_named(tmp_path: Path) -> None:
    (tmp_path / "u.jsonl").write_text('{"text": "谢谢", "intent": "thanks"}\n{"text": 1}\n', encoding="utf-8")
    with pytest.raises(NotLessons, match=r"u\.jsonl, line 2"):
        read_utterances(tmp_path)


def test_the_shipped_questions_are_many_and_varied_and_of_the_half_that_may_be_learned_from() -> None:
    lessons = read_lessons()
    assert len(lessons) >= 6_000
    assert len({each.document for each in lessons}) >= 800
    assert len({each.people for each in lessons}) >= 20
    assert sum(each.verdict is Verdict.NOT for each in lessons) >= 1_500
    assert min(Counter(each.reason for each in lessons if each.reason).values()) >= 200
    assert repeated(lessons) == []
    assert len({each.id for each in lessons}) == len(lessons)
    assert [each.document for each in lessons if not may_be_learned_from(each.document)] == []
    assert {each.document.split("/")[0] for each in lessons} == {"laws", *CORPORA}
    assert sum(len(each.turns) > 1 for each in lessons) >= 600


def test_the_shipped_utterances_are_many_and_no_two_are_alike() -> None:
    utterances = read_utterances()
    assert len(utterances) >= 3_000
    assert len({text for text, _ in utterances}) == len(utterances)
    counts = Counter(intent for _, intent in utterances)
    assert len(counts) == 16
    assert min(counts.values()) >= 90
    assert counts["person"] >= 500


@pytest.mark.soak  # reads 835 documents
@pytest.mark.data
@pytest.mark.timeout(600)
def test_every_shipped_question_is_true_of_its_document(data: Path) -> None:
    sources = Sources(data)
    wrong = {}
    for lesson in read_lessons():
        clauses = sources.read(lesson.document).clauses
        if found := list(faults(lesson, clauses[lesson.clause].text)):
            wrong[lesson.id] = found
    assert wrong == {}


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSource, match=r"laws/x\.md"):
        Sources(tmp_path).read("laws/x.md")
    with pytest.raises(NoSource, match=r"policies"):
        Sources(tmp_path).read("policies/1")
    for name in CORPORA:
        (tmp_path / name).mkdir()
        row = {"_id": "1", "text": "第一条 每人每月 200 元。"}
        (tmp_path / name / "corpus.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert "200" in Sources(tmp_path).read("messages/1").clauses[-1].text
    with pytest.raises(NoSource, match=r"messages/2 is not in"):
        Sources(tmp_path).read("messages/2")


def test_all_versions_of_a_law_are_on_one_side_and_about_half_are_learned_from() -> None:
    assert may_be_learned_from("laws/民法典/a(2020-01-01).md") == may_be_learned_from("laws/x/a(2024-05-01).md")
    half = sum(may_be_learned_from(f"policies/{number}") for number in range(2_000))
    assert 900 < half < 1_100
