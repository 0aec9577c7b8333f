"""XLSX and CSV: every row can be read alone, merged headers and shown values included."""

import io
import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.formats import delimited, spreadsheet
from knowledge.formats.spreadsheet_cells import cell_text
from knowledge.formats.unreadable import Unreadable
from knowledge.load import load


def _at(*parts: int) -> datetime:
    """A moment as spreadsheets have it: without a time zone."""
    return datetime(*parts)  # type: ignore[arg-type,misc]  # noqa: DTZ001


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fees() -> openpyxl.Workbook:
    """A sheet as offices make them: a title across, names of columns over two rows, a note below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "收费"
    for row in (
        ["江湾区政务服务收费公示表"],
        ["序号", "事项", "收费标准（元）", None, "起始日期"],
        [None, None, "首次", "补办", None],
        [1, "身份证", 0, 40, _at(2004, 1, 1)],
        [2, "护照", 120, 120.5, _at(2019, 7, 1)],
        [],
        ["注：老年人免收补办费。"],
    ):
        sheet.append(row)
    for area in ("A1:E1", "C2:D2", "A2:A3", "B2:B3", "E2:E3"):
        sheet.merge_cells(area)
    sheet["E4"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["D5"].number_format = "#,##0.00"
    return book


def lines(data: bytes, tmp_path: Path, name: str = "表.xlsx") -> list[str]:
    path = tmp_path / name
    path.write_bytes(data)
    return [line for clause in load(path, name).clauses for line in clause.text.split("\n")]


def test_each_row_carries_the_names_of_its_columns(tmp_path: Path) -> None:
    assert lines(saved(fees()), tmp_path) == [
        "序号：1；事项：身份证；收费标准（元）（首次）：0；收费标准（元）（补办）：40；起始日期：2004年1月1日",
        "序号：2；事项：护照；收费标准（元）（首次）：120；收费标准（元）（补办）：120.50；起始日期：2019-07-01",
        "注：老年人免收补办费。",
    ]
    assert load(tmp_path / "表.xlsx", "表.xlsx").metadata.title == "江湾区政务服务收费公示表"


def test_cells_merged_downwards_are_repeated(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["街道", "网点", "电话"], ["江湾镇街道", "一站", "021-55550001"], [None, "二站", "021-55550002"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    assert lines(saved(book), tmp_path)[1] == "街道：江湾镇街道；网点：二站；电话：021-55550002"


def test_hidden_sheets_are_left_out_and_said(tmp_path: Path) -> None:
    book = fees()
    hidden = book.create_sheet("底稿")
    hidden.append(["未定稿的数字", "不得外传"])
    hidden.sheet_state = "hidden"
    phones = book.create_sheet("电话")
    phones.append(["部门", "电话"])
    phones.append(["社保", "021-55550003"])
    document = spreadsheet.read(saved(book))
    text = str(document.blocks)
    assert ("不得外传" in text, "021-55550003" in text) == (False, True)
    assert document.warnings == ("隐藏的工作表没有读：底稿。",)
    hidden.sheet_state = "visible"
    assert "不得外传" in str(spreadsheet.read(saved(book)).blocks)  # the control


def test_formulas_give_their_saved_result_or_a_warning() -> None:
    book = openpyxl.Workbook()
    for row in (["项目", "金额", "备注"], ["一", 1, "x"], ["合计", "=SUM(B2:B2)", "y"]):
        book.active.append(row)
    unsaved = saved(book)
    assert "1 个公式" in spreadsheet.read(unsaved).warnings[0]
    with zipfile.ZipFile(io.BytesIO(unsaved)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb"</f><v\s*/>|</f><v></v>", b"</f><v>17</v>", parts[sheet])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    document = spreadsheet.read(file.getvalue())
    assert document.blocks[0].rows[2] == ("合计", "17", "y")
    assert document.warnings == ()


def test_tables_apart_on_one_sheet_are_tables_apart() -> None:
    book = openpyxl.Workbook()
    for row in (["事项", "电话"], ["社保", "1"], [], ["窗口", "楼层", "时间"], ["一号", "二楼", "九点"]):
        book.active.append(row)
    assert [len(block.rows) for block in spreadsheet.read(saved(book)).blocks] == [2, 2]


def test_a_sheet_that_claims_to_be_endless_costs_only_what_it_holds() -> None:
    data = saved(fees())
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', parts[sheet])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    assert spreadsheet.read(file.getvalue()).blocks == spreadsheet.read(data).blocks


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_CELLS", 10)
    with pytest.raises(Unreadable, match="单元格"):
        spreadsheet.read(saved(fees()))
    monkeypatch.setattr(delimited, "MOST_CELLS", 10)
    with pytest.raises(Unreadable, match="单元格"):
        delimited.read(b"a,b,c\n" * 10)


@pytest.mark.parametrize("broken", [b"PK\x03\x04" + bytes(50), b"PK\x05\x06" + bytes(18)])
def test_a_broken_workbook_is_said(broken: bytes) -> None:
    with pytest.raises(Unreadable, match="损坏"):
        spreadsheet.read(broken)


@pytest.mark.parametrize(
    ("value", "form", "wanted"),
    [
        (None, "General", ""),
        (True, "General", "是"),
        (12, "General", "12"),
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (13800138000123, "General", "13800138000123"),
        (0.125, "0.0%", "12.5%"),
        (0.5, "0%", "50%"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (12, "00000", "00012"),
        (1200, '"¥"#,##0', "¥1,200"),
        (1200, '#,##0"元"', "1,200元"),
        (-3, "#,##0;(#,##0)", "(3)"),
        (-3.5, "0.0", "-3.5"),
        (2.5, "0.##", "2.5"),
        (3.0, "0.##", "3"),
        (0.0000012, "0.0E+00", "1.2e-06"),
        (float("nan"), "General", ""),
        (_at(2024, 3, 1), "yyyy-mm-dd", "2024-03-01"),
        (_at(2024, 3, 1), "m/d/yyyy", "2024-03-01"),
        (_at(2024, 3, 1), 'yyyy"年"m"月"', "2024年3月"),
        (_at(2024, 3, 1, 8, 30), "yyyy-mm-dd h:mm", "2024-03-01 08:30"),
        (date(2024, 3, 1), 'yyyy"年"m"月"d"日"', "2024年3月1日"),
        (time(8, 30), "h:mm", "08:30"),
        ("021-5555", "@", "021-5555"),
    ],
)
def test_values_are_shown_as_the_sheet_shows_them(value: Any, form: str, wanted: str) -> None:
    assert cell_text(value, form) == wanted


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_rows_of_a_csv_carry_their_header(tmp_path: Path, encoding: str, sign: str) -> None:
    rows = [
        ["部门", "电话", "地址"],
        ["社保中心", "021-55550001", "江湾路1号"],
        ["医保中心", "021-55550002", "江湾路2号"],
    ]
    data = "\r\n".join(sign.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)
    assert lines(data, tmp_path, "名录.dat") == [
        "部门：社保中心；电话：021-55550001；地址：江湾路1号",
        "部门：医保中心；电话：021-55550002；地址：江湾路2号",
    ]


def test_a_cell_with_its_own_comma_and_line_stays_whole() -> None:
    (block,) = delimited.read('事项,说明,备注\n身份证,"周一,周三\n上午",无\n护照,随时,无\n'.encode()).blocks
    assert block.rows[1] == ("身份证", "周一,周三 上午", "无")


@pytest.mark.parametrize(
    "text",
    [
        "江湾区夜市管理办法\n第一条 夜市由街道管理。\n第二条 摊主应当持照经营。\n",
        "Rules of the market\nArticle 1, in short, is this.\nArticle 2 says more.\n",
        "只有一行",
    ],
)
def test_running_text_is_no_table(text: str) -> None:
    assert not delimited.is_table(text)
