"""Read Markdown files: headings, paragraphs, lists and tables in order. Comments are left out."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.formats.blocks import FACTS, Block, RawDocument, linked, tidy
from knowledge.formats.plain import BYTES, decode
from knowledge.formats.unreadable import refuse_endless

# Lists and indented code are switched off: "1." and "　　" at the head of a line are the document's own numbering.
_PARSER = MarkdownIt("commonmark").enable("table").disable(["list", "code", "lheading", "entity"])

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def read(data: bytes) -> RawDocument:
    """Read the file's blocks. A front matter gives facts by name. Else the first `# heading` is the fact `title`."""
    refuse_endless(len(data) // BYTES)
    matter, text = _front_matter(decode(data))
    refuse_endless(len(text))
    blocks = tuple(linked(_blocks(_PARSER.parse(text)), matter.get("url", "")))
    title = matter.get("title") or next((block.text for block in blocks if block.level == 1), "")
    facts = {name: value for name, value in matter.items() if name in FACTS}
    return RawDocument(blocks, "text/markdown", facts | ({"title": title} if title else {}))


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the `key: value` lines between `---` at the head of the file, and the text after them."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    pairs = (line.partition(":") for line in found[1].splitlines())
    return {tidy(key): tidy(value).strip("\"'") for key, _, value in pairs if tidy(value)}, text[found.end() :]


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "heading_open":
            yield from _lines(tokens[index + 1], int(token.tag[1]))
        elif token.type == "paragraph_open":
            yield from _lines(tokens[index + 1], 0)
        elif token.type == "fence":
            yield from (Block(tidy(line)) for line in token.content.splitlines() if tidy(line))
        elif token.type == "table_open":
            end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
            yield _table(tokens[index:end])
            index = end
        index += 1


def _lines(inline: Token, level: int) -> Iterator[Block]:
    bold = bool(inline.children) and inline.content.startswith("**") and inline.content.rstrip().endswith("**")
    links = tuple(_links(inline))
    for line in _text(inline).split("\n"):
        plain = tidy(line.lstrip(" ").removeprefix("- ").removeprefix("* "))
        if plain:
            yield Block(plain, level=level, bold=bold and "**" not in inline.content[2:-2])
    if links:
        yield Block(links=links)


def _links(inline: Token) -> Iterator[tuple[str, str]]:
    """Yield the links and pictures of a paragraph, each with its text and its address."""
    children = inline.children or []
    for index, child in enumerate(children):
        if child.type == "image":
            yield child.content, str(child.attrGet("src") or "")
        elif child.type == "link_open":
            shown = children[index + 1].content if index + 1 < len(children) else ""
            yield shown, str(child.attrGet("href") or "")


def _text(inline: Token) -> str:
    parts = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)


def _table(tokens: Sequence[Token]) -> Block:
    rows: list[list[str]] = []
    header_rows = 0
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tidy(_text(tokens[index + 1])))
            header_rows = header_rows or int(token.type == "th_open")
    return Block(rows=tuple(tuple(row) for row in rows), header_rows=header_rows)
