"""Read any supported file into a document: what it is, is told by its content, not by its name."""

from pathlib import Path

from knowledge import amendments, clauses, conflicts, guide_reading, kinds, metadata
from knowledge.blocks import RawDocument
from knowledge.model import ParsedDocument
from knowledge.unreadable import Unreadable, refuse_endless

__all__ = ["LIMIT_BYTES", "Unreadable", "load"]

LIMIT_BYTES = 50_000_000


def load(path: Path, name: str, limit_bytes: int = LIMIT_BYTES) -> ParsedDocument:
    """Read the file at `path`; `name` is what people call it. `limit_bytes` bounds its size.

    Raises `Unreadable` with a sentence for the administrator when the file cannot go in, `NeedsOffice` when an office
    program has to convert it first.
    """
    size = path.stat().st_size
    if size > limit_bytes:
        sizes = f"{size / 1_000_000:.1f} MB，超过 {limit_bytes / 1_000_000:.0f} MB 的上限"
        raise Unreadable(f"文件有 {sizes}。请拆分成几个较小的文件，或删去其中的图片后再导入。")
    data = path.read_bytes()
    raw = kinds.reader_of(data)(data)
    refuse_endless(_length(raw))
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
        (*raw.warnings, *conflicts.warnings(found.clauses)),
        text.text,
        text.pages,
        text.headings,
        amendments.read(found.clauses, described.metadata.title),
        described.repeal_days,
        described.extensions,
        guide=guide_reading.read(found.root, found.clauses, described.metadata.title),
    )


def _length(raw: RawDocument) -> int:
    return sum(len(block.text) + sum(len(cell) for row in block.rows for cell in row) for block in raw.blocks)
