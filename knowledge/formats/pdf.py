"""PDF with a text layer: paragraphs and tables; headers, footers and page numbers left out."""

import io
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pdfplumber
import pypdfium2

from knowledge import furniture, numbering
from knowledge.blocks import Block, RawDocument, tidy
from knowledge.signature import organs
from knowledge.unreadable import Unreadable

_PAGE_NUMBER = re.compile(r"^[\s\-—–－_·.第页共/|]*\d{1,4}[\s\-—–－_·.第页共/|\d]*$")
_ENDS = "。！？：:；;"
_OPEN_URL = re.compile(r"https?://[!-~]+$")  # an address cut by the end of the line
_SAME_HEIGHT = 20.0  # points
_FULL_LINE = 12  # characters that a full line has at least; a page of short lines has none
_NEAR = 1.0  # points within which two edges of a table are one
_FEW = 20  # characters of a page number, a stamp or a scanner's mark
MOST_PAGES = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its text, where it begins and ends across the page (points), and its size (points)."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    page: int


def read(data: bytes) -> RawDocument:
    """The document's blocks with their page; pages without text are read as pictures.

    Raises `Unreadable` for encrypted, broken and blank files.
    """
    _check(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages, pictures = _read_pages(document)
    except (MemoryError, Unreadable):
        raise
    except Exception as error:
        raise Unreadable("PDF 文件已损坏，读不出内容。请重新下载或导出一份再导入。") from error
    facts: dict[str, str] = {}
    warnings: tuple[str, ...] = ()
    if pictures:
        from knowledge.formats import scans

        scanned = scans.fill(data, pages, pictures)
        facts, warnings = scanned.facts, scanned.warnings
    if not any(pages):
        raise Unreadable(
            "这个 PDF 是扫描件或空白页，没有读出文字。请核对原件，换一份清晰的扫描件或可以复制文字的文件。"
        )
    return RawDocument(laid_out(pages), "application/pdf", facts, warnings)


def _read_pages(document: Any) -> tuple[list[list["Item"]], list[int]]:
    """Lines and tables of every page, and the numbers of the pages whose text is only to be seen."""
    pages: list[list[Item]] = []
    pictures: list[int] = []
    for number, page in enumerate(document.pages, 1):
        items = _page(page)
        if _is_picture(page, items):
            items = []
            pictures.append(number)
        pages.append(items)
        page.close()  # or every page's characters stay in memory
    return pages, pictures


def _is_picture(page: Any, items: Sequence["Item"]) -> bool:
    """Whether a page shows more than its text layer says: no text, a few signs over a picture, or unreadable codes."""
    text = "".join(item.text if isinstance(item, Line) else "".join(map("".join, item.rows)) for item in items)
    if not text:
        return bool(page.images or page.curves or page.rects or page.lines)
    unknown = sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)  # only the font knows what they are
    if unknown + 5 * text.count("(cid:") > len(text) / 3:
        return True
    covered = sum((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images)
    return len(text) < _FEW and bool(covered > page.width * page.height / 3)


def laid_out(pages: Sequence[list["Item"]]) -> tuple[Block, ...]:
    """Paragraphs and tables from the lines of all pages."""
    return tuple(_blocks(_without_margins(pages)))


def _check(data: bytes) -> None:
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
        document.close()
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise Unreadable("这个 PDF 设了打开密码。请去掉密码（打印成新的 PDF 即可）再导入。") from None
        raise Unreadable("PDF 文件已损坏，打不开。请重新下载或导出一份再导入。") from None
    if pages > MOST_PAGES:
        raise Unreadable(f"PDF 有 {pages} 页，超过 {MOST_PAGES} 页的上限，很可能不是一份文件。请拆分成几个文件再导入。")


Item = Line | Block


def _page(page: Any) -> list[Item]:
    """Lines and tables of one page from top to bottom."""
    tables = page.find_tables()
    items: list[tuple[float, Item]] = []
    for table in tables:
        rows = tuple(row for row in _cells(table) if any(row))
        if len(rows) > 1 and len(rows[0]) > 1:
            items.append((table.bbox[1], Block(rows=rows, page=page.page_number)))
    kept = [t for t in tables if any(top == t.bbox[1] for top, _ in items)]
    for line in _lines(page, kept):
        items.append((line.top, line))
    return [item for _, item in sorted(items, key=lambda pair: pair[0])]


def _cells(table: Any) -> Iterator[tuple[str, ...]]:
    """The rows of a ruled table; what is merged stands wherever it reaches."""
    texts = [[tidy(cell or "") for cell in row] for row in table.extract()]
    lefts = sorted({cell[0] for cell in table.cells})
    tops = sorted({cell[1] for cell in table.cells})
    reach: dict[tuple[int, int], str] = {}
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row.cells):
            if cell is None:
                continue
            wide = bisect_left(lefts, cell[2] - _NEAR) - x
            for below in range(bisect_left(tops, cell[3] - _NEAR) - y):
                reach |= {(y + below, x + beside): texts[y][x] for beside in range(wide)}
    width = max(map(len, texts), default=0)
    yield from (tuple(reach.get((y, x), "") for x in range(width)) for y in range(len(texts)))


