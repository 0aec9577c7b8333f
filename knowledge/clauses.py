"""Blocks to clauses (条款): each can be cited and read alone, and none is cut from its number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge import furniture, grids, numbering, questions
from knowledge.blocks import Block
from knowledge.model import Clause, ClauseKind
from knowledge.outline import Node, grow

WHOLE = 450  # an outline item with everything under it stays one clause up to this many characters
WHOLE_AFTER_COLON = 900  # and up to this many when it is an enumeration opened by "…："
STANDS_ALONE = 80  # a part this long is a clause of its own when its parent is divided
FRAGMENT = 50  # a last piece shorter than this joins the piece before it

Path = tuple[str, ...]


def cut(blocks: Sequence[Block], title: str) -> list[Clause]:
    """The clauses of a document in reading order, numbered from 0; title lines and signatures are left out."""
    root = grow(questions.marked(furniture.without(blocks, title)))
    found = list(_of(root, ()))
    return [replace(clause, ordinal=ordinal) for ordinal, clause in enumerate(found)]


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
    if node.rank < numbering.OUTLINE or any(_is_question(unit) for unit in node.units):
        return False
    size = sum(len(block.text) for block in node.blocks())
    return size <= (WHOLE_AFTER_COLON if _opens_list(node) else WHOLE)


def _opens_list(node: Node) -> bool:
    own = [unit.text for unit in node.units if isinstance(unit, Block) and unit.text]
    last = own[-1] if own else node.block.text if node.block else ""
    return last.endswith(("：", ":")) and any(isinstance(unit, Node) for unit in node.units)


def _is_question(unit: Block | Node) -> bool:
    return isinstance(unit, Node) and bool(unit.question)


def _whole(node: Node, path: Path, kind: ClauseKind) -> Iterator[Clause]:
    """One clause of the node's text; questions and tables inside it become clauses of their own after it."""
    apart: list[Block | Node] = []
    texts = list(_texts(node, apart))
    within = _below(node, path)
    if texts and (kind != ClauseKind.QUESTION or len(texts) > 1):
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
    """The node's own paragraphs packed together, its longer parts each on their own, in order."""
    within = _below(node, path)
    kind = ClauseKind.OUTLINE if node.rank >= numbering.OUTLINE else ClauseKind.PARAGRAPH
    own_line = [node.block] if node.block and (node.number or not node.heading) else []
    packed: list[list[Block]] = [own_line] if own_line else []
    done: list[Clause] = []

    def flush() -> None:
        for blocks in _joined(packed):
            if node.block is None or blocks != [node.block] or not node.heading:
                done.append(_clause(blocks, within, _number(blocks, node), kind, ""))
        packed.clear()

    for unit in node.units:
        blocks = list(unit.blocks()) if isinstance(unit, Node) else [unit]
        if isinstance(unit, Node) and (_needs_own(unit, node)):
            flush()
            done.extend(_of(unit, within))
        elif isinstance(unit, Block) and unit.rows:
            flush()
            done.extend(_table(unit, within))
        else:
            _pack(packed, blocks)
    flush()
    yield from done


def _needs_own(part: Node, parent: Node) -> bool:
    if part.rank <= numbering.ARTICLE or part.question or any(b.rows for b in part.blocks()):
        return True
    return sum(len(block.text) for block in part.blocks()) >= STANDS_ALONE


def _pack(packed: list[list[Block]], blocks: list[Block]) -> None:
    size = sum(len(block.text) for block in packed[-1]) if packed else 0
    sticks = bool(packed) and (packed[-1][-1].text.endswith(("：", ":")) or (len(packed[-1]) == 1 and size < FRAGMENT))
    limit = WHOLE_AFTER_COLON if sticks else WHOLE
    if packed and size + sum(len(block.text) for block in blocks) <= limit:
        packed[-1].extend(blocks)
    else:
        packed.append(list(blocks))


def _joined(packed: list[list[Block]]) -> list[list[Block]]:
    if len(packed) > 1 and sum(len(block.text) for block in packed[-1]) < FRAGMENT:
        return [*packed[:-2], packed[-2] + packed[-1]]
    return list(packed)


def _number(blocks: Sequence[Block], node: Node) -> str:
    if node.block and blocks[0] is node.block:
        return node.number
    marker = numbering.read(blocks[0].text)
    return marker.number if marker and marker.rank >= numbering.OUTLINE else ""


def _clause(blocks: Sequence[Block], path: Path, number: str, kind: ClauseKind, question: str) -> Clause:
    text = "\n".join(block.text for block in blocks)
    asked = re.sub(r"^问\s?[：:]\s?", "", question)
    return Clause(0, number, path, text, kind, asked, blocks[0].page)


def _table(table: Block, path: Path) -> Iterator[Clause]:
    caption, body = grids.caption_of(table)
    place = (*path, caption) if caption and caption not in path else path
    for text in grids.groups(body):
        yield Clause(0, "", place, text, ClauseKind.TABLE, "", table.page)
