"""Pairs to tune on: which questions are held back, and what a file of pairs may hold."""

import json
from pathlib import Path

import pytest

from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text
from retrieval.tuning.pairs import NotPairs, read_pairs, split, thinned


class Shelf:
    """A site of one document of two clauses."""

    def __init__(self) -> None:
        self.texts = [Text("c1", "居住证办法", "第一条 甲"), Text("c2", "居住证办法", "第二条 乙")]

    def of(self, document: str, clause: str) -> list[str]:
        known = {"": ["c1", "c2"], "第二条": ["c2"]}
        return known.get(clause, []) if document == "居住证办法" else []


def asked(*texts: str) -> list[JudgedQuestion]:
    return [JudgedQuestion(f"q{i}", text, {f"d{i}": 1}) for i, text in enumerate(texts)]


def test_the_same_questions_are_held_back_every_time_and_about_as_many_as_wanted() -> None:
    questions = asked(*(f"第{i}号窗口办什么" for i in range(1000)))
    first, again = split(questions, 0.2), split(list(reversed(questions)), 0.2)
    assert {each.id for each in first.held_back} == {each.id for each in again.held_back}
    assert 150 < len(first.held_back) < 250
    assert len(first.training) + len(first.held_back) == 1000


def test_no_question_is_trained_on_that_says_what_one_held_back_says() -> None:
    plain = [f"第{i}号窗口办什么ABC" for i in range(200)]
    typed = [f"第{i}號窗口，辦什麼ａｂｃ？" for i in range(200)]
    sides = split(asked(*plain, *typed), 0.3)
    held = {each.id for each in sides.held_back}
    assert 0 < len(held) < 400
    assert all((f"q{i}" in held) is (f"q{i + 200}" in held) for i in range(200))
    assert len({each.text for each in sides.held_back} & {each.text for each in sides.training}) == 0


def test_what_is_kept_out_is_on_neither_side() -> None:
    sides = split(asked("居住证怎么办？", "居住证怎么续", "？？"), 0.5, ["居住證怎麼辦"])
    assert [each.text for each in [*sides.training, *sides.held_back]] == ["居住证怎么续"]


def test_a_file_gives_texts_of_its_own_and_clauses_of_the_site(tmp_path: Path) -> None:
    lines = [
        {"question": "甲是什么", "text": "甲就是甲。"},
        {"question": "乙呢", "document": "居住证办法", "clause": "第二条"},
        {"question": "乙呢", "document": "居住证办法"},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    found = read_pairs(path, Shelf())
    assert [text.text for text in found.corpus] == ["第一条 甲", "第二条 乙", "甲就是甲。"]
    assert [each.text for each in found.questions] == ["甲是什么", "乙呢"]
    assert set(found.questions[0].relevant) == {found.corpus[2].id}
    assert set(found.questions[1].relevant) == {"c1", "c2"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "line 2: not"),
        ("[]", "line 2: not"),
        ('{"question": 1, "text": "a"}', "line 2: not"),
        ('{"question": "a"}', "line 2: give a question with"),
        ('{"question": " ", "text": "b"}', "line 2: give a question with"),
        ('{"question": "a", "text": "b", "document": "c"}', "line 2: give a question with"),
        ('{"question": "a", "document": "没有这份"}', "line 2: no document in force"),
    ],
)
def test_a_garbled_line_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"question": "甲", "text": "乙"}\n' + line, encoding="utf-8")
    with pytest.raises(NotPairs, match=sentence):
        read_pairs(path, Shelf())


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotPairs, match=r"nowhere\.jsonl cannot be read"):
        read_pairs(tmp_path / "nowhere.jsonl", Shelf())
    (tmp_path / "pairs.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotPairs, match="is not UTF-8"):
        read_pairs(tmp_path / "pairs.jsonl", Shelf())


def test_a_large_corpus_is_thinned_but_for_what_answers() -> None:
    corpus = [Text(f"d{i}", "", "甲") for i in range(1000)]
    whole = Benchmark(corpus, asked(*(f"问{i}" for i in range(50))))
    small = thinned(whole, 200)
    kept = {text.id for text in small.corpus}
    assert len(kept) == 200
    assert {f"d{i}" for i in range(50)} <= kept
    assert thinned(whole, 1000) is whole
    assert {text.id for text in thinned(whole, 10).corpus} == {f"d{i}" for i in range(50)}
