"""Read the days a document gives for itself: its first and last day in force, and whether a box says that it ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.formats.blocks import Block, RawDocument
from knowledge.notation import dates, document_kinds
from knowledge.notation.numbering import value as numeral
from knowledge.notation.patterns import pattern

_SUBJECT = rf"本\s?(?:实施)?(?:{document_kinds.ITSELF}|章程)"
_BEGINS = r"(?:施行|实施|执行|生效|实行|试行)"
_COUNT = r"(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?P<unit>年|个月)"
_STARTS = pattern(
    rf"(?:{_SUBJECT})?[^。；《]{{0,12}}(?:自|从)(?P<day>{dates.DAY})(?:零时|0时)?(?:起|开始)?(?:正式)?{_BEGINS}",
    takes="本办法自2024年5月1日起施行",
    leaves="申请人自2024年5月1日起提交材料",
)
_STARTS_BARE = pattern(
    rf"{_SUBJECT}\s?(?:于)?(?P<day>{dates.DAY})(?:零时|0时)?(?:起|开始)(?:正式)?{_BEGINS}",
    takes="本办法于2024年5月1日起实施",
    leaves="本办法于2024年5月1日印发",
)
_STARTS_WITH = pattern(
    rf"{_SUBJECT}[^。；]{{0,10}}自(?P<what>印发|发布|公布|下发|颁布|通过)之日起"
    rf"(?:满?\s?(?P<after>\d+|[一二三四五六七八九十百]+)\s?日(?:后|起)?)?(?:正式)?{_BEGINS}",
    takes="本办法自公布之日起三十日后施行",
    leaves="居住证自签发之日起施行",
)
_HEAD_LINE = pattern(
    rf"^[（(]?(?:自)?(?P<day>{dates.DAY})\s?(?:起)?(?:施行|实施|执行|生效)[）)]?$",
    takes="（自2024年5月1日起施行）",
    leaves="第三条自2024年5月1日起施行",
)
_VALID = r"(?:有效|执行|实施|施行|试行)期(?:限)?"
_OF_ITSELF = (  # "本办法自…起施行，有效期5年", but not the validity of a licence that the document regulates
    rf"(?:{_SUBJECT}的?|(?:{_SUBJECT}|^自)[^。；]{{0,40}}{_BEGINS}[，,；。]?\s?){_VALID}(?:暂定)?为?"
)
_LASTS = pattern(rf"{_OF_ITSELF}\s?{_COUNT}", takes="本办法自发布之日起施行，有效期5年", leaves="居住证有效期5年")
_ON_TRIAL = pattern(
    rf"(?:{_SUBJECT}|^自)[^。；]{{0,40}}起?(?:试行|暂行)\s?{_COUNT}",
    takes="本办法自发布之日起试行2年",
    leaves="试用期2年",
)
_LASTS_UNTIL = pattern(
    rf"(?:{_OF_ITSELF}(?:自{dates.DAY}起?)?(?:截至|截止到?|至|到)|{_SUBJECT}[^。；，]{{0,12}}(?:执行|施行|有效)至)"
    rf"(?:(?P<day>{dates.DAY})|(?P<year>\d{{4}})年(?:底|末))",
    takes="本办法有效期至2027年12月31日",
    leaves="营业执照有效期至2027年12月31日",
)
_PRINTED = pattern(
    rf"(?P<day>{dates.DAY})\s?印发$",
    takes="广州市民政局办公室 2024年5月1日印发",
    leaves="2024年5月1日印发的通知同时废止",
)
_AN_ARTICLE = pattern(
    r"第[〇零一二三四五六七八九十百千\d]+[条款项](?:的规定)?$", takes="第五条的规定", leaves="第五条所称补贴"
)
_VOID = pattern(r"失效|废止|撤销|作废|停止", takes="已废止", leaves="现行有效")
_EARLY = pattern(r"废止|撤销|作废", takes="已废止", leaves="已失效")
_NOT_VOID = pattern(r"未(失效|废止)", takes="尚未失效", leaves="已失效")
_ITSELF = pattern(_SUBJECT, takes="本实施细则自2024年5月1日起施行", leaves="本市条例自2024年5月1日起施行")


@dataclass(frozen=True, slots=True)
class KnownDays:
    """Days known from elsewhere: of issue, of publication, and of this version of a law."""

    issued: date | None = None
    published: date | None = None
    version: date | None = None


def effective(raw: RawDocument, known: KnownDays) -> date | None:
    """Return the first day in force.

    It comes from the page's box, from "自…起施行", or from "自印发之日起" and the day of printing or signing. If a law
    was amended after the day that its last article names, this version is in force from the amendment on.
    """
    if boxed := dates.first(raw.facts.get("effective_on", "")):
        return boxed
    printed = next((dates.first(m["day"]) for b in raw.blocks if (m := _PRINTED.search(b.text))), None)
    found = at_head(raw.blocks)
    for block in raw.blocks:
        if match := _own(block.text):
            is_own = _ITSELF.search(match[0]) or (not found and match.start() == 0 and known.issued)
            found = dates.first(match["day"]) if is_own else found
        elif match := _STARTS_WITH.search(block.text):
            issued = printed or known.issued
            found = issued + timedelta(days=numeral(match["after"] or "0")) if issued else None
    return max(found, known.version) if found and known.version and known.version > found else found


def _own(text: str) -> re.Match[str] | None:
    """Find where a text says from which day it is in force. A day for a single article does not count."""
    for beginning in (_STARTS, _STARTS_BARE):
        for match in beginning.finditer(text):
            if not _AN_ARTICLE.search(text[: match.start("day")].rstrip("自从于")):
                return match
    return None


def at_head(blocks: Sequence[Block]) -> date | None:
    """Return the day of the last line under the title that holds only a day and 施行, 实施, 执行 or 生效."""
    days = [dates.first(found["day"]) for block in blocks[:30] if (found := _HEAD_LINE.match(block.text))]
    return days[-1] if days else None


def is_beginning(text: str) -> bool:
    """Return whether a line says only from which day the document is in force."""
    return bool(_HEAD_LINE.match(text))


def without_beginning(text: str) -> str:
    """Return a line without its words about the day the document takes effect."""
    return _STARTS.sub("", text)


def expires(raw: RawDocument, begins: date | None) -> date | None:
    """Return the last day in force.

    It comes from the page's box, from "有效期至…", or from "有效期5年" or "试行一年" counted from the first day.
    """
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
    """Return the first day no longer in force, if the page's box says 废止, or says 失效 and no last day is known."""
    if boxed := dates.first(facts.get("repealed_on", "")):
        return boxed
    status = facts.get("status", "")
    if not _VOID.search(status) or _NOT_VOID.search(status):
        return None
    return (expired or known or date(1949, 10, 1)) if _EARLY.search(status) or not expired else None
