"""The numbers of a sentence as facts to compare: 二十日 and 20 天 are one, 3 日 and 3 个工作日 are two."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from knowledge.notation.patterns import pattern
from retrieval.language import numerals
from retrieval.language.numerals import NUMERAL
from retrieval.language.tokens import normalised

_NO_NUMBER = pattern(
    "一般|一定|一旦|一律|一并|统一|万一|进一步|一致|同一|唯一|一起|一样|一直|(?<!分)之一|十分|零售|零星|百货|百姓",
    takes="一般在窗口办理",
    leaves="三分之一",
)
_UNITS = (
    *("个工作日", "工作日", "个自然日", "个月", "周岁", "小时", "分钟", "平方米", "公里", "千克", "公斤", "年度"),
    *("周年", "毫米", "厘米", "毫升"),
    *"日天周年月岁元块角分份张人名位户家次件个种项类级楼层号条倍折本枚米克吨度期页套室间字台辆座批步代孩方宗",
)
_UNIT = pattern("|".join(sorted(_UNITS, key=len, reverse=True)), takes="个工作日", leaves="以上", how="match")
_SAME_UNIT = {"天": "日", "工作日": "个工作日", "周岁": "岁", "周年": "年", "块": "元", "公斤": "千克", "名": "人"}
_DIVISIONS = tuple("编章节条款项目")
_RANGE = pattern("至|到|-|~|—+|–|、|或者?", takes="至", leaves="和")
_BOUNDS = {
    "least": "不少于|不低于|至少|最少|超过|已满|多于|高于|大于|以上|起",
    "most": "不超过|不多于|不高于|至多|最多|不足|未满|不满|低于|少于|小于|以下|以内|之内|内",
    "before": "之前|以前|前",
    "after": "之后|以后|后",
}
_BOUND_OF = {word: bound for bound, words in _BOUNDS.items() for word in words.split("|")}
_BOUND_BEFORE = pattern(
    "(不少于|不低于|至少|最少|不超过|超过|不多于|不高于|至多|最多|不足|未满|不满|已满|多于|高于|大于|低于|少于|小于)$",
    takes="不超过",
    leaves="超过的",
)
_BOUND_AFTER = pattern(
    r"(?:\(?含\)?)?(以上|以下|以内|之内|内|之前|以前|前|之后|以后|后|起)",
    takes="(含)以上",
    leaves="(含税)",
    how="match",
)
_READERS: dict[str, Callable[[str], Hashable]] = {
    "notice": numerals.amounts,
    "phone": numerals.phone,
    "date": numerals.date_parts,
    "time": numerals.time_of_day,
    "weekday": numerals.weekday,
    "share": numerals.share,
    "ordinal": numerals.amounts,
    "quantity": numerals.amount,
}
_FACT = pattern(
    r"(?P<notice>[〔\[(【]\d{4}[〕\])】]第?\d+号)"
    rf"|(?P<phone>{numerals.PHONE})|(?P<date>{numerals.DATE})|(?P<time>{numerals.TIME})|(?P<weekday>{numerals.WEEKDAY})"
    rf"|(?P<share>{numerals.SHARE})|(?P<ordinal>第{NUMERAL}[^\W\d_]?)|(?P<quantity>{NUMERAL})",
    takes="自受理之日起20个工作日内",
    leaves="自受理之日起",
)
_ORDINAL = pattern(rf"^第{NUMERAL}", takes="第十二条", leaves="十二条")


@dataclass(frozen=True, slots=True)
class Fact:
    """A number as said; `bound` is "least" (以上), "most" (以内), "before", "after" or "".

    Equal `kind`, `value` and `unit` mean the same amount; `start` and `end` say where it stands.
    """

    kind: str
    value: Hashable
    unit: str = ""
    bound: str = ""
    start: int = 0
    end: int = 0

    @property
    def amount(self) -> tuple[str, Hashable, str]:
        """What makes two facts the same amount."""
        return self.kind, self.value, self.unit

    @property
    def is_amount(self) -> bool:
        """Whether it counts, dates or ranks something; 第三条 and 〔2026〕2号 only name."""
        return self.kind != "notice" and not (self.kind == "ordinal" and self.unit in _DIVISIONS)

    def holds(self, said: "Fact") -> bool:
        """Whether this fact of a source supports `said`: the same amount, not bounded otherwise (以上 is not 以内)."""
        return self.amount == said.amount and said.bound in ("", self.bound)


def plain(text: str) -> str:
    """`text` normalised, with blanks only between letters or digits, and without thousands separators."""
    text = re.sub(r"(?<![0-9a-z])[^\S\n]+|[^\S\n]+(?![0-9a-z])", "", normalised(text))
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def facts(text: str) -> list[Fact]:
    """Every number in `text`, which must be `plain`, in order."""
    masked = _NO_NUMBER.sub(lambda found: "　" * len(found[0]), text)
    found = [_fact(match, masked) for match in _FACT.finditer(masked)]
    for i in range(len(found) - 2, -1, -1):  # 12至15号: the first of a range has the unit of the last
        first, last = found[i], found[i + 1]
        if not first.unit and first.kind == last.kind and _RANGE.fullmatch(masked, first.end, last.start):
            found[i] = replace(first, unit=last.unit)
    return found


def _fact(match: re.Match[str], text: str) -> Fact:
    kind = next(name for name, said in match.groupdict().items() if said and name != "mark")
    unit, end = _unit(kind, match, text)
    return Fact(kind, _READERS[kind](match[0]), unit, _bound(text, match.start(), end), match.start(), end)


def _unit(kind: str, match: re.Match[str], text: str) -> tuple[str, int]:
    """Unit and where it ends: a known one, else the next character where one may follow (五证, 第一承)."""
    if kind == "ordinal":
        return _ORDINAL.sub("", match[0]), match.end()
    if kind != "quantity":
        return "", match.end()
    if unit := _UNIT.match(text, match.end()):
        return _SAME_UNIT.get(unit[0], unit[0]), unit.end()
    following = text[match.end() : match.end() + 1]
    telling = re.match(r"[^\W\d_a-z]", following) and not _RANGE.match(text, match.end())
    return (following if telling and not re.match(r"\d{4}", match[0]) else ""), match.end()


def _bound(text: str, start: int, end: int) -> str:
    said = _BOUND_BEFORE.search(text[max(0, start - 3) : start]) or _BOUND_AFTER.match(text, end)
    return _BOUND_OF[said[1]] if said else ""
