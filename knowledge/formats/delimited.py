"""CSV and TSV: rows with the names of their columns."""

import csv
import io
from collections import Counter

from knowledge.blocks import Block, RawDocument, tidy
from knowledge.formats.plain import decode
from knowledge.unreadable import Unreadable

MOST_CELLS = 300_000
_SIGNS = "\t,;|"
_LOOK = 60  # rows
_LONGEST_CELL = 200_000  # characters


def is_table(head: str) -> bool:
    """Whether the beginning of a text is rows of cells: nearly all as wide as one another."""
    return bool(_sign(head))


def _sign(head: str) -> str:
    """The sign between cells; "" for a text that is no table."""
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
    """One table. Raises `Unreadable` for one that is too large."""
    text = decode(data).replace("\x00", "")
    csv.field_size_limit(_LONGEST_CELL)
    sign = _sign(text[:100_000]) or ","
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            cells += len(row)
            if cells > MOST_CELLS:
                raise Unreadable(
                    f"表格超过 {MOST_CELLS // 10_000} 万个单元格的上限。请只留下要回答的内容，或拆分后再导入。"
                )
            if any(cell.strip() for cell in row):
                rows.append(tuple(map(tidy, row)))
    except csv.Error:
        raise Unreadable(
            "CSV 表格读不出来（引号没有配对，或单元格过长）。请用 Excel 打开核对，另存为 .xlsx 再导入。"
        ) from None
    width = max(map(len, rows), default=0)
    filled = tuple(row + ("",) * (width - len(row)) for row in rows)
    return RawDocument((Block(rows=filled, header_rows=1),), "text/csv")
