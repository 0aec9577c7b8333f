"""Render the desk's pages: Jinja2 templates with their sentences in two languages, and the files pages load."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.web.headers import asset_headers, staff_page_headers

PAGES = Path(__file__).parents[1] / "pages"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Pages:
    """The templates with their sentences; language and type size come from cookies the pages set."""

    def __init__(self) -> None:
        self._texts = read_texts(PAGES / "shared" / "texts.json")
        self._templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)

    def text(self, request: Request, key: str) -> str:
        """Return a sentence in the reader's language."""
        return self.say(language(request), key)

    def say(self, lang: str, key: str) -> str:
        """Return a sentence in `lang`, zh or en."""
        return self._texts[lang][key]

    def render(self, request: Request, template: str, /, status: int = 200, **context: Any) -> HTMLResponse:
        """Render the page `template` with `context`, in the reader's language, under the strict headers."""
        lang = language(request)
        texts = self._texts[lang]
        page = self._templates.get_template(template).render(
            lang=lang,
            type="large" if request.cookies.get("type") == "large" else "normal",
            texts=texts,
            t=texts.__getitem__,
            **context,
        )
        return HTMLResponse(page, status, staff_page_headers())

    def notice(self, request: Request, status: int, heading: str, sentence: str, link: str = "") -> HTMLResponse:
        """Render a page of one heading and one sentence, both named by key, with a way back to `link` if given."""
        return self.render(
            request,
            "shared/notice.html",
            status,
            heading=self.text(request, heading),
            sentence=self.text(request, sentence),
            link=link,
            link_text=self.text(request, "to_desk"),
        )


def read_texts(path: Path) -> dict[str, dict[str, str]]:
    """Read the sentences by language and key; in the file a long one is a list of its parts."""
    read: dict[str, dict[str, str | list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    return {lang: {key: "".join(text) for key, text in texts.items()} for lang, texts in read.items()}


def language(request: Request) -> str:
    """`zh` unless the reader switched to `en`."""
    return "en" if request.cookies.get("lang") == "en" else "zh"


def asset(name: str) -> Response:
    """Return a style sheet, script or picture. Browsers ask for it at each use, so that an update shows at once."""
    path = _assets().get(name)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, headers=asset_headers("no-cache"), media_type=MEDIA_TYPES[path.suffix])


@cache
def _assets() -> dict[str, Path]:
    """Return the files that are served, by folder and name ("room/peer.js"); no other file is served."""
    return {path.relative_to(PAGES).as_posix(): path for path in PAGES.glob("*/*") if path.suffix in MEDIA_TYPES}


def router() -> APIRouter:
    """The assets under /desk/assets/; they hold no data and need no sign-in."""
    routes = APIRouter()
    routes.get("/desk/assets/{name:path}", include_in_schema=False)(asset)
    return routes
