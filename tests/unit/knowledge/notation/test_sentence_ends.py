"""Texts are cut at the marks their reader names, and nothing but those marks is lost."""

from knowledge.notation import sentence_ends


def test_a_rule_ends_at_a_semicolon_a_stop_or_a_line() -> None:
    text = "废止甲办法；废止乙办法。\n本决定自公布之日起施行"
    assert sentence_ends.split(text) == ["废止甲办法", "废止乙办法", "", "本决定自公布之日起施行"]


def test_kept_marks_stay_with_the_part_before_them() -> None:
    text = "不收费；即办。咨询窗口"
    assert sentence_ends.split(text, "。", keep=True) == ["不收费；即办。", "咨询窗口"]
    assert "".join(sentence_ends.split(text, keep=True)) == text


def test_a_run_of_marks_belongs_to_one_sentence() -> None:
    assert sentence_ends.runs("能办吗？？！要带什么；谢谢") == ["能办吗？？！", "要带什么；", "谢谢"]
    assert sentence_ends.runs("？要带什么") == ["要带什么"]


def test_a_break_ends_a_sentence_and_belongs_to_none() -> None:
    assert sentence_ends.runs("需要身份证\n不收费。", "。", "\n") == ["需要身份证", "不收费。"]
    assert sentence_ends.runs("需要身份证\n不收费。", "。\n") == ["需要身份证\n", "不收费。"]


def test_spans_leave_no_gap_and_take_closing_quotes() -> None:
    text = "一、称“本人到场。”的；二、其他"
    found = list(sentence_ends.spans(text, 2, len(text)))
    assert [text[start:end] for start, end in found] == ["称“本人到场。”", "的；", "二、其他"]
    assert [start for start, _ in found[1:]] == [end for _, end in found[:-1]]
