"""Read pages that are pictures: turn what OCR saw on them into lines like those of a PDF, in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pypdfium2

from knowledge.formats import ocr
from knowledge.formats.pdf_lines import Item, PrintedLine

_SIDE = 842.0  # points of the long side of a picture without a page: that of A4
_TEXT = 0.78  # the size of the type as a share of the line's height
_ALIKE = 0.25  # sizes that differ by a smaller share count as one, because measuring is inexact

_LARGER = 1.15  # times the usual line's size
_UPPER = 0.5
_SHORTEST = 5  # characters


@dataclass(frozen=True, slots=True)
class Scanned:
    """The result of reading pages as pictures: the title, if the first page is a picture, and the warnings."""

    title: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, str]:
        return {"title": self.title} if self.title else {}


def fill(data: bytes, pages: list[list[Item]], numbers: Sequence[int]) -> Scanned:
    """Read those pages of a PDF that have these `numbers` (from 1) into `pages`. A page may turn out to be blank.

    Raises `Unreadable` if there are too many.
    """
    ocr.refuse_many(len(numbers))
    title = ""
    confidence: dict[int, float] = {}
    document = pypdfium2.PdfDocument(data)
    try:
        for number in numbers:
            page = document[number - 1]
            points = max(page.get_size())
            drawn = page.render(scale=ocr.LONG_SIDE / max(points, 1.0), may_draw_forms=False)
            picture = ocr.look(drawn.to_pil())
            page.close()
            if picture.lines:
                pages[number - 1] = list(lines(picture, number, points / ocr.LONG_SIDE))
                confidence[number] = picture.confidence
                title = title_of(picture) if number == 1 else title
    finally:
        document.close()
    return Scanned(title, ocr.warnings(confidence))


def title_of(picture: ocr.Picture) -> str:
    """Return the largest text in the upper part of a picture, which may take several lines; "" if none is larger.

    The letterhead with the office's name (…文件) is larger still, but it is not the title.
    """
    usual = median(line.size for line in picture.lines)
    upper = max(line.bottom for line in picture.lines) * _UPPER
    large = [
        line
        for line in picture.lines
        if line.size > _LARGER * usual
        and line.bottom < upper
        and len(line.text) >= _SHORTEST
        and not line.text.endswith("文件")
    ]
    if not large:
        return ""
    start = large.index(max(large, key=lambda line: line.size))
    title = [large[start]]
    for line in large[start + 1 :]:
        if abs(line.size - title[-1].size) > _ALIKE * line.size or line.top - title[-1].bottom > line.size:
            break
        title.append(line)
    return "".join(line.text for line in title)


def scale_of(picture: ocr.Picture) -> float:
    """Return the points per pixel for a picture that is not a page of a PDF."""
    return _SIDE / ocr.LONG_SIDE if picture.lines else 1.0


def lines(picture: ocr.Picture, page: int, scale: float) -> list[PrintedLine]:
    """Return the lines of a picture as lines of page `page`, at `scale` points per pixel."""
    usual = median(line.size for line in picture.lines) * _TEXT * scale
    found = []
    for line in picture.lines:
        size = line.size * _TEXT * scale
        size = usual if abs(size - usual) < _ALIKE * usual else size
        place = (line.x0 * scale, line.x1 * scale, line.top * scale, line.bottom * scale)
        found.append(PrintedLine(line.text, *place, round(size, 1), page))
    return found
