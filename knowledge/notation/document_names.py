"""Read the names and numbers of documents (《…》, 文号) in a text, and compare them."""

import re
from dataclasses import dataclass

from knowledge.notation.patterns import pattern

NUMBER = pattern(
    r"[\u4e00-\u9fff]{0,16}[〔\[（(]\s?(\d{4})\s?[〕\]）)]\s?第?\s?(\d+)\s?号",
    takes="依照穗建规字〔2024〕5 号执行",
    leaves="依照穗建规字〔2024〕执行",
)

_ORDER = pattern(
    r"(?:令|公告)\s?(?:\d{4}年)?\s?第\s?(\d+)\s?号", takes="国务院令第746号公布", leaves="国务院常务会议第746号议题"
)
_COVER_NOTICE = pattern(
    r"(?:印发|发布|公布|颁布)[《〈]?(.+?)[》〉]?的(?:通知|决定|公告|通告)$",
    takes="关于印发《老年助餐服务办法》的通知",
    leaves="老年助餐服务办法发布会的新闻",
)


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A document's name in comparable form: the bare title and, where known, the bare 文号."""

    title: str
    number: str = ""

    def means(self, other: "DocumentName") -> bool:
        """Return whether both name the same document. The 文号 decides if both have one, else the title."""
        if self.number and other.number:
            return self.number == other.number
        return bool(self.title) and self.title == other.title


def names_of(title: str, document_number: str) -> list[DocumentName]:
    """Return every name of a document: 关于印发某办法的通知 is also 某办法."""
    number = bare_number(document_number)
    names = [DocumentName(bare_title(title), number)]
    if inner := _COVER_NOTICE.search(title):
        names.append(DocumentName(bare_title(inner[1]), number))
    return [name for name in names if name.title or name.number]


def name_in(entry: str) -> DocumentName:
    """Return the name in an entry of `repeals`: 《title》（文号）, a bare title or a bare 文号."""
    title, _, rest = entry.rpartition("》")
    if not title:
        return DocumentName("", bare_number(entry)) if bare_number(entry) else DocumentName(bare_title(entry))
    return DocumentName(bare_title(title.removeprefix("《")), bare_number(rest))


def bare_title(title: str) -> str:
    return re.sub(r"[\s《》〈〉“”\"（）()\[\]【】]", "", title)


def bare_number(text: str) -> str:
    """Return the 文号 in comparable form, or "": 穗建规字〔2024〕5 号 -> 穗建规字2024-5; 国务院令第746号 -> 令746."""
    if found := NUMBER.search(text):
        head = found[0][: found.start(1) - found.start()].rstrip("〔[（( ")
        return f"{head}{found[1]}-{int(found[2])}"
    if found := _ORDER.search(text):
        return f"令{found[1]}"
    return ""


NUMBER_LINE = pattern(
    r"^[\u4e00-\u9fff]{1,16}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\s?\d+\s?号$",
    takes="穗建规字〔2024〕5号",
    leaves="依照穗建规字〔2024〕5号，现通知如下",
)
