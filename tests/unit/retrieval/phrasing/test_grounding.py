"""The check of phrased sentences: what stands in the cited passage passes, and no mutation of it does."""

import re
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.model import Clause, Metadata
from retrieval.language.numerals import amount
from retrieval.phrasing.grounding import CitedText, Sentence, grounded, numbered, sentences, supported
from retrieval.phrasing.segments import segments
from tests.support.claims import FALSE, NOTHING, TOO_FAR, TRUE, clauses, evidence_of

NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百]+")
FEE = CitedText("五、收费\n设立登记不收费，刻制印章免费1枚。补领收取工本费20元。", "某某办事指南\n五、收费")
SPARED = CitedText("第六条 转租房屋的，不得从事餐饮经营。年满65周岁的，可以免取号。", "某某办法\n第六条")


@cache
def library() -> list[tuple[Metadata, Clause]]:
    return clauses()


@cache
def evidence(words: str) -> CitedText:
    found = [(m, c) for m, c in library() if all(word in f"{m.title}|{c.locator}" for word in words.split())]
    return evidence_of(*found[0])


@cache
def own_sentences() -> list[tuple[str, CitedText]]:
    """Sentences of the sample documents that hold a number and pass as they stand."""
    held = [evidence_of(metadata, clause) for metadata, clause in library()]
    said = [(segment.text, each) for each in held for segment in segments(each.text) if NUMBER.search(segment.text)]
    return [(text, each) for text, each in said if supported(text, each)]


@pytest.mark.parametrize(("words", "sentence"), TRUE, ids=lambda text: text)
def test_a_true_sentence_stands(words: str, sentence: str) -> None:
    assert supported(sentence, evidence(words))


@pytest.mark.parametrize(("words", "sentence"), FALSE, ids=lambda text: text)
def test_a_false_sentence_is_withdrawn(words: str, sentence: str) -> None:
    assert not supported(sentence, evidence(words))


@pytest.mark.parametrize(("words", "sentence"), NOTHING, ids=lambda text: text)
def test_what_states_nothing_is_withdrawn(words: str, sentence: str) -> None:
    assert not supported(sentence, evidence(words))


@pytest.mark.parametrize(("words", "sentence"), TOO_FAR, ids=lambda text: text)
def test_what_the_check_cannot_follow_is_withdrawn_too(words: str, sentence: str) -> None:
    assert not supported(sentence, evidence(words))


def test_most_of_the_documents_own_sentences_stand() -> None:
    held = [evidence_of(metadata, clause) for metadata, clause in library()]
    own = [
        (s.text, e) for e in held for s in segments(e.text) if 4 <= len(s.text) <= 120 and s.text.count(":") < 2
    ]  # table rows are no sentences
    stand = [text for text, each in own if supported(text, each)]
    assert len(own) > 100
    assert len(stand) >= 0.9 * len(own)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_sentence_with_any_number_changed_never_stands(data: st.DataObject) -> None:
    text, held = data.draw(st.sampled_from(own_sentences()))
    spot = data.draw(st.sampled_from(list(NUMBER.finditer(text))))
    others = [number for number in NUMBER.findall(held.text) if number != spot[0]]
    numbers = st.integers(0, 99_999).map(str) | st.sampled_from(["三", "三十", "两百", "十二", *others])
    new = data.draw(numbers)
    assume(amount(new) != amount(spot[0]))
    changed = text[: spot.start()] + new + text[spot.end() :]
    assert not supported(changed, held)


def test_a_check_of_presence_alone_would_let_swapped_numbers_through() -> None:
    """The negative control of the one above: every number stands somewhere in the passage."""
    held = evidence("老年助餐服务管理办法 第四条")
    swapped = "65周岁至79周岁的老人每餐补贴5元"
    assert all(number in held.text for number in NUMBER.findall(swapped))
    assert not supported(swapped, held)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_the_check(said: str, source: str) -> None:
    assert all(sentence.cited for sentence in grounded(f"{said}[1]", [CitedText(source)]))


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("设立登记不收费[1]。", True),
        ("设立登记不收费。[1]", True),
        ("设立登记不收费［1］", True),
        ("设立登记不收费【1】。", True),
        ("1. **设立登记不收费**[1]。", True),
        ("设立登记不收费。", False),
        ("设立登记不收费[2]。", False),
        ("设立登记不收费[0]。", False),
        ("[1]设立登记不收费。", False),
        ("设立登记不收费[1]，真的。", False),
        ("设立登记<b>不收费</b>[1]。", False),
        ("设立登记不收费，见http://evil.example/x[1]。", False),
        ("设立登记收费[1]。", False),
        ("设立登记不\u200b收费[1]。", True),
        ("设立登记\u200b收费[1]。", False),
        ("", False),
    ],
)
def test_a_sentence_stands_only_with_its_mark(said: str, stands: bool) -> None:
    assert bool(grounded(said, [FEE])) is stands


