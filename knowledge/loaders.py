"""Read any supported file into a document: what it is, is told by its content, not by its name."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from knowledge import clauses, metadata
from knowledge.blocks import RawDocument
from knowledge.model import ParsedDocument
from knowledge.unreadable import Unreadable

__all__ = ["LIMIT_BYTES", "Unreadable", "load"]

LIMIT_BYTES = 50_000_000
LIMIT_CHARACTERS = 3_000_000  # of text in one file; the longest codes of the country have some hundred thousand

_PROGRAMS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_HTML = re.compile(rb"(?i)<(!doctype\s+html|html|head|body|div|article|table|p)[\s>/]")
_MARKDOWN = re.compile(rb"(?m)\A---\s*\n|^#{1,6} \S|^<!--|^\|[^\n]*\|\s*\n\|\s*:?-{2,}")
_SAMPLE = 8192


def load(path: Path, name: str, limit_bytes: int = LIMIT_BYTES) -> ParsedDocument:
    """Read the file at `path`; `name` is what people call it. `limit_bytes` bounds its size.

    Raises `Unreadable` with a sentence for the administrator when the file cannot go in.
    """
    size = path.stat().st_size
    if size > limit_bytes:
        sizes = f"{size / 1_000_000:.1f} MB，超过 {limit_bytes / 1_000_000:.0f} MB 的上限"
        raise Unreadable(f"文件有 {sizes}。请拆分成几个较小的文件，或删去其中的图片后再导入。")
    data = path.read_bytes()
    raw = _reader(data)(data)
    _refuse_endless(raw)
    described = metadata.describe(raw, name)
    found = clauses.read(raw.blocks, described.metadata.title)
    if not found.clauses:
        raise Unreadable(
            "文件里没有可以读出的正文。请打开原件核对：若内容是图片或由网页程序载入，请另存为带文字的文件再导入。"
        )
    text = found.text
    return ParsedDocument(
        described.metadata,
        found.clauses,
        raw.media_type,
        described.repeals,
        raw.warnings,
        text.text,
        text.pages,
        text.headings,
    )


def _refuse_endless(raw: RawDocument) -> None:
    length = sum(len(block.text) + sum(len(cell) for row in block.rows for cell in row) for block in raw.blocks)
    if length > LIMIT_CHARACTERS:
        sizes = f"{length / 10_000:.0f} 万字，超过 {LIMIT_CHARACTERS // 10_000} 万字的上限"
        raise Unreadable(f"文件的正文有 {sizes}，很可能不是一份文件。请核对原件，拆分成几个文件再导入。")


def _reader(data: bytes) -> Callable[[bytes], RawDocument]:
    """The reader for what `data` is; each imports its library only when it is needed."""
    if not data.strip(b"\x00\t\r\n "):
        raise Unreadable("文件是空的（没有任何内容）。请核对原件后重新导出或下载。")
    if data.startswith(_PROGRAMS):
        raise Unreadable(
            "这是一个程序文件，不是文档，扩展名可能被改过。请导入 HTML、Markdown、文本、DOCX 或 PDF 文件。"
        )
    if data.startswith(_PICTURES):
        raise Unreadable("这是一张图片，目前还不能识别图片里的文字。请导入带文字的 PDF、DOCX 或网页。")
    if b"%PDF-" in data[:1024]:
        from knowledge.formats import pdf

        return pdf.read
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unreadable(_ole_reason(data))
    if data.startswith(b"{\\rtf"):
        raise Unreadable("这是 RTF 文件，暂不支持。请用 Word 或 WPS 另存为 .docx 再导入。")
    return _text(data)


def _zipped(data: bytes) -> Callable[[bytes], RawDocument]:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except zipfile.BadZipFile:
        raise Unreadable("文件已损坏，打不开（压缩结构不完整）。请重新下载或另存一份再导入。") from None
    if "word/document.xml" in names:
        from knowledge.formats import docx

        return docx.read
    if any(name.startswith("xl/") for name in names):
        raise Unreadable("这是 Excel 工作簿，暂不支持。请把需要的表格复制到 Word，另存为 .docx 再导入。")
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable("这是演示文稿，暂不支持。请导出为带文字的 PDF 再导入。")
    raise Unreadable("这是一个压缩包，不是文档。请先解压，再导入其中的文件。")


def _ole_reason(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "这个 Office 文件设了打开密码。请去掉密码，另存一份再导入。"
    return "这是旧版 Office 文件（.doc、.xls 等），暂不支持。请用 Word 或 WPS 另存为 .docx 再导入。"


def _text(data: bytes) -> Callable[[bytes], RawDocument]:
    head = data[:_SAMPLE]
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and _is_binary(head):
        raise Unreadable("这不是受支持的文档（二进制内容无法识别）。请导入 HTML、Markdown、文本、DOCX 或 PDF 文件。")
    if len(_HTML.findall(head)) >= 2 or re.search(rb"(?i)<!doctype\s+html|<html[\s>]", head):
        from knowledge.formats import html

        return html.read
    if _MARKDOWN.search(head):
        from knowledge.formats import markdown

        return markdown.read
    from knowledge.formats import plain

    return plain.read


def _is_binary(head: bytes) -> bool:
    """Whether more than a twentieth of the bytes are control characters no text has; a stray NUL is forgiven."""
    control = sum(byte < 32 and byte not in (7, 8, 9, 10, 12, 13, 26, 27) for byte in head)
    return control * 20 > len(head)
