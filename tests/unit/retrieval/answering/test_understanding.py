"""What a question asks: years, follow-ups, the end of a story, the kind of answer."""

import re
from datetime import date

import pytest

from retrieval.answering.understanding import (
    Understanding,
    Wanted,
    bare,
    focus_of,
    follow,
    leans,
    matter_of,
    understand,
    wanted,
)
from retrieval.language.tokens import normalised
from retrieval.language.years import without_years, years, years_asked
from retrieval.model import Question

TODAY = date(2026, 11, 19)


def understood(text: str) -> Understanding:
    return understand(Question.of(text), TODAY)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("2025年低保标准是多少", {2025}),
        ("天河积分入学2026总共放多少个位", {2026}),
        ("26年怎么派位", {2026}),
        ("弟弟是一级残疾，2026年护理补贴多少", {2026}),
        ("24年的低保多少钱", {2024}),
        ("从2024年到2025年能领多少", {2024, 2025}),
        ("2026-2027学年什么时候开学", {2026, 2027}),
        ("what was the standard in 2025?", {2025}),
        ("去年低保标准是多少", {2025}),
        ("明年几号报名", {2027}),
        ("今年的补贴发多少", {2026}),
        ("2025年高校毕业生创业补贴怎么领", {2025}),
        ("2019年出生的孩子2026年能上小学吗", {2026}),
    ],
)
def test_the_years_asked_about(text: str, asked: set[int]) -> None:
    assert years_asked(text, TODAY) == asked


@pytest.mark.parametrize(
    "text",
    [
        "2019年出生的孩子能上小班吗",
        "孩子是2023年9月3日出生，可以读小班吗",
        "我2021年毕业，现在能申请创业补贴吗",
        "2018年买的房能落户吗",
        "2020年来的广州，社保怎么转",
        "she was born in september 2019, can she enrol",
        "工作了26年能领多少养老金",
        "养老保险交满25年还要交吗",
        "工龄20年以上怎么补偿",
        "我20年前的档案找不到了",
        "补贴2000元什么时候发",
        "工资2050块要交税吗",
        "共招2023人是什么意思",
        "穗府办规〔2020〕10号还有效吗",
        "穗民规字2025-2号说的是什么",
        "去年社区医生拉着我签了个约，多久联系我一次",
        "明年孩子要上小学，材料去哪交",
        "身份证号码是什么时候编的",
        "",
    ],
)
def test_years_of_a_life_amounts_and_numbers_are_not_asked_about(text: str) -> None:
    assert years_asked(text, TODAY) == set()


def test_a_document_names_its_years_and_not_its_amounts() -> None:
    assert years("细则提示,2026年起，每人每月2,030元，缴费年限满25年，穗府规〔2024〕5号") == {2026}


@pytest.mark.parametrize(
    "text", ["那要交多少钱？", "本科的呢", "如果是外地户口呢", "咁細路呢", "孤儿可以吗", "what about my wife?"]
)
def test_a_turn_says_itself_that_it_follows(text: str) -> None:
    assert leans(normalised(text))


@pytest.mark.parametrize(
    "text", ["居住证怎么办", "租房补贴多少", "居住证在网上签注要交什么材料才可以吗", "how do i apply for a permit"]
)
def test_a_question_of_its_own_does_not(text: str) -> None:
    assert not leans(normalised(text))


@pytest.mark.parametrize(
    "text", ["要什么材料", "多久能办好", "在哪里办", "网上可以办理吗", "最高封顶多少", "一个月多少"]
)
def test_a_side_of_a_matter_is_no_matter(text: str) -> None:
    assert bare(normalised(text))


@pytest.mark.parametrize("text", ["居住证", "失业金怎么领", "老人饭堂在哪里"])
def test_a_matter_is_no_side_of_one(text: str) -> None:
    assert not bare(normalised(text))


