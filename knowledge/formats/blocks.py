"""The result of a format reader: blocks of text in reading order, and the facts that a page gives about itself."""

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

    `level` is 1-6 for a heading that the file itself marks, else 0. `bold` means that the whole text is bold. A table
    has `rows`: all have the same width, the text of merged cells is repeated, and the first `header_rows` are column
    names. `start` is where the block begins in the document's text as read (see `knowledge/reading/positions.py`).
    `links` holds text and address of each page, picture or video that it links to or shows.
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
    """A file read but not yet interpreted. `facts` holds what meta tags and boxes say, under the names in `FACTS`."""

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
    """Return the text as one line: white space becomes single spaces, invisible and control characters are removed.

    A soft hyphen between digits becomes a hyphen (seen in official PDFs). Elsewhere it is removed.
    """
    text = re.sub("(?<=\\d)\u00ad(?=\\d)", "-", text).replace("\u00ad", "")
    return _SPACES.sub(" ", _INVISIBLE.sub("", _SURROGATES.sub("", text))).strip()


def linked(blocks: Iterable[Block], base: str = "") -> Iterator[Block]:
    """Yield the blocks. A block with nothing but links (a picture) gives them to the block before it.

    Addresses are resolved against `base`. Addresses that are not http or https are left out.
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
    """Return each non-empty line as a block of its own."""
    return [Block(text) for text in map(tidy, lines) if text]
