"""Arranges blocks as a tree: which paragraph belongs under which heading, article or number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.formats.blocks import Block
from knowledge.notation import numbering
from knowledge.notation.numbering import Marker
from knowledge.reading.faq import QUESTION_LEVEL, bare_question

_PATH = 60  # most characters of a heading that may stand in a path
_OPEN_ENDS = "。；;，,、"


@dataclass
class Node:
    """A heading, article or numbered paragraph with what stands under it, in order.

    `rank` is the node's depth. `style` is the rank that the form of its number usually has (一、 or 1.). `heading` is
    what the node adds to the path of those below; it is "" when its line is running text. `block` is its own line.
    """

    rank: int
    style: int = -1
    number: str = ""
    heading: str = ""
    question: str = ""
    block: Block | None = None
    units: list["Block | Node"] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        """Yield the node's own line, then everything below, in reading order."""
        if self.block:
            yield self.block
        for unit in self.units:
            yield from unit.blocks() if isinstance(unit, Node) else [unit]


def grow(blocks: Sequence[Block]) -> Node:
    """Return the tree of a document; its root holds what stands before the first heading."""
    root = Node(rank=-1)
    stack = [root]
    markers = _markers(blocks)
    for index, block in enumerate(blocks):
        marker = markers[index]
        node = None if block.rows else _node(block, marker, _unnumbered_rank(blocks, markers, index))
        if node is None:
            stack[-1].units.append(block)
            continue
        if marker and marker.rank >= numbering.OUTLINE:
            node.rank = _rank_among(stack, marker, blocks[index - 1].text)
        elif not marker and block.level:
            node.rank = max(node.rank, _rank_below(stack, block.level))
        while stack[-1].rank >= node.rank:
            stack.pop()
        if marker and marker.rank == numbering.ANNEX and not _opens_annex(blocks, index):
            node.heading = ""  # it only opens a list of what is attached
        stack[-1].units.append(node)
        stack.append(node)
    return _without_empty(root)


def _rank_among(stack: Sequence[Node], marker: Marker, before: str) -> int:
    """Return the rank of a number here.

    A number that continues a list has the rank of that list. A number that opens a list after "：" ranks below the
    item that ends in "：". Any other number keeps its usual rank.
    Documents put （一） under 1. as well as 1. under （一）.
    """
    for node in reversed(stack):
        if node.style == marker.rank:
            return node.rank
    if marker.ordinal == 1 and before.endswith(("：", ":")) and stack[-1].rank >= marker.rank:
        return stack[-1].rank + 1
    return marker.rank


def _rank_below(stack: Sequence[Node], level: int) -> int:
    """Return the least rank of a heading of this level.

    It is below the open numbered heading of a higher level (## 一、 ### …).
    """
    above = [node.rank for node in stack if node.number and node.block and 0 < node.block.level < level]
    return above[-1] + 5 if above else 0


def _without_empty(node: Node) -> Node:
    """Make each heading that has no number and nothing under it a paragraph of its parent."""
    units: list[Block | Node] = []
    for unit in node.units:
        if isinstance(unit, Node) and not unit.number and not unit.units and unit.block:
            units.append(unit.block)
        else:
            units.append(_without_empty(unit) if isinstance(unit, Node) else unit)
    node.units = units
    return node


def _markers(blocks: Sequence[Block]) -> list[Marker | None]:
    found: list[Marker | None] = []
    last = 0
    for block in blocks:
        marker = None if block.rows else numbering.read(block.text, last)
        if marker and marker.rank == numbering.ARTICLE:
            last = marker.ordinal
        found.append(marker)
    return found


def _opens_annex(blocks: Sequence[Block], index: int) -> bool:
    """Return whether an annex itself follows 附件, and not a list of the names of annexes."""
    marker = numbering.read(blocks[index].text)
    if marker and marker.ordinal and not marker.rest:
        return True
    following = blocks[index + 1 : index + 8]
    if following and (second := numbering.read(following[0].text)) and second.ordinal in (1, 2):
        return False
    if marker and not marker.rest and following and not blocks[index].text.endswith(("：", ":")):
        return True
    return any(block.rows for block in following[:3]) or any(len(block.text) > _PATH for block in following)


def _node(block: Block, marker: Marker | None, unnumbered: int | None) -> Node | None:
    text = block.text
    if marker:
        heading = _heading(marker, text)
        asked = marker.rest if heading and _is_question(marker.rest) else ""
        return Node(marker.rank, marker.rank, marker.number, heading, asked, block)
    if unnumbered is None:
        return None
    asked = bare_question(text) if _is_question(text) or block.level == QUESTION_LEVEL else ""
    return Node(unnumbered, -1, "", asked or text.rstrip("：:"), asked, block)


def _heading(marker: Marker, text: str) -> str:
    """Return what a numbered line adds to the path: the line itself when short, or its first short sentence."""
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
    """Return the rank of a heading that has no number, or None for plain text.

    A heading inside an outline that goes on after it (… 一、 heading 二、 …) belongs under that outline. Of two bold
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
