"""The document's text as it was read, and where in it every block and heading stands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge import grids
from knowledge.blocks import Block
from knowledge.model import Heading, PageStart
from knowledge.outline import Node


def placed(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """The blocks line after line as one text, and the blocks with their `start` in it."""
    lines, found, start = [], [], 0
    for block in blocks:
        line = shown(block)
        lines.append(line)
        found.append(replace(block, start=start))
        start += len(line) + 1
    return "\n".join(lines), found


def shown(block: Block) -> str:
    """A block as it stands in the text; a table as its rows, each readable alone."""
    return grids.text(block) if block.rows else block.text


def pages(blocks: Sequence[Block]) -> tuple[PageStart, ...]:
    """Where each page begins among placed blocks; a page on which none begins is missing."""
    starts: dict[int, int] = {}
    for block in blocks:
        if block.page is not None:
            starts.setdefault(block.page, block.start)
    return tuple(PageStart(page, start) for page, start in sorted(starts.items()))


def headings(node: Node, depth: int = 0) -> Iterator[Heading]:
    """The lines of a tree that are nothing but headings; a first sentence of running text is none."""
    whole = node.block is not None and node.heading in (node.block.text, node.block.text.rstrip("：:"))
    if node.block and whole:
        yield Heading(node.block.start, node.block.start + len(node.block.text), depth)
    for unit in node.units:
        if isinstance(unit, Node):
            yield from headings(unit, depth + 1)