def _lines(page: Any, tables: Sequence[Any]) -> Iterator[Line]:
    outside = page.filter(lambda thing: not any(_inside(thing, table.bbox) for table in tables))
    for line in outside.extract_text_lines(return_chars=True, x_tolerance=2):
        if text := _close(tidy(line["text"])):
            size = max(Counter(round(c["size"], 1) for c in line["chars"]).items(), key=lambda pair: pair[1])[0]
            yield Line(text, line["x0"], line["x1"], line["top"], line["bottom"], size, page.page_number)


def _close(text: str) -> str:
    """Without the gaps that typesetting leaves between Chinese and digits, and within l e t t e r s p a c e d words."""
    text = re.sub(
        r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\dA-Za-z])|(?<=[\dA-Za-z]) (?=[\u3000-\u9fff\uff00-\uffef])", "", text
    )
    return text.replace(" ", "") if re.fullmatch(r"[\u4e00-\u9fff]( [\u4e00-\u9fff]){3,}", text) else text


def _inside(thing: dict[str, Any], box: Sequence[float]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _without_margins(pages: Sequence[list[Item]]) -> list[Item]:
    """All items without page numbers and without lines that stand at the edge of many pages, at the same height."""
    counts = Counter(
        (key, round(item.top / _SAME_HEIGHT))
        for number, items in enumerate(pages)
        for item in {*items[:2], *items[-2:]}
        if isinstance(item, Line)
        for key in _running(item.text, number)
    )
    enough = max(2 if len(pages) == 2 else 3, len(pages) * 0.4)  # odd and even pages may have different ones
    repeated = {key for (key, _), count in counts.items() if count >= enough}
    kept: list[Item] = []
    for number, items in enumerate(pages):
        for index, item in enumerate(items):
            edge = isinstance(item, Line) and (index < 2 or index >= len(items) - 2)
            if not (edge and isinstance(item, Line) and _is_running(item.text, number, repeated)):
                kept.append(item)
    return kept


def _is_running(text: str, number: int, repeated: set[str]) -> bool:
    return bool(_PAGE_NUMBER.match(text)) or not repeated.isdisjoint(_running(text, number))


def _running(text: str, number: int) -> set[str]:
    """What a header would be on other pages: the same words, or with a number that counts on with the pages."""
    counted = re.sub(r"\d+", lambda found: f"#{int(found[0]) - number}", text, count=1)
    return {text} if numbering.read(text) else {text, counted}


def _blocks(items: Sequence[Item]) -> Iterator[Block]:
    margins = _margins([item for item in items if isinstance(item, Line)])
    text = ""
    begun = last = None
    for item in _tables_joined(items):
        if isinstance(item, Line) and last and _goes_on(last, item, margins):
            text, last = _glue(text, item.text), item
            continue
        if begun:
            yield Block(text, page=begun.page)
        if isinstance(item, Block):
            yield item
        begun = last = item if isinstance(item, Line) else None
        text = item.text
    if begun:
        yield Block(text, page=begun.page)


Margins = dict[int, tuple[float, float]]


def _margins(lines: Sequence[Line]) -> Margins:
    """Of every page, where lines begin and how far they reach (points); a stray line does not count."""
    margins: Margins = {}
    for page in {line.page for line in lines}:
        left = sorted(line.x0 for line in lines if line.page == page)
        right = sorted((line.x1 for line in lines if line.page == page), reverse=True)
        margins[page] = left[min(1, len(left) - 1)], right[min(1, len(right) - 1)]
    return margins


def _goes_on(last: Line, line: Line, margins: Margins) -> bool:
    """Whether a line continues the paragraph: the one before it was full, and it begins at the margin."""
    left, right = margins[line.page][0], margins[last.page][1]
    if numbering.read(line.text) and (last.text[-1] in _ENDS or line.x0 > left + line.size):
        return False
    if (
        abs(last.size - line.size) > 1.5
        or furniture.NUMBER_LINE.match(last.text)
        or furniture.NUMBER_LINE.match(line.text)
    ):
        return False
    if last.x0 > margins[last.page][0] + 4 * last.size:
        return _is_centred_below(last, line, left)
    if last.x1 < right - 2.2 * last.size or last.x1 - margins[last.page][0] < _FULL_LINE * last.size:
        return False
    hanging = last.text[-1] not in _ENDS and abs(line.x0 - last.x0) <= 1.3 * line.size
    return line.x0 <= left + line.size * 0.9 or hanging


def _is_centred_below(last: Line, line: Line, left: float) -> bool:
    """The next line of a centred title."""
    same_middle = abs((last.x0 + last.x1) - (line.x0 + line.x1)) < 3 * line.size
    return same_middle and line.x0 > left + line.size and last.text[-1] not in _ENDS and not organs(last.text)


def _glue(text: str, more: str) -> str:
    if _OPEN_URL.search(text):
        return text + more
    joint = " " if text[-1].isascii() and text[-1].isalnum() and more[0].isascii() and more[0].isalnum() else ""
    return text + joint + more


def _tables_joined(items: Sequence[Item]) -> list[Item]:
    """A table that goes on over the page break is one table again; a repeated header row is dropped."""
    done: list[Item] = []
    for item in items:
        before = done[-1] if done else None
        if (
            isinstance(item, Block)
            and isinstance(before, Block)
            and len(item.rows[0]) == len(before.rows[0])
            and item.page != before.page
        ):
            rows = item.rows[1:] if item.rows[0] == before.rows[0] else item.rows
            done[-1] = replace(before, rows=before.rows + rows)
        else:
            done.append(item)
    return done
