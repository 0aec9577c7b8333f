"""Read text in pictures with PP-OCRv6 through rapidocr: lines, each with its place and a confidence."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from knowledge import sentences
from knowledge.formats import progress
from knowledge.formats.blocks import tidy
from knowledge.formats.unreadable import Unreadable
from knowledge.notation.patterns import pattern

MOST_PAGES = 100  # pictures of one file
LONG_SIDE = 2400  # pixels; a page of A4 at 200 dots an inch
_FIND_PIXELS = 900_000  # size of the copy in which lines are looked for; memory use grows with it
_STRIP = 1.6  # widths; a longer picture (the screenshot of a long page) is read in strips
_LEAST_SCORE = 0.5  # of a line; anything below is not text
_LONGEST = 90  # heights; a longer line is a drawn rule, not text
_BOX = 14  # heights; lines in a box of a chart are shorter, those of a paragraph longer
DOUBTFUL = 0.85  # mean score of a page; below it, somebody should check


# OCR seldom sees the space after a heading's number. Where the number only cites an article, there was no space.
_NUMBERED = pattern(
    r"^(第[〇零一二三四五六七八九十百千]+[编章节条])(?!第[^条]{1,4}[款项目])(?=[^\s之的、，。；：和或至到及与规款项所中外])",
    takes="第一条申请人应当",
    leaves="第一条的规定适用于申请人",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as read: its text, its place in pixels, and the confidence `score` from 0 to 1."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    score: float
    rows: int = 1  # more than 1 for a text of several lines

    @property
    def size(self) -> float:
        """The height of one line."""
        return self.height / self.rows

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """The lines of one picture in reading order. `width` is the picture's width in pixels."""

    lines: tuple[Seen, ...]
    width: int

    @property
    def confidence(self) -> float:
        """The mean score per character."""
        length = sum(len(line.text) for line in self.lines)
        return sum(line.score * len(line.text) for line in self.lines) / length if length else 0.0


def look(image: Image.Image) -> Picture:
    """Read a picture. One that lies on its side or upside down is turned upright first."""
    image = _fitted(image)
    progress.beat()
    if _is_blank(image):
        return Picture((), image.width)
    found = Picture(tuple(_read(image)), image.width)
    if found.lines and (_is_lying(found) or found.confidence < DOUBTFUL):
        found = _turned(image, found)
    progress.beat()
    return replace(found, lines=tuple(_in_order(_stacked(found.lines))))


def warnings(confidence: dict[int, float]) -> tuple[str, ...]:
    """Return the warnings about pages read from pictures. `confidence` is by page number."""
    if not confidence:
        return ()
    each = "、".join(sentences.SCAN_PAGE.format(page=page, score=score) for page, score in confidence.items())
    said = [sentences.SCAN_READ.format(each=each)]
    if low := [str(page) for page, score in confidence.items() if score < DOUBTFUL]:
        said.append(sentences.SCAN_DOUBTFUL.format(pages="、".join(low)))
    return tuple(said)


def refuse_many(pages: int) -> None:
    """Raise `Unreadable` if a file has more than `MOST_PAGES` pictures."""
    if pages > MOST_PAGES:
        raise Unreadable(sentences.TOO_MANY_PICTURES.format(pages=pages, most=MOST_PAGES))


@cache
def _engine() -> Any:
    import cv2
    import rapidocr

    cv2.setNumThreads(1)
    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 4 * LONG_SIDE,
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
        }
    )


def _fitted(image: Image.Image) -> Image.Image:
    """Return the picture in RGB and no larger than needed. A long picture stays wide enough to be legible."""
    side = image.width * _STRIP if image.height > _STRIP * image.width else max(image.size)
    if side > LONG_SIDE:
        scale = LONG_SIDE / side
        image = image.resize((max(round(image.width * scale), 1), max(round(image.height * scale), 1)), reducing_gap=2)
    return image.convert("RGB")


def _is_blank(image: Image.Image) -> bool:
    low, high = image.convert("L").resize((256, 256), Image.Resampling.BILINEAR).getextrema()
    return isinstance(low, float | int) and isinstance(high, float | int) and high - low < 8


def _read(image: Image.Image) -> Iterator[Seen]:
    """Yield all lines of an upright picture, strip by strip."""
    for top, bottom in _strips(image):
        strip = image.crop((0, top, image.width, bottom))
        for corners in _found(strip):
            if line := _line(strip, corners):
                yield replace(line, top=line.top + top, bottom=line.bottom + top)
        progress.beat()


