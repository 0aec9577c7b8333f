"""What a document says of itself: title, issuer, 文号, dates, place, and what it repeals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from knowledge import dates, furniture, issuers, regions, repeals, signature
from knowledge.blocks import Block, RawDocument, tidy
from knowledge.model import Metadata
from knowledge.numbering import value as numeral
from knowledge.signature import Signature

_SUBJECT = (
    r"本\s?(?:实施)?(?:办法|通知|条例|细则|法|规定|规则|决定|意见|方案|标准|规范|"
    r"通告|公告|指引|指南|规程|解释|章程|目录|政策|措施|制度)"
)
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_STARTS = re.compile(
    rf"(?:{_SUBJECT})?[^。；《]{{0,12}}自(?P<day>{_DAY})(?:零时)?(?:起|开始)?(?:正式)?(?:施行|实施|执行|生效|实行|试行)"
)
_STARTS_WITH = re.compile(
    rf"{_SUBJECT}[^。；]{{0,10}}自(?P<what>印发|发布|公布|下发|颁布|通过)之日起(?:\d+日后)?(?:施行|实施|执行|生效|实行|试行)"
)
_OF_ITSELF = (  # "本办法自…起施行，有效期5年", not the validity of a licence it regulates
    rf"(?:{_SUBJECT}的?|(?:{_SUBJECT}|^自)[^。；]{{0,40}}(?:施行|实施|执行|生效|实行|试行)[，,；。]?\s?)有效期(?:限)?为?"
)
_LASTS = re.compile(rf"{_OF_ITSELF}\s?(?P<count>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s?(?P<unit>年|个月)")
_LASTS_UNTIL = re.compile(
    rf"(?:{_OF_ITSELF}(?:截至|至|到)|{_SUBJECT}[^。；，]{{0,12}}(?:执行|施行|有效)至)(?P<day>{_DAY})"
)
_PRINTED = re.compile(rf"(?P<day>{_DAY})\s?印发$")
_ORDER = re.compile(
    r"((?:中华人民共和国|[\u4e00-\u9fff]{2,16}(?:省|市|区|自治区)人民政府|[\u4e00-\u9fff]{1,12}[部委局署行院])[\u4e00-\u9fff、]{0,20}?(?:令|公告)\s?(?:\d{4}年)?第\s?\d+\s?号)"
)
_ADOPTED = re.compile(r"通过|公布|发布|批准|修正|修订|施行|令|实施")
_NAME_DATE = re.compile(r"[(（_]?(\d{4})-?(\d{2})-?(\d{2})[)）]?$")
_REGULATION = re.compile(r"(法|条例|规定|办法|规则|细则|解释|决定|决议)(（[^）]*）)?$")
_VOID = re.compile(r"失效|废止|撤销|作废|停止")
_EARLY = re.compile(r"废止|撤销|作废")
HEAD = 12  # blocks at the top in which title, 文号 and dates of adoption are looked for


@dataclass(frozen=True, slots=True)
class Described:
    """The metadata, and the other documents this one ends."""

    metadata: Metadata
    repeals: tuple[str, ...]
    repeal_days: tuple[tuple[str, date], ...] = ()
    extensions: tuple[tuple[str, date], ...] = ()


def describe(raw: RawDocument, name: str) -> Described:
    """Read the metadata of a document; `name` is its file name, used where the text has no title or date."""
    facts, blocks = raw.facts, raw.blocks
    title = _title(raw, name)
    signed = signature.find(blocks)
    number = _number(facts, blocks)
    adopted = _adopted(blocks)
    issuer = issuers.issuer_of(title, signed, facts, bool(number), _head_text(blocks))
    issued = dates.first(facts.get("issued_on", "")) or _issued(signed, adopted, number)
    published = dates.first(facts.get("published_on", ""))
    version = _version_date(title, adopted, name)
    effective = _effective(raw, issued, published, version)
    expires = _expires(raw, effective)
    metadata = Metadata(
        title=title,
        issuer=issuer,
        document_number=number,
        published_on=published,
        issued_on=version or issued,
        effective_on=effective,
        expires_on=expires,
        repealed_on=_repealed(facts, expires, effective or published or issued),
        region=regions.region_of(issuer.split("、")[0], title, facts.get("site", "")),
        url=facts.get("url", ""),
    )
    return Described(metadata, repeals.named((b.text for b in blocks), title))


def _title(raw: RawDocument, name: str) -> str:
    if title := tidy(raw.facts.get("title", "")):
        return title
    for start, block in enumerate(raw.blocks[:HEAD]):
        if block.level == 1 or (block.text and not _is_head_matter(block.text)):
            return _joined_title(raw.blocks, start) or PurePath(name).stem
    return PurePath(name).stem


def _is_head_matter(text: str) -> bool:
    return bool(
        furniture.NUMBER_LINE.match(text) or dates.only(text) or signature.organs(text) or text.endswith("文件")
    )


def _joined_title(blocks: Sequence[Block], start: int) -> str:
    """The title from its first line: lines go on until one ends like a title; "" when the line is running text."""
    text = ""
    for block in blocks[start : start + 5]:
        if not block.text or block.text[-1] in "。；：:" or len(text) + len(block.text) > 120:
            break
        text += block.text
        if re.search(
            r"(法|条例|规定|办法|规则|细则|通知|意见|决定|决议|公告|通告|方案|指南|指引|标准|解释|须知|流程|说明|（[^）]*）)$",
            text,
        ):
            return text
    first = blocks[start].text
    return first if first and len(first) <= 80 and first[-1] not in "。；：:" else ""


def _head_text(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks[:HEAD])


def _number(facts: dict[str, str], blocks: Sequence[Block]) -> str:
    """The document's own 文号: from its box, a line of its own near the top, or the order that promulgated it."""
    if boxed := facts.get("document_number", ""):
        return re.sub(r"\s", "", boxed)
    for block in blocks[:HEAD]:
        if furniture.NUMBER_LINE.match(block.text):
            return re.sub(r"\s", "", block.text)
        if _is_adoption(block.text) and (order := _ORDER.search(block.text)):
            return re.sub(r"\s", "", order[1])
    return ""


