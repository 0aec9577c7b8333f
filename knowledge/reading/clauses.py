"""Cuts blocks into clauses (条款): each can be cited and read alone, and none is cut from its number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.formats.blocks import Block
from knowledge.law import amendments
from knowledge.model import Clause, ClauseKind, DocumentText
from knowledge.notation import numbering
from knowledge.reading import boilerplate, faq, positions, table_text
from knowledge.reading.outline import Node, grow

WHOLE = 450  # characters; up to here an outline item and everything under it stay one clause
WHOLE_AFTER_COLON = 900  # the same for an enumeration opened by "…："
STANDS_ALONE = 80  # a part this long is a clause of its own when its parent is divided
FRAGMENT = 50  # a last piece shorter than this joins the piece before it

Path = tuple[str, ...]
Units = list[Block | Node]


@dataclass(frozen=True, slots=True)
class ReadClauses:
    """A document's clauses in reading order, numbered from 0, and the text in which they have their places.

    `root` is the tree from which the clauses were cut.
    """

    clauses: tuple[Clause, ...]
    text: DocumentText
    root: Node


def read(blocks: Sequence[Block], title: str) -> ReadClauses:
    """Return the clauses of a document and its text. Title lines and signatures are in the text but in no clause."""
    text, standing = positions.placed(blocks)
    root = grow(faq.marked(boilerplate.without(standing, title)))
    found = tuple(replace(clause, ordinal=ordinal) for ordinal, clause in enumerate(_of(root, ())))
    return ReadClauses(found, DocumentText(text, positions.pages(standing), tuple(positions.headings(root))), root)


def cut(blocks: Sequence[Block], title: str) -> list[Clause]:
    """Return only the clauses of `read`."""
    return list(read(blocks, title).clauses)


def _of(node: Node, path: Path) -> Iterator[Clause]:
    if node.rank == numbering.ARTICLE:
        yield from _whole(node, path, ClauseKind.ARTICLE)
    elif node.question and node.units:
        yield from _whole(node, path, ClauseKind.QUESTION)
    elif _stays_whole(node):
        yield from _whole(node, path, ClauseKind.OUTLINE)
    else:
        yield from _divided(node, path)


def _below(node: Node, path: Path) -> Path:
    return (*path, node.heading) if node.heading else path


def _stays_whole(node: Node) -> bool:
    if node.rank < numbering.OUTLINE or any(_is_question(unit) or _amends(unit) for unit in node.units):
        return False
    return _size([node]) <= (WHOLE_AFTER_COLON if _opens_list(node) else WHOLE)


def _opens_list(node: Node) -> bool:
    own = [unit.text for unit in node.units if isinstance(unit, Block) and unit.text]
    last = own[-1] if own else node.block.text if node.block else ""
    return last.endswith(("：", ":")) and any(isinstance(unit, Node) for unit in node.units)


def _is_question(unit: Block | Node) -> bool:
    return isinstance(unit, Node) and bool(unit.question)


def _amends(unit: Block | Node) -> bool:
    """Return whether a unit is an item of an amending decision. Each item stands and falls with its own article."""
    return isinstance(unit, Node) and unit.block is not None and bool(amendments.AMENDS.search(unit.block.text))


def _whole(node: Node, path: Path, kind: ClauseKind) -> Iterator[Clause]:
    """Yield one clause of the node's text. Questions and tables inside it follow as clauses of their own."""
    apart: list[Block | Node] = []
    texts = list(_texts(node, apart))
    within = _below(node, path)
    heading_only = len(texts) == 1 and node.heading and apart
    if texts and not heading_only and (kind != ClauseKind.QUESTION or len(texts) > 1):
        yield _clause(texts, within, node.number, kind, node.question)
    place = (*path, node.number) if kind == ClauseKind.ARTICLE else within
    for unit in apart:
        yield from _of(unit, place) if isinstance(unit, Node) else _table(unit, place)


