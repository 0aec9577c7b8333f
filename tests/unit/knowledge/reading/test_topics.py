"""What a document is about."""

import pytest

from knowledge.formats.blocks import Block
from knowledge.reading.topics import MOST, TOPICS, topics_of


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("江湾区老年人助餐服务办法", "养老助残"),
        ("江湾区公租房申请指南", "住房"),
        ("关于调整失业保险金标准的通知", "社保"),
        ("江湾区养犬登记须知", "城市管理"),
        ("江湾区居住证签注规定", "户籍"),
    ],
)
def test_the_title_says_it(title: str, first: str) -> None:
    assert topics_of(title, [])[0] == first


def test_a_title_outweighs_headings_and_one_heading_says_nothing() -> None:
    headings = [Block("第三章 车辆停放"), Block("道路清扫", level=2)]
    assert topics_of("江湾区幼儿园管理办法", [*headings, Block("二、停车收费", level=2)]) == ("教育", "交通")
    assert topics_of("江湾区事项汇编", headings[:1]) == ()


def test_running_text_says_nothing() -> None:
    """A measure about pets that names schools once in every article is not about schools."""
    text = [Block("第一条 学校周边不得遛犬，学校应当张贴告示，并向学生和家长说明有关要求，违者由学校报告。")] * 5
    assert topics_of("江湾区事项汇编", text) == ()


def test_at_most_three_the_likeliest_first_and_only_from_the_list() -> None:
    found = topics_of("江湾区住房、教育、医疗、交通补贴办法", [Block("第二章 住房租赁"), Block("第三章 学校医疗")])
    assert found[0] == "住房"
    assert len(found) == MOST
    assert set(found) <= set(TOPICS)
    assert len(TOPICS) == len(set(TOPICS))
