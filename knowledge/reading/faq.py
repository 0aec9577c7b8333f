"""Marks questions with their answers as headings with a body: "问：… 答：…" and "案例1：…？ 答：…"."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.formats.blocks import Block
from knowledge.notation.patterns import pattern

_ASKED = pattern(
    r"^(?:问|Q)\s?\d{0,3}\s?[：:.．、]\s?\S", takes="问1：怎样申请居住证？", leaves="问题1：怎样申请居住证？"
)
_ASK = pattern(r"^(?:问|Q)\s?\d{0,3}\s?[：:.．、]\s?", takes="Q1. 怎样申请居住证？", leaves="问题解答")
_CASE = pattern(
    r"^(?:案例|例)\s?[一二三四五六七八九十\d]{0,3}\s?[：:]\s?\S.*[？?]$",
    takes="案例一：张某外省户籍，能否申请？",
    leaves="案例一：张某的申请获得批准。",
)
_ANSWERED = pattern(r"^(?:答|A)\s?\d{0,3}\s?[：:.．、]\s?\S", takes="答：可以。", leaves="答复期限为三十日。")
QUESTION_LEVEL = 15  # rank HEADING + 15: inside any 一、


def marked(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks. A question that an answer follows becomes a heading; a bold answer does not."""
    found: list[Block] = []
    for block, following in zip(blocks, [*blocks[1:], Block()], strict=False):
        asked = _ASKED.match(block.text) or _CASE.match(block.text)
        if asked and _ANSWERED.match(following.text):
            found.append(replace(block, level=QUESTION_LEVEL))
        else:
            found.append(replace(block, bold=False) if _ANSWERED.match(block.text) else block)
    return found


def bare_question(text: str) -> str:
    """Return the question without the 问： before it."""
    return _ASK.sub("", text)
