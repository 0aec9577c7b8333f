"""Sentences by which unnamed older texts give way, and those that only look like it."""

import time
from pathlib import Path

import pytest

from knowledge.law.vague_repeals import warnings
from knowledge.load import load
from knowledge.model import Clause


@pytest.mark.parametrize(
    "text",
    [
        "本区以往的助餐规定与本办法不一致的，以本办法为准。",
        "此前印发的文件与本 通知不 一致的，均以本通知的规定为准。",
        "过去有关摊位管理的政策，凡与本规定相抵触的，按照本规定执行。",
        "本条例自2026年3月1日起施行，原有做法与本条例不符的，依照本条例办理。",
        "其他有关登记的要求与本细则有冲突的，同时废止。",
        "《江湾区早餐办法》中与本办法规定不相一致的，适用本办法。",
        "区内各项标准与本实施细则不同的，一律停止执行。",
    ],
)
def test_who_puts_in_a_text_that_outdoes_others_is_told_to_look(text: str) -> None:
    (said,) = warnings([Clause(0, "第九条", ("附则",), f"第九条 {text}")])
    assert said.startswith("第九条写明：“")
    assert "请逐一核对" in said


@pytest.mark.parametrize(
    "text",
    [
        "本办法与上级规定不一致的，以上级规定为准。",
        "摊位租赁合同的约定与本办法不一致的，以本办法为准。",
        "附件所列标准与本办法不一致的，以本办法为准。",
        "申请人填写的信息与本人证件不一致的，不予受理。",
        "《江湾区早餐办法》同时废止。",
        "本区规定与本办法不一致。发生争议的，以本办法为准。",
    ],
)
def test_others_are_not_warned_of(text: str) -> None:
    assert warnings([Clause(0, "第九条", (), f"第九条 {text}")]) == ()


def test_several_places_are_one_sentence_with_the_first_quoted() -> None:
    says = "以前的规定与本办法不一致的，以本办法为准"
    clauses = [Clause(0, "三、", (), f"三、{says}。"), Clause(1, "", (), f"{'长' * 100}{says}。")]
    (said,) = warnings([*clauses, Clause(2, "四、", (), f"四、{says}；{says}。")])
    assert said.startswith(f"三、四写明：“{says}”")
    (unnumbered,) = warnings(clauses[1:])
    assert unnumbered.startswith("正文写明：“长")
    assert "…”" in unnumbered


def test_a_sentence_without_end_does_not_hold_up_reading() -> None:
    began = time.process_time()
    assert warnings([Clause(0, "", (), "旧规定与本办法" * 40_000)]) == ()
    assert time.process_time() - began < 5


def test_it_stands_with_the_document_read(tmp_path: Path) -> None:
    file = tmp_path / "助餐.txt"
    text = "江湾区助餐办法\n第一条 每餐五元。\n第二条 以前的规定与本办法不一致的，以本办法为准。\n"
    file.write_text(text, encoding="utf-8")
    assert load(file, file.name).warnings[0].startswith("第二条写明：")
    file.write_text(text.replace("以前的规定与本办法不一致的，以本办法为准。", "每月两次。"), encoding="utf-8")
    assert load(file, file.name).warnings == ()
