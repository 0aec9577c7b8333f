"""Who issued a document: the organs before 关于 in its title, in its signature, in a box, or the site's source."""

import re

from knowledge import signature
from knowledge.signature import Signature

_BEFORE_ABOUT = re.compile(r"^(.{3,80}?)(?:关于|印发|发布)")
_COUNTED = re.compile(r"等\s?[\d一二三四五六七八九十]+\s?(?:部门|单位|家)")
_ADOPTED_BY = re.compile(
    r"日\s?经?((?:[\u4e00-\u9fff]{2,20}(?:省|市|自治区|自治州|自治县|区|县|州|旗))?(?:第[一二三四五六七八九十]+届)?"
    r"(?:全国)?人民代表大会(?:常务委员会)?)第"
)
_SITTING = re.compile(r"第[一二三四五六七八九十]+届")
_MEETING_OF = re.compile(r"(最高人民(?:法院|检察院))[^。\n]{0,40}会议")
_ORDERED_BY = re.compile(
    r"日\s?(?:中华人民共和国)?([\u4e00-\u9fff]{0,14}(?:国务院|部|委员会|总局|局|署|银行|人民政府|法院|检察院))(?:令|公告|发布|公布|批准)"
)
_SELF = ("本网", "本站", "本网站", "原创", "网站", "本局")
_SEPARATORS = re.compile(r"[\s、，,;；]+")


def issuer_of(title: str, signed: Signature | None, facts: dict[str, str], numbered: bool, head: str) -> str:
    """The organs, joined by 、, in the order printed; "" where nothing says.

    An official document (it has a 文号 or signature) is issued by those who sign it; an article by its source.
    """
    for names in (
        _in_title(title),
        signed.organs if signed else (),
        _split(facts.get("issuer", "")),
        _adopters(head),
        _source(facts.get("source", "")),
        _split(facts.get("publisher", "")),
        _split(re.sub(r"(政府)?(门户)?网站?(首页)?$", r"\1", facts.get("site", ""))),
    ):
        if names:
            return "、".join(dict.fromkeys(names))
    return ""


def _in_title(title: str) -> tuple[str, ...]:
    found = _BEFORE_ABOUT.match(title)
    return signature.organs(found[1].strip()) if found and not _COUNTED.search(found[1]) else ()


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in _SEPARATORS.split(text) if part)


def _source(text: str) -> tuple[str, ...]:
    return () if text.strip() in _SELF else _split(text)


def _adopters(head: str) -> tuple[str, ...]:
    if found := _ADOPTED_BY.search(head):
        return (_SITTING.sub("", found[1]),)
    if found := _MEETING_OF.search(head):
        return (found[1],)
    if found := _ORDERED_BY.search(head):
        return (found[1],)
    return ()
