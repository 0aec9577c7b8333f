"""DOCX: paragraphs and tables in the order of the document."""

import io
import zipfile

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from knowledge.blocks import Block, RawDocument, tidy
from knowledge.unreadable import Unreadable

UNPACKED_LIMIT = 300 * 1024 * 1024  # bytes; an official document unpacks to a few MB


def read(data: bytes) -> RawDocument:
    """The document's blocks; automatic numbers are not printed text and are left to the paragraph's own."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(item.file_size for item in archive.infolist()) > UNPACKED_LIMIT:
            raise Unreadable("文件解开后过大，像是“压缩炸弹”，已拒绝打开。请用 Word 另存一份正常的 .docx 再导入。")
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:
        raise Unreadable("Word 文件已损坏，打不开。请用 Word 或 WPS 修复并另存一份再导入。") from error
    blocks = tuple(block for item in document.iter_inner_content() if (block := _block(item)))
    title = next((b.text for b in blocks if b.level == 1), "")
    facts = {"title": title} if title else {}
    return RawDocument(
        blocks, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", facts, _warnings(document)
    )


def _warnings(document: Document) -> tuple[str, ...]:
    return ("文件里有图片，图片中的文字没有读出。",) if len(document.inline_shapes) else ()


def _block(item: Paragraph | Table) -> Block | None:
    if isinstance(item, Table):
        rows = _rows(item)
        return Block(rows=rows) if rows else None
    text = tidy(item.text)
    if not text:
        return None
    style = (item.style.name if item.style is not None else "") or ""
    level = 1 if style == "Title" else _level(style)
    runs = [run for run in item.runs if run.text.strip()]
    return Block(text, level=level, bold=bool(runs) and all(run.bold for run in runs))


def _level(style: str) -> int:
    name, _, number = style.rpartition(" ")
    return int(number) if name in ("Heading", "标题") and number.isdecimal() and 1 <= int(number) <= 6 else 0


def _rows(table: Table) -> tuple[tuple[str, ...], ...]:
    """Merged cells repeat their text, as python-docx gives them; rows are filled to one width."""
    rows = [tuple(tidy(cell.text) for cell in row.cells) for row in table.rows]
    width = max((len(row) for row in rows), default=0)
    return tuple(row + ("",) * (width - len(row)) for row in rows if any(row))
