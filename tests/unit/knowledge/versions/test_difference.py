"""The difference between two versions, clause by clause and word by word."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.model import Clause, ClauseKind
from knowledge.versions.difference import ClauseChange, Difference, Mark, difference, spans

FEES = "收费标准由区价格主管部门会同区民政部门制定，并向社会公布。"
RIGHTS = "申请人可以到社区事务受理服务中心提出申请，也可以在网上提出。"
TIME = "受理机关应当自受理之日起五个工作日内作出决定。"


def articles(*texts: str, path: tuple[str, ...] = ()) -> list[Clause]:
    return [Clause(i, f"第{i}条", path, f"第{i}条 {text}", ClauseKind.ARTICLE) for i, text in enumerate(texts, 1)]


def changes(found: Difference) -> list[tuple[str, str, str]]:
    """Of every entry what it is, and its number before and after."""
    told = []
    for entry in found.entries:
        also = "+moved" if entry.moved and entry.change is ClauseChange.CHANGED else ""
        numbers = (entry.old.number if entry.old else "", entry.new.number if entry.new else "")
        told.append((entry.change.value + also, *numbers))
    return told


def test_nothing_changed() -> None:
    found = difference(articles(RIGHTS, TIME), articles(RIGHTS, TIME))
    assert changes(found) == [("same", "第1条", "第1条"), ("same", "第2条", "第2条")]


def test_white_space_is_no_change() -> None:
    spaced = [replace(each, text=each.text.replace("，", "， \n")) for each in articles(RIGHTS, TIME)]
    assert difference(articles(RIGHTS, TIME), spaced).counts["same"] == 2


def test_an_article_inserted_moves_those_after_it_and_changes_none() -> None:
    found = difference(articles(RIGHTS, TIME), articles(RIGHTS, FEES, TIME))
    assert changes(found) == [("same", "第1条", "第1条"), ("added", "", "第2条"), ("moved", "第2条", "第3条")]


def test_an_article_removed_stands_where_it_stood() -> None:
    found = difference(articles(RIGHTS, FEES, TIME), articles(RIGHTS, TIME))
    assert changes(found) == [("same", "第1条", "第1条"), ("removed", "第2条", ""), ("moved", "第3条", "第2条")]


def test_words_changed_at_their_place_and_at_another() -> None:
    mended = TIME.replace("五", "三")
    assert changes(difference(articles(TIME), articles(mended))) == [("changed", "第1条", "第1条")]
    found = difference(articles(TIME), articles(FEES, mended))
    assert changes(found) == [("added", "", "第1条"), ("changed+moved", "第1条", "第2条")]


def test_a_new_article_under_an_old_number_is_not_that_article_changed() -> None:
    found = difference(articles(TIME), articles("外国人适用其他规定。"))
    assert sorted(changes(found)) == [("added", "", "第1条"), ("removed", "第1条", "")]


def test_a_chapter_renamed_moves_its_articles() -> None:
    found = difference(articles(TIME, path=("第一章 受理",)), articles(TIME, path=("第一章 申请和受理",)))
    assert changes(found) == [("moved", "第1条", "第1条")]


def test_items_of_one_number_under_different_articles_are_told_apart() -> None:
    def items(second: str) -> list[Clause]:
        return [
            Clause(1, "（一）", ("第四条",), "（一）身份证；"),
            Clause(2, "（一）", ("第五条",), f"（一）{second}；"),
        ]

    found = difference(items("居住证明"), items("近一年内的居住证明"))
    assert [(e.change, e.new and e.new.path) for e in found.entries] == [
        (ClauseChange.SAME, ("第四条",)),
        (ClauseChange.CHANGED, ("第五条",)),
    ]


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("每餐补贴5元，由街道发放。", "每餐补贴12元，由街道发放。", "5", "12"),
        ("自受理之日起五个工作日内办结", "自受理之日起三个工作日内办结", "五", "三"),
        ("提供身份证。", "提供身份证和委托书。", "", "和委托书"),
        ("Form A-1 is needed", "Form A-2 is needed", "A-1", "A-2"),
    ],
)
def test_the_words_that_changed_are_marked_and_no_more(old: str, new: str, removed: str, added: str) -> None:
    found = spans(old, new)
    assert removed in "".join(s.text for s in found if s.mark is Mark.REMOVED)
    assert added in "".join(s.text for s in found if s.mark is Mark.ADDED)
    assert len("".join(s.text for s in found if s.mark is Mark.KEPT)) >= min(len(old), len(new)) - 4


def test_a_thousand_clauses_that_all_changed_are_compared_in_seconds() -> None:
    old = articles(*(f"{TIME}第{i}类事项由第{i % 17}科办理，收费{i}元。" for i in range(1000)))
    new = articles(*(f"{TIME}第{i}类事项由第{i % 19}科办理，收费{i + 1}元。" for i in range(1000)))
    started = time.monotonic()
    found = difference(old, new[500:] + new[:500])
    assert time.monotonic() - started < 20, "on a busy machine"
    assert sum(found.counts.values()) <= 2000


words = st.text(alphabet="甲乙丙丁12 ab，。\n", max_size=30)
clauses = st.lists(
    st.builds(
        Clause,
        st.just(0),
        st.sampled_from(["第一条", "第二条", "（一）", ""]),
        st.sampled_from([(), ("第一章",), ("第二章", "一、")]),
        words,
    ),
    max_size=12,
)


@given(words, words)
def test_spans_lose_nothing(old: str, new: str) -> None:
    found = spans(old, new)
    assert "".join(s.text for s in found if s.mark is not Mark.ADDED) == old
    assert "".join(s.text for s in found if s.mark is not Mark.REMOVED) == new
    assert all(s.text for s in found)


@settings(deadline=None)
@given(clauses, clauses)
def test_every_clause_of_both_is_told_once_and_in_order(old: list[Clause], new: list[Clause]) -> None:
    old, new = ([replace(each, ordinal=i) for i, each in enumerate(side)] for side in (old, new))
    found = difference(old, new).entries
    assert [e.new for e in found if e.new] == new
    assert sorted(e.old.ordinal for e in found if e.old) == [each.ordinal for each in old]
    for entry in found:
        assert (entry.old is None) == (entry.change is ClauseChange.ADDED)
        assert (entry.new is None) == (entry.change is ClauseChange.REMOVED)
        if entry.change is ClauseChange.CHANGED and entry.old and entry.new:
            assert "".join(s.text for s in entry.spans if s.mark is not Mark.ADDED) == entry.old.text


@settings(deadline=None)
@given(clauses)
def test_compared_with_itself_everything_is_the_same(old: list[Clause]) -> None:
    assert {e.change for e in difference(old, old).entries} <= {ClauseChange.SAME}
