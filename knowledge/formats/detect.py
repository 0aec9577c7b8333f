"""One table of the readable kinds of file: how each is recognised by its content, and which reader reads it."""

import importlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from knowledge import sentences
from knowledge.formats import archive, plain
from knowledge.formats.blocks import RawDocument
from knowledge.formats.unreadable import NeedsOffice, Unreadable

Reader = Callable[[bytes], RawDocument]

_PROGRAMS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_XML = b"schemas.microsoft.com/office/word/2003/wordml"
_HTML = re.compile(rb"(?i)<(!doctype\s+html|html|head|body|div|article|table|p)[\s>/]")
_MARKDOWN = re.compile(rb"(?m)\A---\s*\n|^#{1,6} \S|^<!--|^\|[^\n]*\|\s*\n\|\s*:?-{2,}")
_SAMPLE = 8192


class Content:
    """The bytes of a file, and what they show before a reader is chosen."""

    def __init__(self, data: bytes) -> None:
        self.data, self.head = data, data[:_SAMPLE]

    @cached_property
    def members(self) -> set[str]:
        """The names inside a ZIP file, empty for any other file. Raises `Unreadable` for a broken ZIP file."""
        return self._unzipped[0]

    @cached_property
    def open_document(self) -> str:
        """The kind an OpenDocument file gives ("text", "spreadsheet" …), "" for any other file."""
        return self._unzipped[1].removeprefix("application/vnd.oasis.opendocument.")

    @cached_property
    def _unzipped(self) -> tuple[set[str], str]:
        if not self.data.startswith(_ZIP):
            return set(), ""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as opened:
                names = set(opened.namelist())
                return names, opened.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, OSError):
            raise Unreadable(sentences.BROKEN_FILE) from None

    def has_stream(self, *names: str) -> bool:
        """Return whether this is an old Office file that holds a stream with one of these names."""
        return self.data.startswith(_OLE) and any(f"{name}\x00".encode("utf-16-le") in self.data for name in names)

    @cached_property
    def is_text(self) -> bool:
        """Whether the file can be read as text in some encoding."""
        if self.data.startswith((*_ZIP, _OLE)) or archive.other_archive(self.data):
            return False
        wide = self.head.startswith((b"\xff\xfe", b"\xfe\xff"))
        return wide or not _is_binary(self.head) or bool(plain.unmarked_utf16(self.head))


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that can be read.

    `endings` are the usual endings of such files. Either `reader` names the module of `knowledge.formats` whose `read`
    reads them, or `converted_to` is the format into which an office program must convert them first. `label` is the
    name people use; related kinds share it. `preloaded` means: load the reader before any file comes.
    """

    kind: str
    label: str
    endings: tuple[str, ...]
    recognised: Callable[[Content], bool]
    reader: str = ""
    converted_to: str = ""
    preloaded: bool = False


def _is_picture(file: Content) -> bool:
    return file.data.startswith(_PICTURES) or (file.data.startswith(b"RIFF") and file.data[8:12] == b"WEBP")


def _is_old(*streams: str) -> Callable[[Content], bool]:
    return lambda file: _ole_refusal(file) is None and file.has_stream(*streams)


def _is_html(file: Content) -> bool:
    several = len(_HTML.findall(file.head)) >= 2
    return file.is_text and (several or bool(re.search(rb"(?i)<!doctype\s+html|<html[\s>]", file.head)))


def _is_delimited(file: Content) -> bool:
    from knowledge.formats import delimited

    text = plain.decode(file.head) if file.is_text else ""
    return file.is_text and delimited.is_table(text[: text.rfind("\n") + 1] or text)


FORMATS = (  # the first that recognises a file reads it
    Format(
        "picture",
        "图片",
        (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"),
        _is_picture,
        "images",
    ),
    Format("pdf", "PDF", (".pdf",), lambda file: b"%PDF-" in file.data[:1024], "pdf", preloaded=True),
    Format("docx", "Word", (".docx",), lambda file: "word/document.xml" in file.members, "docx", preloaded=True),
    Format("doc", "Word", (".doc", ".wps"), _is_old("WordDocument"), converted_to="docx"),
    Format("odt", "Word", (".odt",), lambda file: file.open_document.startswith("text"), converted_to="docx"),
    Format("rtf", "Word", (".rtf",), lambda file: file.data.startswith(b"{\\rtf"), converted_to="docx"),
    Format("word_xml", "Word", (".xml",), lambda file: file.is_text and _WORD_XML in file.head, converted_to="docx"),
    Format(
        "xlsx",
        "Excel",
        (".xlsx",),
        lambda file: any(name.startswith("xl/") for name in file.members),
        "spreadsheet",
    ),
    Format("xls", "Excel", (".xls", ".et"), _is_old("Workbook", "Book"), converted_to="xlsx"),
    Format("ods", "Excel", (".ods",), lambda file: file.open_document.startswith("spreadsheet"), converted_to="xlsx"),
    Format("html", "网页", (".html", ".htm"), _is_html, "html", preloaded=True),
    Format(
        "markdown",
        "Markdown",
        (".md",),
        lambda file: file.is_text and bool(_MARKDOWN.search(file.head)),
        "markdown",
        preloaded=True,
    ),
    Format("csv", "Excel", (".csv", ".tsv"), _is_delimited, "delimited"),
    Format("text", "文本", (".txt",), lambda file: file.is_text, "plain"),
)


def _named(label: str) -> str:
    """Return a label; if several kinds share it, with the endings of all of them."""
    kinds = [each for each in FORMATS if each.label == label]
    endings = "、".join(ending[1:].upper() for each in kinds for ending in each.endings)
    return f"{label}（{endings}）" if len(kinds) > 1 else label


READABLE = "、".join(_named(label) for label in dict.fromkeys(each.label for each in FORMATS)) + "，或装着它们的 ZIP"
ACCEPTED = (*(ending for each in FORMATS for ending in each.endings), *archive.ENDINGS)  # of files to choose from
PRELOADED = tuple(f"knowledge.formats.{each.reader}" for each in FORMATS if each.preloaded)


def reader_of(data: bytes) -> Reader:
    """Return the reader for `data`. The reader's module, and its library, is imported only now.

    Raises `Unreadable` with a sentence if no reader can read it, or `NeedsOffice` if it has to be converted first.
    """
    if not data.strip(b"\x00\t\r\n "):
        raise Unreadable(sentences.EMPTY_FILE)
    if data.startswith(_PROGRAMS):
        raise Unreadable(sentences.PROGRAM.format(readable=READABLE))
    file = Content(data)
    found = next((each for each in FORMATS if each.recognised(file)), None)
    if found is None:
        raise Unreadable(_refusal(file))
    if found.converted_to:
        raise NeedsOffice(found.endings[0], found.converted_to)
    reader: Reader = importlib.import_module(f"knowledge.formats.{found.reader}").read
    return reader


def _refusal(file: Content) -> str:
    """Return the sentence that says why an unreadable file cannot go in, and what to do."""
    if file.data.startswith(_ZIP):
        return _zip_refusal(file.members)
    if file.data.startswith(_OLE):
        return _ole_refusal(file) or sentences.OLD_OFFICE_EMPTY
    if kind := archive.other_archive(file.data):
        return sentences.OTHER_ARCHIVE.format(kind=kind)
    return sentences.UNKNOWN_KIND.format(readable=READABLE)


def _zip_refusal(members: set[str]) -> str:
    if any(name.startswith("ppt/") for name in members):
        return sentences.PRESENTATION
    if "OFD.xml" in members:
        return sentences.OFD
    if archive.is_document(members):
        return sentences.OTHER_OFFICE_FILE.format(readable=READABLE)
    return sentences.ARCHIVE_IN_ARCHIVE


def _ole_refusal(file: Content) -> str | None:
    """Return why an old Office file cannot be read though it may hold a document. None: nothing prevents it."""
    if not file.data.startswith(_OLE):
        return None
    if "EncryptedPackage".encode("utf-16-le") in file.data:
        return sentences.OFFICE_LOCKED
    if "PowerPoint Document".encode("utf-16-le") in file.data:
        return sentences.PRESENTATION
    return None


def _is_binary(head: bytes) -> bool:
    """Return whether over a twentieth of the bytes are control characters that texts lack. A few NULs are tolerated."""
    control = sum(byte < 32 and byte not in (7, 8, 9, 10, 12, 13, 26, 27) for byte in head)
    return control * 20 > len(head)
