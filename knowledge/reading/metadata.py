"""Reads what a document says of itself: title, issuer, 文号, dates, place, and the documents it repeals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from knowledge.formats.blocks import Block, RawDocument, tidy
from knowledge.law import repeals, stated_days
from knowledge.model import Metadata
from knowledge.notation import dates, document_kinds, regions
from knowledge.notation.document_names import NUMBER_LINE
from knowledge.notation.organs import organs
from knowledge.notation.patterns import pattern
from knowledge.reading import issuers, signature, topics
from knowledge.reading.signature import Signature

_ORDER = pattern(
    r"((?:中华人民共和国|[\u4e00-\u9fff]{2,16}(?:省|市|区|自治区)人民政府|[\u4e00-\u9fff]{1,12}[部委局署行院])[\u4e00-\u9fff、]{0,20}?(?:令|公告)\s?(?:\d{4}年)?第\s?\d+\s?号)",
    takes="2021年3月1日广东省人民政府令第280号公布",
    leaves="广东省人民政府第280次会议通过",
)
_ADOPTED = pattern(
    r"通过|公布|发布|批准|修正|修订|施行|令|实施", takes="2021年3月1日市人大常委会通过", leaves="2021年3月1日起草"
)
_NAME_DATE = pattern(r"[(（_]?(\d{4})-?(\d{2})-?(\d{2})[)）]?$", takes="居住证条例_20210301", leaves="居住证条例2021")
_REGULATION = pattern(
    rf"({document_kinds.RULES}|决议)(（[^）]*）)?$", takes="居住证暂行条例（2021年修订）", leaves="居住证条例实施情况"
)
_LONG_HEAD = 60  # blocks at the top of a law that was amended many times, line after line
HEAD = 12  # blocks at the top; title, 文号 and dates of adoption are looked for in them
_TITLE_ENDS = pattern(
    rf"({document_kinds.ISSUED}|决议|须知|流程|说明|（[^）]*）)$",
    takes="老年助餐服务办法",
    leaves="老年助餐服务办法实施",
)
_ARTICLE = pattern(r"^第.{1,4}条", takes="第十二条 申请人", leaves="依照第十二条")
_ADOPTED_ON = pattern(r"^[（(]?\s?(?:根据)?\d{4}年", takes="（根据2019年3月2日修订）", leaves="自2019年3月2日起施行")


@dataclass(frozen=True, slots=True)
class Described:
    """The metadata of a document, and the other documents that it ends."""

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
    effective = stated_days.effective(raw, stated_days.KnownDays(issued, published, version))
    expires = stated_days.expires(raw, effective)
    metadata = Metadata(
        title=title,
        issuer=issuer,
        document_number=number,
        published_on=published,
        issued_on=version or issued,
        effective_on=effective,
        expires_on=expires,
        repealed_on=stated_days.repealed(facts, expires, effective or published or issued),
        region=regions.region_of(issuer.split("、")[0], title, facts.get("site", "")),
        url=facts.get("url", ""),
        topics=topics.topics_of(title, blocks),
    )
    ended = repeals.endings((b.text for b in blocks), title) | dict.fromkeys(repeals.listed(blocks, title))
    days = tuple((entry, day) for entry, day in ended.items() if day)
    return Described(metadata, tuple(ended), days, repeals.extended(b.text for b in blocks))


def _title(raw: RawDocument, name: str) -> str:
    if title := tidy(raw.facts.get("title", "")):
        return title
    for start, block in enumerate(raw.blocks[:HEAD]):
        if block.level == 1 or (block.text and not _is_head_matter(block.text)):
            return _joined_title(raw.blocks, start) or PurePath(name).stem
    return PurePath(name).stem


def _is_head_matter(text: str) -> bool:
    return bool(NUMBER_LINE.match(text) or dates.only(text) or organs(text) or text.endswith("文件"))


def _joined_title(blocks: Sequence[Block], start: int) -> str:
    """Return the title whose first line is block `start`; "" when that line is running text.

    Lines are joined until one ends like a title. Where none does, the first line alone is the title.
    """
    text = ""
    for block in blocks[start : start + 5]:
        if not block.text or block.text[-1] in "。；：:" or len(text) + len(block.text) > 120:
            break
        text += block.text
        if _TITLE_ENDS.search(
            text,
        ):
            return text
    first = blocks[start].text
    return first if first and len(first) <= 80 and first[-1] not in "。；：:" else ""


def _head_text(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks[:HEAD])


def _number(facts: dict[str, str], blocks: Sequence[Block]) -> str:
    """Return the document's own 文号: from its box, a line near the top, or the order that promulgated it."""
    if boxed := facts.get("document_number", ""):
        return re.sub(r"\s", "", boxed)
    for block in blocks[:HEAD]:
        if NUMBER_LINE.match(block.text):
            return re.sub(r"\s", "", block.text)
        if _is_adoption(block.text) and (order := _ORDER.search(block.text)):
            return re.sub(r"\s", "", order[1])
    return ""


def _is_adoption(text: str) -> bool:
    return len(text) < 120 and bool(dates.first(text)) and bool(_ADOPTED.search(text)) and not text.endswith("：")


def _adopted(blocks: Sequence[Block]) -> list[date]:
    """Return the days on which a law was adopted and amended, from the lines under its title."""
    found: list[date] = []
    for index, block in enumerate(blocks[:_LONG_HEAD]):
        if _ARTICLE.match(block.text) or (index >= HEAD and not _is_adoption(block.text)):
            break
        if stated_days.is_beginning(block.text):
            continue
        if _is_adoption(block.text) and _ADOPTED_ON.match(block.text):
            found += dates.every(stated_days.without_beginning(block.text))
    return found


def _version_date(title: str, adopted: list[date], name: str) -> date | None:
    """Return the day of this version of a law: its last amendment, or the date in its file name."""
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
