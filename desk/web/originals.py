"""Files as they were put in, for browsers: shown where that is safe, else saved; nothing in them runs."""

import codecs
from pathlib import Path
from urllib.parse import quote

from fastapi.responses import FileResponse, Response

from desk import sentences
from desk.errors import NotFound
from desk.web.headers import FRAMED_ORIGINAL, ORIGINAL, PDF_ORIGINAL, original_headers
from knowledge.formats.unreadable import Unreadable
from knowledge.sandbox.page_images import Pictures

PDF = "application/pdf"
HTML = "text/html"
PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif"}
SHOWN = {PDF, *PICTURES}  # kinds a browser shows without running anything
_HEAD = 65_536  # bytes in which a page says how it is encoded


def kind_of(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def given(path: Path | None, file: str, media_type: str, caching: str = "private, no-cache") -> Response:
    """Return the file at `path` under the name `file`. The browser shows a harmless kind and saves any other.

    Raises NotFound where the file was not kept.
    """
    kind = kind_of(media_type)
    shown = kind in SHOWN
    headers = original_headers(PDF_ORIGINAL if kind == PDF else ORIGINAL, caching)
    headers["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file, safe='')}"
    return FileResponse(_there(path), headers=headers, media_type=kind if shown else "application/octet-stream")


def framed(path: Path | None) -> Response:
    """Return a web page put in, for a frame of our own beside its text: no script, no request, no origin."""
    headers = original_headers(FRAMED_ORIGINAL, "private, no-cache")
    there = _there(path)
    response = FileResponse(there, headers=headers, media_type=HTML)
    response.headers["Content-Type"] = HTML + _charset(there)
    return response


def _charset(path: Path) -> str:
    """Return the encoding for a page that names none; "" for a page that names one: the browser follows that."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"charset" in head.lower() or head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "; charset=gb18030"
    return "; charset=utf-8"


def pictured(pictures: Pictures, path: Path | None, page: int) -> Response:
    """Return one page of a PDF as a picture. Where it cannot be drawn, raises NotFound with the reason."""
    try:
        drawn = pictures.page(_there(path), page)
    except Unreadable as error:
        raise NotFound(error.reason) from None
    return Response(drawn, media_type="image/png", headers=original_headers(ORIGINAL, "private, max-age=3600"))


def _there(path: Path | None) -> Path:
    if path is None or not path.is_file():
        raise NotFound(sentences.NO_ORIGINAL)
    return path