def _is_adoption(text: str) -> bool:
    return len(text) < 120 and bool(dates.first(text)) and bool(_ADOPTED.search(text)) and not text.endswith("：")


def _adopted(blocks: Sequence[Block]) -> list[date]:
    """The days on which a law was adopted and amended, from the lines under its title."""
    found: list[date] = []
    for block in blocks[:HEAD]:
        if re.match(r"^第.{1,4}条", block.text):
            break
        if _is_adoption(block.text) and re.match(r"^[（(]?\s?(?:根据)?\d{4}年", block.text):
            found += dates.every(_STARTS.sub("", block.text))
    return found


def _version_date(title: str, adopted: list[date], name: str) -> date | None:
    """The day of this version of a law: its last amendment, or the date in its file name."""
    if not _REGULATION.search(title):
        return None
    if found := _NAME_DATE.search(PurePath(name).stem):
        named = dates.first("-".join(found.groups()))
        return max([named, *adopted]) if named and adopted else named
    return max(adopted, default=None)


def _issued(signed: Signature | None, adopted: list[date], number: str) -> date | None:
    if signed:
        return signed.signed_on
    return max(adopted, default=None)


def _effective(raw: RawDocument, issued: date | None, published: date | None, version: date | None) -> date | None:
    """The first day in force: from the box, "自…起施行", or "自印发之日起" and the day of printing or signing.

    A law amended after the day its last article names is in force as amended from the amendment on.
    """
    if boxed := dates.first(raw.facts.get("effective_on", "")):
        return boxed
    printed = next((dates.first(m["day"]) for b in raw.blocks if (m := _PRINTED.search(b.text))), None)
    found: date | None = None
    for block in raw.blocks:
        if match := _STARTS.search(block.text):
            is_own = re.search(_SUBJECT, match[0]) or (not found and match.start() == 0 and issued)
            found = dates.first(match["day"]) if is_own else found
        elif match := _STARTS_WITH.search(block.text):
            found = printed or issued
    return max(found, version) if found and version and version > found else found


def _expires(raw: RawDocument, effective: date | None) -> date | None:
    """The last day in force: from the box, "有效期至…", or "有效期5年" counted from the first day."""
    if boxed := dates.first(raw.facts.get("expires_on", "")):
        return boxed
    for block in raw.blocks:
        if until := _LASTS_UNTIL.search(block.text):
            return dates.first(until["day"])
        if effective and (lasts := _LASTS.search(block.text)):
            months = numeral(lasts["count"]) * (12 if lasts["unit"] == "年" else 1)
            return dates.months_later(effective, months)
    return None


def _repealed(facts: dict[str, str], expires: date | None, known: date | None) -> date | None:
    """The first day no longer in force, where a box says 废止, or 失效 without saying when."""
    if boxed := dates.first(facts.get("repealed_on", "")):
        return boxed
    status = facts.get("status", "")
    if not _VOID.search(status) or re.search(r"未(失效|废止)", status):
        return None
    return (expires or known or date(1949, 10, 1)) if _EARLY.search(status) or not expires else None