def test_marks_before_and_after_the_full_stop_are_read_alike() -> None:
    assert sentences("甲事项。[1]乙事项[2][1]。\n丙事项") == [
        Sentence("甲事项", (1,)),
        Sentence("乙事项", (2, 1)),
        Sentence("丙事项", ()),
    ]


def test_a_sentence_is_held_to_the_passage_it_names() -> None:
    assert grounded("补领收取工本费20元[1]。", [FEE, SPARED])
    assert not grounded("补领收取工本费20元[2]。", [FEE, SPARED])


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("针对以后发现的问题，要尽快整改", "对工作中发现的问题要整改。针对以前发现的问题，要尽快整改。"),
        ("无症状感染者属于病例，不需对外公布", "无症状感染者不属于病例，不需对外公布。"),
        ("最低可获30万元补助", "最高可获30万元补助。"),
        ("出口物资免征关税", "进口物资免征关税，对出口企业另有规定。"),
    ],
)
def test_what_is_turned_round_is_withdrawn(said: str, source: str) -> None:
    assert not supported(said, CitedText(source))
    assert supported(source.split("。")[-2], CitedText(source))


def test_where_to_click_is_for_the_clauses_own_words() -> None:
    held = CitedText("请点击 https://www.example.gov.cn/go 领取补贴，口令KX008QZ，咨询电话12345。")
    assert not supported("请点击https://www.example.gov.cn/go领取补贴", held)
    assert not supported("KX008QZ", held)
    assert supported("咨询电话12345", held)


def test_a_lead_in_is_no_statement_to_be_found() -> None:
    assert supported("根据资料，设立登记不收费", FEE)
    assert supported("您好，按照相关规定，设立登记不收费", FEE)
    assert not supported("根据市长的规定，设立登记不收费", FEE)


def test_two_passages_together_hold_what_neither_does_alone() -> None:
    assert grounded("补领收取工本费20元，年满65周岁的可以免取号[1][2]。", [FEE, SPARED])
    assert not grounded("补领收取工本费20元，年满65周岁的可以免取号[1]。", [FEE, SPARED])


def test_a_sentence_hanging_on_a_withdrawn_one_goes_with_it() -> None:
    said = "设立登记要交100元[1]。因此补领收取工本费20元[1]。刻制印章免费1枚[1]。"
    assert [sentence.body for sentence in grounded(said, [FEE])] == ["刻制印章免费1枚"]


def test_a_sentence_whose_limit_is_withdrawn_goes_with_it() -> None:
    said = "设立登记不收费[1]。但每年另收50元[1]。"
    assert grounded(said, [FEE]) == []


def test_at_most_four_sentences_and_each_once() -> None:
    held = evidence("老年助餐服务管理办法 第四条")
    each = [
        "60周岁至64周岁的，每餐补贴2元[1]。",
        "65周岁至79周岁的，每餐补贴3元[1]。",
        "80周岁以上的，每餐补贴5元[1]。",
    ]
    more = ["低保、低收入家庭和特困供养的老年人，不分年龄，每餐补贴8元[1]。", "每人每天补贴一餐[1]。"]
    assert len(grounded("".join([*each, *each]), [held])) == 3
    assert len(grounded("".join([*each, *more]), [held])) == 4


def test_marks_count_only_the_passages_used() -> None:
    kept = grounded("转租房屋的，不得从事餐饮经营[3]。设立登记不收费[2]。", [CitedText("别的"), FEE, SPARED])
    assert "".join(numbered(kept, [3, 2])) == "转租房屋的，不得从事餐饮经营[1]。设立登记不收费[2]。"
