"""Files as they were put in, given to browsers so that nothing in them runs: shown where that is safe, else saved."""

import codecs
from pathlib import Path
from urllib.parse import quote

from fastapi.responses import FileResponse, Response

from desk.errors import NotFound
from knowledge.pictures import Pictures
from knowledge.unreadable import Unreadable

PDF = "application/pdf"
HTML = "text/html"
SHOWN = {PDF, "image/png", "image/jpeg", "image/webp", "image/gif"}  # kinds a browser shows without running anything
_HEAD = 65_536  # bytes in which a page says how it is encoded
_NOTHING = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def kind_of(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def given(path: Path | None, file: str, media_type: str, caching: str = "private, no-cache") -> Response:
    """The file at `path`, called `file`, shown by the browser where its kind is harmless, else saved.

    Raises NotFound where it was not kept.
    """
    kind = kind_of(media_type)
    shown = kind in SHOWN
    headers = _headers(f"{_NOTHING}; frame-ancestors 'none'" + ("" if kind == PDF else "; sandbox"), caching)
    headers["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file, safe='')}"
    return FileResponse(_there(path), headers=headers, media_type=kind if shown else "application/octet-stream")


def framed(path: Path | None) -> Response:
    """A web page put in, for a frame of our own beside its text: no script, no request, no origin."""
    headers = _headers(f"{_NOTHING}; frame-ancestors 'self'; sandbox", "private, no-cache")
    there = _there(path)
    response = FileResponse(there, headers=headers, media_type=HTML)
    response.headers["Content-Type"] = HTML + _charset(there)
    return response


def _charset(path: Path) -> str:
    """The encoding for a page that names none; "" for one that does, which the browser then follows."""
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
    """One page of a PDF as a picture. Raises NotFound, its sentence saying so, where it cannot be drawn."""
    try:
        drawn = pictures.page(_there(path), page)
    except Unreadable as error:
        raise NotFound(error.reason) from None
    return Response(drawn, media_type="image/png", headers=_headers(_NOTHING, "private, max-age=3600"))


def _there(path: Path | None) -> Path:
    if path is None or not path.is_file():
        raise NotFound("原件没有保存，或者已经删除。")
    return path


def _headers(policy: str, caching: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex",
        "Cache-Control": caching,
    }
