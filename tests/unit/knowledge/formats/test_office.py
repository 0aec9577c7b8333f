"""Old office files: through LibreOffice where it is installed, else with a sentence that says so."""

import io
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest

from knowledge.formats import detect, office
from knowledge.formats.unreadable import NeedsOffice, Unreadable
from knowledge.load import PRELOAD, load
from knowledge.model import FileFailure, ParsedDocument
from knowledge.sandbox import limits
from knowledge.sandbox.parsers import Parsers

CLAUSES = ("第一条 夜市的经营时间由街道办事处公布。", "第二条 摊主应当持有营业执照和健康证明。")
RTF = rb"{\rtf1\ansi\ansicpg936 {\b Rules of the market} \par Article 1. The market opens at six.\par}"


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    with Parsers(load, preload=PRELOAD) as running:
        yield running


@pytest.fixture(scope="module")
def installed() -> Path:
    program = office.program()
    if program is None:
        pytest.skip(
            "LibreOffice is not installed on this machine (apt-get install libreoffice-writer libreoffice-calc)"
        )
    return program


@pytest.fixture(scope="module")
def original(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A file in an old format, made by LibreOffice itself."""
    folder = tmp_path_factory.mktemp("旧版")
    document = docx.Document()
    document.add_heading("江湾区夜市管理办法", 0)
    for text in CLAUSES:
        document.add_paragraph(text)
    document.save(str(folder / "办法.docx"))
    book = openpyxl.Workbook()
    for row in (["事项", "收费", "备注"], ["身份证", 40, "补办"]):
        book.active.append(row)
    book.save(folder / "收费.xlsx")

    @cache
    def made(kind: str) -> Path:
        source = folder / ("收费.xlsx" if kind in ("xls", "ods") else "办法.docx")
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
        return source.with_suffix(f".{kind}")

    return made


soak = pytest.mark.soak  # each start of LibreOffice takes seconds


@pytest.mark.parametrize("kind", ["doc", pytest.param("rtf", marks=soak), pytest.param("odt", marks=soak)])
def test_old_documents_give_their_clauses(parsers: Parsers, original: Callable[[str], Path], kind: str) -> None:
    answer = parsers.parse(original(kind))
    assert isinstance(answer, ParsedDocument), answer
    assert answer.metadata.title == "江湾区夜市管理办法"
    assert tuple(clause.text for clause in answer.clauses) == CLAUSES
    assert answer.media_type == office.MEDIA_TYPES[f".{kind}"]


@pytest.mark.parametrize("kind", ["xls", pytest.param("ods", marks=soak)])
def test_old_tables_give_their_rows(parsers: Parsers, original: Callable[[str], Path], kind: str) -> None:
    answer = parsers.parse(original(kind))
    assert isinstance(answer, ParsedDocument), answer
    assert answer.clauses[0].text == "事项：身份证；收费：40；备注：补办"


def test_what_it_is_is_told_by_content(parsers: Parsers, original: Callable[[str], Path], tmp_path: Path) -> None:
    renamed = tmp_path / "其实是旧版.pdf"  # as .wps and .et files are, too
    renamed.write_bytes(original("doc").read_bytes())
    assert isinstance(parsers.parse(renamed), ParsedDocument)


def test_a_broken_old_document_is_named(installed: Path, parsers: Parsers, original: Callable[[str], Path]) -> None:
    torn = original("doc").with_name("坏.doc")
    torn.write_bytes(original("doc").read_bytes()[:3000] + "WordDocument\x00".encode("utf-16-le"))
    answer = parsers.parse(torn)
    assert isinstance(answer, FileFailure)
    assert "LibreOffice 没能打开" in answer.reason


def test_it_may_not_take_longer_than_any_other_file(original: Callable[[str], Path]) -> None:
    with Parsers(load, limits.Limits(wall_seconds=0.3), workers=1, preload=PRELOAD) as hurried:
        started = time.monotonic()
        answer = hurried.parse(original("doc"))
        assert isinstance(answer, FileFailure)
        assert "0.3 秒" in answer.reason
        assert time.monotonic() - started < 10
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "laofashi-office-" not in running


def test_without_it_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_USUAL_PLACES", ())
    assert office.program() is None
    assert "安装 LibreOffice" in office.missing(".doc")
    assert "DOC" in office.missing(".doc")


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(f"{s}\x00".encode("utf-16-le") for s in streams)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (ole("Root Entry", "WordDocument"), ".doc"),
        (ole("Root Entry", "Workbook"), ".xls"),
        (ole("Root Entry", "Book"), ".xls"),
        (RTF, ".rtf"),
        (
            b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
            ".xml",
        ),
    ],
)
def test_which_files_need_it(data: bytes, suffix: str) -> None:
    with pytest.raises(NeedsOffice) as needed:
        detect.reader_of(data)
    assert needed.value.suffix == suffix


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (ole("EncryptedPackage"), "密码"),
        (ole("PowerPoint Document"), "演示文稿"),
        (ole("Contents"), "旧版 Office"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
    ],
)
def test_what_it_would_not_help_with(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        detect.reader_of(data)


def test_an_ofd_file_is_told_what_to_become() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("OFD.xml", "<ofd/>")
    with pytest.raises(Unreadable, match="OFD"):
        detect.reader_of(file.getvalue())
