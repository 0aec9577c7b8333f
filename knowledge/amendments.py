"""Which single articles of other documents a document replaces, repeals, adds or counts anew, clause by clause."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge import dates, numbering
from knowledge.model import Amendment, AmendmentKind, Clause

_N = r"[〇零一二三四五六七八九十百千两\d]+"
_ARTICLE = rf"第\s?(?P<number>{_N})\s?(?P<unit>[条章])(?:之(?P<sub>[一二三四五六七八九十]+))?"
_UNNAMED = rf"第{_N}条(?:之[一二三四五六七八九十]+)?"
_PART = rf"(?:第\s?{_N}\s?(?:款|项|目)|第[（(]{_N}[）)]项|[（(]{_N}[）)]项?|[前首末尾]款)"
_REFERENCE = re.compile(rf"{_ARTICLE}(?P<part>(?:[、和及]?{_PART})*(?:中的|中|内|里的)?(?P<words>\ufffc)?)")
_TITLED = re.compile(r"《(?:[^《》]|《[^《》]*》)+》(?:\s?[（(][^（）()]{2,40}[）)])?")
_DECISION = re.compile(r"(?:修改(?!后)|修正(?!案)|修订(?!后)|废止).*(?:决定|通知|公告|通告|命令|令|批复)$")
_LAW_OF = re.compile(r"^(?P<law>[^《》]{2,40}?)修正案")
_SENTENCE = re.compile(r"[。；\n]")
_REPLACES = re.compile(r"修改为|修订为|修正为|改写为|表述为")
_REPEALS = re.compile(r"删去|删除|废止|停止执行|不再执行|停止施行|失效|取消")
_ADDS = re.compile(rf"增加(?:{_N})条")
_ADDS_PART = re.compile(rf"增加(?:{_N})?(?:款|项|目|句|\ufffc)|(?:后|前|中)增加")
_AS = re.compile(
    rf"(?:作为|改为|修改为|列为|合并为)(?:修改后(?:的)?)?(?:《[^《》]*》)?(?P<first>{_ARTICLE})(?P<more>(?:[、和及至到]第{_N}条)*)"
)
_MOVED = re.compile(r"修改为(?=(?:修改后)?(?:《[^《》]*》)?第)")
_OF_A_PART = re.compile(rf"{_PART}(?:中的?)?\ufffc?\s?(?:修改为|删[去除])")
_ORDER = re.compile(r"(?:条文|条款|各条|条目)?(?:的)?(?:序号|顺序|条序)[^。；]{0,8}调整")
_BEGINS = re.compile(
    rf"^(?:[^。；]*[，,])?\s?(?:其中)?[，,]?(?P<articles>{_ARTICLE}(?:[、和及至]第{_N}条)*)(?:的规定)?自(?P<day>{dates.DAY})起(?:施行|实施|执行|生效)"
)
AMENDS = re.compile(
    rf"第\s?{_N}\s?条.{{0,60}}(?:修改|删[去除]|改为|作为|废止|增加)|增加(?:{_N})条|删[去除]第\s?{_N}\s?条"
)


def read(clauses: Sequence[Clause], title: str) -> tuple[Amendment, ...]:
    """The amendments a document makes, in order; in an ordinary document the other one is named beside the article."""
    reader = _Reader(title)
    found = [amendment for clause in clauses for amendment in reader.of(clause)]
    return tuple(dict.fromkeys(found))


def article(number: str) -> str:
    """A printed number in comparable form: 第五条 -> 5, 第一百六十二条之一 -> 162.1, 第二章 -> c2; "" for another."""
    found = re.match(_ARTICLE, number)
    return _key(found) if found else ""


def _key(found: re.Match[str]) -> str:
    chapter = "c" if found["unit"] == "章" else ""
    below = f".{numbering.value(found['sub'])}" if found["sub"] else ""
    return f"{chapter}{numbering.value(found['number'])}{below}"


@dataclass(frozen=True, slots=True)
class _Reference:
    key: str
    start: int
    end: int
    partly: bool  # only a paragraph, an item or words of it


class _Reader:
    """Reads clause after clause, remembering which document is spoken of and whether a quotation is still open."""

    def __init__(self, title: str) -> None:
        self.is_decision = bool(_DECISION.search(title)) or "修正案" in title
        law = _LAW_OF.match(title)
        named = _TITLED.search(title)
        self.document = law["law"] if law else named[0] if named and self.is_decision else ""
        self.default = self.document
        self.heading = ""
        self.open = False
        self.last: list[Amendment] = []

    def of(self, clause: Clause) -> Iterator[Amendment]:
        if self.open:  # goes on with what an earlier clause began to quote
            yield from (replace(one, ordinal=clause.ordinal) for one in self.last)
        text, self.open = masked(clause.text.removeprefix(clause.number), self.open)
        self._turn(clause)
        made = [replace(one, ordinal=clause.ordinal) for part in _SENTENCE.split(text) for one in self._in(part)]
        if made:
            self.last = made
        yield from made

    def _turn(self, clause: Clause) -> None:
        """To the document that the heading of an omnibus decision names: 二、《乙办法》."""
        place = next((part for part in reversed(clause.path) if _TITLED.search(part)), "")
        if not place or place == self.heading or not self.is_decision:
            return
        self.heading = place
        named = _TITLED.search(place)
        self._speaks_of(named[0] if named else self.default)

    def _speaks_of(self, named: str) -> None:
        """Of this document from now on; 《规定》 is short for the one in the title."""
        short = named.partition("》")[0].strip("《")
        self.document = self.default if short and short in self.default else named

    def _in(self, sentence: str) -> Iterator[Amendment]:
        named = [found for found in _TITLED.finditer(sentence) if not _is_basis(sentence, found)]
        if self.is_decision and named and _opens(sentence, named[0]):
            self._speaks_of(named[0][0])
        if begins := _BEGINS.match(sentence):
            if not named:
                yield from self._beginning(begins)
            return
        references = list(_references(sentence))
        if self.is_decision:
            yield from _changed(sentence, references, self.document)
        else:
            yield from _repealed_beside(sentence, references, named)

    def _beginning(self, found: re.Match[str]) -> Iterator[Amendment]:
        day = dates.first(found["day"])
        for one in _references(found["articles"]):
            yield Amendment("", one.key, AmendmentKind.BEGINS, on=day)


def _opens(sentence: str, named: re.Match[str]) -> bool:
    """Whether the sentence turns to this document: 对《甲办法》作如下修改; 将《甲办法》第五条修改为."""
    before, after = sentence[: named.start()], sentence[named.end() :]
    return bool(re.match(r"\s?(?:作|做|进行|的?第|中|序言|原第|有关|等)|$", after)) and len(before) < 40


def _is_basis(sentence: str, named: re.Match[str]) -> bool:
    """Whether the document is only what something rests on: 根据《甲法》第五条."""
    return bool(re.search(r"(?:根据|依据|依照|按照|违反|符合|适用)[^，。；《]{0,12}$", sentence[: named.start()]))


def _references(text: str) -> Iterator[_Reference]:
    """The articles a sentence names; 第三条至第五条 are three."""
    found = list(_REFERENCE.finditer(text))
    for index, one in enumerate(found):
        before = found[index - 1] if index else None
        if before and re.fullmatch(r"[至到]", text[before.end() : one.start()]) and not before["part"]:
            first, last = numbering.value(before["number"]), numbering.value(one["number"])
            yield from (
                _Reference(str(n), one.start(), one.end(), False) for n in range(first + 1, min(last, first + 200))
            )
        yield _Reference(_key(one), one.start(), one.end(), bool(one["part"]))


def _changed(sentence: str, references: list[_Reference], document: str) -> Iterator[Amendment]:
    """What a sentence of a decision does to articles of `document`."""
    if _ORDER.search(sentence):
        yield Amendment(document, "", AmendmentKind.ORDERED)
    becomes = _AS.search(sentence)
    numbers = _numbers(becomes) if becomes else []
    if _ADDS.search(sentence):
        yield from (Amendment(document, "", AmendmentKind.ADDED, becomes=number) for number in numbers)
        return
    if becomes:
        references = [one for one in references if one.end <= becomes.start()]
    if not references:
        return
    rest = sentence[references[-1].end :] + sentence[: references[0].start]
    kind = _kind(rest, bool(becomes))
    words = references[-1].partly and "\ufffc" in sentence[references[-1].start : references[-1].end]
    for one in references if kind else ():
        partly = one.partly or words or bool(_OF_A_PART.search(rest))
        if kind is AmendmentKind.MOVED and one.partly:
            continue
        said = AmendmentKind.CHANGED if partly and kind is not AmendmentKind.MOVED else kind
        moved = numbers[0] if numbers and not one.partly and numbers[0] != one.key else ""
        yield Amendment(document, one.key, said or AmendmentKind.CHANGED, becomes=moved)


def _kind(rest: str, moves: bool) -> AmendmentKind | None:
    """What the words around the articles say is done to them."""
    rest = _MOVED.sub("", rest)
    if _REPLACES.search(rest):
        return AmendmentKind.REPLACED
    if _ADDS_PART.search(rest) or re.search(r"修改(?!后)|修正", rest):
        return AmendmentKind.CHANGED
    if _REPEALS.search(rest):
        return AmendmentKind.REPEALED
    return AmendmentKind.MOVED if moves else None


def _numbers(becomes: re.Match[str]) -> list[str]:
    first = re.match(_ARTICLE, becomes["first"])
    more = [one.key for one in _references(becomes["first"] + becomes["more"])]
    return more or ([_key(first)] if first else [])


def _repealed_beside(sentence: str, references: list[_Reference], named: list[re.Match[str]]) -> Iterator[Amendment]:
    """《甲办法》第三条、第五条同时废止, in a document that is about something else."""
    for title, following in zip(named, [*named[1:], None][: len(named)], strict=True):
        until = following.start() if following else len(sentence)
        its = [one for one in references if title.end() <= one.start < until]
        tight = its and re.fullmatch(r"[的中]?", sentence[title.end() : its[0].start])
        ended = its and re.match(
            rf"(?:的规定|规定)?[，,]?(?:自(?P<day>[^，。《]{{0,24}})起)?(?:同时|相应|即行|即|也|均|一并|予以|应当)*(?:{_REPEALS.pattern})",
            sentence[its[-1].end :],
        )
        joined = its and following and re.match(r"(?:的规定)?[、，和及与以]", sentence[its[-1].end : following.start()])
        last_word = _REPEALS.search(sentence[references[-1].end :]) if references else None
        if tight and (ended or (joined and last_word)):
            day = dates.first(ended["day"] or "") if ended else None
            for one in its:
                kind = AmendmentKind.CHANGED if one.partly else AmendmentKind.REPEALED
                yield Amendment(title[0], one.key, kind, on=day)


def quotations(text: str) -> list[str]:
    """What is quoted in full, without white space and without the number of the article it begins with."""
    found = re.findall(r"“((?:[^“”]|“[^“”]*”)*)(?:”|$)", text)
    return [re.sub(rf"^{_UNNAMED}", "", re.sub(r"\s", "", each)) for each in found]


def masked(text: str, is_open: bool = False) -> tuple[str, bool]:
    """`text` with every quotation as one \\ufffc, and whether the last one is still open.

    A quotation of several paragraphs opens each with “ and closes only the last.
    """
    out: list[str] = []
    for character in text:
        if character == "“":
            if not is_open:
                out.append("\ufffc")
            is_open = True
        elif character == "”" and is_open:
            is_open = False
        elif not is_open:
            out.append(character)
    return "".join(out), is_open
