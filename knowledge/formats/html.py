"""Read HTML pages of official portals."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from knowledge import sentences
from knowledge.formats import html_content, html_facts
from knowledge.formats.blocks import Block, RawDocument, linked, tidy
from knowledge.formats.plain import decode
from knowledge.formats.unreadable import Unreadable

_CHARSET = re.compile(rb"""(?i)charset\s*=\s*["']?([\w-]+)""")
_BOLD = re.compile(r"(?i)font-weight\s*:\s*(bold|[6-9]00)")
_LEVELS = {f"h{level}": level for level in range(1, 7)} | {"summary": 3}
_WIDEST = 60  # columns; a wider table only lays out the page


def read(data: bytes) -> RawDocument:
    """Read the page's content as blocks, and its meta tags, boxes and scripts as facts."""
    declared = _CHARSET.search(data[:4096])
    text = decode(data, declared[1].decode("ascii") if declared else "")
    refuse_deep(text)
    soup = BeautifulSoup(text, "lxml")
    facts = html_facts.read(soup)
    html_content.strip(soup)
    content = html_content.main_content(soup)
    blocks = tuple(linked(_blocks(content), facts.get("url", "")))
    warnings = () if blocks else (sentences.PAGE_WITHOUT_CONTENT,)
    return RawDocument(blocks, "text/html", facts, warnings)


def _blocks(content: Tag) -> Iterator[Block]:
    related = False  # below "相关链接": links to other pages do not belong to this page
    for item in html_content.lines(content):
        if isinstance(item, Tag):
            related = False
            yield from _table(item)
        elif block := _paragraph(item):
            linked_only = bool(block.links) and sum(len(tidy(text)) for text, _ in block.links) >= 0.8 * len(block.text)
            related = html_content.heads_related(block.text) or (related and linked_only)
            if not related and not html_content.is_noise(block.text):
                yield block


def _paragraph(run: list[NavigableString | Tag]) -> Block | None:
    text = tidy("".join(node.get_text() for node in run))
    links = tuple(link for node in run if isinstance(node, Tag) for link in _links(node))
    if not text:
        return Block(links=links) if links else None
    parent = run[0].parent
    level = next((_LEVELS[p.name] for p in _within(parent) if p.name in _LEVELS), 0)
    bold = sum(len(tidy(string)) for node in run for string in _strings(node) if _is_bold(string))
    return Block(text, level=level, bold=bold >= 0.9 * len(text.replace(" ", "")), links=links)


def _links(tag: Tag) -> Iterator[tuple[str, str]]:
    """Yield the links, pictures and videos of a tag: the link's text or the picture's description, and the address."""
    for one in [tag, *tag.find_all(("a", "img", "video"))]:
        address = one.get("href") if one.name == "a" else one.get("src")
        if one.name in ("a", "img", "video") and address and not str(address).startswith(("#", "javascript:", "data:")):
            yield one.get_text() or str(one.get("alt") or one.get("title") or ""), str(address)


def _strings(node: NavigableString | Tag) -> Iterator[NavigableString]:
    if isinstance(node, Tag):
        yield from (s for s in node.descendants if isinstance(s, NavigableString))
    else:
        yield node


def _within(tag: Tag | None) -> Iterator[Tag]:
    while tag is not None and tag.name not in ("body", "div", "td", "html", "[document]"):
        yield tag
        tag = tag.parent


def _is_bold(string: NavigableString) -> bool:
    return any(
        p.name in ("strong", "b", "h1", "h2", "h3", "h4", "h5", "h6") or _BOLD.search(str(p.get("style") or ""))
        for p in _within(string.parent)
    )


def _table(table: Tag) -> Iterator[Block]:
    """Yield a table of data as one block, and a table that only lays out the page as its paragraphs."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    if table.find("table") or len(rows) < 2 or max((len(_cells(row)) for row in rows), default=0) < 2:
        yield from _blocks(table)
        return
    grid = _grid(rows)
    if html_facts.is_box(cell for row in grid for cell in row):
        return
    header = sum(1 for row in rows if _cells(row) and all(cell.name == "th" for cell in _cells(row)))
    if grid and len(grid[0]) <= _WIDEST:
        links = tuple(_links(table))
        yield Block(rows=grid, header_rows=header or _header_by_span(rows), links=links)


def _cells(row: Tag) -> list[Tag]:
    return [cell for cell in row.find_all(("td", "th")) if cell.find_parent("tr") is row]


def _header_by_span(rows: list[Tag]) -> int:
    """Return how many header rows the merged cells show, 0 if they show none.

    There are several where the first row has a cell over several columns and other cells over several rows.
    """
    offset = 1 if len(_cells(rows[0])) == 1 else 0
    first = _cells(rows[offset]) if len(rows) > offset else []
    wide = any(_span(cell, "colspan") > 1 for cell in first)
    tall = [_span(cell, "rowspan") for cell in first if _span(cell, "rowspan") > 1]
    return offset + min(tall) if wide and tall and min(tall) <= 3 and len(rows) > offset + min(tall) else 0


def _span(cell: Tag, name: str) -> int:
    try:
        return max(1, min(int(str(cell.get(name) or 1)), 200))
    except ValueError:
        return 1


def _grid(rows: list[Tag]) -> tuple[tuple[str, ...], ...]:
    """Return rows of the same width. A merged cell's text is repeated in every place it covers."""
    held: dict[tuple[int, int], str] = {}
    width = 0
    for y, row in enumerate(rows):
        x = 0
        for cell in _cells(row):
            while (y, x) in held:
                x += 1
            text = tidy(" ".join(block.text for block in _blocks(cell)))
            for dy in range(min(_span(cell, "rowspan"), len(rows) - y)):
                for dx in range(_span(cell, "colspan")):
                    held[y + dy, x + dx] = text
            x += _span(cell, "colspan")
        width = max(width, x)
    grid = [tuple(held.get((y, x), "") for x in range(width)) for y in range(len(rows))]
    return tuple(row for row in grid if any(row))


DEEPEST = 800  # official pages stay below 60

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s>/])")

# Elements without an end tag, or whose end tag authors often leave out.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}

_LAX = {"p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "font"}

_ENDLESS = _VOID | _LAX | {"html", "head", "body"}


def refuse_deep(text: str) -> None:
    """Raise `Unreadable` if elements are nested more deeply than any person writes them (`DEEPEST`)."""
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() in _ENDLESS:
            continue
        depth = depth + 1 if not tag[1] else max(depth - 1, 0)
        if depth > DEEPEST:
            raise Unreadable(sentences.PAGE_TOO_DEEP)
