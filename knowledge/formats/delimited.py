"""Read CSV and TSV files: one table whose first row names the columns."""

import csv
import io
from collections import Counter

from knowledge import sentences
from knowledge.formats.blocks import Block, RawDocument, tidy
from knowledge.formats.plain import decode
from knowledge.formats.unreadable import Unreadable

MOST_CELLS = 300_000
_SIGNS = "\t,;|"
_LOOK = 60  # rows
_LONGEST_CELL = 200_000  # characters


def is_table(head: str) -> bool:
    """Return whether the beginning of a text is rows of cells, nearly all with the same number of cells."""
    return bool(_sign(head))


def _sign(head: str) -> str:
    """Return the character between cells, "" for a text that is no table."""
    lines = [line for line in head.splitlines() if line.strip()][:_LOOK]
    sentences = sum(line.rstrip().endswith(("。", "；", "：")) for line in lines)
    if len(lines) < 2 or sentences * 3 > len(lines):
        return ""
    for sign in _SIGNS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if any(row))
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        if width >= (2 if sign == "\t" else 3 if len(lines) < 4 else 2) and count >= 0.9 * sum(widths.values()):
            return sign
    return ""


def read(data: bytes) -> RawDocument:
    """Read the file as one table. Raises `Unreadable` if the table is too large or broken."""
    text = decode(data).replace("\x00", "")
    csv.field_size_limit(_LONGEST_CELL)
    sign = _sign(text[:100_000]) or ","
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            cells += len(row)
            if cells > MOST_CELLS:
                raise Unreadable(sentences.TOO_MANY_CELLS.format(most=MOST_CELLS // 10_000))
            if any(cell.strip() for cell in row):
                rows.append(tuple(map(tidy, row)))
    except csv.Error:
        raise Unreadable(sentences.CSV_BROKEN) from None
    width = max(map(len, rows), default=0)
    filled = tuple(row + ("",) * (width - len(row)) for row in rows)
    return RawDocument((Block(rows=filled, header_rows=1),), "text/csv")
