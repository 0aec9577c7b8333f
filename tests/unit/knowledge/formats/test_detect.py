"""The table of formats: what can be read is offered, named and loaded, and every row of it can be found and read."""

import importlib
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from docx import Document
from PIL import Image

from knowledge.formats import archive, office
from knowledge.formats.detect import ACCEPTED, FORMATS, READABLE, Format, reader_of
from knowledge.formats.unreadable import NeedsOffice
from knowledge.load import PRELOAD


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, kind)
    return file.getvalue()


def open_document(kind: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
    return file.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + f"{stream}\x00".encode("utf-16-le") + bytes(512)


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


SAMPLES = {
    "picture": picture("GIF"),
    "pdf": b"%PDF-1.7\n",
    "docx": saved(lambda file: Document().save(file)),
    "doc": ole("WordDocument"),
    "odt": open_document("text"),
    "rtf": rb"{\rtf1 a}",
    "word_xml": b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
    "xlsx": saved(lambda file: openpyxl.Workbook().save(file)),
    "xls": ole("Workbook"),
    "ods": open_document("spreadsheet"),
    "html": b"<!doctype html><html><body><p>a</p></body></html>",
    "markdown": "# 办法\n\n第一条 一。\n".encode(),
    "csv": "事项,收费\n身份证,40\n居住证,20\n户口簿,10\n".encode(),
    "text": "第一条 一。\n".encode(),
}


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.kind)
def test_every_kind_is_recognised_and_goes_to_its_reader(row: Format) -> None:
    if row.converted_to:
        with pytest.raises(NeedsOffice) as needed:
            reader_of(SAMPLES[row.kind])
        assert (needed.value.suffix, needed.value.target) == (row.endings[0], row.converted_to)
        assert row.endings[0] in office.MEDIA_TYPES
    else:
        assert reader_of(SAMPLES[row.kind]).__module__ == f"knowledge.formats.{row.reader}"


def test_whatever_is_read_may_be_chosen_and_is_named() -> None:
    assert {ending for each in FORMATS for ending in each.endings} | set(archive.ENDINGS) == set(ACCEPTED)
    assert {".ods", ".gif", ".zip"} <= set(ACCEPTED)
    assert len(set(ACCEPTED)) == len(ACCEPTED)
    assert all(each.label in READABLE for each in FORMATS)
    assert "ODS" in READABLE


def test_the_modules_loaded_ahead_exist() -> None:
    """The fork server says nothing of a name that it cannot import."""
    assert "knowledge.load" in PRELOAD
    assert len(PRELOAD) > 1
    for name in PRELOAD:
        importlib.import_module(name)
