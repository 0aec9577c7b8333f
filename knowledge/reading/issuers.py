"""Finds who issued a document: organs before 关于 in its title, in its signature, in a box, or the site's source."""

from knowledge.notation.organs import organs
from knowledge.notation.patterns import pattern
from knowledge.reading.signature import Signature

_BEFORE_ABOUT = pattern(
    r"^(.{3,80}?)(?:关于|印发|发布)", takes="广州市民政局关于老年助餐的通知", leaves="老年助餐服务办法"
)
_COUNTED = pattern(
    r"等\s?[\d一二三四五六七八九十]+\s?(?:部门|单位|家)",
    takes="广州市民政局等7部门",
    leaves="广州市民政局、财政局等部门",
)
_ADOPTED_BY = pattern(
    r"日\s?经?((?:[\u4e00-\u9fff]{2,20}(?:省|市|自治区|自治州|自治县|区|县|州|旗))?(?:第[一二三四五六七八九十]+届)?"
    r"(?:全国)?人民代表大会(?:常务委员会)?)第",
    takes="2015年3月1日广东省第十二届人民代表大会常务委员会第十五次会议通过",
    leaves="2015年3月1日广州市人民政府第十五次会议通过",
)
_SITTING = pattern(r"第[一二三四五六七八九十]+届", takes="广东省第十二届人民代表大会", leaves="第十二次会议")
_MEETING_OF = pattern(
    r"(最高人民(?:法院|检察院))[^。\n]{0,40}会议",
    takes="最高人民法院审判委员会第1800次会议通过",
    leaves="最高人民法院公布",
)
_ORDERED_BY = pattern(
    r"日\s?(?:中华人民共和国)?([\u4e00-\u9fff]{0,14}(?:国务院|部|委员会|总局|局|署|银行|人民政府|法院|检察院))(?:令|公告|发布|公布|批准)",
    takes="2015年3月1日中华人民共和国国务院令第658号公布",
    leaves="2015年3月1日国务院第658次会议通过",
)
_SELF = ("本网", "本站", "本网站", "原创", "网站", "本局")
_SEPARATORS = pattern(r"[\s、，,;；]+", takes="民政局、财政局", leaves="民政局和财政局")
_SITE_WORDS = pattern(r"(政府)?(门户)?网站?(首页)?$", takes="广州市政府门户网站", leaves="广州市政府网络平台")


def issuer_of(title: str, signed: Signature | None, facts: dict[str, str], numbered: bool, head: str) -> str:
    """Return the organs, joined by 、, in the order printed; "" where nothing names them.

    An official document has a 文号 or a signature: those who sign it issue it. An article is issued by its source.
    """
    for names in (
        _in_title(title),
        signed.organs if signed else (),
        _split(facts.get("issuer", "")),
        _adopters(head),
        _source(facts.get("source", "")),
        _split(facts.get("publisher", "")),
        _split(_SITE_WORDS.sub(r"\1", facts.get("site", ""))),
    ):
        if names:
            return "、".join(dict.fromkeys(names))
    return ""


def _in_title(title: str) -> tuple[str, ...]:
    found = _BEFORE_ABOUT.match(title)
    return organs(found[1].strip()) if found and not _COUNTED.search(found[1]) else ()


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
