"""A clause cut into what may be quoted: sentences, parts of one up to a semicolon, rows of tables; and its lists."""

import re
from dataclasses import dataclass, replace

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”」』）)]*|[^。！？；!?;]+$")
_ROW = re.compile(r"\s*[^：；\n]{1,20}：[^；\n]*；[^：；\n]{1,30}：")  # 序号：1；单位：…
_ENDS = re.compile(r"[。！？；!?;，,][”」』）)]*\s*$")
_OPENS = re.compile(r"[：:]\s*$")
_LEVELS = tuple(
    re.compile(rf"\s*{mark}")
    for mark in (
        r"[一二三四五六七八九十]+、",
        r"[（(][一二三四五六七八九十]+[）)]",
        r"[\d１-９]+[.．、](?!\d)",
        r"[（(][\d１-９]+[）)]",
        r"[①-⑳]|[a-zA-Z][.、]",
    )
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters `start` to `end` of a clause."""

    start: int
    end: int
    level: int | None  # of an item of a list, from 0
    opens: bool  # ends in a colon, or is a heading above items: what follows hangs on it
    row: bool  # of a table


def units(clause: str) -> list[Unit]:
    """The units of a clause in their order; only white space lies between them."""
    found = []
    for line in _LINE.finditer(clause):
        whole = _ROW.match(line.group()) is not None
        spans = [line.span()] if whole else [m.span() for m in _SENTENCE.finditer(clause, *line.span())]
        for start, end in spans:
            text = clause[start:end]
            if text.strip():
                opens = not whole and _OPENS.search(text) is not None
                found.append(Unit(start, end, None if whole else _level(text), opens, whole))
    return [_opening(clause, unit, after) for unit, after in zip(found, [*found[1:], None], strict=True)]


def list_end(found: list[Unit], opener: int) -> int:
    """The last unit of the list that `opener` begins: up to an item of its own level or above, or an unnumbered line
    after the items."""
    items = next((u.level for u in found[opener + 1 :] if u.level is not None), None)
    above = found[opener].level
    last = opener
    for place in range(opener + 1, len(found)):
        level = found[place].level
        begins = level is None and found[place].start > found[place - 1].end  # a new line
        if level is not None and above is not None and level <= above:
            break
        if items is None and place > opener + 1:
            break
        if begins and place > opener + 1 and items is not None:
            break
        last = place
    return last


def _opening(clause: str, unit: Unit, after: Unit | None) -> Unit:
    """`unit`, which opens a list where it is a line without an end and an item of a lower level comes next."""
    if unit.opens or unit.row or after is None or after.level is None or _ENDS.search(clause[unit.start : unit.end]):
        return unit
    return replace(unit, opens=unit.level is None or unit.level < after.level)


def _level(text: str) -> int | None:
    return next((level for level, mark in enumerate(_LEVELS) if mark.match(text)), None)
