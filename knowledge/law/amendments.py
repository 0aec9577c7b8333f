"""Find the single articles of other documents that a document replaces, repeals, adds or renumbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.model import Amendment, AmendmentKind, Clause
from knowledge.notation import dates, numbering, sentence_ends
from knowledge.notation.patterns import pattern

_N = r"[〇零一二三四五六七八九十百千两\d]+"
_ARTICLE = rf"第\s?(?P<number>{_N})\s?(?P<unit>[条章])(?:之(?P<sub>[一二三四五六七八九十]+))?"
_UNNAMED = rf"第{_N}条(?:之[一二三四五六七八九十]+)?"
_PART = rf"(?:第\s?{_N}\s?(?:款|项|目)|第[（(]{_N}[）)]项|[（(]{_N}[）)]项?|[前首末尾]款)"
_REFERENCE = pattern(
    rf"{_ARTICLE}(?P<part>(?:[、和及]?{_PART})*(?:中的|中|内|里的)?(?P<words>\ufffc)?)",
    takes="将第五条第二款修改为",
    leaves="将附件一修改为",
)
_TITLED = pattern(
    r"《(?:[^《》]|《[^《》]*》)+》(?:\s?[（(][^（）()]{2,40}[）)])?",
    takes="《老年助餐服务办法》（穗民规字〔2023〕5号）第三条",
    leaves="老年助餐服务办法第三条",
)
_DECISION = pattern(
    r"(?:修改(?!后)|修正(?!案)|修订(?!后)|废止).*(?:决定|通知|公告|通告|命令|令|批复)$",
    takes="关于修改《老年助餐服务办法》的决定",
    leaves="关于修改后的《老年助餐服务办法》公布施行的通知",
)
_LAW_OF = pattern(
    r"^(?P<law>[^《》]{2,40}?)修正案", takes="中华人民共和国刑法修正案（十二）", leaves="《中华人民共和国刑法》修正案"
)
_REPLACES = pattern(r"修改为|修订为|修正为|改写为|表述为", takes="第三条修改为", leaves="第三条已经修改")
_REPEALS = pattern(r"删去|删除|废止|停止执行|不再执行|停止施行|失效|取消", takes="删去第三条", leaves="除第三条外")
_ADDS = pattern(rf"增加(?:{_N})条", takes="增加一条，作为第八条", leaves="增加一款，作为第八条第二款")
_ADDS_PART = pattern(
    rf"增加(?:{_N})?(?:款|项|目|句|\ufffc)|(?:后|前|中)增加", takes="第八条增加一款", leaves="增加一条，作为第八条"
)
_AS = pattern(
    rf"(?:作为|改为|修改为|列为|合并为)(?:修改后(?:的)?)?(?:《[^《》]*》)?(?P<first>{_ARTICLE})(?P<more>(?:[、和及至到]第{_N}条)*)",
    takes="作为第十条、第十一条",
    leaves="作为申请的依据",
)
_MOVED = pattern(r"修改为(?=(?:修改后)?(?:《[^《》]*》)?第)", takes="第九条修改为第十条", leaves="第九条修改为\ufffc")
_OF_A_PART = pattern(
    rf"{_PART}(?:中的?)?\ufffc?\s?(?:修改为|删[去除])",
    takes="第二款中的\ufffc修改为",
    leaves="第二款规定的期限届满后，修改为",
)
_ORDER = pattern(
    r"(?:条文|条款|各条|条目)?(?:的)?(?:序号|顺序|条序)[^。；]{0,8}调整",
    takes="条文序号作相应调整",
    leaves="收费标准作相应调整",
)
_BEGINS = pattern(
    rf"^(?:[^。；]*[，,])?\s?(?:其中)?[，,]?(?P<articles>{_ARTICLE}(?:[、和及至]第{_N}条)*)(?:的规定)?自(?P<day>{dates.DAY})起(?:施行|实施|执行|生效)",
    takes="第五条自2025年1月1日起施行",
    leaves="本办法自2025年1月1日起施行",
)
AMENDS = pattern(
    rf"第\s?{_N}\s?条.{{0,60}}(?:修改|删[去除]|改为|作为|废止|增加)|增加(?:{_N})条|删[去除]第\s?{_N}\s?条",
    takes="第五条中的“三十日”修改为“十五日”",
    leaves="依照第五条申请的，应当提交材料",
)
_ARTICLE_NUMBER = pattern(
    _ARTICLE, takes="第一百六十二条之一 有下列情形之一的", leaves="依照第一百六十二条之一处理", how="match"
)
_TURNS_TO = pattern(
    r"\s?(?:作|做|进行|的?第|中|序言|原第|有关|等)|$", takes="作如下修改", leaves="的规定执行", how="match"
)
_BASIS = pattern(r"(?:根据|依据|依照|按照|违反|符合|适用)[^，。；《]{0,12}$", takes="根据", leaves="根据申请，对")
_THROUGH = pattern(r"[至到]", takes="至", leaves="、", how="fullmatch")
_CHANGES = pattern(r"修改(?!后)|修正", takes="对第五条作出修改", leaves="修改后的第五条")
_ENDS_THEM = pattern(
    rf"(?:的规定|规定)?[，,]?(?:自(?P<day>[^，。《]{{0,24}})起)?(?:同时|相应|即行|即|也|均|一并|予以|应当)*(?:{_REPEALS.pattern})",
    takes="的规定同时废止",
    leaves="的规定办理，但已失效的除外",
    how="match",
)
_JOINED = pattern(r"(?:的规定)?[、，和及与以]", takes="、", leaves="规定的", how="match")
_QUOTATION = pattern(
    r"“((?:[^“”]|“[^“”]*”)*)(?:”|$)", takes="修改为：“申请人应当年满六十周岁。”", leaves="修改为：《申请人须知》"
)
_NUMBER_FIRST = pattern(rf"^{_UNNAMED}", takes="第五条申请人应当年满六十周岁", leaves="依照第五条申请")


def read(clauses: Sequence[Clause], title: str) -> tuple[Amendment, ...]:
    """Return the amendments a document makes, in order.

    A document that is not itself a decision to amend names the other document beside the article.
    """
    reader = _Reader(title)
    found = [amendment for clause in clauses for amendment in reader.of(clause)]
    return tuple(dict.fromkeys(found))


def article(number: str) -> str:
    """Return a printed number in comparable form, or "": 第五条 -> 5, 第一百六十二条之一 -> 162.1, 第二章 -> c2."""
    found = _ARTICLE_NUMBER.match(number)
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
    """Read clause after clause. Remember which document the text speaks of and whether a quotation is still open."""

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
        if self.open:  # this clause continues a quotation from an earlier one
            yield from (replace(one, ordinal=clause.ordinal) for one in self.last)
        text, self.open = masked(clause.text.removeprefix(clause.number), self.open)
        self._turn(clause)
        made = [replace(one, ordinal=clause.ordinal) for part in sentence_ends.split(text) for one in self._in(part)]
        if made:
            self.last = made
        yield from made

    def _turn(self, clause: Clause) -> None:
        """Turn to the document that the heading above the clause names, in a decision about several: 二、《乙办法》."""
        place = next((part for part in reversed(clause.path) if _TITLED.search(part)), "")
        if not place or place == self.heading or not self.is_decision:
            return
        self.heading = place
        named = _TITLED.search(place)
        self._speaks_of(named[0] if named else self.default)

    def _speaks_of(self, named: str) -> None:
        """Take `named` as the document spoken of from now on. 《规定》 can be short for the one in the title."""
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
    """Return whether the sentence turns to this document: 对《甲办法》作如下修改; 将《甲办法》第五条修改为."""
    before, after = sentence[: named.start()], sentence[named.end() :]
    return bool(_TURNS_TO.match(after)) and len(before) < 40


def _is_basis(sentence: str, named: re.Match[str]) -> bool:
    """Return whether the sentence only cites the document as a basis: 根据《甲法》第五条."""
    return bool(_BASIS.search(sentence[: named.start()]))


def _references(text: str) -> Iterator[_Reference]:
    """Yield the articles a sentence names. 第三条至第五条 are three."""
    found = list(_REFERENCE.finditer(text))
    for index, one in enumerate(found):
        before = found[index - 1] if index else None
        if before and _THROUGH.fullmatch(text[before.end() : one.start()]) and not before["part"]:
            first, last = numbering.value(before["number"]), numbering.value(one["number"])
            yield from (
                _Reference(str(n), one.start(), one.end(), False) for n in range(first + 1, min(last, first + 200))
            )
        yield _Reference(_key(one), one.start(), one.end(), bool(one["part"]))


def _changed(sentence: str, references: list[_Reference], document: str) -> Iterator[Amendment]:
    """Yield what a sentence of a decision does to articles of `document`."""
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
    """Return what is done to the articles, by the words around them."""
    rest = _MOVED.sub("", rest)
    if _REPLACES.search(rest):
        return AmendmentKind.REPLACED
    if _ADDS_PART.search(rest) or _CHANGES.search(rest):
        return AmendmentKind.CHANGED
    if _REPEALS.search(rest):
        return AmendmentKind.REPEALED
    return AmendmentKind.MOVED if moves else None


def _numbers(becomes: re.Match[str]) -> list[str]:
    first = _ARTICLE_NUMBER.match(becomes["first"])
    more = [one.key for one in _references(becomes["first"] + becomes["more"])]
    return more or ([_key(first)] if first else [])


def _repealed_beside(sentence: str, references: list[_Reference], named: list[re.Match[str]]) -> Iterator[Amendment]:
    """Yield the repeals in a document about something else: 《甲办法》第三条、第五条同时废止."""
    for title, following in zip(named, [*named[1:], None][: len(named)], strict=True):
        until = following.start() if following else len(sentence)
        its = [one for one in references if title.end() <= one.start < until]
        tight = its and sentence[title.end() : its[0].start] in ("", "的", "中")
        ended = its and _ENDS_THEM.match(
            sentence[its[-1].end :],
        )
        joined = its and following and _JOINED.match(sentence[its[-1].end : following.start()])
        last_word = _REPEALS.search(sentence[references[-1].end :]) if references else None
        if tight and (ended or (joined and last_word)):
            day = dates.first(ended["day"] or "") if ended else None
            for one in its:
                kind = AmendmentKind.CHANGED if one.partly else AmendmentKind.REPEALED
                yield Amendment(title[0], one.key, kind, on=day)


def quotations(text: str) -> list[str]:
    """Return all quotations, without white space and without the article's number at the beginning."""
    found = _QUOTATION.findall(text)
    return [_NUMBER_FIRST.sub("", re.sub(r"\s", "", each)) for each in found]


def masked(text: str, is_open: bool = False) -> tuple[str, bool]:
    """Return `text` with one \\ufffc for every quotation, and whether the last one is still open.

    In a quotation of several paragraphs, each paragraph begins with “ but only the last ends with ”.
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
