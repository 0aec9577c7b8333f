"""Every clause stands where it says it does in the document's text."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.formats.blocks import Block
from knowledge.load import load
from knowledge.model import ClauseKind, ParsedDocument
from knowledge.reading.clauses import ReadClauses, read

SENTENCE = st.sampled_from(
    ("申请人应当如实填写。", "下列情形不予受理：", "不收费", "按照规定办理；", "办理要多久？", "甲" * 500)
)
NUMBER = st.sampled_from(
    (
        "",
        "第一章 ",
        "第二节 ",
        "第一条 ",
        "第二条 ",
        "第三条 ",
        "一、",
        "二、",
        "（一）",
        "1.",
        "（1）",
        "①",
        "附件1 ",
        "问：",
        "答：",
    )
)
LINE = st.builds(
    lambda number, sentence, level, bold, page: Block(number + sentence, level=level, bold=bold, page=page),
    NUMBER,
    SENTENCE,
    st.sampled_from((0, 0, 0, 1, 2)),
    st.booleans(),
    st.sampled_from((None, 1, 2)),
)
CELL = st.sampled_from(("", "序号", "材料名称", "1", "身份证", "乙" * 300))
TABLE = st.builds(
    lambda rows, header: Block(rows=tuple(rows), header_rows=header),
    st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[CELL] * width).filter(any), min_size=1, max_size=6)),
    st.sampled_from((0, 0, 1)),
)


def wrong_places(found: ReadClauses | ParsedDocument) -> list[str]:
    """What is not as it should be: lines that do not stand in their clause's place, places that cross or run back."""
    text = found.text if isinstance(found.text, str) else found.text.text
    wrong, before = [], None
    for clause in found.clauses:
        place, at = text[clause.start : clause.end], 0
        for line in clause.text.split("\n"):
            at = place.find(line, at)
            if at < 0:
                wrong.append(f"{clause.locator}: {line} is not at its place")
                break
            at += len(line)
        if not (place.startswith(clause.text.split("\n")[0]) and place.endswith(clause.text.split("\n")[-1])):
            wrong.append(f"{clause.locator}: its place is not its own")
        if before and not (clause.start >= before.end or before.start <= clause.start <= clause.end <= before.end):
            wrong.append(f"{clause.locator}: crosses {before.locator}")
        before = before if before and clause.end <= before.end else clause
    return wrong


@settings(max_examples=300, deadline=None)
@given(st.lists(LINE | TABLE, max_size=25))
def test_places_hold_their_text_in_reading_order(blocks: list[Block]) -> None:
    assert wrong_places(read(blocks, "某办法")) == []


def test_a_place_passes_over_what_is_no_part_of_the_clause() -> None:
    rows = (("材料", "份数"), ("申请表", "1份"))
    found = read([Block("第一条 提交下列材料："), Block(rows=rows, page=2), Block("缺一不可。", page=2)], "某办法")
    article, table = found.clauses
    assert found.text.text[article.start : article.end] == "第一条 提交下列材料：\n材料：申请表；份数：1份\n缺一不可。"
    assert found.text.text[table.start : table.end] == table.text == "材料：申请表；份数：1份"
    assert (table.kind, table.rows, table.header_rows, table.page) == (ClauseKind.TABLE, rows, 1, 2)
    assert found.text.pages == ((2, len("第一条 提交下列材料：") + 1),)


def test_headings_are_marked_with_their_depth() -> None:
    found = read(
        [Block("第一章 总则"), Block("第一条 甲。"), Block("附件1"), Block("一、申请条件："), Block("乙。")], "某办法"
    )
    text = found.text.text
    assert [(text[h.start : h.end], h.depth) for h in found.text.headings] == [
        ("第一章 总则", 1),
        ("附件1", 1),
        ("一、申请条件：", 2),
    ]


def test_a_wrong_place_is_noticed() -> None:
    """The check above is no check if it passes shifted places."""
    found = read([Block("第一条 甲。"), Block("第二条 乙。")], "某办法")
    shifted = replace(found, text=type(found.text)("。" + found.text.text))
    assert len(wrong_places(shifted)) >= 2


@pytest.mark.data
def test_places_in_real_files(data: Path) -> None:
    paths = [path for path in sorted((data / "laws").rglob("*.md")) if path.name != "_index.md"]
    paths = random.Random(3).sample(paths, 15) + sorted((data / "pages").iterdir())[::3]
    paths += [*sorted((data / "files").glob("*.docx"))[:2], *sorted((data / "files").glob("发改*.pdf"))]
    wrong = {path.name: wrong_places(load(path, path.name)) for path in paths}
    assert {name: found for name, found in wrong.items() if found} == {}
