"""Numbers, dates and times, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.phrasing.quantities import facts, plain


def amounts(text: str) -> list[tuple[str, object, str]]:
    return [fact.amount for fact in facts(plain(text))]


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("三十日", "30 天"),
        ("５个工作日", "五个工作日"),
        ("2026年2月1日", "二〇二六年二月一日"),
        ("2026年2月1日", "2026-02-01"),
        ("2026年2月1日", "2026.2.1"),
        ("1,200元", "一千二百元"),
        ("3万元", "30000元"),
        ("一百二十万元", "1200000 元"),
        ("百分之五", "5％"),
        ("千分之三", "3‰"),
        ("下午5点半", "17:30"),
        ("18时", "下午六点"),
        ("65周岁", "六十五岁"),
        ("两个月", "2个月"),
        ("021-55550112", "（021）55550112".replace("（", "").replace("）", "")),
        ("+86 13800138000", "13800138000"),
        ("12 至 15 号", "12号至15号"),
        ("第三条", "第 3 条"),
        ("半年", "半年"),
        ("星期天", "周日"),
    ],
)
def test_the_same_amount_is_the_same_fact(one: str, same: str) -> None:
    assert amounts(one) == amounts(same) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3日", "3个工作日"),
        ("3个月", "3月"),
        ("30元", "30万元"),
        ("2月1日", "2026年2月1日"),
        ("5%", "5‰"),
        ("5点", "17点"),
        ("第三条", "三条"),
        ("〔2026〕2号", "〔2026〕3号"),
        ("半年", "一年"),
    ],
)
def test_other_amounts_are_other_facts(one: str, other: str) -> None:
    assert amounts(one) != amounts(other)


@pytest.mark.parametrize("text", ["一般应当统一办理", "进一步规范", "一律不予受理", "唯一住房", "食品零售"])
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "bound"), [("60周岁以上", "least"), ("不超过6个月", "most"), ("30日内", "most"), ("届满30日前", "before")]
)
def test_bounds_are_read(text: str, bound: str) -> None:
    assert [fact.bound for fact in facts(plain(text))] == [bound]


@given(st.text(st.sampled_from("0123456789.,:-/%‰一二三十百千万亿半第条年月日时点周分之至号元个 〔〕()")))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert all(fact.end > fact.start for fact in facts(plain(text)))
