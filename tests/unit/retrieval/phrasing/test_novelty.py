"""Words that a source does not have: they are found, wherever they are put."""

import pytest

from retrieval.phrasing.novelty import nothing_new
from retrieval.phrasing.quantities import plain

SOURCE = (
    "中小微企业在疫情期间（含春节假期）新增的贷款，由市财政局给予50%的贴息，贴息期限不超过1年。"
    "申请人可以向区税务局提出申请，税务局审核，社区事务中心发放补贴。老年人用餐另行规定。"
)


@pytest.mark.parametrize(
    "said",
    [
        "新增的贷款，由市财政局给予50%的贴息",
        "您好，贴息期限不超过1年",
        "老人用餐另行规定",
        "如果是中小微企业，还可以向区税务局提出申请",
        "中小微企业在疫情期间新增的贷款",
        "税务局会审核",
        "",
        "50%",
    ],
)
def test_the_sources_words_and_plain_ones_are_nothing_new(said: str) -> None:
    assert nothing_new(plain(said), plain(SOURCE))


@pytest.mark.parametrize(
    "said",
    [
        "新增的贷款，由市教育局给予50%的贴息",  # another office
        "新增的贷款，由工商银行给予50%的贴息",
        "新增的贷款，由张伟给予50%的贴息",  # in no dictionary
        "大型企业的贷款，由市财政局给予50%的贴息",  # another beneficiary
        "上海市财政局给予50%的贴息",  # a place
        "税务局发放补贴",  # its words, but not its neighbours
        "社区事务中心审核",
        "贴息期限不超过几年",  # vague numbers
        "贴息期限不不超过1年",
        "数百家中小微企业",
        "中小微企业和中小微企业",
        "新增的贷款，凭身份证办理",
    ],
)
def test_anything_else_is_new(said: str) -> None:
    assert not nothing_new(plain(said), plain(SOURCE))


def test_the_same_words_are_nothing_new_where_the_source_has_them() -> None:
    """The negative control of the one above."""
    told = "工商银行给予贴息。社区事务中心审核，税务局发放补贴。"
    assert nothing_new(plain("由工商银行给予贴息"), plain(told))
    assert nothing_new(plain("社区事务中心审核，税务局发放补贴"), plain(told))
