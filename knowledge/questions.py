"""Questions with their answers: "问：… 答：…" and "案例1：…？ 答：…" marked as headings with a body."""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.blocks import Block

_ASKED = re.compile(r"^(?:问|Q)\s?\d{0,3}\s?[：:.．、]\s?\S")
_ASK = re.compile(r"^(?:问|Q)\s?\d{0,3}\s?[：:.．、]\s?")
_CASE = re.compile(r"^(?:案例|例)\s?[一二三四五六七八九十\d]{0,3}\s?[：:]\s?\S.*[？?]$")
_ANSWERED = re.compile(r"^(?:答|A)\s?\d{0,3}\s?[：:.．、]\s?\S")
QUESTION_LEVEL = 15  # rank HEADING + 15: inside any 一、


def marked(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with questions that an answer follows made headings; an answer's bold is no heading."""
    found: list[Block] = []
    for block, following in zip(blocks, [*blocks[1:], Block()], strict=False):
        asked = _ASKED.match(block.text) or _CASE.match(block.text)
        if asked and _ANSWERED.match(following.text):
            found.append(replace(block, level=QUESTION_LEVEL))
        else:
            found.append(replace(block, bold=False) if _ANSWERED.match(block.text) else block)
    return found


def bare_question(text: str) -> str:
    """The question without the 问： before it."""
    return _ASK.sub("", text)
