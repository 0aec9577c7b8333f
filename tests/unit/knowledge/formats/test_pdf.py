"""PDFs with a text layer: paragraphs over page breaks, what stands on every page, tables with merged cells."""

from collections.abc import Sequence

from knowledge.formats import pdf
from knowledge.model import ClauseKind
from knowledge.reading.clauses import cut
from knowledge.reading.clauses import read as read_clauses
from tests.unit.knowledge.formats.drawn import pdf_of

LEFT, RIGHT, SIZE = 72, 520, 14
FULL = (RIGHT - LEFT) // SIZE  # characters of a full line


def pages(*contents: Sequence[str]) -> bytes:
    """A PDF of these pages; each is a list of drawing operators."""
    first = 3
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(contents)))
    font, inner = first + 2 * len(contents), first + 2 * len(contents) + 1
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
    ]
    for number, content in enumerate(contents):
        stream = "\n".join(content).encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * number + 1} 0 R "
            f"/Resources << /Font << /F {font} 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects.append(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        f"/DescendantFonts [{inner} 0 R] >>".encode()
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
    )
    return pdf_of(objects)


def say(text: str, x: float, y: float, size: float = SIZE) -> str:
    return f"BT /F {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def lines(*texts: str, top: float = 740, indent: float = 0) -> list[str]:
    return [say(text, LEFT + indent, top - 24 * i) for i, text in enumerate(texts)]


def filled(text: str, length: int = FULL) -> str:
    """The text drawn out to a whole line."""
    return (text + "甲乙丙丁" * length)[:length]


def texts(data: bytes) -> list[str]:
    return [block.text for block in pdf.read(data).blocks]


def test_a_paragraph_goes_on_over_the_page_break() -> None:
    one, two, three = filled("第一条 申请人应当如实填写", FULL - 2), filled("各项内容"), "并签名。"
    head, after = say("某区文件汇编", 240, 800, 10), say("第二条 不收费。", LEFT + 28, 692)
    first = [head, say(one, LEFT + 28, 740), say("— 1 —", 280, 40, 10)]
    found = pdf.read(pages(first, [head, *lines(two, three), after, say("— 2 —", 280, 40, 10)])).blocks
    assert [block.text for block in found] == [one + two + three, "第二条 不收费。"]
    assert [block.page for block in found] == [1, 2]
    reading = read_clauses(found, "某办法")
    assert [clause.number for clause in reading.clauses] == ["第一条", "第二条"]
    assert reading.text.pages == ((1, 0), (2, len(one + two + three) + 1))


def test_headers_of_odd_and_even_pages_and_numbers_are_left_out() -> None:
    said = ("春天的通知。", "夏天的规定。", "秋天的办法。", "冬天的指南。", "来年的计划。", "去年的总结。")
    heads = ("某市公报", "二〇二六年")
    sheets = [
        [say(heads[n % 2], 240, 800, 10), *lines(text), say(f"第 {n} 页 共 6 页", 240, 40, 10)]
        for n, text in enumerate(said)
    ]
    assert texts(pages(*sheets)) == list(said)


def test_a_line_that_stands_on_few_pages_stays() -> None:
    sheets = [[*lines("申请表", "姓名和住址。"), say(f"- {n} -", 280, 40, 10)] for n in range(2)]
    sheets += [lines(f"附表{n}", text) for n, text in enumerate(("甲。", "乙。", "丙。", "丁。", "戊。", "己。"))]
    found = texts(pages(*sheets))
    assert found[:2] == ["申请表", "姓名和住址。"]
    assert [text for text in found if text.startswith("附表")] == [f"附表{n}" for n in range(6)]


def test_an_indented_block_and_a_cut_address_are_one_paragraph() -> None:
    inside = (filled("六、公开监督，欢迎批评", FULL - 4), filled("地址是"), "某路一号")
    found = texts(pages([
        *lines(filled("这一行写满了整行"), "到此为止。"),
        *lines(inside[0], filled("地址是", FULL - 4), "某路一号", top=680, indent=56),
        *lines(filled("下载网址 ", 12) + "https://www.example.org/a/b/c/d/e", "f.html", top=590),
    ]))  # fmt: skip
    assert found[1] == inside[0] + filled("地址是", FULL - 4) + "某路一号"
    assert found[2].endswith("https://www.example.org/a/b/c/d/ef.html")


def rule(*edges: tuple[float, float, float, float]) -> list[str]:
    return [f"{x0} {y0} m {x1} {y1} l S" for x0, y0, x1, y1 in edges]


def table(rows: Sequence[tuple[tuple[str, int, int, int], ...]], top: float) -> list[str]:
    """A ruled table; a cell is its text, its first column, and over how many columns and rows it reaches."""
    drawn: list[str] = []
    for y, row in enumerate(rows):
        for text, column, wide, tall in row:
            x0, x1 = LEFT + 110 * column, LEFT + 110 * (column + wide)
            y1, y0 = top - 30 * y, top - 30 * (y + tall)
            drawn += rule((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
            drawn.append(say(text, x0 + 6, y1 - 20))
    return drawn


def test_merged_cells_reach_and_a_table_goes_on_over_the_page() -> None:
    header = (("病种", 0, 1, 2), ("限额", 1, 2, 1), ("备注", 3, 1, 2)), (("职工", 1, 1, 1), ("居民", 2, 1, 1))
    first = (
        *header,
        (("甲", 0, 1, 1), ("100元", 1, 1, 1), ("50元", 2, 1, 1), ("无", 3, 1, 2)),
        (("乙", 0, 1, 1), ("80元", 1, 1, 1), ("40元", 2, 1, 1)),
    )
    second = (
        (("丙", 0, 1, 1), ("70元", 1, 1, 1), ("30元", 2, 1, 1), ("有", 3, 1, 1)),
        (("丁", 0, 1, 1), ("60元", 1, 2, 1), ("有", 3, 1, 1)),
    )
    document = pdf.read(pages([*lines("一、标准"), *table(first, 700)], table(second, 760)))
    (found,) = [block for block in document.blocks if block.rows]
    assert found.rows == (
        ("病种", "限额", "限额", "备注"),
        ("病种", "职工", "居民", "备注"),
        ("甲", "100元", "50元", "无"),
        ("乙", "80元", "40元", "无"),
        ("丙", "70元", "30元", "有"),
        ("丁", "60元", "60元", "有"),
    )
    clause = next(c for c in cut(document.blocks, "通知") if c.kind is ClauseKind.TABLE)
    assert clause.text.split("\n")[0] == "病种：甲；限额（职工）：100元；限额（居民）：50元；备注：无"
    assert (clause.page, clause.path) == (1, ("一、标准",))


def test_a_form_merged_differently_in_every_row_is_labels_and_values() -> None:
    rows = (
        (("申请类型", 0, 1, 1), ("新办", 1, 3, 1)),
        (("联系人", 0, 1, 1), ("填姓名", 1, 1, 1), ("电话", 2, 1, 1), ("填号码", 3, 1, 1)),
        (("基本情况", 0, 4, 1),),
        (("住址", 0, 1, 1), ("填街道", 1, 3, 1)),
        (("承诺", 0, 1, 1), ("属实", 1, 3, 1)),
    )
    document = pdf.read(pages(table(rows, 700)))
    (clause,) = cut(document.blocks, "申请表格式")
    assert clause.text.split("\n") == [
        "申请类型：新办",
        "联系人：填姓名；电话：填号码",
        "基本情况",
        "住址：填街道",
        "承诺：属实",
    ]
