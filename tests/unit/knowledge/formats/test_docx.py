"""Word files: numbers Word prints by itself, merged cells, and what a reader of the printed page sees."""

import io
from collections.abc import Sequence
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from knowledge.formats.blocks import Block
from knowledge.formats.docx import read
from knowledge.formats.docx_numbers import written
from knowledge.reading.clauses import cut

LEVELS = (
    ("chineseCountingThousand", "第%1条"),
    ("chineseCounting", "（%2）"),
    ("decimal", "%3."),
    ("decimalEnclosedCircle", "%4"),
)


def blocks_of(document: Document) -> tuple[Block, ...]:
    file = io.BytesIO()
    document.save(file)
    return read(file.getvalue()).blocks


def define(document: Document, levels: Sequence[tuple[str, str]], name: str = "90", extra: str = "") -> None:
    """A list definition and one list of it, both called `name`."""
    root = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}">{inner}</w:abstractNum>'))
    use(document, name, name, extra)


def use(document: Document, name: str, definition: str, extra: str = "") -> None:
    root = document.part.numbering_part.element
    link = f'<w:abstractNumId w:val="{definition}"/>'
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{name}">{link}{extra}</w:num>'))


def add(document: Any, text: str, level: int, name: str = "90") -> Any:
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(
        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>'
    ))  # fmt: skip
    return paragraph


def test_articles_that_word_numbers_are_articles() -> None:
    document = docx.Document()
    define(document, LEVELS)
    for text, level in (
        ("申请条件如下：", 0),
        ("年满十八周岁；", 1),
        ("有固定住所。", 1),
        ("不收费。", 0),
        ("例外：", 0),
    ):
        add(document, text, level)
    for text, level in (("一类；", 1), ("甲；", 2), ("细目甲；", 3), ("乙。", 2)):
        add(document, text, level)
    blocks = blocks_of(document)
    assert [block.text for block in blocks] == [
        "第一条 申请条件如下：",
        "（一）年满十八周岁；",
        "（二）有固定住所。",
        "第二条 不收费。",
        "第三条 例外：",
        "（一）一类；",
        "1. 甲；",
        "①细目甲；",
        "2. 乙。",
    ]
    assert [clause.number for clause in cut(blocks, "某办法")] == ["第一条", "第二条", "第三条"]


def test_a_list_counts_on_over_text_and_starts_again_where_it_says_so() -> None:
    document = docx.Document()
    define(document, (("chineseCounting", "%1、"),))
    use(document, "91", "90", '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    add(document, "甲", 0)
    document.add_paragraph("说明文字。")
    add(document, "乙", 0)
    add(document, "另一份甲", 0, "91")
    add(document, "另一份乙", 0, "91")
    assert [b.text for b in blocks_of(document)] == ["一、甲", "说明文字。", "二、乙", "一、另一份甲", "二、另一份乙"]


def test_a_style_gives_the_number_and_zero_takes_it_away() -> None:
    document = docx.Document()
    define(document, (("decimal", "%1"), ("decimal", "%1.%2")))
    style = document.styles["Heading 2"].element.get_or_add_pPr()
    style.append(parse_xml(
        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="1"/><w:numId w:val="90"/></w:numPr>'
    ))  # fmt: skip
    add(document, "总述", 0)
    document.add_heading("范围", 2)
    document.add_heading("对象", 2)
    add(document, "无号", 0, "0")
    bulleted = docx.Document()
    define(bulleted, (("bullet", "•"),))
    add(bulleted, "要点", 0)
    blocks = blocks_of(document)
    assert [b.text for b in blocks] == ["1 总述", "1.1 范围", "1.2 对象", "无号"]
    assert [b.level for b in blocks] == [0, 2, 2, 0]
    assert [b.text for b in blocks_of(bulleted)] == ["要点"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "japaneseCounting", "二十"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (1005, "chineseCountingThousand", "一千零五"),
        (21, "decimalEnclosedCircle", "㉑"),
        (3, "ideographTraditional", "丙"),
        (24, "ideographDigital", "二四"),
        (3, "chineseLegalSimplified", "叁"),
        (4, "lowerRoman", "iv"),
        (1994, "upperRoman", "MCMXCIV"),
        (28, "upperLetter", "BB"),
        (7, "decimalZero", "07"),
        (7, "somethingNew", "7"),
    ],
)
def test_formats(value: int, form: str, text: str) -> None:
    assert written(value, form) == text


