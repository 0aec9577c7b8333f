"""Blocks to a tree: which paragraph belongs under which heading, article or number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge import numbering
from knowledge.blocks import Block
from knowledge.numbering import Marker
from knowledge.questions import QUESTION_LEVEL

_PATH = 60  # characters of a heading that may stand in a path
_OPEN_ENDS = "。；;，,、"


@dataclass
class Node:
    """A heading, article or numbered paragraph with what stands under it, in order.

    `heading` is what it adds to the path of those below ("" when its line is running text); `block` is its own line.
    """

    rank: int
    number: str = ""
    heading: str = ""
    question: str = ""
    block: Block | None = None
    units: list["Block | Node"] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        """Its own line, then everything below, in reading order."""
        if self.block:
            yield self.block
        for unit in self.units:
            yield from unit.blocks() if isinstance(unit, Node) else [unit]


def grow(blocks: Sequence[Block]) -> Node:
    """The tree of a document; its root holds what stands before the first heading."""
    root = Node(rank=-1)
    stack = [root]
    last_article = 0
    markers = _markers(blocks)
    for index, block in enumerate(blocks):
        marker = markers[index]
        node = None if block.rows else _node(block, marker, _unnumbered_rank(blocks, markers, index))
        if node is None:
            stack[-1].units.append(block)
            continue
        while stack[-1].rank >= node.rank:
            stack.pop()
        stack[-1].units.append(node)
        stack.append(node)
        last_article = marker.ordinal if marker and marker.rank == numbering.ARTICLE else last_article
    return root


def _markers(blocks: Sequence[Block]) -> list[Marker | None]:
    found: list[Marker | None] = []
    last = 0
    for block in blocks:
        marker = None if block.rows else numbering.read(block.text, last)
        if marker and marker.rank == numbering.ARTICLE:
            last = marker.ordinal
        elif marker and marker.rank == numbering.ANNEX and not _opens_annex(blocks, len(found)):
            marker = None
        found.append(marker)
    return found


def _opens_annex(blocks: Sequence[Block], index: int) -> bool:
    """Whether the text of an annex follows, and not only a list of annexes' names."""
    following = [b for b in blocks[index + 1 : index + 8]]
    return any(block.rows or len(block.text) > 60 for block in following) and not _lists_annexes(following)


def _lists_annexes(following: Sequence[Block]) -> bool:
    return (
        bool(following)
        and bool(following[0].text)
        and (m := numbering.read(following[0].text)) is not None
        and m.ordinal == 2
    )


def _node(block: Block, marker: Marker | None, unnumbered: int | None) -> Node | None:
    text = block.text
    if marker:
        heading = _heading(marker, text)
        asked = marker.rest if heading and _is_question(marker.rest) else ""
        return Node(marker.rank, marker.number, heading, asked, block)
    if unnumbered is None:
        return None
    asked = text if _is_question(text) or block.level == QUESTION_LEVEL else ""
    return Node(unnumbered, "", text.rstrip("：:"), asked, block)


def _heading(marker: Marker, text: str) -> str:
    """What a numbered line adds to the path: itself when short, or its first short sentence."""
    if marker.rank == numbering.ARTICLE:
        return ""
    if len(text) <= _PATH and (not marker.rest or marker.rest[-1] not in _OPEN_ENDS):
        return text.rstrip("：:")
    first = marker.rest.split("。", 1)[0]
    if len(first) <= 20 and "。" in marker.rest and "，" not in first and "；" not in first:
        return marker.number + first
    return ""


def _is_question(text: str) -> bool:
    return text.rstrip().endswith(("？", "?")) and len(text) <= 80


def _unnumbered_rank(blocks: Sequence[Block], markers: Sequence[Marker | None], index: int) -> int | None:
    """The rank of a heading that has no number, or None for plain text.

    One that stands inside an outline that goes on after it (… 一、 heading 二、 …) belongs under it. Of two bold
    headings in a row the first is the outer one.
    """
    block = blocks[index]
    if not _is_heading(block) or markers[index]:
        return None
    following = next((m for m in markers[index + 1 :] if m and m.rank <= numbering.OUTLINE), None)
    begun = any(m and m.rank == numbering.OUTLINE for m in markers[:index])
    if begun and following and following.rank == numbering.OUTLINE and following.ordinal > 1:
        return numbering.OUTLINE + 5
    if block.level:
        return numbering.HEADING + block.level
    paired = index + 1 < len(blocks) and not markers[index + 1] and _is_heading(blocks[index + 1])
    return numbering.HEADING + (7 if paired else 8)


def _is_heading(block: Block) -> bool:
    if block.level:
        return True
    return bool(block.bold and block.text and len(block.text) <= 50 and block.text[-1] not in _OPEN_ENDS)
