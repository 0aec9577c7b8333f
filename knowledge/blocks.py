"""What a format reader hands on: blocks of text in reading order, and what the page says of itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\ufff9-\uffff]"
)
_SPACES = re.compile(r"[\s\u00a0\u3000]+")
_LONGEST_URL = 2000
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or table as it stands in the file.

    `level` 1-6 is a heading the file itself marks as one, 0 is none; `bold` means all of it is bold; a table has
    `rows` (every row the same width, merged cells repeated) of which the first `header_rows` are column names.
    `start` is where it begins in the document's text as read (see `knowledge/places.py`). `links` are
    text and address of what it links to or shows: pages, pictures, videos.
    """

    text: str = ""
    level: int = 0
    bold: bool = False
    page: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0
    start: int = 0
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file read but not yet understood. `facts` holds what meta tags and boxes say, by the names in `FACTS`."""

    blocks: tuple[Block, ...]
    media_type: str
    facts: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


FACTS = (
    "title",
    "issuer",  # who issued it, from a box of the page
    "publisher",  # who put it on the page; may only pass it on
    "source",  # whom the site names as its source; may be a newspaper
    "site",
    "document_number",
    "published_on",
    "issued_on",
    "effective_on",
    "expires_on",
    "repealed_on",
    "status",
    "url",
)


def tidy(text: str) -> str:
    """One line: runs of any white space become one space, invisible and control characters go.

    A soft hyphen between digits is a printed hyphen (seen in official PDFs); elsewhere it is nothing.
    """
    text = re.sub("(?<=\\d)\u00ad(?=\\d)", "-", text).replace("\u00ad", "")
    return _SPACES.sub(" ", _INVISIBLE.sub("", _SURROGATES.sub("", text))).strip()


def linked(blocks: Iterable[Block], base: str = "") -> Iterator[Block]:
    """The blocks, with the links of one that has nothing but links (a picture) given to the block before it.

    Addresses are resolved against `base`; what is not of the web is left out.
    """
    held: Block | None = None
    for block in blocks:
        kept = tuple((tidy(text), url) for text, link in block.links if (url := _web(link, base)))
        if held is not None and not block.text and not block.rows:
            held = replace(held, links=(*held.links, *kept))
            continue
        if held is not None:
            yield held
        held = replace(block, links=kept) if block.text or block.rows else None
    if held is not None:
        yield held


def _web(link: str, base: str) -> str:
    try:
        url = urljoin(base, tidy(link))
        return url if urlsplit(url).scheme in ("http", "https") and len(url) <= _LONGEST_URL else ""
    except ValueError:
        return ""


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """Each non-empty line as a block of its own."""
    return [Block(text) for text in map(tidy, lines) if text]