def test_merged_cells_stand_wherever_they_reach() -> None:
    document = docx.Document()
    table = document.add_table(4, 4)
    for y, row in enumerate(
        (("病种", "限额", "", "备注"), ("", "职工", "居民", ""), ("甲", "1", "2", "同"), ("乙", "3", "4", ""))
    ):
        for x, text in enumerate(row):
            table.cell(y, x).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 3).merge(table.cell(3, 3))
    for row in table.rows[:2]:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    (block,) = blocks_of(document)
    assert block.rows == (
        ("病种", "限额", "限额", "备注"),
        ("病种", "职工", "居民", ""),
        ("甲", "1", "2", "同"),
        ("乙", "3", "4", "同"),
    )
    assert block.header_rows == 2
    assert cut([block], "通知")[0].text.split("\n")[0] == "病种：甲；限额（职工）：1；限额（居民）：2；备注：同"


def test_a_number_of_rows_counted_by_word_is_in_its_cell() -> None:
    document = docx.Document()
    define(document, (("decimal", "%1"),))
    table = document.add_table(3, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "序号", "材料"
    for y, name in ((1, "申请表"), (2, "照片")):
        add(table.cell(y, 0), "", 0)
        table.cell(y, 1).text = name
    add(document, "之后", 0)
    table, after = blocks_of(document)
    assert table.rows == (("序号", "材料"), ("1", "申请表"), ("2", "照片"))
    assert after.text == "3 之后"


def test_a_frame_of_one_column_is_paragraphs() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "第一条 甲。"
    cell.add_paragraph("第二条 乙。")
    assert [b.text for b in blocks_of(document)] == ["第一条 甲。", "第二条 乙。"]


def test_deleted_and_hidden_text_is_not_read_and_inserted_text_is() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("收费")
    paragraph._p.append(parse_xml(
        f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>一百元</w:delText></w:r></w:del>'
    ))  # fmt: skip
    paragraph._p.append(parse_xml(
        f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>八十元</w:t></w:r></w:ins>'
    ))  # fmt: skip
    paragraph.add_run("内部批注").font.hidden = True
    assert [b.text for b in blocks_of(document)] == ["收费八十元"]


def test_content_controls_and_text_boxes_are_read() -> None:
    document = docx.Document()
    document.add_paragraph("前")
    body = document.element.body
    body.insert(1, parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:r><w:t>控件里</w:t></w:r></w:p></w:sdtContent></w:sdt>'
    ))  # fmt: skip
    box = (
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>框里</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    document.add_paragraph("框外")._p.append(parse_xml(box))
    assert [b.text for b in blocks_of(document)] == ["前", "控件里", "框外", "框里"]


def test_a_line_break_ends_a_paragraph_but_not_a_title() -> None:
    document = docx.Document()
    document.add_heading("某区助餐\n管理办法", 0)
    document.add_paragraph("第一条 甲。\n第二条 乙。")
    assert [(b.text, b.level) for b in blocks_of(document)] == [
        ("某区助餐 管理办法", 1),
        ("第一条 甲。", 0),
        ("第二条 乙。", 0),
    ]


def test_links_and_loops() -> None:
    """A style based on itself ends, a link keeps its address."""
    document = docx.Document()
    paragraph = document.add_paragraph("见", style="Body Text")
    document.styles["Body Text"].element.find(qn("w:basedOn")).set(qn("w:val"), "BodyText")
    name = document.part.relate_to("https://example.org/v.mp4", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, True)
    paragraph._p.append(parse_xml(
        f'<w:hyperlink {nsdecls("w", "r")} r:id="{name}"><w:r><w:t>视频</w:t></w:r></w:hyperlink>'
    ))  # fmt: skip
    (block,) = blocks_of(document)
    assert (block.text, block.links) == ("见视频", (("视频", "https://example.org/v.mp4"),))
