"""Render the desk's pages: Jinja2 templates, their sentences in two languages, strict security headers."""

import json
import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

PAGES = Path(__file__).parent / "pages"
ASSET = re.compile(r"[a-z_]+\.(?:js|css|svg)")
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self' blob:; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "display-capture=(self), microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "same-origin",  # a room's address is its key: no other site is told it
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}


class Pages:
    """The templates with their sentences; language and type size come from cookies the pages set."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, str]] = json.loads((PAGES / "texts.json").read_text(encoding="utf-8"))
        self._templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)

    def text(self, request: Request, key: str) -> str:
        """A sentence in the reader's language."""
        return self.say(language(request), key)

    def say(self, lang: str, key: str) -> str:
        """A sentence in `lang`, zh or en."""
        return self._texts[lang][key]

    def render(self, request: Request, template: str, /, status: int = 200, **context: Any) -> HTMLResponse:
        """The page `template` with `context`, in the reader's language, under the strict headers."""
        lang = language(request)
        texts = self._texts[lang]
        page = self._templates.get_template(template).render(
            lang=lang,
            type="large" if request.cookies.get("type") == "large" else "normal",
            texts=texts,
            t=texts.__getitem__,
            **context,
        )
        return HTMLResponse(page, status, HEADERS)

    def notice(self, request: Request, status: int, heading: str, sentence: str, link: str = "") -> HTMLResponse:
        """A page of one heading and one sentence, both named by key, with a way back to `link` where given."""
        return self.render(
            request,
            "notice.html",
            status,
            heading=self.text(request, heading),
            sentence=self.text(request, sentence),
            link=link,
            link_text=self.text(request, "to_desk"),
        )


def language(request: Request) -> str:
    """`zh` unless the reader switched to `en`."""
    return "en" if request.cookies.get("lang") == "en" else "zh"


def asset(name: str) -> Response:
    """A style sheet, script or picture of the pages; revalidated at each use, so an update shows at once."""
    path = PAGES / name
    if not ASSET.fullmatch(name) or not path.is_file():
        raise HTTPException(404)
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, headers=headers, media_type=MEDIA_TYPES[path.suffix])


def router() -> APIRouter:
    """The assets under /desk/assets/; they hold no data and need no sign-in."""
    routes = APIRouter()
    routes.get("/desk/assets/{name}", include_in_schema=False)(asset)
    return routes
