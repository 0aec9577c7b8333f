"""Pictures of documents (PNG, JPEG, TIFF, BMP, WebP, GIF): their text by OCR, each frame a page."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from knowledge.blocks import RawDocument
from knowledge.formats import ocr, scans
from knowledge.formats.pdf import Item, laid_out
from knowledge.unreadable import Unreadable

MOST_PIXELS = 80_000_000  # of one page; A3 at 600 dots an inch has 70 million
_JPEG_PIXELS = 4 * MOST_PIXELS  # JPEG is read at a fraction of its size
_KINDS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
_BROKEN = "图片已损坏，或不是能识别的图片格式。请打开核对，另存为 PNG 或 JPEG 再导入。"


def read(data: bytes) -> RawDocument:
    """The text on the picture. Raises `Unreadable` for one that is broken, too large or without text."""
    Image.MAX_IMAGE_PIXELS = None  # counted here, with a sentence
    try:
        with Image.open(io.BytesIO(data), formats=_KINDS) as image:
            media_type = image.get_format_mimetype() or "image/*"
            pictures = list(_pictures(image))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
        raise Unreadable(_BROKEN) from error
    if not any(picture.lines for picture in pictures):
        raise Unreadable("图片里没有识别出文字。请换一张清晰的图片，或导入带文字的文件。")
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
        size = f"{image.width}×{image.height} 像素，超过 {most // 10_000} 万像素的上限"
        raise Unreadable(f"图片有 {size}。请按 200–300 dpi 重新扫描，或裁成几张再导入。")


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held, on white where the picture is transparent, reduced to eight bits a colour."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        behind = Image.new("RGBA", image.size, "white")
        behind.alpha_composite(image.convert("RGBA"))
        return behind
    if image.mode.startswith("I"):  # sixteen bits of grey
        grey = np.asarray(image, dtype=np.float32)
        return Image.fromarray(((grey - grey.min()) * (255 / max(float(np.ptp(grey)), 1.0))).astype(np.uint8))
    return image