def _texts(node: Node, apart: list[Block | Node]) -> Iterator[Block]:
    if node.block:
        yield node.block
    for unit in node.units:
        if _is_question(unit) or (isinstance(unit, Block) and unit.rows):
            apart.append(unit)
        elif isinstance(unit, Node):
            yield from _texts(unit, apart)
        else:
            yield unit


def _divided(node: Node, path: Path) -> Iterator[Clause]:
    """Yield the node's own paragraphs packed together and each of its longer parts alone, in order."""
    packed: list[Units] = [[node.block]] if node.block and (node.number or not node.heading) else []
    for unit in node.units:
        if (isinstance(unit, Node) and not _needs_own(unit, node)) or (isinstance(unit, Block) and not unit.rows):
            _pack(packed, unit)
            continue
        yield from _flushed(packed, node, path)
        packed = []
        yield from _of(unit, _below(node, path)) if isinstance(unit, Node) else _table(unit, _below(node, path))
    yield from _flushed(packed, node, path)


def _needs_own(part: Node, parent: Node) -> bool:
    if part.rank <= numbering.ARTICLE or part.question or _amends(part) or any(b.rows for b in part.blocks()):
        return True
    if parent.rank < numbering.OUTLINE and part.heading and part.units:
        return True
    return _size([part]) >= STANDS_ALONE


def _pack(packed: list[Units], unit: Block | Node) -> None:
    size = _size(packed[-1]) if packed else 0
    last = list(_blocks(packed[-1]))[-1].text if packed else ""
    sticks = last.endswith(("：", ":")) or (bool(packed) and len(packed[-1]) == 1 and size < FRAGMENT)
    if packed and size + _size([unit]) <= (WHOLE_AFTER_COLON if sticks else WHOLE):
        packed[-1].append(unit)
    else:
        packed.append([unit])


def _flushed(packed: list[Units], node: Node, path: Path) -> Iterator[Clause]:
    if len(packed) > 1 and _size(packed[-1]) < FRAGMENT:
        packed = [*packed[:-2], packed[-2] + packed[-1]]
    within = _below(node, path)
    for units in packed:
        only = units[0] if len(units) == 1 else None
        if isinstance(only, Node):
            yield from _of(only, within)
        elif only is not node.block or not node.heading:
            blocks = list(_blocks(units))
            number = _number(blocks, node)
            outlined = number or node.rank >= numbering.OUTLINE
            yield _clause(blocks, within, number, ClauseKind.OUTLINE if outlined else ClauseKind.PARAGRAPH, "")


def _blocks(units: Sequence[Block | Node]) -> Iterator[Block]:
    for unit in units:
        yield from unit.blocks() if isinstance(unit, Node) else [unit]


def _size(units: Sequence[Block | Node]) -> int:
    return sum(len(block.text) for block in _blocks(units))


def _number(blocks: Sequence[Block], node: Node) -> str:
    """Return the number with which the piece begins; "" when several numbered items are packed into it."""
    if node.block and blocks[0] is node.block:
        return node.number
    numbers = [m.number for block in blocks if (m := numbering.read(block.text)) and m.rank >= numbering.OUTLINE]
    return numbers[0] if len(numbers) == 1 and blocks[0].text.startswith(numbers[0]) else ""


def _clause(blocks: Sequence[Block], path: Path, number: str, kind: ClauseKind, question: str) -> Clause:
    text = "\n".join(block.text for block in blocks)
    end = blocks[-1].start + len(blocks[-1].text)
    return Clause(0, number, path, text, kind, question, blocks[0].page, blocks[0].start, end)


def _table(table: Block, path: Path) -> Iterator[Clause]:
    caption, body = table_text.caption_of(table)
    place = (*path, caption) if caption and caption not in path else path
    if caption.startswith("附件"):
        place = (caption,)
    below = table.start + (len(caption) + 1 if caption else 0)
    for group in table_text.groups(body):
        start, end = below + group.start, below + group.start + len(group.text)
        kind = ClauseKind.TABLE
        yield Clause(0, "", place, group.text, kind, "", table.page, start, end, group.rows, group.header_rows)
