"""Read any supported file into a document. The content of the file decides its format, not its name."""

from pathlib import Path

from knowledge import sentences
from knowledge.formats import detect
from knowledge.formats.blocks import RawDocument
from knowledge.formats.unreadable import Unreadable, refuse_endless
from knowledge.guides import reader
from knowledge.law import amendments, vague_repeals
from knowledge.model import ParsedDocument
from knowledge.reading import clauses, metadata

LIMIT_BYTES = 50_000_000
PRELOAD = (__name__, *detect.PRELOADED)  # modules that a process should load before it reads its first file


def load(path: Path, name: str, limit_bytes: int = LIMIT_BYTES) -> ParsedDocument:
    """Read the file at `path`. `name` is what people call it, `limit_bytes` the largest size allowed.

    Raises `Unreadable`, with a sentence for the administrator, if the file cannot go in. Raises `NeedsOffice` if an
    office program has to convert it first.
    """
    size = path.stat().st_size
    if size > limit_bytes:
        raise Unreadable(sentences.FILE_TOO_LARGE.format(size=size / 1_000_000, most=limit_bytes / 1_000_000))
    data = path.read_bytes()
    raw = detect.reader_of(data)(data)
    refuse_endless(_length(raw))
    described = metadata.describe(raw, name)
    found = clauses.read(raw.blocks, described.metadata.title)
    if not found.clauses:
        raise Unreadable(sentences.NO_TEXT)
    text = found.text
    return ParsedDocument(
        described.metadata,
        found.clauses,
        raw.media_type,
        described.repeals,
        (*raw.warnings, *vague_repeals.warnings(found.clauses)),
        text.text,
        text.pages,
        text.headings,
        amendments.read(found.clauses, described.metadata.title),
        described.repeal_days,
        described.extensions,
        guide=reader.read(found.root, found.clauses, described.metadata.title),
    )


def _length(raw: RawDocument) -> int:
    return sum(len(block.text) + sum(len(cell) for row in block.rows for cell in row) for block in raw.blocks)