def _strips(image: Image.Image) -> Iterator[tuple[int, int]]:
    """Yield the top and bottom of each strip. Cuts are made at the emptiest row, so that none goes through a line."""
    height, top = round(image.width * _STRIP), 0
    while image.height - top > height * 1.2:
        first = top + round(height * 0.8)
        rows = np.asarray(image.crop((0, first, image.width, top + height)).convert("L"), dtype=np.float32)
        cut = first + int(np.argmin(rows.std(axis=1)))
        yield top, cut
        top = cut
    yield top, image.height


def _found(image: Image.Image) -> list[Any]:
    """Return the four corners of every line, found in a smaller copy but given in pixels of `image`."""
    scale = min(1.0, math.sqrt(_FIND_PIXELS / (image.width * image.height)))
    small = image.resize((max(round(image.width * scale), 1), max(round(image.height * scale), 1)))
    boxes = _ask(small, use_det=True).boxes
    return [] if boxes is None else [box / scale for box in boxes]


def _line(image: Image.Image, corners: Any) -> Seen | None:
    """Read the text between `corners` (left top, right top, right bottom, left bottom), cut out and straightened."""
    a, b, c, d = corners
    width, height = (
        round(max(np.hypot(*(a - b)), np.hypot(*(c - d)))),
        round(max(np.hypot(*(a - d)), np.hypot(*(b - c)))),
    )
    if min(width, height) < 4 or max(width, height) > _LONGEST * min(width, height):
        return None
    cut = image.transform((width, height), Image.Transform.QUAD, [*a, *d, *c, *b], Image.Resampling.BICUBIC)
    if height >= 1.5 * width:
        cut = cut.transpose(Image.Transpose.ROTATE_90)
    read = _ask(cut, use_det=False)
    text = tidy(read.txts[0]) if read.txts else ""
    score = float(read.scores[0]) if read.scores else 0.0
    if not text or score < _LEAST_SCORE:
        return None
    text = _NUMBERED.sub(r"\1 ", text)
    (x0, top), (x1, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Seen(text, float(x0), float(top), float(x1), float(bottom), score)


def _ask(image: Image.Image, use_det: bool) -> Any:
    """Find lines (`use_det`), or read the picture as a single line."""
    pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])  # blue first, as in the models' training
    try:
        return _engine()(pixels, use_det=use_det, use_rec=not use_det, use_cls=False)
    except Exception as error:
        if "alloc" in str(error).lower():
            raise MemoryError from error
        raise


def _is_lying(found: Picture) -> bool:
    """Return whether most lines are taller than wide: then the page lies on its side."""
    return sum(line.height > 1.5 * line.width for line in found.lines) > len(found.lines) / 2


def _turned(image: Image.Image, found: Picture) -> Picture:
    """Return the best reading among the ways in which the page may have been turned."""
    ways = [Image.Transpose.ROTATE_180]
    if _is_lying(found):
        ways = [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270]
    others = [image.transpose(way) for way in ways]
    tried = [Picture(tuple(_read(other)), other.width) for other in others]
    candidates = tried if _is_lying(found) else [found, *tried]
    return max(candidates, key=lambda each: each.confidence * sum(len(line.text) for line in each.lines))


def _stacked(lines: Sequence[Seen]) -> list[Seen]:
    """Join lines that stand closely under one another about the same middle: a box of a chart, a title."""
    done: list[Seen] = []
    for line in sorted(lines, key=lambda each: each.top):
        above = next((each for each in reversed(done) if _is_under(each, line)), None)
        if above is None:
            done.append(line)
        else:
            done[done.index(above)] = _together(above, line)
    return done


def _is_under(above: Seen, line: Seen) -> bool:
    """Return whether `line` continues `above`: it is close, centred and not much wider; `above` is no long line."""
    gap, middles = line.top - above.bottom, abs(above.middle[0] - line.middle[0])
    wider = 0.0 if line.text[0] in "(（" else line.width - above.width
    near = -0.4 * line.height < gap < 0.3 * line.height and middles < 0.5 * line.height > wider
    return near and above.width < _BOX * line.height and not (line.text[0].isascii() and line.text[0].isalpha())


def _together(above: Seen, line: Seen) -> Seen:
    length = len(above.text) + len(line.text)
    score = (above.score * len(above.text) + line.score * len(line.text)) / length
    x0, x1 = min(above.x0, line.x0), max(above.x1, line.x1)
    return Seen(above.text + line.text, x0, above.top, x1, line.bottom, score, above.rows + line.rows)


def _in_order(lines: Sequence[Seen]) -> Iterator[Seen]:
    """Yield the lines from top to bottom. Lines side by side go from left to right."""
    row: list[Seen] = []
    for line in sorted(lines, key=lambda each: each.middle[1]):
        if row and line.middle[1] - row[0].middle[1] > 0.5 * min(line.height, row[0].height):
            yield from sorted(row, key=lambda each: each.x0)
            row = []
        row.append(line)
    yield from sorted(row, key=lambda each: each.x0)
