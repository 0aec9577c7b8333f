"""Tells which places a text names, and whether a document speaks for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

import rjieba

from knowledge.notation.patterns import pattern
from retrieval.language.place_names import AMBIGUOUS, APART, called, gazetteer, names_in

# What follows a place name that is part of a longer name: a street, a school, a bank, a dish.
_PART = pattern(
    r"[东南西北中一二三四五]{0,2}(?:路|街|大道|公路|巷|弄|大桥|火车站|站|机场|银行|公园|日报|装|啤酒)|"
    r"[^的，。,在读上考念入、 ]{0,4}(?:大学|学院|理工|师大|附中)|"
    r"(?:风味|特色|正宗)?(?:小吃|拉面|火锅|烤鸭|螺蛳粉|米粉|米线|热干面|小面|面馆|菜馆|菜|饭馆|酸奶|牛肉面|白切鸡|特产)",
    takes="路12号",
    leaves="户口怎么迁",
    how="match",
)
_ORIGIN_AFTER = pattern(
    r"(?:的|那边的|那边|本地)?(?:户口|户籍|户(?![型外])|籍|人(?![才均社民力口员大工数事流群])|来的|过来的|老家)",
    takes="户口",
    leaves="人才政策",
    how="match",
)
_ORIGIN_BEFORE = pattern(
    r"(?:来自|(?:老家|家乡|户口本?|户籍地?|户籍所在地|籍贯|出生地?)(?:我|也|还|都|一直|就|挂|落|放|登记|目前|现在)*(?:在|是|为|:)|"
    r"老家|from |生在|出生于)$",
    takes="我老家在",
    leaves="我老家的人在",
)
_FROM = pattern(r"(?:从|由|自)$", takes="我从", leaves="从前住在")
_MOVES = pattern(r"[^，。,]{0,6}?(?:来|迁|转|搬|回|到)", takes="户口迁到", leaves="的居住证", how="match")
_SETTLING_BEFORE = pattern(
    r"(?:办|落|拿|申请|入|迁|换成?|转成?|取得|上|想要|弄)(?:个|到|一个)?$", takes="想落", leaves="落户后住在"
)
_SETTLING_AFTER = pattern(
    r"(?:的|那边的)?(?:户口|户籍)(?:的|要|怎么|如何|需要|条件|手续|政策|好办|难)",
    takes="户口怎么办",
    leaves="户口本丢了",
    how="match",
)
_OFFICE = pattern(r"人民政府|政府|人社|公安|教育|民政|医保|税务", takes="公安局", leaves="图书馆", how="match")
_RESIDENT = pattern(
    r"(?:永久性?)?(?:居民|身份|青年|学生|同胞|人士|户口|护照|孩子|小孩|儿童|幼儿|子女|学历|人(?![才均口]))|"
    r" ?(?:residents?|passport|citizens?|people|students?|children|kids?)",
    takes="居民",
    leaves="人才",
    how="match",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place. `name` is what texts call it: "杭州", but "和平区", because "和平" alone is another word.

    `codes` are the codes of its divisions. Several divisions share a name such as "朝阳区", so it has several codes.
    """

    name: str
    codes: frozenset[str]

    @property
    def apart(self) -> bool:
        """Whether the place has laws of its own (香港, 澳门, 台湾), so that it means little if a rule names it."""
        return bool(self.codes & APART)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    place: Place


def places(text: str) -> frozenset[Place]:
    """Return the places whose matters `text` (simplified characters) asks about.

    A name counts only where words begin and end with it: "血压高要吃药" does not name 高要. A name does not count as
    part of a street, school or dish, nor as the place someone comes from ("四川户口，在广州"). Of "广东广州天河" only
    the narrowest place counts.
    """
    text = text.lower().replace("’", "'")
    mentions = list(_mentions(text))
    if not mentions:
        return frozenset()
    edges = {0, *accumulate(map(len, rjieba.cut(text, False)))}
    mentions = [m for m in mentions if m.start in edges and _ends(text, m.end, edges)]
    here = [m for m in mentions if not _origin(text, m, alone=len({m.place for m in mentions}) == 1)]
    asked = {m.place for m in here}
    return frozenset(place for place in asked if not any(_holds_more(place, other) for other in asked))


@lru_cache(maxsize=4096)  # passages come again with the next question
def names_places(text: str) -> bool:
    """Whether `text` (normalised) names any place."""
    return any(True for _ in _mentions(text))


def within(place: Place, regions: Iterable[str]) -> bool:
    """Whether `place` is one of `regions`, holds one or lies in one; "" is the whole country.

    "天河" lies in "广州市", and "广东" holds it; "番禺" is neither in nor around "广州市天河区". A region may end
    in a name that no standard knows: only 上海 and places named 江湾 match "上海市江湾区".
    """
    return any(_within(place, region) for region in regions)


def _within(place: Place, region: str) -> bool:
    if not region or region in ("全国", "中国", "国家"):
        return not place.apart
    if place.name in region:
        return not place.codes or not (last := _last(region)) or _touch(place.codes, last.place.codes)
    last = _last(region)
    if last is None:
        return False
    if last.end < len(region):  # a district the standard does not know
        return any(_holds(one, other) for one in place.codes for other in last.place.codes)
    return _touch(place.codes, last.place.codes)


@cache
def _last(region: str) -> _Mention | None:
    mentions = list(_mentions(region))
    return mentions[-1] if mentions else None


def _mentions(text: str) -> Iterator[_Mention]:
    """Yield the places named in `text` in order; names without a gap between them narrow each other ("天津和平区")."""
    run: _Mention | None = None
    for start, end, name in names_in(text):
        place = Place(called(name), gazetteer()[name])
        if run and run.end == start and (inner := _narrowed(run.place, place)):
            run = _Mention(run.start, end, inner)
            continue
        if run:
            yield run
        run = None if name in AMBIGUOUS else _Mention(start, end, place)
    if run:
        yield run


def _narrowed(outer: Place, inner: Place) -> Place | None:
    codes = frozenset(code for code in inner.codes if any(_holds(other, code) for other in outer.codes))
    return Place(inner.name, codes) if codes else None


def _ends(text: str, end: int, edges: set[int]) -> bool:
    return (end in edges or _OFFICE.match(text, end) is not None) and not _PART.match(text, end)


def _origin(text: str, mention: _Mention, *, alone: bool) -> bool:
    """Whether a name says where someone comes from. If it is the only place, "办杭州户口" asks about 杭州."""
    before, after = text[max(mention.start - 12, 0) : mention.start], mention.end
    if mention.place.apart and _RESIDENT.match(text, after):
        return True
    if _ORIGIN_BEFORE.search(before) or (_FROM.search(before) and _MOVES.match(text, after) and not alone):
        return True
    if alone and (_SETTLING_BEFORE.search(before) or _SETTLING_AFTER.match(text, after)):
        return False
    return _ORIGIN_AFTER.match(text, after) is not None or text[after - 1] in "籍户"


def _width(code: str) -> int:
    return 2 if code.endswith("0000") else 4 if code.endswith("00") else 6


def _holds(outer: str, inner: str) -> bool:
    return inner.startswith(outer[: _width(outer)])


def _touch(ones: frozenset[str], others: frozenset[str]) -> bool:
    return any(_holds(one, other) or _holds(other, one) for one in ones for other in others)


def _holds_more(outer: Place, inner: Place) -> bool:
    return outer != inner and any(_holds(one, other) and one != other for one in outer.codes for other in inner.codes)
