"""Makes the document's text as it was read, and tells where every block and heading stands in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.formats.blocks import Block
from knowledge.model import Heading, PageStart
from knowledge.reading import table_text
from knowledge.reading.outline import Node


def placed(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """Return the blocks as one text, line after line, and the blocks with their `start` in it."""
    lines, found, start = [], [], 0
    for block in blocks:
        line = block_text(block)
        lines.append(line)
        found.append(replace(block, start=start))
        start += len(line) + 1
    return "\n".join(lines), found


def block_text(block: Block) -> str:
    """Return a block as it stands in the text. A table stands there as its rows, each readable alone."""
    return table_text.text(block) if block.rows else block.text


def pages(blocks: Sequence[Block]) -> tuple[PageStart, ...]:
    """Return where each page begins among placed blocks. A page on which no block begins is missing."""
    starts: dict[int, int] = {}
    for block in blocks:
        if block.page is not None:
            starts.setdefault(block.page, block.start)
    return tuple(PageStart(page, start) for page, start in sorted(starts.items()))


def headings(node: Node, depth: int = 0) -> Iterator[Heading]:
    """Yield the lines of a tree that are nothing but headings. A first sentence of running text is not yielded."""
    whole = node.block is not None and node.heading in (node.block.text, node.block.text.rstrip("：:"))
    if node.block and whole:
        yield Heading(node.block.start, node.block.start + len(node.block.text), depth)
    for unit in node.units:
        if isinstance(unit, Node):
            yield from headings(unit, depth + 1)
