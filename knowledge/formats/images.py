"""Read pictures of documents (PNG, JPEG, TIFF, BMP, WebP, GIF) by OCR. Each frame is a page."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from knowledge import sentences
from knowledge.formats import ocr, scans
from knowledge.formats.blocks import RawDocument
from knowledge.formats.pdf_lines import Item, laid_out
from knowledge.formats.unreadable import Unreadable

MOST_PIXELS = 80_000_000  # of one page; A3 at 600 dots an inch has 70 million
_JPEG_PIXELS = 4 * MOST_PIXELS  # a JPEG is decoded at a fraction of its size
_KINDS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")


def read(data: bytes) -> RawDocument:
    """Read the text on the picture. Raises `Unreadable` if it is broken, too large or without text."""
    Image.MAX_IMAGE_PIXELS = None  # _refuse_large checks it instead, with a sentence
    try:
        with Image.open(io.BytesIO(data), formats=_KINDS) as image:
            media_type = image.get_format_mimetype() or "image/*"
            pictures = list(_pictures(image))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
        raise Unreadable(sentences.PICTURE_BROKEN) from error
    if not any(picture.lines for picture in pictures):
        raise Unreadable(sentences.PICTURE_BLANK)
    pages: list[list[Item]] = []
    for number, picture in enumerate(pictures, 1):
        pages.append(list(scans.lines(picture, number, scans.scale_of(picture))) if picture.lines else [])
    confidence = {number: picture.confidence for number, picture in enumerate(pictures, 1) if picture.lines}
    scanned = scans.Scanned(scans.title_of(pictures[0]) if pages[0] else "", ocr.warnings(confidence))
    return RawDocument(laid_out(pages), media_type, scanned.facts, scanned.warnings)


def _pictures(image: Image.Image) -> Iterator[ocr.Picture]:
    is_animation = image.format in ("GIF", "WEBP")
    frames = 1 if is_animation else getattr(image, "n_frames", 1)
    ocr.refuse_many(frames)
    for frame in [image] if is_animation else ImageSequence.Iterator(image):
        _refuse_large(frame)
        frame.draft("RGB", (ocr.LONG_SIDE, ocr.LONG_SIDE))
        yield ocr.look(_upright(frame))


def _refuse_large(image: Image.Image) -> None:
    most = _JPEG_PIXELS if image.format in ("JPEG", "MPO") else MOST_PIXELS
    if image.width * image.height > most:
        raise Unreadable(
            sentences.PICTURE_TOO_LARGE.format(width=image.width, height=image.height, most=most // 10_000)
        )


def _upright(image: Image.Image) -> Image.Image:
    """Turn the picture as the camera was held, put a transparent one on white, reduce it to eight bits per colour."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        behind = Image.new("RGBA", image.size, "white")
        behind.alpha_composite(image.convert("RGBA"))
        return behind
    if image.mode.startswith("I"):  # sixteen bits of grey
        grey = np.asarray(image, dtype=np.float32)
        return Image.fromarray(((grey - grey.min()) * (255 / max(float(np.ptp(grey)), 1.0))).astype(np.uint8))
    return image
