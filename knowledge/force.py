"""The days a document gives for itself: from when it is in force, until when, and whether a box says that it ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge import dates
from knowledge.blocks import Block, RawDocument
from knowledge.numbering import value as numeral

_SUBJECT = (
    r"本\s?(?:实施)?(?:办法|通知|条例|细则|法|规定|规则|决定|意见|方案|标准|规范|"
    r"通告|公告|指引|指南|规程|解释|章程|目录|政策|措施|制度)"
)
_BEGINS = r"(?:施行|实施|执行|生效|实行|试行)"
_COUNT = r"(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?P<unit>年|个月)"
_STARTS = re.compile(
    rf"(?:{_SUBJECT})?[^。；《]{{0,12}}(?:自|从)(?P<day>{dates.DAY})(?:零时|0时)?(?:起|开始)?(?:正式)?{_BEGINS}"
)
_STARTS_BARE = re.compile(rf"{_SUBJECT}\s?(?:于)?(?P<day>{dates.DAY})(?:零时|0时)?(?:起|开始)(?:正式)?{_BEGINS}")
_STARTS_WITH = re.compile(
    rf"{_SUBJECT}[^。；]{{0,10}}自(?P<what>印发|发布|公布|下发|颁布|通过)之日起"
    rf"(?:满?\s?(?P<after>\d+|[一二三四五六七八九十百]+)\s?日(?:后|起)?)?(?:正式)?{_BEGINS}"
)
_HEAD_LINE = re.compile(rf"^[（(]?(?:自)?(?P<day>{dates.DAY})\s?(?:起)?(?:施行|实施|执行|生效)[）)]?$")
_VALID = r"(?:有效|执行|实施|施行|试行)期(?:限)?"
_OF_ITSELF = (  # "本办法自…起施行，有效期5年", not the validity of a licence it regulates
    rf"(?:{_SUBJECT}的?|(?:{_SUBJECT}|^自)[^。；]{{0,40}}{_BEGINS}[，,；。]?\s?){_VALID}(?:暂定)?为?"
)
_LASTS = re.compile(rf"{_OF_ITSELF}\s?{_COUNT}")
_ON_TRIAL = re.compile(rf"(?:{_SUBJECT}|^自)[^。；]{{0,40}}起?(?:试行|暂行)\s?{_COUNT}")
_LASTS_UNTIL = re.compile(
    rf"(?:{_OF_ITSELF}(?:自{dates.DAY}起?)?(?:截至|截止到?|至|到)|{_SUBJECT}[^。；，]{{0,12}}(?:执行|施行|有效)至)"
    rf"(?:(?P<day>{dates.DAY})|(?P<year>\d{{4}})年(?:底|末))"
)
_PRINTED = re.compile(rf"(?P<day>{dates.DAY})\s?印发$")
_AN_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+[条款项](?:的规定)?$")
_VOID = re.compile(r"失效|废止|撤销|作废|停止")
_EARLY = re.compile(r"废止|撤销|作废")


@dataclass(frozen=True, slots=True)
class Known:
    """Days known otherwise: of issue, of publication, and of this version of a law."""

    issued: date | None = None
    published: date | None = None
    version: date | None = None


def effective(raw: RawDocument, known: Known) -> date | None:
    """The first day in force: from the box, "自…起施行", or "自印发之日起" and the day of printing or signing.

    A law amended after the day its last article names is in force as amended from the amendment on.
    """
    if boxed := dates.first(raw.facts.get("effective_on", "")):
        return boxed
    printed = next((dates.first(m["day"]) for b in raw.blocks if (m := _PRINTED.search(b.text))), None)
    found = at_head(raw.blocks)
    for block in raw.blocks:
        if match := _own(block.text):
            is_own = re.search(_SUBJECT, match[0]) or (not found and match.start() == 0 and known.issued)
            found = dates.first(match["day"]) if is_own else found
        elif match := _STARTS_WITH.search(block.text):
            issued = printed or known.issued
            found = issued + timedelta(days=numeral(match["after"] or "0")) if issued else None
    return max(found, known.version) if found and known.version and known.version > found else found


def _own(text: str) -> re.Match[str] | None:
    """Where a text says from when it is in force, and not only one article of it."""
    for pattern in (_STARTS, _STARTS_BARE):
        for match in pattern.finditer(text):
            if not _AN_ARTICLE.search(text[: match.start("day")].rstrip("自从于")):
                return match
    return None


def at_head(blocks: Sequence[Block]) -> date | None:
    """The last line under the title that says nothing but a day and 施行."""
    days = [dates.first(found["day"]) for block in blocks[:30] if (found := _HEAD_LINE.match(block.text))]
    return days[-1] if days else None


def is_beginning(text: str) -> bool:
    """Whether a line says nothing but from when."""
    return bool(_HEAD_LINE.match(text))


def without_beginning(text: str) -> str:
    """A line without what it says of the day it takes effect."""
    return _STARTS.sub("", text)


def expires(raw: RawDocument, begins: date | None) -> date | None:
    """The last day in force: from the box, "有效期至…", "有效期5年" or "试行一年" counted from the first day."""
    if boxed := dates.first(raw.facts.get("expires_on", "")):
        return boxed
    for block in raw.blocks:
        if until := _LASTS_UNTIL.search(block.text):
            return dates.first(until["day"]) if until["day"] else date(int(until["year"]), 12, 31)
        if begins and (lasts := _LASTS.search(block.text) or _ON_TRIAL.search(block.text)):
            months = numeral(lasts["count"]) * (12 if lasts["unit"] == "年" else 1)
            return dates.months_later(begins, months)
    return None


def repealed(facts: dict[str, str], expired: date | None, known: date | None) -> date | None:
    """The first day no longer in force, where a box says 废止, or 失效 without saying when."""
    if boxed := dates.first(facts.get("repealed_on", "")):
        return boxed
    status = facts.get("status", "")
    if not _VOID.search(status) or re.search(r"未(失效|废止)", status):
        return None
    return (expired or known or date(1949, 10, 1)) if _EARLY.search(status) or not expired else None
