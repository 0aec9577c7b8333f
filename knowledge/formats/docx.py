"""Read DOCX files: paragraphs and tables in document order, with the numbers that Word adds automatically."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from knowledge import sentences
from knowledge.formats.blocks import Block, RawDocument, linked, tidy
from knowledge.formats.docx_numbers import Numbers
from knowledge.formats.unreadable import Unreadable

UNPACKED_LIMIT = 300 * 1024 * 1024  # bytes; an official document unpacks to a few MB
_TEXT = {qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen"), qn("w:sym")}
_NOT_SHOWN = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:txbxContent"), qn("w:rPr"), qn("w:pPr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
_LONGEST_TITLE = 100  # characters; in a longer paragraph each line break ends a paragraph


def read(data: bytes) -> RawDocument:
    """Read the document's blocks. Deleted and hidden text is left out; text boxes and content controls are read.

    Raises `Unreadable` if the file is broken or unpacks to more than `UNPACKED_LIMIT`.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(item.file_size for item in archive.infolist()) > UNPACKED_LIMIT:
            raise Unreadable(sentences.DOCX_BOMB)
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:
        raise Unreadable(sentences.DOCX_BROKEN) from error
    body = document.element.body
    blocks = tuple(linked(_Reader(document).blocks(body)))
    title = next((b.text for b in blocks if b.level == 1), "")
    facts = {"title": title} if title else {}
    pictures = next(body.iter(_PICTURE, _IMAGE_DATA), None) is not None
    warnings = (sentences.PICTURES_NOT_READ,) if pictures else ()
    return RawDocument(
        blocks, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", facts, warnings
    )


