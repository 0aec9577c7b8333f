"""Finds the signature of an official document: the organs that issued it and the day, below the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.formats.blocks import Block
from knowledge.notation import dates
from knowledge.notation.organs import organs


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines `start` to `end` (exclusive) are the organs and the date under the text."""

    start: int
    end: int
    organs: tuple[str, ...]
    signed_on: date


def find(blocks: Sequence[Block]) -> Signature | None:
    """Find the first signature: one or several lines of organs only, then a line that is only a date."""
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
    """Find every signature of a notice and of what is attached to it."""
    found: list[Signature] = []
    offset = 0
    while one := find(blocks[offset:]):
        found.append(Signature(one.start + offset, one.end + offset, one.organs, one.signed_on))
        offset = found[-1].end
    return found
