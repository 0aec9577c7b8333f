"""How numbers, dates and times are written in Chinese texts, and their values."""

import re
from decimal import Decimal

from knowledge.notation.numbering import value
from knowledge.notation.patterns import pattern

_THOUSAND = "千(?![克米瓦帕])"  # matches in 三千元, not in 3千克
NUMERAL = (
    rf"(?:\d+(?:\.\d+)?(?:[百万亿]|{_THOUSAND})*"
    rf"|(?:[〇○零一二两三四五六七八九十百万亿]|{_THOUSAND}|半(?=[年个月天日]))+)"
)
_SMALL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})"
DATE = (
    rf"{_YEAR}年(?!度)(?:{_SMALL}月(?:{_SMALL}[日号]?)?)?"
    r"|(?:19|20)\d\d(?P<mark>[.\-/])\d{1,2}(?:(?P=mark)\d{1,2})?(?![\d.])"
    rf"|{_SMALL}月(?:份|{_SMALL}[日号])?"
)
TIME = rf"(?:上午|下午|晚上?|中午)?(?:\d{{1,2}}:\d{{2}}|{_SMALL}[时点](?!间)(?:半|\d{{1,2}}分)?)"
WEEKDAY = "周[一二三四五六日天](?![次个天]|周?岁)|(?:星期|礼拜)[一二三四五六日天1-6]"
PHONE = (
    r"(?<![\d.])(?:\+?86[- ]?)?"
    r"(?:0\d{2,3}(?:[- ]?\d{7,8}|-1\d{4})|1[3-9]\d{9}|[48]00[- ]?\d{3}[- ]?\d{4}|\d{7,8})(?![\d.%元万亿号楼层])"
)
SHARE = rf"[百千]分之{NUMERAL}|{NUMERAL}[%‰]|{NUMERAL}分之{NUMERAL}"
_DIGITS = pattern(r"(\d+(?:\.\d+)?)([百千]*)", takes="3.5千", leaves="三千", how="fullmatch")
_NUMERAL = pattern(NUMERAL, takes="三千元", leaves="千克")
_DATE_NUMBER = pattern(r"\d+|[〇○零一二三四五六七八九十]+", takes="二〇二四年", leaves="年月")
_YEAR_FIRST = pattern(_YEAR, takes="二〇二四年", leaves="四月二日", how="match")
_HALF_DAY = pattern("^(上午|下午|晚上?|中午)", takes="下午3点", leaves="3点下午茶")


def amount(numeral: str) -> Decimal:
    """Return the value of 3.5, 3万, 二十三, 一百二十万, 半."""
    if numeral == "半":
        return Decimal("0.5")
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = numeral.rpartition(unit)
        if found:
            return (amount(head) if head else 1) * Decimal(worth) + (amount(tail) if tail else 0)
    if digits := _DIGITS.fullmatch(numeral):
        return Decimal(digits[1]) * Decimal(100) ** digits[2].count("百") * Decimal(1000) ** digits[2].count("千")
    return Decimal(value(numeral.replace("○", "〇").replace("半", "")))


def amounts(said: str) -> tuple[Decimal, ...]:
    """Return every number in `said`, in order."""
    return tuple(amount(each) for each in _NUMERAL.findall(said))


def date_parts(said: str) -> tuple[int | None, ...]:
    """Return (year, month, day) of a text that DATE matched; None for each part that it does not say."""
    numbers = [int(amount(each)) for each in _DATE_NUMBER.findall(said)]
    parts = [*numbers, None, None] if _YEAR_FIRST.match(said) else [None, *numbers, None]
    return tuple(parts[:3])


def time_of_day(said: str) -> tuple[int, int]:
    """Return (hour, minute) on a 24-hour clock of a text that TIME matched."""
    numbers = [int(each) for each in amounts(_HALF_DAY.sub("", said).removesuffix("半"))]
    minute = numbers[1] if len(numbers) > 1 else 30 if said.endswith("半") else 0
    return numbers[0] + 12 * (said[0] in "下晚" and numbers[0] < 12), minute


def weekday(said: str) -> int:
    """Return 1 (Monday) to 7 (Sunday) for a text that WEEKDAY matched."""
    return "一二三四五六日".find(said[-1].replace("天", "日")) + 1 or int(said[-1])


def share(said: str) -> Decimal:
    """Return a text that SHARE matched as a fraction of one: 5%, 百分之五, 三分之一."""
    if "分之" in said:
        whole, part = said.split("分之")
        return amount(part) / (amount(whole) or 1)
    return amount(said[:-1]) / (100 if said.endswith("%") else 1000)


def phone(said: str) -> str:
    """Return the digits of a text that PHONE matched, without the country code 86."""
    return re.sub(r"^\+?86(?=[- ]?(?:0|1\d{10}))|\D", "", said)
