"""Which other documents a document ends: "《甲办法》同时废止" names 甲办法, never the one that says it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from knowledge import dates
from knowledge.blocks import Block

_SENTENCE = re.compile(r"[。；\n]")
_ENDED = re.compile(r"废止|停止执行|不再执行|停止施行|失效")
_AFTER_TITLES = re.compile(
    r"^(等[^，。《]{0,16})?[，,]?(自[^，。《]{0,24}起)?[，,]?(也|均|一并|则)?(同时|相应|即行|即)?(予以)?(宣布)?$"
)
_BETWEEN = re.compile(r"^[、，,和及与以原]{0,3}(\d{4}年[^《]{0,60}(公布|发布|通过|印发|批准|修正|修订)的)?原?$")
_NUMBERED = re.compile(r"^\s?（[^（）]{2,40}）")
NUMBER = re.compile(r"[\u4e00-\u9fff]{0,16}[〔\[（(]\s?(\d{4})\s?[〕\]）)]\s?第?\s?(\d+)\s?号")
_ORDER = re.compile(r"(?:令|公告)\s?(?:\d{4}年)?\s?第\s?(\d+)\s?号")
_OWN_DAY = re.compile(rf"》(?:\s?（[^（）]*）)?(?:等[^，。《]{{0,16}})?[，,]?自(?P<day>{dates.DAY})起[^《》]*$")
_TITLE_ENDS = re.compile(r"(?:关于|和|及|、|并)(?:宣布)?废止(?=[^《》]{0,2}《)")
_DECIDES = re.compile(r"(?<![不未])(?:决定|现|同意|予以|宣布|即日起)\s?(?:予以)?废止\s?(?=《)")
_AN_ARTICLE = re.compile(r"[的中]?第[〇零一二三四五六七八九十百\d]+[条章款项]")
_PROLONGED = re.compile(
    rf"(?:有效期|执行期限|实施期限|执行时间)?(?:限)?(?:自动)?(?:延长|延续|顺延|调整|继续有效|继续执行|继续实施|延期执行)(?:有效期)?(?:至|到)(?P<day>{dates.DAY})"
)
_OF_TITLES = re.compile(
    r"^(?:等[^，。《]{0,16})?(?:的|，)?(?:重新发布|继续实施)?[，,]?(?:其)?(?:有效期|执行期限|实施期限)?(?:限)?$"
)
_REVIEW = re.compile(r"废止|失效|清理")
_OPENS_LIST = re.compile(
    r"(?:废止|失效|停止执行)[^。《]{0,24}(?:[:：]$|目录|清单)|(?:下列|以下|下述)[^。《]{0,40}(?:废止|失效|停止执行)"
)
_CLOSES_LIST = re.compile(r"继续有效|予以保留|(?:作|进行)[^。]{0,8}修改|修改(?:以下|下列|为|的)|本(?:决定|通知|公告)自")
_LIST_NUMBER = re.compile(r"^(?:[（(]?[\d〇一二三四五六七八九十]{1,4}[）)]?[、.．)\s]?\s?)")
_TITLED = re.compile(r"《[^》]+》")


def named(texts: Iterable[str], own_title: str) -> tuple[str, ...]:
    """The documents that `texts` end, as printed with their 文号, each once; `own_title` may say it as well."""
    return tuple(endings(texts, own_title))


def endings(texts: Iterable[str], own_title: str) -> dict[str, date | None]:
    """The documents `named`, each with the first day no longer in force where a day of its own is given."""
    found: dict[str, date | None] = {}
    for text in texts:
        for name, day in _in(text):
            found[name] = found.get(name) or day
    if in_title := _TITLE_ENDS.search(own_title):
        found |= dict.fromkeys(_run_after(own_title[in_title.end() :]), None)
    return found


def extended(texts: Iterable[str]) -> tuple[tuple[str, date], ...]:
    """The documents whose validity `texts` prolong, with their new last day."""
    found: dict[str, date] = {}
    for sentence in (sentence for text in texts for sentence in _SENTENCE.split(text)):
        if (until := _PROLONGED.search(sentence)) and (day := dates.first(until["day"])):
            found |= dict.fromkeys(_run_before(sentence[: until.start()], _OF_TITLES), day)
    return tuple(found.items())


def listed(blocks: Iterable[Block], own_title: str) -> tuple[str, ...]:
    """The documents a decision or a review ends in a list or table: 决定废止下列文件, one a line or row."""
    if not _REVIEW.search(own_title):
        return ()
    found: list[str] = []
    is_open = False
    for block in blocks:
        entries = [name for row in block.rows for name in _entry_of(row)] if block.rows else _first_title(block.text)
        if not entries:
            is_open = (is_open or bool(_OPENS_LIST.search(block.text))) and not _CLOSES_LIST.search(block.text)
        elif is_open:
            found += entries
    return tuple(dict.fromkeys(found))


def _entry_of(row: tuple[str, ...]) -> list[str]:
    """The document in a row: its 《title》, with the 文号 of another cell."""
    title = next((name for cell in row for name, _, _ in _titles(cell)), "")
    number = next((cell for cell in row if not _TITLED.search(cell) and bare_number(cell)), "")
    return [f"{title}（{number}）" if number and not title.endswith("）") else title] if title else []


def _first_title(text: str) -> list[str]:
    """The document that a line of a list consists of."""
    line = _LIST_NUMBER.sub("", text)
    first = next(_titles(line), None)
    return [first[0]] if first and first[1] == 0 and len(line) - first[2] < 40 else []


def _in(text: str) -> Iterator[tuple[str, date | None]]:
    for sentence in _SENTENCE.split(text):
        for ended in _ENDED.finditer(sentence):
            day = _OWN_DAY.search(sentence[: ended.start()])
            for name in _run_before(sentence[: ended.start()], _AFTER_TITLES):
                yield name, dates.first(day["day"]) if day else None
        for decided in _DECIDES.finditer(sentence):
            for name in _run_after(sentence[decided.end() :]):
                yield name, None


def _run_before(part: str, after: re.Pattern[str]) -> list[str]:
    """The row of 《…》 that reaches to the end of `part`, but for what `after` allows."""
    titles = list(_titles(part))
    if not titles or not after.match(part[titles[-1][2] :]):
        return []
    row = [titles[-1][0]]
    start = titles[-1][1]
    for name, begin, end in reversed(titles[:-1]):
        if not _BETWEEN.match(part[end:start]):
            break
        row.insert(0, name)
        start = begin
    return row


def _run_after(part: str) -> list[str]:
    """The row of 《…》 that `part` begins with."""
    row: list[str] = []
    end = 0
    for name, begin, behind in _titles(part):
        if not _BETWEEN.match(part[end:begin]):
            break
        row.append(name)
        end = behind
    return [] if _AN_ARTICLE.match(part[end:]) else row


def _titles(text: str) -> Iterator[tuple[str, int, int]]:
    """Each outermost 《…》 with the （文号） behind it, and where it begins and ends."""
    depth, begin = 0, 0
    for index, character in enumerate(text):
        if character == "《":
            begin = index if depth == 0 else begin
            depth += 1
        elif character == "》" and depth:
            depth -= 1
            if depth == 0:
                number = _NUMBERED.match(text[index + 1 :])
                end = index + 1 + (number.end() if number else 0)
                yield text[begin:end], begin, end


@dataclass(frozen=True, slots=True)
class Name:
    """A document's name in comparable form: bare title and, where known, bare 文号."""

    title: str
    number: str = ""

    def means(self, other: "Name") -> bool:
        """Whether both name the same document: by 文号 where both have one, else by title."""
        if self.number and other.number:
            return self.number == other.number
        return bool(self.title) and self.title == other.title


