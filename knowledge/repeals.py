"""Which other documents a document ends: "《甲办法》同时废止" names 甲办法, never the one that says it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SENTENCE = re.compile(r"[。；\n]")
_ENDED = re.compile(r"废止|停止执行|不再执行|停止施行|失效")
_AFTER_TITLES = re.compile(
    r"^(等[^，。《]{0,16})?[，,]?(自[^，。《]{0,24}起)?[，,]?(也|均|一并|则)?(同时|相应|即行|即)?(予以)?(宣布)?$"
)
_BETWEEN = re.compile(r"^[、，,和及与以原]{0,3}(\d{4}年[^《]{0,60}(公布|发布|通过|印发|批准|修正|修订)的)?原?$")
_NUMBERED = re.compile(r"^\s?（[^（）]{2,40}）")
NUMBER = re.compile(r"[\u4e00-\u9fff]{0,16}[〔\[（(]\s?(\d{4})\s?[〕\]）)]\s?第?\s?(\d+)\s?号")
_ORDER = re.compile(r"(?:令|公告)\s?(?:\d{4}年)?\s?第\s?(\d+)\s?号")
_GENERIC = re.compile(r"^(本|该|前款|上述|有关|相关)")


def named(texts: Iterable[str], own_title: str) -> tuple[str, ...]:
    """The documents that `texts` end, as printed with their 文号, each once; `own_title` may say it as well."""
    found = [name for text in texts for name in _in(text)]
    if "关于废止" in own_title:
        found += [name for name, _, _ in _titles(own_title)]
    return tuple(dict.fromkeys(found))


def _in(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        for ended in _ENDED.finditer(sentence):
            yield from _run_before(sentence[: ended.start()])


def _run_before(part: str) -> list[str]:
    """The row of 《…》 that reaches to the end of `part`."""
    titles = list(_titles(part))
    if not titles or not _AFTER_TITLES.match(part[titles[-1][2] :]):
        return []
    row = [titles[-1][0]]
    start = titles[-1][1]
    for name, begin, end in reversed(titles[:-1]):
        if not _BETWEEN.match(part[end:start]):
            break
        row.insert(0, name)
        start = begin
    return row


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
