"""Turn the lines of pages, from a text layer or OCR, into blocks: drop margins, join what goes over pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.formats.blocks import Block
from knowledge.notation import numbering
from knowledge.notation.document_names import NUMBER_LINE
from knowledge.notation.organs import organs
from knowledge.notation.patterns import pattern

_PAGE_NUMBER = pattern(
    r"^[\s\-—–－_·.第页共/|]*\d{1,4}[\s\-—–－_·.第页共/|\d]*$", takes="第 3 页 / 共 12 页", leaves="第 3 页第 2 行"
)

_ENDS = "。！？：:；;"

_OPEN_URL = re.compile(r"https?://[!-~]+$")  # an address that the end of the line cuts

_SAME_HEIGHT = 20.0  # points

_FULL_LINE = 12  # characters; a full line has at least this many, so a page of short lines has no full line


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A printed line: its text, its place on the page and the size of its type, all in points. `page` counts from 1."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    page: int


def laid_out(pages: Sequence[list["Item"]]) -> tuple[Block, ...]:
    """Return the paragraphs and tables made from the lines of all pages."""
    return tuple(_blocks(_without_margins(pages)))


Item = PrintedLine | Block


def _without_margins(pages: Sequence[list[Item]]) -> list[Item]:
    """Return all items but page numbers and lines that stand at the edge of many pages at the same height."""
    counts = Counter(
        (key, round(item.top / _SAME_HEIGHT))
        for number, items in enumerate(pages)
        for item in {*items[:2], *items[-2:]}
        if isinstance(item, PrintedLine)
        for key in _running(item.text, number)
    )
    enough = max(2 if len(pages) == 2 else 3, len(pages) * 0.4)  # odd and even pages may have different headers
    repeated = {key for (key, _), count in counts.items() if count >= enough}
    kept: list[Item] = []
    for number, items in enumerate(pages):
        for index, item in enumerate(items):
            edge = isinstance(item, PrintedLine) and (index < 2 or index >= len(items) - 2)
            if not (edge and isinstance(item, PrintedLine) and _is_running(item.text, number, repeated)):
                kept.append(item)
    return kept


def _is_running(text: str, number: int, repeated: set[str]) -> bool:
    return bool(_PAGE_NUMBER.match(text)) or not repeated.isdisjoint(_running(text, number))


def _running(text: str, number: int) -> set[str]:
    """Return the forms of a header that recur: the same words, or words with a number that counts on with the pages."""
    counted = re.sub(r"\d+", lambda found: f"#{int(found[0]) - number}", text, count=1)
    return {text} if numbering.read(text) else {text, counted}


def _blocks(items: Sequence[Item]) -> Iterator[Block]:
    margins = _margins([item for item in items if isinstance(item, PrintedLine)])
    text = ""
    begun = last = None
    for item in _tables_joined(items):
        if isinstance(item, PrintedLine) and last and _goes_on(last, item, margins):
            text, last = _glue(text, item.text), item
            continue
        if begun:
            yield Block(text, page=begun.page)
        if isinstance(item, Block):
            yield item
        begun = last = item if isinstance(item, PrintedLine) else None
        text = item.text
    if begun:
        yield Block(text, page=begun.page)


Margins = dict[int, tuple[float, float]]


def _margins(lines: Sequence[PrintedLine]) -> Margins:
    """Return where lines begin and how far they reach on every page, in points. A stray line does not count."""
    margins: Margins = {}
    for page in {line.page for line in lines}:
        left = sorted(line.x0 for line in lines if line.page == page)
        right = sorted((line.x1 for line in lines if line.page == page), reverse=True)
        margins[page] = left[min(1, len(left) - 1)], right[min(1, len(right) - 1)]
    return margins


def _goes_on(last: PrintedLine, line: PrintedLine, margins: Margins) -> bool:
    """Return whether `line` continues the paragraph of `last`: `last` was full, and `line` begins at the margin."""
    left, right = margins[line.page][0], margins[last.page][1]
    if numbering.read(line.text) and (last.text[-1] in _ENDS or line.x0 > left + line.size):
        return False
    if abs(last.size - line.size) > 1.5 or NUMBER_LINE.match(last.text) or NUMBER_LINE.match(line.text):
        return False
    if last.x0 > margins[last.page][0] + 4 * last.size:
        return _is_centred_below(last, line, left)
    if last.x1 < right - 2.2 * last.size or last.x1 - margins[last.page][0] < _FULL_LINE * last.size:
        return False
    hanging = last.text[-1] not in _ENDS and abs(line.x0 - last.x0) <= 1.3 * line.size
    return line.x0 <= left + line.size * 0.9 or hanging


def _is_centred_below(last: PrintedLine, line: PrintedLine, left: float) -> bool:
    """Return whether `line` is the next line of a centred title."""
    same_middle = abs((last.x0 + last.x1) - (line.x0 + line.x1)) < 3 * line.size
    return same_middle and line.x0 > left + line.size and last.text[-1] not in _ENDS and not organs(last.text)


def _glue(text: str, more: str) -> str:
    if _OPEN_URL.search(text):
        return text + more
    joint = " " if text[-1].isascii() and text[-1].isalnum() and more[0].isascii() and more[0].isalnum() else ""
    return text + joint + more


def _tables_joined(items: Sequence[Item]) -> list[Item]:
    """Join a table that continues after a page break. A repeated header row is dropped."""
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
