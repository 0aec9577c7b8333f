"""The signature of an official document: the organs that issued it and the day, below the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge import dates
from knowledge.blocks import Block

_ENDS = "局|委|委员会|厅|政府|办公厅|办公室|部|院|联合会|法院|检察院|银行|中心|署|联社|党委|常委会|红十字会|海关"
_ORGAN = re.compile(rf"^[\u4e00-\u9fff·（）()]{{2,40}}(?:{_ENDS})(?:（[^）]{{2,30}}）)?$")
_SEPARATORS = re.compile(r"[\s、，,;；]+")


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines `start` to `end` (exclusive) are the organs and the date under the text."""

    start: int
    end: int
    organs: tuple[str, ...]
    signed_on: date


def organs(text: str) -> tuple[str, ...]:
    """The organs a line consists of; empty when it holds anything else."""
    parts = [part for part in _SEPARATORS.split(text.strip()) if part]
    return tuple(parts) if parts and all(_ORGAN.match(part) for part in parts) else ()


def find(blocks: Sequence[Block]) -> Signature | None:
    """The first signature: one line or several of organs only, then a line that is only a date."""
    for end, block in enumerate(blocks):
        day = dates.only(block.text)
        start = end
        while day and start and organs(blocks[start - 1].text):
            start -= 1
        if day and start < end:
            names = [name for line in blocks[start:end] for name in organs(line.text)]
            return Signature(start, end + 1, tuple(dict.fromkeys(names)), day)
    return None


def find_all(blocks: Sequence[Block]) -> list[Signature]:
    """Every signature of a notice and of what is attached to it."""
    found: list[Signature] = []
    offset = 0
    while one := find(blocks[offset:]):
        found.append(Signature(one.start + offset, one.end + offset, one.organs, one.signed_on))
        offset = found[-1].end
    return found