class _Reader:
    def __init__(self, document: Document) -> None:
        self._numbers = Numbers(document)
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
        self._targets = {name: rel.target_ref for name, rel in document.part.rels.items() if rel.is_external}

    def blocks(self, container: Any, in_cell: bool = False) -> Iterator[Block]:
        """Yield the paragraphs and tables of a body, cell or content control. In a cell a number may stand alone."""
        for child in container:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child, in_cell)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:moveTo")):
                yield from self.blocks(child, in_cell)

    def _paragraph(self, paragraph: Any, in_cell: bool) -> Iterator[Block]:
        number = self._numbers.before(paragraph)
        lines = "".join(_texts(paragraph)).split("\n")
        level, links = self._level(paragraph), tuple(self._links(paragraph))
        if level or _centred(paragraph):
            lines = [" ".join(lines)] if sum(map(len, lines)) <= _LONGEST_TITLE else lines
        bold = self._is_bold(paragraph)
        for line in lines:
            if text := tidy(number + line if line.strip() or in_cell else ""):
                yield Block(text, level=level, bold=bold)
                number = ""
        if links:
            yield Block(links=links)
        for box in paragraph.iter(qn("w:txbxContent")):
            own = next(box.iterancestors(qn("w:p"))) is paragraph
            if own and not any(up.tag == _FALLBACK for up in box.iterancestors()):
                yield from self.blocks(box)

    def _links(self, paragraph: Any) -> Iterator[tuple[str, str]]:
        for link in paragraph.iter(qn("w:hyperlink")):
            if address := self._targets.get(link.get(qn("r:id"), "")):
                yield "".join(_texts(link)), address

    def _level(self, paragraph: Any) -> int:
        """Return the heading level by outline level or style name, 0 for text."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if own is not None:
            return _outline(own)
        for style in self._chain(paragraph):
            name = style.find(qn("w:name"))
            words = (name.get(qn("w:val")) or "").lower() if name is not None else ""
            if words == "title":
                return 1
            kind, _, number = words.rpartition(" ")
            if kind in ("heading", "标题") and number.isdecimal() and 1 <= int(number) <= 6:
                return int(number)
            outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None:
                return _outline(outline)
        return 0

    def _chain(self, paragraph: Any) -> Iterator[Any]:
        """Yield the paragraph's style and the styles on which it is based."""
        element, seen = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"), set()
        while element is not None and (name := element.get(qn("w:val"))) in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            element = self._styles[name].find(qn("w:basedOn"))

    def _is_bold(self, paragraph: Any) -> bool:
        runs = [run for run in paragraph.iter(qn("w:r")) if "".join(_texts(run)).strip()]
        styled = next((b for style in self._chain(paragraph) if (b := _on(style, "w:b")) is not None), False)
        return bool(runs) and all((styled if (own := _on(run, "w:b")) is None else own) for run in runs)

    def _table(self, table: Any) -> Iterator[Block]:
        """Yield a table as one block. One of a single column or row only frames its paragraphs: yield those."""
        rows = [row for row in _within(table, "w:tr") if _on(row, "w:del", "w:trPr") is None]
        if len(rows) < 2 or all(len(list(_within(row, "w:tc"))) < 2 for row in rows):
            for row in rows:
                for cell in _within(row, "w:tc"):
                    yield from self.blocks(cell)
            return
        grid: list[tuple[str, ...]] = []
        for row in rows:
            grid.append(tuple(self._cells(row, grid[-1] if grid else ())))
        width = max(len(cells) for cells in grid)
        filled = [(cells + ("",) * (width - len(cells)), row) for cells, row in zip(grid, rows, strict=True)]
        kept = [(cells, row) for cells, row in filled if any(cells)]
        header = next((i for i, (_, row) in enumerate(kept) if not _on(row, "w:tblHeader", "w:trPr")), 0)
        links = tuple(link for paragraph in table.iter(qn("w:p")) for link in self._links(paragraph))
        if kept:
            yield Block(rows=tuple(cells for cells, _ in kept), header_rows=header, links=links)

    def _cells(self, row: Any, above: tuple[str, ...]) -> Iterator[str]:
        """Yield the texts of a row, one per grid column. A merged cell's text is repeated in every place it covers."""
        column = skipped = _value(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"))
        yield from [""] * skipped
        for cell in _within(row, "w:tc"):
            span = max(1, _value(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")))
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            text = tidy(" ".join(self._cell_text(cell)))
            if merge is not None and merge.get(qn("w:val")) != "restart" and column < len(above):
                text = above[column]
            yield from [text] * span
            column += span

    def _cell_text(self, cell: Any) -> Iterator[str]:
        for block in self.blocks(cell, in_cell=True):
            yield from (
                [block.text] if block.text else (text for row in block.rows for text in dict.fromkeys(row) if text)
            )


def _texts(element: Any) -> Iterator[str]:
    """Yield the visible text below an element, with line breaks as newlines. Text boxes are left out here."""
    for child in element:
        if child.tag in _NOT_SHOWN or child.tag == _FALLBACK:
            continue
        if child.tag == qn("w:r") and _on(child, "w:vanish"):
            continue
        if child.tag not in _TEXT:
            yield from _texts(child)
        elif child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        else:
            yield "\t" if child.tag == qn("w:tab") else "" if child.tag == qn("w:sym") else "\n"


def _on(element: Any, name: str, properties: str = "w:rPr") -> bool | None:
    """Return whether a property is switched on, or None if the element does not mention it."""
    found = element.find(f"{qn(properties)}/{qn(name)}")
    return None if found is None else found.get(qn("w:val")) not in ("0", "false", "off")


def _within(element: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, also those inside content controls."""
    for child in element:
        if child.tag == qn(name):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins")):
            yield from _within(child, name)


def _value(element: Any) -> int:
    text = element.get(qn("w:val")) if element is not None else None
    return min(int(text), 63) if text and text.isdecimal() else 0


def _outline(element: Any) -> int:
    level = _value(element)
    return level + 1 if level < 6 else 0


def _centred(paragraph: Any) -> bool:
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}")
    return found is not None and found.get(qn("w:val")) == "center"
