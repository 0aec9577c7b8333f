"""Read PDF files: paragraphs and tables, without headers, footers and page numbers."""

import io
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pdfplumber
import pypdfium2

from knowledge import sentences
from knowledge.formats.blocks import Block, RawDocument, tidy
from knowledge.formats.pdf_lines import Item, PrintedLine, laid_out
from knowledge.formats.unreadable import Unreadable

_NEAR = 1.0  # points; edges of a table that are closer are one edge
_FEW = 20  # characters; a page number, a stamp or a scanner's mark has fewer
MOST_PAGES = 2000


def read(data: bytes) -> RawDocument:
    """Read the document's blocks with their pages. Pages without text are read as pictures.

    Raises `Unreadable` for encrypted, broken, blank and overlong files.
    """
    _check(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages, pictures = _read_pages(document)
    except (MemoryError, Unreadable):
        raise
    except Exception as error:
        raise Unreadable(sentences.PDF_UNREADABLE) from error
    facts: dict[str, str] = {}
    warnings: tuple[str, ...] = ()
    if pictures:
        from knowledge.formats import scans

        scanned = scans.fill(data, pages, pictures)
        facts, warnings = scanned.facts, scanned.warnings
    if not any(pages):
        raise Unreadable(sentences.PDF_BLANK)
    return RawDocument(laid_out(pages), "application/pdf", facts, warnings)


def _read_pages(document: Any) -> tuple[list[list["Item"]], list[int]]:
    """Return the lines and tables of every page, and the numbers of the pages whose text is only a picture."""
    pages: list[list[Item]] = []
    pictures: list[int] = []
    for number, page in enumerate(document.pages, 1):
        items = _page(page)
        if _is_picture(page, items):
            items = []
            pictures.append(number)
        pages.append(items)
        page.close()  # otherwise the characters of every page stay in memory
    return pages, pictures


def _is_picture(page: Any, items: Sequence["Item"]) -> bool:
    """Return whether a page shows more than its text layer holds.

    It does if there is no text, only a few characters over a picture, or unreadable codes.
    """
    text = "".join(item.text if isinstance(item, PrintedLine) else "".join(map("".join, item.rows)) for item in items)
    if not text:
        return bool(page.images or page.curves or page.rects or page.lines)
    unknown = sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)  # only the font knows what these are
    if unknown + 5 * text.count("(cid:") > len(text) / 3:
        return True
    covered = sum((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images)
    return len(text) < _FEW and bool(covered > page.width * page.height / 3)


def _check(data: bytes) -> None:
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
        document.close()
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise Unreadable(sentences.PDF_LOCKED) from None
        raise Unreadable(sentences.PDF_BROKEN) from None
    if pages > MOST_PAGES:
        raise Unreadable(sentences.PDF_TOO_LONG.format(pages=pages, most=MOST_PAGES))


def _page(page: Any) -> list[Item]:
    """Return the lines and tables of one page from top to bottom."""
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
    """Yield the rows of a ruled table. A merged cell's text is repeated in every place it covers."""
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


def _lines(page: Any, tables: Sequence[Any]) -> Iterator[PrintedLine]:
    outside = page.filter(lambda thing: not any(_inside(thing, table.bbox) for table in tables))
    for line in outside.extract_text_lines(return_chars=True, x_tolerance=2):
        if text := _close(tidy(line["text"])):
            size = max(Counter(round(c["size"], 1) for c in line["chars"]).items(), key=lambda pair: pair[1])[0]
            yield PrintedLine(text, line["x0"], line["x1"], line["top"], line["bottom"], size, page.page_number)


def _close(text: str) -> str:
    """Remove the gaps that typesetting leaves between Chinese and digits, and within l e t t e r s p a c e d words."""
    text = re.sub(
        r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\dA-Za-z])|(?<=[\dA-Za-z]) (?=[\u3000-\u9fff\uff00-\uffef])", "", text
    )
    return text.replace(" ", "") if re.fullmatch(r"[\u4e00-\u9fff]( [\u4e00-\u9fff]){3,}", text) else text


def _inside(thing: dict[str, Any], box: Sequence[float]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])
