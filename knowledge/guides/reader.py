"""Reads the service guide out of a document's tree; every field names the clauses it was read from."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from knowledge.guide import GuideLink, LinkKind, Material, Phone, ProcedureGuide, Stated, TimeLimit, with_missing
from knowledge.guides import checklist, facts
from knowledge.guides.facts import GuideLine
from knowledge.guides.sections import Piece, Section, sections
from knowledge.model import Clause, ClauseKind
from knowledge.notation.patterns import pattern
from knowledge.reading import table_text
from knowledge.reading.outline import Node

_GUIDE = pattern(
    r"指南|须知|指引|攻略|一次性?告知|办事|流程|如何(办|申)|怎么(办|申)|申领|办理说明",
    takes="居住证办理指南",
    leaves="居住证暂行条例",
)
_SUFFIX = pattern(
    r"(的)?(办事|服务|办理|申报|申领|申请|业务)?(指南|须知|指引|攻略|一次性?告知(书|单)?|流程)(\d{4}年?版?)?$",
    takes="居住证的办理指南",
    leaves="居住证指南解读",
)
_CORE = ("conditions", "materials", "steps", "statutory_limit", "promised_limit", "limit", "fee", "places", "basis")
_VAGUE = pattern(r"^((联系|办公|服务|窗口)?电话)?$", takes="电话", leaves="投诉电话")
_WHEREABOUTS = {"places", "receipt", "phones", "hours", "complaints"}
_ARTICLES = 5  # a text of this many articles is a rule, whatever its headings say
_PICTURES = re.compile(r"(?i)\.(png|jpe?g|gif|webp|bmp|svg)([?#]|$)")
_VIDEOS = pattern(
    r"(?i)\.(mp4|m4v|mov|webm|m3u8|flv|avi)([?#]|$)|视频|演示录像",
    takes="居住证申领演示录像",
    leaves="居住证申领演示图片",
)
_URL = re.compile(r"https?://[^\s，。；、）)》>“”\"'\u4e00-\u9fff]+")


def read(root: Node, clauses: Sequence[Clause], title: str) -> ProcedureGuide | None:
    """Return the guide that a document is; None where it is something else.

    `root` is the tree from which the document's clauses were cut.
    """
    if sum(clause.kind is ClauseKind.ARTICLE for clause in clauses) >= _ARTICLES:
        return None
    enough = 2 if _GUIDE.search(title) else 4
    found = sections(root)
    if len({name for section in found for name in section.fields if name in _CORE}) < enough - 1:
        return None
    guide = _Reader(root, clauses, title, found).guide()
    known = sum(bool(getattr(guide, name)) for name in _CORE)
    return guide if known >= enough and (guide.materials or guide.steps) else None


class _Reader:
    def __init__(self, root: Node, clauses: Sequence[Clause], title: str, found: Sequence[Section]) -> None:
        self.title = title
        self.sections = found
        self.lines = list(facts.lines(root))
        self.blocks = list(root.blocks())
        self.clauses = sorted(clauses, key=lambda clause: (clause.start, -clause.end))
        self.starts = [clause.start for clause in self.clauses]

    def guide(self) -> ProcedureGuide:
        statutory, promised, limit = self._limits()
        places, hours, phones = self._whereabouts()
        return with_missing(
            ProcedureGuide(
                name=self._name(),
                scope=self._text("scope"),
                acceptor=self._text("acceptor"),
                decider=self._text("decider"),
                conditions=self._entries("conditions"),
                refusals=self._entries("refusals"),
                materials=self._materials(),
                steps=self._entries("steps"),
                statutory_limit=statutory,
                promised_limit=promised,
                limit=limit,
                fee=self._fee(),
                places=places,
                hours=hours,
                phones=phones,
                basis=self._entries("basis"),
                result=self._text("result"),
                delivery=self._text("delivery"),
                remedy=self._text("remedy"),
                links=tuple(self._links()),
            )
        )

    def _of(self, name: str) -> list[Section]:
        return [section for section in self.sections if name in section.fields]

    def _clauses(self, starts: Iterable[int]) -> tuple[int, ...]:
        """Return the ordinals of the innermost clauses at these characters."""
        found = set()
        for start in starts:
            before = (self.clauses[i] for i in range(bisect_right(self.starts, start) - 1, -1, -1))
            found |= {clause.ordinal for clause in islice((c for c in before if c.end > start), 1)}
        return tuple(sorted(found))

    def _stated(self, piece: Piece) -> Stated:
        starts = [piece.start, *(part.start for part in _under(piece))]
        return Stated(piece.whole().strip(), self._clauses(starts))

    def _name(self) -> Stated:
        if found := self._text("name"):
            return found
        bare = re.sub(r"【[^】]*】", "", self.title).strip()
        return Stated(_SUFFIX.sub("", bare) or bare)

    def _text(self, name: str) -> Stated | None:
        pieces = [piece for section in self._of(name) for piece in section.entries()]
        stated = [self._stated(piece) for piece in pieces]
        ordinals = tuple(sorted({n for one in stated for n in one.clauses}))
        return Stated("\n".join(one.text for one in stated), ordinals) if stated else None

    def _entries(self, name: str) -> tuple[Stated, ...]:
        """Return the numbered entries of the field's sections; where none is numbered, paragraphs and table rows."""
        found: list[Stated] = []
        for section in self._of(name):
            pieces = section.pieces if _is_motto(section) else section.entries()
            numbered = [piece for piece in pieces if piece.numbered]
            found += [self._stated(piece) for piece in numbered or pieces if not _introduces(piece, pieces)]
            for table in section.tables if name != "materials" and not numbered else ():
                rows = table_text.text(table)
                found.append(Stated(rows, self._clauses([table.start + len(rows) - 1])))
        return tuple(found)

    def _materials(self) -> tuple[Material, ...]:
        found: list[checklist.FoundMaterial] = []
        for section in self.sections:
            if "materials" in section.fields and not {"steps", "name"} & set(section.fields):
                found += checklist.from_pieces(section.entries())
        for section in self.sections:
            for table in section.tables:
                found += checklist.from_table(table)
        named: dict[tuple[str, str], Material] = {}
        for material, start in sorted(found, key=lambda one: one[1]):
            key = (material.name, material.required_if)
            if material.name and key not in named:
                named[key] = replace(material, clauses=self._clauses([start]))
        return tuple(named.values())

    def _limits(self) -> tuple[TimeLimit | None, TimeLimit | None, TimeLimit | None]:
        spoken: dict[str, GuideLine] = {}
        for name in ("statutory_limit", "promised_limit", "limit"):
            for section in self._of(name):
                if len(section.fields) == 1 or section.value:
                    text = "\n".join(piece.whole() for piece in section.entries())
                    spoken.setdefault(name, GuideLine(text, section.start, section.label))
        found = facts.limits(self.lines, spoken)
        dated = {
            name: TimeLimit(one.text, one.days, one.kind, self._clauses([one.start])) for name, one in found.items()
        }
        return dated.get("statutory_limit"), dated.get("promised_limit"), dated.get("limit")

    def _fee(self) -> Stated | None:
        if found := self._text("fee"):
            return found
        line = next((line for line in self.lines if facts.fee(line.text)), None)
        return Stated(facts.fee(line.text), self._clauses([line.start])) if line else None

    def _whereabouts(self) -> tuple[tuple[Stated, ...], tuple[Stated, ...], tuple[Phone, ...]]:
        places: list[Stated] = []
        hours: list[Stated] = []
        phones: list[Phone] = []
        for section in self.sections:
            for piece in section.entries() if _WHEREABOUTS & set(section.fields) else ():
                text, own = piece.whole(), self._clauses([piece.start])
                places += [Stated(found, own) for found in facts.places(text, section.fields)]
                hours += [Stated(found, own) for found in facts.hours(text, section.fields)]
            for office in (office for table in section.tables for office in facts.offices(table)):
                own, name = self._clauses([office.start]), f"{office.name}：" if office.name else ""
                places += [Stated(name + office.address, own)] if office.address else []
                hours += [Stated(name + office.hours, own)] if office.hours else []
                phones += [Phone(number, office.name, own) for number, _ in facts.phones(office.phone, "电话")]
        for line in self.lines:
            named = list(facts.phones(line.text, line.heading))
            phones += [Phone(number, purpose, self._clauses([line.start])) for number, purpose in named]
        return tuple(dict.fromkeys(places)), tuple(dict.fromkeys(hours)), _without_repeats(phones)

    def _links(self) -> Iterator[GuideLink]:
        seen = set()
        for block in self.blocks:
            printed = [(url, url) for url in _URL.findall(table_text.text(block) if block.rows else block.text)]
            for text, url in [*block.links, *printed]:
                if url not in seen:
                    seen.add(url)
                    yield GuideLink(text, url, _kind(text, url), self._clauses([block.start]))


