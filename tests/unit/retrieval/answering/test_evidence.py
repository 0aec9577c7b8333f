"""Evidence: what speaks for a passage, and what against."""

from datetime import date

import pytest

from knowledge.model import Metadata
from retrieval.answering.evidence import content_words, coverage, kind_shown, place_shown, speaks_for, year_shown
from retrieval.answering.understanding import Understanding, follow, understand
from retrieval.language.tokens import normalised
from retrieval.model import Question

TODAY = date(2026, 11, 19)


def asked(text: str) -> Understanding:
    return understand(Question.of(text), TODAY)


def even(_word: str) -> float:
    return 1.0


def covered(question: str, passage: str) -> float:
    return coverage(asked(question), normalised(passage), even)


# words


def test_a_question_is_about_its_content_words() -> None:
    words = content_words("请问现在居住证到底怎么办理签注呢")
    assert "居住证" in words
    assert "签注" in words
    assert not {"请问", "到底", "怎么", "呢", "现在"} & set(words)


def test_coverage_is_the_share_of_concepts() -> None:
    assert covered("居住证签注", "居住证签注应当在到期前办理") == 1
    assert covered("居住证签注", "居住证") == pytest.approx(0.5)
    assert covered("居住证签注", "食品经营") == 0
    assert covered("？", "食品经营") == 0


def test_colloquial_words_are_covered_by_official_ones() -> None:
    assert covered("失业金", "领取失业保险金的条件") == 1
    assert covered("失业金", "领取养老金的条件") == 0


def test_rare_words_weigh_more() -> None:
    def rare(word: str) -> float:
        return 9.0 if word == "签注" else 1.0

    question = asked("居住证签注")
    assert coverage(question, "签注", rare) > 0.8 > coverage(question, "居住证", rare)


def test_traditional_script_is_covered_by_simplified() -> None:
    assert covered("居住證簽注", "居住证签注") == 1


def test_the_topic_of_a_follow_up_counts() -> None:
    follow_up = follow(asked("那要多少钱"), asked("居住证怎么办"), frozenset(), "")
    assert coverage(follow_up, "办理居住证不收费", even) > coverage(follow_up, "养犬登记收费五百元", even)


# the kind of answer


@pytest.mark.parametrize(
    ("question", "passage", "other"),
    [
        ("每月补贴多少钱", "每人每月补贴290元", "申请人应当具有本市户籍"),
        ("个人缴费比例是多少", "个人按8%缴纳", "个人应当按时缴纳"),
        ("几号截止报名", "报名至5月22日结束", "报名应当在网上进行"),
        ("多少个工作日办结", "自受理之日起5个工作日内办结", "由受理窗口办理"),
        ("打哪个电话咨询", "咨询电话：020-87654321", "可以到窗口咨询"),
        ("最多可以选几种", "最多选择其中3种", "可以选择其中的病种"),
    ],
)
def test_a_passage_with_the_kind_of_thing_asked_for_shows_it(question: str, passage: str, other: str) -> None:
    assert kind_shown(asked(question), "", normalised(passage)) > kind_shown(asked(question), "", normalised(other))


def test_without_a_kind_nothing_is_shown() -> None:
    assert kind_shown(asked("居住证是什么"), "", "居住证是证件") == 0.5


# years


def shown(question: str, passage: str = "", title: str = "补贴办法", since: date | None = None) -> float:
    return year_shown(asked(question), passage, Metadata(title=title, effective_on=since), TODAY)


def test_a_year_named_is_shown() -> None:
    assert shown("2025年标准多少", "2025年标准为每月1309元") == 1
    assert shown("2025年标准多少", "标准为每月1309元", title="2025年低保标准的通知") == 1


def test_another_year_is_not_shown() -> None:
    assert shown("2024年标准多少", "2025年标准为每月1309元") == 0
    assert shown("2024年标准多少", "标准为每月1309元", title="2025年低保标准的通知") == 0


def test_an_amount_is_no_year() -> None:
    assert shown("2025年标准多少", "标准为每月2025元") < 1


def test_of_a_title_with_two_years_the_passage_decides() -> None:
    title = "2025年发放情况和2026年发放标准"
    assert shown("2026年标准多少", "2026年1月起提高至290元", title) == 1
    assert shown("2026年标准多少", "2025年1月起为280元", title) < 0.5


def test_a_rule_in_force_in_a_year_need_not_name_it() -> None:
    assert shown("2025年标准多少", since=date(2024, 1, 1)) == 0.5
    assert shown("2025年标准多少", since=date(2026, 1, 1)) == 0
    assert shown("今年标准多少") == 0.5


def test_a_question_without_a_year_is_indifferent() -> None:
    assert shown("标准多少", "2025年标准为每月1309元") == 0.5


# places


@pytest.mark.parametrize(
    ("question", "region", "passage", "speaks"),
    [
        ("居住证怎么办", "广州市", "", True),
        ("天河居住证怎么办", "广州市", "", True),
        ("广州居住证怎么办", "广东省", "", True),
        ("广州居住证怎么办", "", "", True),
        ("深圳居住证怎么办", "广州市", "", False),
        ("番禺小学怎么报名", "广州市天河区", "", False),
        ("江湾区居住证怎么办", "上海市江湾区", "", True),
        ("浦东居住证怎么办", "上海市江湾区", "", False),
        ("四川户口在广州怎么办居住证", "广州市", "", True),
        ("韶关的补贴多少", "广州市", "到韶关等市就业的给予补贴", True),
        ("香港居民在天河创业", "广州市天河区", "港澳青年创业补贴", True),
        ("香港的公屋怎么申请", "广州市天河区", "在香港设立港澳青年之家", False),
        ("回湖南看病怎么报销", "广州市", "异地就医备案后直接结算", True),
        ("回湖南看病怎么报销", "广州市", "门诊费用按比例支付", False),
        ("湖南看病怎么报销", "广州市", "异地就医备案后直接结算", False),
    ],
)
def test_who_speaks_for_the_place_asked_about(question: str, region: str, passage: str, speaks: bool) -> None:
    assert speaks_for(asked(question), region, passage) is speaks


def place(question: str, passage: str = "", *, region: str = "", issuer: str = "", holds: str = "") -> float:
    about = Metadata(title="办法", region=region, issuer=issuer)
    return place_shown(asked(question), about, passage, lambda word: word in holds)


def test_the_place_shown() -> None:
    assert place("居住证怎么办", "深圳市居住证") == 1
    assert place("广州居住证怎么办", region="广州市") == 1
    assert place("深圳居住证怎么办", region="广州市") == 0
    assert place("回湖南看病怎么报销", "异地就医备案", region="广州市") == 1


def test_a_document_of_no_region_shows_a_place_by_naming_it_and_not_by_naming_others() -> None:
    assert place("深圳居住证怎么办", "在深圳办理居住证") == 1
    assert place("深圳居住证怎么办", "凭证办理", holds="深圳") == 1
    assert place("深圳居住证怎么办", "在绍兴办理居住证", holds="绍兴") == 0
    assert place("深圳居住证怎么办", "凭证办理") == 0.5
    assert place("深圳居住证怎么办", "凭证办理", issuer="国务院") == 1
