"""Turns tables into sentences: each row can be read alone, with the name of its column before every value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.formats.blocks import Block

GROUP = 800  # most characters of rows in one clause; each row is kept whole
_HEADER_WORDS = (
    "序号",
    "项目",
    "名称",
    "类别",
    "标准",
    "内容",
    "单位",
    "地址",
    "电话",
    "备注",
    "事项",
    "材料",
    "金额",
    "条件",
    "时限",
    "时间",
    "日期",
    "份数",
    "数量",
    "要求",
    "说明",
    "依据",
    "联系",
)


def caption_of(table: Block) -> tuple[str, Block]:
    """Return the caption and the table without it. A caption is a first row of one cell across the whole width."""
    rows, captions = list(table.rows), []
    while len(rows) > 1 and _spans(rows[0]):
        captions.append(rows.pop(0)[0])
    taken = len(captions)
    header = max(table.header_rows - taken, 0)
    return " ".join(captions), replace(table, rows=tuple(rows), header_rows=header)


def _spans(row: Sequence[str]) -> bool:
    """Return whether a row is one cell across the table.

    Such a row has the same text everywhere, or text only in its first place.
    """
    return len(row) > 1 and 0 < len(row[0]) <= 80 and set(row) <= {row[0], ""} and (row.count("") in (0, len(row) - 1))


@dataclass(frozen=True, slots=True)
class Group:
    """Some rows of a table.

    `text` begins at `start` in the table's text. The first `header_rows` of `rows` are the column names.
    """

    text: str
    start: int
    rows: tuple[tuple[str, ...], ...]
    header_rows: int


def text(table: Block) -> str:
    """Return the whole table as lines: its caption, then its rows."""
    caption, body = caption_of(table)
    return "\n".join(line for line in (caption, *(line for line, _ in _lines(body, _header(body)))) if line)


def groups(table: Block) -> Iterator[Group]:
    """Yield the rows in groups of at most `GROUP` characters; a longer row stays whole. The table has no caption."""
    header = table.rows[: _header(table)]
    lines = [(line, row) for line, row in _lines(table, len(header)) if line]
    first, place = 0, 0
    while first < len(lines):
        end, size = first + 1, len(lines[first][0])
        while end < len(lines) and size + len(lines[end][0]) <= GROUP:
            size, end = size + len(lines[end][0]) + 1, end + 1
        rows = tuple(row for _, row in lines[first:end])
        named = () if rows == header else header
        yield Group("\n".join(line for line, _ in lines[first:end]), place, (*named, *rows), len(named))
        place += sum(len(line) + 1 for line, _ in lines[first:end])
        first = end


def _header(table: Block) -> int:
    return table.header_rows or (0 if _is_form(table.rows) or _is_patchwork(table.rows) else _guess_header(table.rows))


def _lines(table: Block, header_rows: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every row below the column names, as a line and as its cells."""
    width = max((len(row) for row in table.rows), default=0)
    if not header_rows and _is_patchwork(table.rows):
        yield from ((_patched(row), row) for row in table.rows)
        return
    if not header_rows and (width == 2 or _is_form(table.rows)):
        for row in table.rows:
            yield "；".join(_pair(*pair) for pair in zip(row[::2], row[1::2], strict=True) if any(pair)), row
        return
    names = [_column_name(table.rows[:header_rows], column) for column in range(width)]
    for row in table.rows[header_rows:] or table.rows[:header_rows]:
        yield _row(names, row), row


def _is_patchwork(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the cells are merged differently in every row of a form.

    Hardly any row then has as many cells as there are columns.
    """
    if len(rows) < 4 or len(rows[0]) < 3:
        return False
    sizes = [len(_merged(row)) for row in rows]
    return len(set(sizes)) >= 3 and sum(size == len(rows[0]) for size in sizes) < 0.3 * len(rows)


def _merged(row: Sequence[str]) -> list[str]:
    """Return the cells as printed: a cell merged across columns once, an empty cell not at all."""
    return [cell for i, cell in enumerate(row) if cell and (i == 0 or cell != row[i - 1])]


def _patched(row: Sequence[str]) -> str:
    cells = _merged(row)
    if len(cells) % 2 or any(len(label) > 20 for label in cells[::2]):
        return "；".join(cells)
    return "；".join(_pair(*pair) for pair in zip(cells[::2], cells[1::2], strict=True))


def _pair(label: str, value: str) -> str:
    return f"{label}：{value}" if label and value and label != value else label or value


def _row(names: Sequence[str], row: Sequence[str]) -> str:
    if len(set(row)) == 1:
        return row[0]
    parts = []
    previous = None
    for name, cell in zip(names, row, strict=False):
        if cell and (name, cell) != previous:
            parts.append(f"{name}：{cell}" if name and name != cell else cell)
        previous = (name, cell)
    return "；".join(part.rstrip("；;") for part in parts)


def _column_name(header: Sequence[Sequence[str]], column: int) -> str:
    parts = []
    for row in header:
        if column < len(row) and row[column] and row[column] not in parts:
            parts.append(row[column])
    return f"{parts[0]}（{'、'.join(parts[1:])}）" if len(parts) > 1 else "".join(parts)


def _guess_header(rows: Sequence[Sequence[str]]) -> int:
    """Return how many first rows are column names; 0 for a two-column form of labels and values."""
    if len(rows) < 2:
        return 0
    first = rows[0]
    if any(len(cell) > 40 for cell in first):
        return 0
    if len(first) == 2 and not (len(first[1]) <= 8 and any(word in first[1] for word in _HEADER_WORDS)):
        return 0
    return 2 if _is_second_header(rows) else 1


def _is_second_header(rows: Sequence[Sequence[str]]) -> bool:
    first, second = rows[0], rows[1]
    spanned = any(first[i] and first[i] == first[i + 1] for i in range(len(first) - 1))
    carried = any(a and a == b for a, b in zip(first, second, strict=False))
    return len(rows) > 2 and spanned and carried


def _is_form(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether labels and values stand side by side: every other column holds short labels, no two the same."""
    width = len(rows[0]) if rows else 0
    if width not in (4, 6) or len(rows) < 3:
        return False
    for column in range(0, width, 2):
        labels = [row[column] for row in rows if row[column]]
        if len(set(labels)) != len(labels) or any(
            len(label) > 12 or any(c.isdigit() for c in label) for label in labels
        ):
            return False
    return True