def _without_repeats(phones: Sequence[Phone]) -> tuple[Phone, ...]:
    """Return each number once for each purpose.

    An entry whose purpose is only "电话" is left out where another entry of the same number says more.
    """
    found: dict[tuple[str, str], Phone] = {}
    for phone in phones:
        named = [other for other in phones if other.number == phone.number and not _VAGUE.match(other.purpose)]
        if not (named and _VAGUE.match(phone.purpose)):
            found.setdefault((phone.number, phone.purpose), phone)
    return tuple(found.values())


def _under(piece: Piece) -> Iterator[Piece]:
    for part in piece.below:
        yield part
        yield from _under(part)


def _is_motto(section: Section) -> bool:
    """Return whether what stands behind a heading's colon says nothing itself: "申报条件：找准定位"."""
    return bool(section.pieces) and len(section.value) <= 12 and not re.search(r"[\d。；、，]", section.value)


def _introduces(piece: Piece, pieces: Sequence[Piece]) -> bool:
    return len(pieces) > 1 and not piece.numbered and not piece.below and piece.text.endswith(("：", ":"))


def _kind(text: str, url: str) -> LinkKind:
    if _VIDEOS.search(url) or _VIDEOS.search(text):
        return LinkKind.VIDEO
    return LinkKind.PICTURE if _PICTURES.search(url) else LinkKind.PAGE
