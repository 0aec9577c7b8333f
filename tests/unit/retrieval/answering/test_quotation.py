"""Quotations: verbatim, never empty, short, and cut only where a reader would cut."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.answering import quotation as quoting
from retrieval.answering.quotation import DOUBTFUL, LIST, RUN, FoundPiece, quotation
from retrieval.answering.understanding import Understanding, understand
from retrieval.model import Question

FILLER = "本办法所称的服务机构应当依法登记，接受主管部门的监督检查，并按照要求报送年度情况。"


def asked(text: str) -> Understanding:
    return understand(Question.of(text), date(2026, 11, 19))


def even(_word: str) -> float:
    return 1.0


def quoted(question: str, clause: str, near: str = "") -> str:
    return quotation(asked(question), clause, FoundPiece(near or clause), even)


def bounds(clause: str) -> int:
    """The longest sentence or line, which may be quoted whole."""
    return max(len(part) for part in re.split(r"[。！？!?\n]", clause)) + 20


PIECES = (
    "第三条 ",
    "（一）",
    "1.",
    "①",
    "材料：",
    "申请",
    "居住证",
    "，",
    "。",
    "；",
    "：",
    "\n",
    " ",
    "　",
    "\u2028",
    "\x1c",
    "”",
    "A",
    "0",
)
LONG = st.lists(st.sampled_from(PIECES), min_size=150, max_size=400).map("".join)
ANY = st.tuples(st.text(max_size=400), LONG, st.text(max_size=400)).map("".join)
TEXT = st.one_of(LONG, ANY, st.text(max_size=300))


@settings(max_examples=300, deadline=None)
@given(TEXT, st.integers(0, 500))
def test_a_quotation_is_verbatim_and_not_empty_and_short(clause: str, cut: int) -> None:
    quote = quoted("居住证要什么材料", clause, clause[cut : cut + 300])
    assert quote in clause
    assert bool(quote) is bool(clause.strip())
    assert quote == quote.strip()
    assert len(quote) <= max(DOUBTFUL, LIST, bounds(clause))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([FILLER, "居住证每年签注一次。", "申请居住证免费；补领收费。"]), min_size=8, max_size=60)
)
def test_a_run_of_sentences_stays_short(sentences: list[str]) -> None:
    assert len(quoted("居住证多久签注一次", "".join(sentences))) <= DOUBTFUL


def test_a_short_clause_is_quoted_whole() -> None:
    clause = "第三条 申领居住证应当提交身份证。\n不收费。"
    assert quoted("居住证要钱吗", clause) == clause


def test_of_a_long_clause_the_sentence_that_answers_is_quoted() -> None:
    clause = FILLER * 9 + "居住证签注应当在届满前三十日内办理。" + FILLER * 9
    quote = quoted("居住证什么时候签注", clause)
    assert "居住证签注应当在届满前三十日内办理。" in quote
    assert quote.endswith("。")
    assert len(quote) <= RUN


LISTED = "（一）居民身份证；\n（二）房屋租赁合同备案证明；\n（三）近期照片两张。"


def test_a_list_after_a_colon_stays_together() -> None:
    clause = f"第五条 {FILLER * 6}\n申领居住证应当提交下列材料：\n{LISTED}\n{FILLER * 6}"
    quote = quoted("申领居住证要什么材料", clause)
    assert f"下列材料：\n{LISTED}" in quote
    assert f"下列材料：\n{LISTED}" in quoted("居住证照片要几张", clause)


def test_a_list_in_one_line_stays_together() -> None:
    items = "（一）居民身份证；（二）房屋租赁合同备案证明；（三）近期照片两张。"
    assert f"下列材料：{items}" in quoted(
        "居住证照片几张", f"{FILLER * 8}申领居住证应当提交下列材料：{items}{FILLER * 8}"
    )


def test_a_list_ends_before_the_next_item_of_the_colons_own_level() -> None:
    clause = f"{FILLER * 6}\n1.申领居住证需要：\n（1）身份证；\n（2）照片。\n2.{FILLER[:-1] * 7}。"
    assert quoted("申领居住证需要什么", clause).endswith("（2）照片。")


def test_of_a_list_too_long_the_item_that_answers_is_quoted() -> None:
    items = "\n".join(f"{n}.{FILLER}" for n in range(1, 12)) + "\n12.居住证遗失的，凭身份证补领。"
    quote = quoted("居住证丢了怎么补领", f"下列情形：\n{items}")
    assert "12.居住证遗失的，凭身份证补领。" in quote
    assert len(quote) <= RUN


ROWS = "\n".join(
    f"序号：{n}；单位：{name}街；办公电话：8755{n:04}；街道地址：{name}路{n}号1楼"
    for n, name in enumerate(("石牌", "沙河", "员村", "车陂", "林和", "五山", "天园", "棠下", "龙洞", "凤凰"), 1)
)


def test_a_row_of_a_table_is_quoted_whole_and_alone() -> None:
    assert quoted("车陂街的电话是多少", ROWS) == ROWS.splitlines()[3]


def test_a_number_with_a_point_is_no_item() -> None:
    clause = FILLER * 7 + "\n标准为低保的1.5倍，每人每月1963.5元。\n" + FILLER * 7
    assert "低保的1.5倍，每人每月1963.5元。" in quoted("低保边缘标准每月多少元", clause)


def test_a_sentence_ends_after_its_closing_quotation_mark() -> None:
    clause = "居住证分为“主证。”和“副证。”" + FILLER * 10
    assert not quoted("居住证分为哪几种", clause).startswith("”")


@pytest.mark.parametrize("near", ["", "不在其中的一段话", FILLER])
def test_a_piece_that_is_not_found_does_no_harm(near: str) -> None:
    clause = FILLER * 9 + "居住证免费。"
    assert quotation(asked("居住证"), clause, FoundPiece(near), even) in clause


def test_without_blocks_a_list_would_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: growing sentence by sentence alone loses items."""
    monkeypatch.setattr(quoting, "_kept_together", lambda _units, best: (best, best))
    items = "\n".join(f"（{n}）{FILLER}" for n in "一二三四五六七八")
    clause = f"申领居住证应当提交下列材料：\n{items}\n{FILLER * 4}"
    assert items not in quoted("居住证要交什么材料", clause)
    monkeypatch.undo()
    assert f"下列材料：\n{items}" in quoted("居住证要交什么材料", clause)


def test_what_stands_under_a_heading_without_a_colon_stays_with_it() -> None:
    items = "（一）低保家庭的孤寡老人免交租金。\n（二）其他家庭按规定标准的百分之十交租金。"
    assert f"租金标准\n{items}" in quoted("公租房租金交多少", f"{FILLER * 7}\n三、租金标准\n{items}\n四、{FILLER * 2}")


def test_where_no_sentence_stands_out_more_is_quoted() -> None:
    clause = FILLER * 30
    alike = FoundPiece(clause, lambda _start, _end: 0.5)
    assert RUN < len(quotation(asked("居住证"), clause, alike, even)) <= DOUBTFUL


def test_the_unit_whose_tokens_come_nearest_is_quoted() -> None:
    sentences = [f"第{i}类机构应当向所在区的主管部门报送年度情况，并在每年年底以前接受检查。" for i in range(40)]
    clause = "".join(sentences)
    wanted = clause.index(sentences[30])
    near = FoundPiece(clause, lambda start, end: 0.9 if start <= wanted < end else 0.2)
    assert sentences[30] in quotation(asked("怎么做"), clause, near, even)
    assert sentences[30] not in quotation(asked("怎么做"), clause, FoundPiece(clause), even)
