"""XLSX: every visible sheet's tables, rows with the names of their columns, values as they are shown."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

from knowledge.blocks import Block, RawDocument, tidy
from knowledge.formats.cells import shown
from knowledge.unreadable import Unreadable

MOST_CELLS = 300_000  # with something in them
_MOST_PLACES = 3_000_000  # with what lies empty between them
_UNPACKED_LIMIT = 300_000_000  # bytes
_SHEET_LIMIT = 120_000_000  # bytes of one sheet
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_UNSAVED = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_MOST_MERGED = 20_000
_UNNAMED = re.compile(r"(?i)sheet\s*\d*|工作表\s*\d*")
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = tuple[str, ...]
Area = tuple[int, int, int, int]  # first column, first row, last column, last row, counted from 1


def read(data: bytes) -> RawDocument:
    """The tables of the visible sheets. Raises `Unreadable` for broken and endless workbooks."""
    _check(data)
    try:
        with warnings.catch_warnings(action="ignore"):  # of styles and extensions, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        blocks, unsaved = _of_sheets(data, sheets)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable("Excel 文件已损坏，打不开。请用 Excel 或 WPS 修复并另存一份再导入。") from error
    said = [f"隐藏的工作表没有读：{'、'.join(hidden)}。"] if hidden else []
    if unsaved:
        said.append(f"有 {unsaved} 个公式没有保存计算结果，读成了空白。请用 Excel 打开并保存一次再导入。")
    facts = {"title": blocks[0].text} if blocks and blocks[0].level == 1 else {}
    return RawDocument(tuple(blocks), _MEDIA_TYPE, facts, tuple(said))


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            sizes = [info.file_size for info in opened.infolist()]
    except zipfile.BadZipFile:
        raise Unreadable("Excel 文件已损坏，打不开。请重新下载或另存一份再导入。") from None
    if sum(sizes) > _UNPACKED_LIMIT or max(sizes, default=0) > _SHEET_LIMIT:
        raise Unreadable(
            "表格解开后过大，像是“压缩炸弹”或单元格过多，已拒绝打开。请只留下要回答的内容，另存一份再导入。"
        )


def _of_sheets(data: bytes, sheets: Sequence[Any]) -> tuple[list[Block], int]:
    """The blocks of all sheets, and how many formulas have no saved result."""
    blocks: list[Block] = []
    unsaved, budget = 0, _Budget()
    for sheet in sheets:
        merged, missing = _merged(data, sheet)
        unsaved += missing
        grid = _Grid(list(_rows(sheet, budget)), merged)
        found = list(grid.blocks(level=2 if blocks else 1))
        named = found and (found[0].level or _UNNAMED.fullmatch(sheet.title))
        if found and len(sheets) > 1 and not named:
            blocks.append(Block(tidy(sheet.title), level=2))
        blocks += found
    return blocks, unsaved


@dataclass
class _Budget:
    cells: int = 0
    places: int = 0

    def spend(self, row: Row) -> None:
        self.places += len(row)
        self.cells += len(row) - row.count("")
        if self.cells > MOST_CELLS or self.places > _MOST_PLACES:
            most = f"{MOST_CELLS // 10_000} 万个单元格的上限"
            raise Unreadable(f"表格超过 {most}。请只留下要回答的内容，或拆分成几个文件再导入。")


def _rows(sheet: Any, budget: _Budget) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    for cells in sheet.iter_rows():
        row = tuple(tidy(shown(cell.value, getattr(cell, "number_format", "General"))) for cell in cells)
        budget.spend(row or ("",))
        yield row


def _merged(data: bytes, sheet: Any) -> tuple[list[Area], int]:
    """Merged areas, which reading row by row does not tell, and the number of formulas without a result."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        text = opened.read(sheet._worksheet_path)
    places = _MERGED.findall(text)[:_MOST_MERGED]
    return [range_boundaries(place.decode()) for place in places], len(_UNSAVED.findall(text))


class _Grid:
    """The rows of a sheet with merged cells repeated, cut into tables and lines of text."""

    def __init__(self, rows: list[Row], merged: Sequence[Area]) -> None:
        width = max(map(len, rows), default=0)
        grid = [[*row, *[""] * (width - len(row))] for row in rows]
        self.merged = [area for area in merged if area[1] <= len(grid) and area[0] <= width]
        for left, top, right, bottom in self.merged:
            text = grid[top - 1][left - 1]
            for row in grid[top - 1 : bottom] if text else ():
                row[left - 1 : right] = [text] * (min(right, width) - left + 1)
        self.rows = [tuple(row) for row in grid]

    def blocks(self, level: int) -> Iterator[Block]:
        """Tables apart by empty rows; a line over or under one is text, the first of all a heading of this level."""
        start = 0
        for end in range(len(self.rows) + 1):
            if end < len(self.rows) and any(self.rows[end]):
                continue
            if end > start:
                yield from self._table(start, end, level)
                level = 0
            start = end + 1

    def _table(self, start: int, end: int, level: int) -> Iterator[Block]:
        """The block of rows from `start` to `end`."""
        while start < end and self._is_line(start):
            text = next(filter(None, self.rows[start]))
            yield Block(text, level=level)
            start, level = start + 1, 0
        notes: list[Block] = []
        while end > start and self._is_line(end - 1):
            end -= 1
            notes.insert(0, Block(next(filter(None, self.rows[end]))))
        if end > start:
            yield Block(rows=self._filled(start, end), header_rows=self._header(start, end))
        yield from notes

    def _is_line(self, row: int) -> bool:
        """Whether a row holds one text, alone or merged across."""
        texts = {text for text in self.rows[row] if text}
        if len(texts) != 1:
            return False
        alone = sum(map(bool, self.rows[row])) == 1 and bool(self.rows[row][0])
        return alone or any(
            top - 1 == row and right - left >= 1 for left, top, right, bottom in self.merged if top == bottom
        )

    def _filled(self, start: int, end: int) -> tuple[Row, ...]:
        """The rows without columns that are empty in all of them."""
        rows = self.rows[start:end]
        used = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
        return tuple(tuple(row[column] for column in used) for row in rows)

    def _header(self, start: int, end: int) -> int:
        """How many rows are names of columns, by the areas merged at the top; 0 where nothing is merged."""
        tops = [area for area in self.merged if area[1] - 1 == start and area[3] <= end]
        if not tops:
            return 0
        spanning = any(right > left for left, _, right, _ in tops)
        depth = max(max(bottom - start for _, _, _, bottom in tops), 2 if spanning else 1)
        return depth if depth < end - start and depth <= 4 else 0
