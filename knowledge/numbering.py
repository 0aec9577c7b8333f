"""The numbers official documents put before a paragraph: 编 章 节 条, 一、（一）1.（1）①, 附件."""

import re
from dataclasses import dataclass

CHINESE = "〇零一二三四五六七八九十百千两"
_VALUES = {c: v for v, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}

ANNEX, PART, VOLUME, SUBVOLUME, CHAPTER, SECTION = 0, 1, 2, 3, 4, 5
HEADING = 10  # a heading without a number is HEADING + its level
ARTICLE = 19
OUTLINE = 20  # 一、 and everything below it

_STRUCTURE = {"编": VOLUME, "分编": SUBVOLUME, "章": CHAPTER, "节": SECTION}
_DIVISION = re.compile(rf"^(第\s?([{CHINESE}\d]+)\s?(编|分编|章|节))(?![、，和及至的])\s?(.{{0,60}})$")
_ARTICLE = re.compile(rf"^(第\s?([{CHINESE}\d]+)\s?条(?:之[一二三四五六七八九十]+)?)(.?)")
_NOT_AN_ARTICLE = re.compile(r"^[、，,。；至和或及与到的第规所中款项修改之—-]")
_ANNEX = re.compile(r"^(附\s?[件录表]\s?[\d一二三四五六七八九十]{0,3})(?:\s?[:：.]?\s?(.{0,60}))$")
_OUTLINES = (
    (1, re.compile(rf"^(第([{CHINESE}\d]+)部分)(?=[\s：:、]|$|\S{{0,40}}$)")),
    (20, re.compile(rf"^(([{CHINESE}]{{1,4}})\s?[、．.])")),
    (20, re.compile(r"^((0[1-9]|1\d))(?=\s\S)")),
    (30, re.compile(rf"^([（(〔]\s?([{CHINESE}]{{1,4}})\s?[）)〕])")),
    (40, re.compile(r"^((\d{1,2})\s?[.．、])(?!\d(?!\d{3}\s?年))")),
    (50, re.compile(r"^([（(]\s?(\d{1,2})\s?[）)])")),
    (50, re.compile(r"^((\d{1,2})[）)])")),
    (50, re.compile(r"^(步骤\s?([一二三四五六七八九十\d]{1,2}))(?=[：:．.、\s])")),
    (60, re.compile(r"^(([①-⑳]))")),
    (70, re.compile(r"^(([a-zA-Z])[.．、])(?=[^\x00-\x7f])")),
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed number: `rank` orders depths (smaller is outer), `ordinal` is its value (0 where it has none)."""

    rank: int
    number: str
    ordinal: int
    rest: str


def value(numeral: str) -> int:
    """The value of a Chinese or Arabic numeral: 二十三 -> 23, 一百零五 -> 105; 0 where it is none."""
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) == 1 and "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    if not numeral or any(c not in _VALUES and c not in _UNITS for c in numeral):
        return ord(numeral.lower()) - 96 if len(numeral) == 1 and numeral.isascii() and numeral.isalpha() else 0
    if not any(c in _UNITS for c in numeral):
        return int("".join(str(_VALUES[c]) for c in numeral))
    total, digit = 0, 0
    for c in numeral:
        if c in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[c], 0
        else:
            digit = _VALUES[c]
    return total + digit


def read(text: str, after_article: int = 0) -> Marker | None:
    """The number `text` begins with, or None. `after_article` is the last article's value.

    "第三条规定的情形" cites an article and is no number; a number with no space after it is believed when it
    follows the last article.
    """
    if found := _DIVISION.match(text):
        return _marker(found, _STRUCTURE[found[3]], text) if "。" not in found[4] else None
    if found := _ARTICLE.match(text):
        ordinal, following = value(found[2]), found[3]
        if following in ("", " ", "【", "（", "：") or (
            ordinal == after_article + 1 and not _NOT_AN_ARTICLE.match(following)
        ):
            return _marker(found, ARTICLE, text)
        return None
    if found := _ANNEX.match(text):
        return Marker(ANNEX, found[1], value(re.sub(r"附\s?[件录表]\s?", "", found[1])), found[2])
    for rank, pattern in _OUTLINES:
        if found := pattern.match(text):
            return _marker(found, rank, text)
    return None


def _marker(found: re.Match[str], rank: int, text: str) -> Marker:
    return Marker(rank, found[1].strip(), value(found[2]), text[found.end(1) :].strip())
