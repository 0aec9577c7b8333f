"""Read XLSX files: the tables of every visible sheet, with the names of their columns and the values as shown."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

from knowledge import sentences
from knowledge.formats.blocks import Block, RawDocument, tidy
from knowledge.formats.spreadsheet_cells import cell_text
from knowledge.formats.unreadable import Unreadable
from knowledge.notation.patterns import pattern

MOST_CELLS = 300_000  # cells that are not empty
_MOST_PLACES = 3_000_000  # cells including the empty ones between them
_UNPACKED_LIMIT = 300_000_000  # bytes
_SHEET_LIMIT = 120_000_000  # bytes of one sheet
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_UNSAVED = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_MOST_MERGED = 20_000
_UNNAMED = pattern(r"(?i)sheet\s*\d*|工作表\s*\d*", takes="工作表1", leaves="工作表汇总", how="fullmatch")
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SheetRow = tuple[str, ...]
Area = tuple[int, int, int, int]  # first column, first row, last column, last row, counted from 1


def read(data: bytes) -> RawDocument:
    """Read the tables of the visible sheets. Raises `Unreadable` for broken and oversized workbooks."""
    _check(data)
    try:
        with warnings.catch_warnings(action="ignore"):  # warnings about styles and extensions, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        blocks, unsaved = _of_sheets(data, sheets)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(sentences.SHEET_UNREADABLE) from error
    said = [sentences.HIDDEN_SHEETS.format(sheets="、".join(hidden))] if hidden else []
    if unsaved:
        said.append(sentences.FORMULAS_UNSAVED.format(count=unsaved))
    facts = {"title": blocks[0].text} if blocks and blocks[0].level == 1 else {}
    return RawDocument(tuple(blocks), _MEDIA_TYPE, facts, tuple(said))


def _check(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            sizes = [info.file_size for info in opened.infolist()]
    except zipfile.BadZipFile:
        raise Unreadable(sentences.SHEET_BROKEN) from None
    if sum(sizes) > _UNPACKED_LIMIT or max(sizes, default=0) > _SHEET_LIMIT:
        raise Unreadable(sentences.SHEET_BOMB)


def _of_sheets(data: bytes, sheets: Sequence[Any]) -> tuple[list[Block], int]:
    """Return the blocks of all sheets, and how many formulas have no saved result."""
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

    def spend(self, row: SheetRow) -> None:
        self.places += len(row)
        self.cells += len(row) - row.count("")
        if self.cells > MOST_CELLS or self.places > _MOST_PLACES:
            raise Unreadable(sentences.TOO_MANY_CELLS.format(most=MOST_CELLS // 10_000))


def _rows(sheet: Any, budget: _Budget) -> Iterator[SheetRow]:
    sheet.reset_dimensions()  # the size that the file states may be wrong
    for cells in sheet.iter_rows():
        row = tuple(tidy(cell_text(cell.value, getattr(cell, "number_format", "General"))) for cell in cells)
        budget.spend(row or ("",))
        yield row


def _merged(data: bytes, sheet: Any) -> tuple[list[Area], int]:
    """Return the merged areas, which openpyxl does not give row by row, and the number of formulas without a result."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        text = opened.read(sheet._worksheet_path)
    places = _MERGED.findall(text)[:_MOST_MERGED]
    return [range_boundaries(place.decode()) for place in places], len(_UNSAVED.findall(text))


class _Grid:
    """The rows of a sheet, cut into tables and lines of text. The text of merged cells is repeated."""

    def __init__(self, rows: list[SheetRow], merged: Sequence[Area]) -> None:
        width = max(map(len, rows), default=0)
        grid = [[*row, *[""] * (width - len(row))] for row in rows]
        self.merged = [area for area in merged if area[1] <= len(grid) and area[0] <= width]
        for left, top, right, bottom in self.merged:
            text = grid[top - 1][left - 1]
            for row in grid[top - 1 : bottom] if text else ():
                row[left - 1 : right] = [text] * (min(right, width) - left + 1)
        self.rows = [tuple(row) for row in grid]

    def blocks(self, level: int) -> Iterator[Block]:
        """Yield the tables, which empty rows separate. A line above or below a table is text.

        If the sheet begins with such a line, it becomes a heading of `level`.
        """
        start = 0
        for end in range(len(self.rows) + 1):
            if end < len(self.rows) and any(self.rows[end]):
                continue
            if end > start:
                yield from self._table(start, end, level)
                level = 0
            start = end + 1

    def _table(self, start: int, end: int, level: int) -> Iterator[Block]:
        """Yield the blocks of the rows from `start` up to `end`."""
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
        """Return whether a row holds a single text, in its first cell or merged across several."""
        texts = {text for text in self.rows[row] if text}
        if len(texts) != 1:
            return False
        alone = sum(map(bool, self.rows[row])) == 1 and bool(self.rows[row][0])
        return alone or any(
            top - 1 == row and right - left >= 1 for left, top, right, bottom in self.merged if top == bottom
        )

    def _filled(self, start: int, end: int) -> tuple[SheetRow, ...]:
        """Return the rows without the columns that are empty in every row."""
        rows = self.rows[start:end]
        used = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
        return tuple(tuple(row[column] for column in used) for row in rows)

    def _header(self, start: int, end: int) -> int:
        """Return how many rows hold names of columns, by the areas merged at the top; 0 if none is merged there."""
        tops = [area for area in self.merged if area[1] - 1 == start and area[3] <= end]
        if not tops:
            return 0
        spanning = any(right > left for left, _, right, _ in tops)
        depth = max(max(bottom - start for _, _, _, bottom in tops), 2 if spanning else 1)
        return depth if depth < end - start and depth <= 4 else 0
