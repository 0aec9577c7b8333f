"""Work out the numbers that Word prints before paragraphs automatically: count them from the list definitions."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from knowledge.notation.patterns import pattern

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_FORMAL = str.maketrans("〇一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LEVELS = 9
_SPACED = pattern(
    r"[条章节编款项目分部A-Za-z0-9.．]$", takes="第一条", leaves="（一）"
)  # a label that ends in one of these is followed by a space
_ZEROS = pattern("零+", takes="一百零零五", leaves="一百五")


@dataclass(slots=True)
class Level:
    """One level of a list: the format of its number, the words around it, and the first number."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restarts: int | None = None  # the level (from 1) that restarts the count; None: every outer level, 0: no level
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    levels: dict[int, Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbers:
    """Count through a document. Call `before` once for every paragraph, in order."""

    def __init__(self, document: Document) -> None:
        self._lists: dict[str, _List] = {}  # by abstract id: lists with the same definition share their count
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, Level]] = {}
        self._begins: dict[str, dict[int, int]] = {}
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        if part is not None and hasattr(part, "element"):
            self._define(part.element)

    def _define(self, root: Any) -> None:
        for abstract in root.findall(qn("w:abstractNum")):
            levels = {_int(level, "w:ilvl"): _level(level) for level in abstract.findall(qn("w:lvl"))}
            self._lists[abstract.get(qn("w:abstractNumId"))] = _List(levels)
        for num in root.findall(qn("w:num")):
            name = num.get(qn("w:numId"))
            abstract = num.find(qn("w:abstractNumId"))
            self._abstract[name] = abstract.get(qn("w:val")) if abstract is not None else ""
            for override in num.findall(qn("w:lvlOverride")):
                at = _int(override, "w:ilvl")
                if (level := override.find(qn("w:lvl"))) is not None:
                    self._overrides.setdefault(name, {})[at] = _level(level)
                if (start := override.find(qn("w:startOverride"))) is not None:
                    self._begins.setdefault(name, {})[at] = _int(start, "w:val")

    def before(self, paragraph: Any) -> str:
        """Return what Word prints before a paragraph (its `w:p` element), "" for nothing or a bullet."""
        name, at = self._asked(paragraph)
        counted = self._lists.get(self._abstract.get(name, ""))
        if counted is None or not 0 <= at < _LEVELS:
            return ""
        levels = {**counted.levels, **self._overrides.get(name, {})}
        level = levels.get(at)
        if level is None:
            return ""
        begin = self._begins.get(name, {}).pop(at, None)  # restarts only once, when the list is first used
        if begin is not None or at not in counted.counts:
            counted.counts[at] = level.start if begin is None else begin
        else:
            counted.counts[at] += 1
        for deeper in [n for n in counted.counts if n > at]:
            restarts = levels[deeper].restarts if deeper in levels else None
            if restarts is None or (restarts and at < restarts):
                del counted.counts[deeper]
        return _printed(level, levels, counted.counts)

    def _asked(self, paragraph: Any) -> tuple[str, int]:
        """Return the list and level of a paragraph, from its own properties or else from its style."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name, at = _list_of(own) if own is not None else ("", None)
        if name:
            return name, at or 0
        style_id, seen = style.get(qn("w:val")) if style is not None else "", set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            element = self._styles[style_id]
            found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if found is not None and _list_of(found)[0]:
                name, level = _list_of(found)
                return name, at if at is not None else level if level is not None else self._level_of(name, style_id)
            based = element.find(qn("w:basedOn"))
            style_id = based.get(qn("w:val")) if based is not None else ""
        return "", 0

    def _level_of(self, name: str, style_id: str) -> int:
        counted = self._lists.get(self._abstract.get(name, ""), _List())
        return next((at for at, level in counted.levels.items() if level.style == style_id), 0)


def _list_of(properties: Any) -> tuple[str, int | None]:
    name, level = properties.find(qn("w:numId")), properties.find(qn("w:ilvl"))
    return (name.get(qn("w:val")) if name is not None else ""), (_int(level, "w:val") if level is not None else None)


def _level(element: Any) -> Level:
    values = {child.tag: child.get(qn("w:val")) for child in element}
    restart = values.get(qn("w:lvlRestart"))
    legal = values.get(qn("w:isLgl"), "0") if qn("w:isLgl") in values else "0"
    return Level(
        format=values.get(qn("w:numFmt")) or "decimal",
        text=values.get(qn("w:lvlText")) or "",
        start=_number(values.get(qn("w:start")), 1),
        restarts=_number(restart, 0) if restart is not None else None,
        legal=legal in (None, "1", "true", "on"),
        style=values.get(qn("w:pStyle")) or "",
    )


def _int(element: Any, name: str) -> int:
    return _number(element.get(qn(name)), 0)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise


def _printed(level: Level, levels: dict[int, Level], counts: dict[int, int]) -> str:
    if level.format in ("bullet", "none") and "%" not in level.text:
        return ""

    def counted(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        other = levels.get(at, Level())
        return written(counts.get(at, other.start), "decimal" if level.legal else other.format)

    label = re.sub(r"%([1-9])", counted, level.text).strip()
    return label + " " if _SPACED.search(label) else label


def written(value: int, form: str) -> str:
    """Return a number as Word writes it in the format `form`. An unknown format gives digits."""
    return _FORMATS.get(form, str)(value)


def _chinese(value: int) -> str:
    if not 0 < value < 10000:
        return str(value) if value else "〇"
    digits = [int(digit) for digit in reversed(str(value))]
    parts = [f"{_DIGITS[d]}{_UNITS[place]}" if d else "零" for place, d in enumerate(digits)]
    text = _ZEROS.sub("零", "".join(reversed(parts))).rstrip("零")
    return text.removeprefix("一") if text.startswith("一十") else text


def _circled(value: int) -> str:
    if 1 <= value <= 20:
        return chr(ord("①") + value - 1)
    return chr(ord("㉑") + value - 21) if 21 <= value <= 35 else str(value)


def _letters(value: int) -> str:
    """Return the number in letters: a … z, then aa … zz, because Word repeats the letter."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value < 1000 else str(value)


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (value // size if 0 < value < 4000 else 0)
        value %= size
    return text


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: str(value).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda value: str(value).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda value: f"（{value}）",
    "decimalEnclosedFullstop": lambda value: f"{value}.",
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "koreanCounting": str,
    "ideographDigital": lambda value: "".join(_DIGITS[int(digit)] for digit in str(value)),
    "japaneseDigitalTenThousand": lambda value: "".join(_DIGITS[int(digit)] for digit in str(value)),
    "taiwaneseDigital": lambda value: "".join(_DIGITS[int(digit)] for digit in str(value)),
    "chineseLegalSimplified": lambda value: _chinese(value).translate(_FORMAL),
    "ideographLegalTraditional": lambda value: _chinese(value).translate(_FORMAL),
    "ideographEnclosedCircle": lambda value: "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"[value - 1] if 1 <= value <= 10 else str(value),
    "ideographTraditional": lambda value: _STEMS[value - 1] if 1 <= value <= 10 else str(value),
    "ideographZodiac": lambda value: _BRANCHES[value - 1] if 1 <= value <= 12 else str(value),
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "none": lambda _value: "",
    "bullet": lambda _value: "",
}
