"""Read the numbers that official documents put before a paragraph: 编 章 节 条, 一、（一）1.（1）①, 附件."""

import re
from dataclasses import dataclass

from knowledge.notation.patterns import pattern

CHINESE = "〇零一二三四五六七八九十百千两"
_VALUES = {c: v for v, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}

ANNEX, PART, VOLUME, SUBVOLUME, CHAPTER, SECTION = 0, 1, 2, 3, 4, 5
HEADING = 10  # a heading without a number is HEADING + its level
ARTICLE = 19
OUTLINE = 20  # 一、 and everything below it

_STRUCTURE = {"编": VOLUME, "分编": SUBVOLUME, "章": CHAPTER, "节": SECTION}
_DIVISION = pattern(
    rf"^(第\s?([{CHINESE}\d]+)\s?(编|分编|章|节))(?![、，和及至的])\s?(.{{0,60}})$",
    takes="第二章 申请与受理",
    leaves="第二章、第三章的规定适用于个人",
)
_ARTICLE = pattern(
    rf"^(第\s?([{CHINESE}\d]+)\s?条(?:之[一二三四五六七八九十]+)?)(.?)",
    takes="第十二条之一 申请人应当年满六十周岁",
    leaves="依照第十二条申请的",
)
_NOT_AN_ARTICLE = pattern(
    r"^[、，,。；至和或及与到的第规所中款项修改之—-]", takes="规定的情形除外", leaves="申请人应当年满六十周岁"
)
_ANNEX = pattern(
    r"^(附\s?[件录表]\s?[\d一二三四五六七八九十]{0,3})(?:\s?[:：.]?\s?(.{0,60}))$",
    takes="附件2：申请材料清单",
    leaves="附则自公布之日起施行",
)
_OUTLINES = (
    (
        1,
        pattern(
            rf"^(第([{CHINESE}\d]+)部分)(?=[\s：:、]|$|\S{{0,40}}$)", takes="第一部分 总则", leaves="第一部门的职责"
        ),
    ),
    (20, pattern(rf"^(([{CHINESE}]{{1,4}})\s?[、．.])", takes="一、受理条件", leaves="一般、特殊两类")),
    (20, pattern(r"^((0[1-9]|1\d))(?=\s\S)", takes="01 准备材料", leaves="01准备材料")),
    (30, pattern(rf"^([（(〔]\s?([{CHINESE}]{{1,4}})\s?[）)〕])", takes="（一）身份证明", leaves="（一次性）身份证明")),
    (40, pattern(r"^((\d{1,2})\s?[.．、])(?!\d(?!\d{3}\s?年))", takes="1.身份证", leaves="1.5倍以内的补贴")),
    (50, pattern(r"^([（(]\s?(\d{1,2})\s?[）)])", takes="（1）身份证", leaves="（100）元的补贴")),
    (50, pattern(r"^((\d{1,2})[）)])", takes="1）身份证", leaves="1份）身份证")),
    (
        50,
        pattern(
            r"^(步骤\s?([一二三四五六七八九十\d]{1,2}))(?=[：:．.、\s])",
            takes="步骤一：网上申请",
            leaves="步骤一样的，不再重复",
        ),
    ),
    (60, pattern(r"^(([①-⑳]))", takes="①身份证", leaves="见①身份证")),
    (70, pattern(r"^(([a-zA-Z])[.．、])(?=[^\x00-\x7f])", takes="a.身份证", leaves="a.m. 9 点开始")),
)
_ANNEX_WORD = pattern(r"附\s?[件录表]\s?", takes="附件2", leaves="附则第2条")


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed number. `rank` gives its depth (smaller is outer), `ordinal` its value (0 for none)."""

    rank: int
    number: str
    ordinal: int
    rest: str


def value(numeral: str) -> int:
    """Return the value of a numeral, 0 if it is none: 二十三 -> 23, 一百零五 -> 105, ② -> 2, b -> 2."""
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
    """Return the number at the beginning of `text`, or None. `after_article` is the value of the last article.

    "第三条规定的情形" cites an article and is not a number of its own. An article's number without a space after it
    counts only if it follows the last article.
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
        return Marker(ANNEX, found[1], value(_ANNEX_WORD.sub("", found[1])), found[2])
    for rank, printed in _OUTLINES:
        if found := printed.match(text):
            return _marker(found, rank, text)
    return None


def _marker(found: re.Match[str], rank: int, text: str) -> Marker:
    return Marker(rank, found[1].strip(), value(found[2]), text[found.end(1) :].strip())
