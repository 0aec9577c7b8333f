"""What a file is, told by its content, not by its name; and which reader reads it."""

import io
import re
import zipfile
from collections.abc import Callable

from knowledge.blocks import RawDocument
from knowledge.formats import archive, plain
from knowledge.unreadable import NeedsOffice, Unreadable

Reader = Callable[[bytes], RawDocument]

READABLE = "PDF、Word（DOCX、DOC、WPS）、Excel（XLSX、XLS、CSV）、网页、Markdown、文本、图片，或装着它们的 ZIP"
_PROGRAMS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_XML = b"schemas.microsoft.com/office/word/2003/wordml"
_HTML = re.compile(rb"(?i)<(!doctype\s+html|html|head|body|div|article|table|p)[\s>/]")
_MARKDOWN = re.compile(rb"(?m)\A---\s*\n|^#{1,6} \S|^<!--|^\|[^\n]*\|\s*\n\|\s*:?-{2,}")
_SAMPLE = 8192
_ODF = {"text": (".odt", "docx"), "spreadsheet": (".ods", "xlsx")}
# Names of streams inside old Office files, as they stand in the file.
_STREAMS = {
    "WordDocument": (".doc", "docx"),
    "Workbook": (".xls", "xlsx"),
    "Book": (".xls", "xlsx"),
}


def reader_of(data: bytes) -> Reader:
    """The reader for what `data` is; each imports its library only when it is needed.

    Raises `Unreadable` with a sentence, or `NeedsOffice` for what has to be converted first.
    """
    if not data.strip(b"\x00\t\r\n "):
        raise Unreadable("文件是空的（没有任何内容）。请核对原件后重新导出或下载。")
    if data.startswith(_PROGRAMS):
        raise Unreadable(f"这是一个程序文件，不是文档，扩展名可能被改过。请导入{READABLE}。")
    if data.startswith(_PICTURES) or _is_webp(data):
        from knowledge.formats import images

        return images.read
    if b"%PDF-" in data[:1024]:
        from knowledge.formats import pdf

        return pdf.read
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    if data.startswith(_OLE):
        raise _ole(data)
    if data.startswith(b"{\\rtf"):
        raise NeedsOffice(".rtf", "docx")
    if kind := archive.other_archive(data):
        raise Unreadable(f"这是 {kind} 压缩包，不能直接打开。请解压后导入其中的文件，或改用 ZIP 打包。")
    return _text(data)


def _is_webp(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def _zipped(data: bytes) -> Reader:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            names = set(opened.namelist())
            odf = opened.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Unreadable("文件已损坏，打不开（压缩结构不完整）。请重新下载或另存一份再导入。") from None
    if "word/document.xml" in names:
        from knowledge.formats import docx

        return docx.read
    if any(name.startswith("xl/") for name in names):
        from knowledge.formats import spreadsheet

        return spreadsheet.read
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable("这是演示文稿，不能导入。请导出为 PDF 再导入。")
    if "OFD.xml" in names:
        raise Unreadable("这是 OFD 版式文件，不能直接导入。请用 OFD 阅读软件另存为 PDF 再导入。")
    for kind, (suffix, target) in _ODF.items():
        if odf.startswith(f"application/vnd.oasis.opendocument.{kind}"):
            raise NeedsOffice(suffix, target)
    if archive.is_document(names):
        raise Unreadable(f"这种 Office 文件不能导入。请另存为 .docx、.xlsx 或 PDF；能导入的有{READABLE}。")
    raise Unreadable("这是压缩包里的压缩包，没有再往里打开。请先解压，再导入其中的文件。")


def _ole(data: bytes) -> Exception:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Unreadable("这个 Office 文件设了打开密码。请去掉密码，另存一份再导入。")
    if "PowerPoint Document".encode("utf-16-le") in data:
        return Unreadable("这是演示文稿，不能导入。请导出为 PDF 再导入。")
    for stream, (suffix, target) in _STREAMS.items():
        if f"{stream}\x00".encode("utf-16-le") in data:
            return NeedsOffice(suffix, target)
    return Unreadable(
        "这是旧版 Office 格式的文件，但里面没有 Word 文档或 Excel 表格。请核对原件，另存为 .docx 再导入。"
    )


def _text(data: bytes) -> Reader:
    head = data[:_SAMPLE]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and _is_binary(head) and not plain.unmarked_utf16(head):
        raise Unreadable(f"这不是受支持的文档（二进制内容无法识别）。请导入{READABLE}。")
    if _WORD_XML in head:
        raise NeedsOffice(".xml", "docx")
    if len(_HTML.findall(head)) >= 2 or re.search(rb"(?i)<!doctype\s+html|<html[\s>]", head):
        from knowledge.formats import html

        return html.read
    if _MARKDOWN.search(head):
        from knowledge.formats import markdown

        return markdown.read
    from knowledge.formats import delimited

    text = plain.decode(head)
    return delimited.read if delimited.is_table(text[: text.rfind("\n") + 1] or text) else plain.read


def _is_binary(head: bytes) -> bool:
    """Whether more than a twentieth of the bytes are control characters no text has; a stray NUL is forgiven."""
    control = sum(byte < 32 and byte not in (7, 8, 9, 10, 12, 13, 26, 27) for byte in head)
    return control * 20 > len(head)
