"""Cuts a clause into what may be quoted: sentences, their parts up to a semicolon, rows of tables and lists."""

import re
from dataclasses import dataclass, replace

from knowledge.notation import sentence_ends
from knowledge.notation.patterns import pattern

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ROW = pattern(
    r"\s*[^：；\n]{1,20}：[^；\n]*；[^：；\n]{1,30}：",
    takes="序号：1；单位：某中心；地址：某路",
    leaves="单位：某中心；地址在某路",
    how="match",
)  # 序号：1；单位：…
_ENDS = re.compile(r"[。！？；!?;，,][”」』）)]*\s*$")
_OPENS = re.compile(r"[：:]\s*$")
_LEVELS = (
    pattern(r"\s*[一二三四五六七八九十]+、", takes="一、身份证", leaves="一般材料", how="match"),
    pattern(r"\s*[（(][一二三四五六七八九十]+[）)]", takes="（一）身份证", leaves="（一式两份）", how="match"),
    pattern(r"\s*[\d１-９]+[.．、](?!\d)", takes="1.身份证", leaves="1.5倍补贴", how="match"),
    pattern(r"\s*[（(][\d１-９]+[）)]", takes="（1）身份证", leaves="（1份）", how="match"),
    pattern(r"\s*[①-⑳]|[a-zA-Z][.、]", takes="①身份证", leaves="见①", how="match"),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters `start` to `end` of a clause."""

    start: int
    end: int
    level: int | None  # of a list item, counted from 0; None for other text
    opens: bool  # ends in a colon, or is a heading above items: what follows hangs on it
    row: bool  # of a table


def units(clause: str) -> list[Unit]:
    """Return the units of a clause in their order. Only white space lies between them."""
    found = []
    for line in _LINE.finditer(clause):
        whole = _ROW.match(line.group()) is not None
        spans = [line.span()] if whole else list(sentence_ends.spans(clause, *line.span()))
        for start, end in spans:
            text = clause[start:end]
            if text.strip():
                opens = not whole and _OPENS.search(text) is not None
                found.append(Unit(start, end, None if whole else _level(text), opens, whole))
    return [_opening(clause, unit, after) for unit, after in zip(found, [*found[1:], None], strict=True)]


def list_end(found: list[Unit], opener: int) -> int:
    """Return the place of the last unit of the list that `opener` begins.

    The list ends before an item of the opener's own level or above, or before an unnumbered line after the items.
    """
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
    """Return `unit`, marked as opening a list if its line has no end mark and an item of a lower level comes next."""
    if unit.opens or unit.row or after is None or after.level is None or _ENDS.search(clause[unit.start : unit.end]):
        return unit
    return replace(unit, opens=unit.level is None or unit.level < after.level)


def _level(text: str) -> int | None:
    return next((level for level, mark in enumerate(_LEVELS) if mark.match(text)), None)