def test_a_follow_up_takes_over_what_it_does_not_name_itself() -> None:
    before = understood("2025年广州低保标准是多少")
    asked = follow(understood("那怎么申请"), before, frozenset({"a"}), "clause")
    assert "低保" in asked.search_text
    assert {place.name for place in asked.places} == {"广州"}
    assert asked.years == {2025}
    assert asked.about == {"a"}
    own = follow(understood("那2026年杭州的呢"), before, frozenset(), "")
    assert own.years == {2026}
    assert {place.name for place in own.places} == {"杭州"}
    assert own.wanted is before.wanted


def test_what_was_asked_of_a_matter_is_no_part_of_it() -> None:
    assert matter_of("申请失业金要带什么证") == "申请失业金要 "
    assert "低保" in matter_of("低保标准是多少")


def test_a_text_without_its_years() -> None:
    assert without_years("2025年低保，26年特困，去年孤儿2000元").split() == ["低保，", "特困，", "孤儿2000元"]


@pytest.mark.parametrize("text", ["", " ", "？？？", "🙂🙂", "怎么办", "多少钱", "要什么材料", "\0", "请问一下"])
def test_a_question_without_a_matter_is_vague(text: str) -> None:
    assert understood(text).vague


@pytest.mark.parametrize("text", ["居住证", "退休怎么办", "低保多少钱", "pension", "孩子上学", "开店"])
def test_a_matter_of_one_word_is_not_vague(text: str) -> None:
    assert not understood(text).vague


def test_of_a_long_story_the_end_is_the_question() -> None:
    story = "我们一家五口住在老房子里。" * 12 + "楼下装了电梯。租房合同最迟哪天要备案？"
    focus = focus_of(story)
    assert focus.endswith("租房合同最迟哪天要备案？")
    assert len(focus) <= 80
    assert understood(story).wanted is Wanted.DATE


def test_a_story_without_full_stops_is_cut_too() -> None:
    assert len(focus_of("我妈八十岁一个人住，" * 60 + "能不能送饭")) <= 120


def test_words_of_the_whole_story_bring_the_documents_words() -> None:
    story = "我被公司辞退了。" + "房租也快付不起了，家里还有老人要养。" * 5 + "每个月能领多少？"
    assert "失业保险金" in understood(story).added


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("失业金每个月领多少", Wanted.AMOUNT),
        ("低保标准是多少钱", Wanted.AMOUNT),
        ("个人缴费比例是多少", Wanted.SHARE),
        ("几号截止报名", Wanted.DATE),
        ("最迟哪天备案", Wanted.DATE),
        ("多少个工作日办好", Wanted.DURATION),
        ("补贴能领几年", Wanted.DURATION),
        ("最多能选几种病", Wanted.COUNT),
        ("打哪个电话问", Wanted.PHONE),
        ("居住证是什么", Wanted.ANY),
        ("how much is the allowance", Wanted.AMOUNT),
        ("什么时候去审资料", Wanted.DATE),
        ("审资料要带什么", Wanted.MATERIALS),
        ("证明多久能开好", Wanted.DURATION),
        ("重度失能再加多少", Wanted.AMOUNT),
        ("本科加多少分", Wanted.COUNT),
        ("工资标准", Wanted.AMOUNT),
        ("津贴比原来工资低，公司要不要补给我", Wanted.ANY),
    ],
)
def test_the_kind_of_answer_wanted(text: str, kind: Wanted) -> None:
    assert wanted(text) is kind


def test_an_english_question_is_searched_for_in_the_documents_words() -> None:
    searched = understood("What documents do I need to apply for a residence permit?").search_text
    assert "居住证" in searched
    assert "材料" in searched
    assert not re.search("[a-z]", searched)


def test_what_no_document_has_a_word_for_stays_in_an_english_question() -> None:
    """Else a question about a bank would be answered as if it asked about any deposit."""
    assert "zeppelin" in understood("Do I need a residence permit for a zeppelin?").search_text


def test_latin_words_of_a_chinese_question_stay() -> None:
    assert understood("用app能不能办居住证").search_text.startswith("用app能不能办居住证")
