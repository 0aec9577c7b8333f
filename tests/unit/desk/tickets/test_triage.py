"""The green channel's rules, without a database."""

import pytest

from desk.model import Escalation, Priority
from desk.tickets.triage import triage


@pytest.mark.parametrize(
    ("said", "priority", "reason"),
    [
        ("我今年72岁，老年卡丢了", Priority.GREEN_CHANNEL, "申请人说自己 72 岁"),
        ("我都 68 周岁了，不会弄手机", Priority.GREEN_CHANNEL, "申请人说自己 68 岁"),
        ("本人八十三岁，想问补贴", Priority.GREEN_CHANNEL, "申请人说自己 83 岁"),
        ("我七十多岁了", Priority.GREEN_CHANNEL, "申请人说自己 70 岁"),
        ("我是一个老人，看不清", Priority.GREEN_CHANNEL, "申请人说自己是老年人"),
        ("我年纪大了不会操作", Priority.GREEN_CHANNEL, "申请人说自己是老年人"),
        ("我是残疾人，坐轮椅能进大厅吗", Priority.GREEN_CHANNEL, "申请人说自己是残疾人"),
        ("我怀孕七个月了", Priority.GREEN_CHANNEL, "申请人说自己怀孕"),
        ("办不下来我就不想活了", Priority.EMERGENCY, "提到轻生或自伤，请立即联系"),
        ("我72岁，活不下去了", Priority.EMERGENCY, "提到轻生或自伤，请立即联系"),
    ],
)
def test_what_people_say_of_themselves_opens_the_channel(said: str, priority: Priority, reason: str) -> None:
    found = triage(Escalation.ASKED, ["转人工", said])
    assert (found.priority, found.reason) == (priority, reason)


@pytest.mark.parametrize(
    "said",
    [
        "65岁以上老人免费坐车吗",
        "老年人助餐点在哪里",
        "残疾人证怎么办理",
        "孕妇产检报销多少",
        "我今年35岁",
        "我儿子6岁，怎么上小学",
        "我有165岁的老房子",
        "我的号码是 70 号",
        "想死机重启一下",
        "",
    ],
)
def test_questions_about_policies_and_other_people_do_not(said: str) -> None:
    assert triage(Escalation.ASKED, [said]).priority is Priority.NORMAL


@pytest.mark.parametrize(
    ("escalation", "priority"),
    [
        (Escalation.COMPLAINT, Priority.GREEN_CHANNEL),
        (Escalation.GREEN_CHANNEL, Priority.GREEN_CHANNEL),
        (Escalation.ABSTAINED, Priority.NORMAL),
        (Escalation.RATED_BADLY, Priority.NORMAL),
    ],
)
def test_some_reasons_open_it_by_themselves(escalation: Escalation, priority: Priority) -> None:
    found = triage(escalation, ["你好"])
    assert found.priority is priority
    assert bool(found.reason) is (priority is not Priority.NORMAL)