def names_of(title: str, document_number: str) -> list[Name]:
    """Every name a document goes by: 关于印发某办法的通知 is also 某办法."""
    number = bare_number(document_number)
    names = [Name(bare_title(title), number)]
    if inner := re.search(r"(?:印发|发布|公布|颁布)[《〈]?(.+?)[》〉]?的(?:通知|决定|公告|通告)$", title):
        names.append(Name(bare_title(inner[1]), number))
    return [name for name in names if name.title or name.number]


def name_in(entry: str) -> Name:
    """The name in an entry of `repeals`: 《title》（文号）, a bare title or a bare 文号."""
    title, _, rest = entry.rpartition("》")
    if not title:
        return Name("", bare_number(entry)) if bare_number(entry) else Name(bare_title(entry))
    return Name(bare_title(title.removeprefix("《")), bare_number(rest))


def bare_title(title: str) -> str:
    return re.sub(r"[\s《》〈〉“”\"（）()\[\]【】]", "", title)


def bare_number(text: str) -> str:
    """穗建规字〔2024〕5 号 -> 穗建规字2024-5; 国务院令第746号 -> 令746; "" where there is none."""
    if found := NUMBER.search(text):
        head = found[0][: found.start(1) - found.start()].rstrip("〔[（( ")
        return f"{head}{found[1]}-{int(found[2])}"
    if found := _ORDER.search(text):
        return f"令{found[1]}"
    return ""
