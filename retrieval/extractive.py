"""The clause's own words: the run of sentences that answers, verbatim, lists and rows of tables whole."""

import re
from dataclasses import dataclass

from retrieval.evidence import Idf, coverage
from retrieval.tokens import normalised
from retrieval.understanding import Understanding, offers

WHOLE = 280  # characters; a clause no longer is quoted whole
RUN = 260  # characters a run of sentences may grow to
LIST = 450  # characters; a list no longer stays together
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”」』）)]*|[^。！？；!?;]+$")
_ROW = re.compile(r"\s*[^：；\n]{1,20}：[^；\n]*；[^：；\n]{1,30}：")  # 序号：1；单位：…
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
class _Unit:
    """A sentence, a part of one up to a semicolon, or a row of a table: characters `start` to `end` of its clause."""

    start: int
    end: int
    level: int | None  # of an item of a list, from 0
    opens: bool  # ends in a colon: what follows hangs on it
    row: bool


def quotation(asked: Understanding, clause: str, near: str, idf: Idf) -> str:
    """The run of `clause`'s sentences that answers best, beginning in or about `near`, the piece that was found.

    Verbatim but for whitespace around it. A short clause is quoted whole. At most WHOLE characters, a list LIST, unless
    one sentence or row alone is longer.
    """
    clause = clause.strip()
    if len(clause) <= WHOLE:
        return clause
    units = _units(clause)
    start = max(clause.find(near.strip()[:40]), 0)
    end = start + len(near)
    worth = [_worth(asked, clause[u.start : u.end], idf) + 0.2 * (u.start < end and u.end > start) for u in units]
    first, last = _grown(units, worth, *_kept_together(units, max(range(len(units)), key=worth.__getitem__)))
    return clause[units[first].start : units[last].end].strip()


def _worth(asked: Understanding, sentence: str, idf: Idf) -> float:
    plain = normalised(sentence)
    worth = coverage(asked, plain, idf) + 0.3 * offers(asked.wanted, "", plain)
    return worth + 2 * coverage(asked.alone(), plain, idf) if asked.context else worth


def _units(clause: str) -> list[_Unit]:
    units = []
    for line in _LINE.finditer(clause):
        whole = _ROW.match(line.group()) is not None
        spans = [line.span()] if whole else [m.span() for m in _SENTENCE.finditer(clause, *line.span())]
        for start, end in spans:
            text = clause[start:end]
            if text.strip():
                opens = not whole and _OPENS.search(text) is not None
                units.append(_Unit(start, end, None if whole else _level(text), opens, whole))
    return units


def _level(text: str) -> int | None:
    return next((level for level, mark in enumerate(_LEVELS) if mark.match(text)), None)


def _kept_together(units: list[_Unit], best: int) -> tuple[int, int]:
    """First and last unit of the narrowest list `best` opens or lies in; `best` alone where that is long."""
    for opener in range(best, -1, -1):
        if units[opener].opens and (last := _list_end(units, opener)) >= best:
            if units[last].end - units[opener].start <= LIST:
                return opener, last
            break
    return best, best


def _list_end(units: list[_Unit], opener: int) -> int:
    """The last unit of the list that `opener` begins: up to an item of its own level or above, or an unnumbered line
    after the items."""
    items = next((u.level for u in units[opener + 1 :] if u.level is not None), None)
    above = units[opener].level
    last = opener
    for place in range(opener + 1, len(units)):
        level = units[place].level
        begins = level is None and units[place].start > units[place - 1].end  # a new line
        if level is not None and above is not None and level <= above:
            break
        if items is None and place > opener + 1:
            break
        if begins and place > opener + 1 and items is not None:
            break
        last = place
    return last


def _grown(units: list[_Unit], worth: list[float], first: int, last: int) -> tuple[int, int]:
    """The run with the better neighbour added each time, while it stays short; an item goes to what is above it.

    A row of a table takes only rows as good as itself.
    """
    least = max(worth[first : last + 1])

    def joins(place: int) -> bool:
        return not units[place].row or worth[place] >= least

    while True:
        before = first - 1 if first and units[last].end - units[first - 1].start <= RUN and joins(first - 1) else None
        after = _list_end(units, last + 1) if last + 1 < len(units) and units[last + 1].opens else last + 1
        fits = after < len(units) and units[after].end - units[first].start <= RUN and joins(last + 1)
        hangs = before is not None and units[first].level is not None
        if fits and (before is None or (worth[last + 1] >= worth[before] and not hangs)):
            last = after
        elif before is not None:
            first = before
        else:
            return first, last
