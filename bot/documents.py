"""A document's public page: its text with the clause an answer rests on marked, its standing, and its original."""

import hashlib
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import document_view as view
from desk import originals
from desk.accounts import Accounts
from desk.errors import NotFound
from desk.guard import signed_in
from knowledge.kept import Kept
from knowledge.layout import laid_out
from knowledge.model import PolicyDocument, StoredClause
from knowledge.pictures import Pictures
from knowledge.store import DocumentStore
from knowledge.unreadable import Unreadable

ASSETS = ("document.css", "document.js", "early.js", "icon.svg")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the page is made from."""

    store: DocumentStore
    accounts: Accounts
    kept: Kept
    pictures: Pictures
    today: Callable[[], date]


class DocumentPages:
    """The routes of the page, its original and its assets; staff who are signed in see the original beside the text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._assets = {name: (view.PAGES / name).read_bytes() for name in ASSETS}
        self._version = hashlib.sha256(b"".join(self._assets.values())).hexdigest()[:16]
        environment = Environment(loader=FileSystemLoader(view.PAGES), autoescape=True, undefined=StrictUndefined)
        self._page, self._missing = (environment.get_template(f"document{part}.html") for part in ("", "_missing"))

    def page(
        self,
        request: Request,
        document_id: str,
        clause: Annotated[str, Query(max_length=100)] = "",
        version: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> Response:
        """The document's text, `clause` marked; `version` is an old one, for staff."""
        language = _language(request)
        words, staff = view.words_of(language), signed_in(self._reading.accounts, request) is not None
        frame = {"lang": language, "t": words, "assets": f"/documents/assets/{self._version}"}
        document = self._reading.store.get(document_id)
        if document is None:
            return HTMLResponse(self._missing.render(**frame), 404, HEADERS)
        shown = self._past(document, version, words) if staff and version else None
        shown = shown or self._live(document, clause, staff, words)
        html = self._page.render(
            other_language=_switched(request, language), **frame, **self._told(shown, clause, words)
        )
        return HTMLResponse(html, headers=HEADERS)

    def _live(self, document: PolicyDocument, clause: str, staff: bool, words: dict[str, str]) -> view.Shown:
        """The text that holds; of a clause of an earlier version, what stands in its place now."""
        clauses = self._reading.store.clauses(document.id)
        cited = next((each for each in clauses if each.id == clause), None)
        notes: list[view.Link] = []
        if clause and cited is None:
            cited, note = self._now(document, clause, clauses, words)
            notes = [note] if staff or not note.href else [view.Link(note.label, "")]
        text = self._reading.store.text(document.id)
        endings = self._endings(clauses, words)
        if cited and cited.id in endings:
            notes.append(view.Link(words["clause_dead"], ""))
        return view.Shown(document, document.metadata, text, clauses, cited, tuple(notes), endings, staff)

    def _endings(self, clauses: Sequence[StoredClause], words: dict[str, str]) -> dict[str, view.Link]:
        today, days = self._reading.today(), self._reading.store.clause_days(each.id for each in clauses)
        told = {id_: view.ended(each, today, words) for id_, each in days.items()}
        return {id_: ending for id_, ending in told.items() if ending}

    def _now(
        self, document: PolicyDocument, clause: str, clauses: Sequence[StoredClause], words: dict[str, str]
    ) -> tuple[StoredClause | None, view.Link]:
        number = clause.removeprefix(f"{document.id}.").partition(".")[0]
        past = self._reading.kept.past(document.id, int(number)) if number.isdecimal() and len(number) < 9 else None
        then = next((each for each in past.clauses if each.id == clause), None) if past else None
        same = [each for each in clauses if then and each.clause.locator == then.clause.locator]
        if then is None or not same:
            return None, view.Link(words["no_clause"], "")
        if same[0].clause.text == then.clause.text:
            return same[0], view.Link("", "")
        old = urlencode({"version": number, "clause": clause})
        return same[0], view.Link(words["changed_since"], f"/documents/{document.id}?{old}#cited")

    def _past(self, document: PolicyDocument, version: int, words: dict[str, str]) -> view.Shown | None:
        past = self._reading.kept.past(document.id, version)
        if past is None:
            return None
        note = view.Link(words["past_version"], f"/documents/{document.id}")
        return view.Shown(document, past.metadata, past.text, past.clauses, None, (note,), {}, staff=False)

    def _told(self, shown: view.Shown, clause: str, words: dict[str, str]) -> dict[str, Any]:
        about, cited = shown.about, shown.cited
        marked = cited.id if cited else clause
        items = view.shown(laid_out(shown.text, shown.clauses, marked), shown.endings)
        standing, sentence = view.standing_sentence(about, self._reading.today(), words)
        return {
            "about": about,
            "standing": standing,
            "sentence": sentence,
            "successors": [
                {
                    "id": later.id,
                    "title": later.metadata.title,
                    "day": words["since"].format(day=view.spoken(on, words)),
                }
                for on, later in self._reading.store.replaced_by(shown.document.id)
            ],
            "notes": [note for note in shown.notes if note.label],
            "facts": view.facts(about, words),
            "links": self._links(shown, words),
            "contents": view.contents(items),
            "parts": items,
            "cited": any(item["opens"] for item in items),
            "original": self._beside(shown.document, cited) if shown.staff else {"beside": False},
        }

    def _links(self, shown: view.Shown, words: dict[str, str]) -> list[view.Link]:
        links, document, cited = [], shown.document, shown.cited
        if shown.about is document.metadata and self._reading.kept.original(document.id):
            kind, page = originals.kind_of(document.media_type), cited.clause.page if cited else None
            href, key = f"/documents/{document.id}/original", "open_original" if kind in originals.SHOWN else "download"
            if kind == originals.PDF and page:
                href, key = f"{href}#page={page}", "at_page"
            links.append(view.Link(words[key].format(file=document.file, n=page), href))
        official = view.official(document.metadata.url, cited.clause.text if cited else "", words)
        return [*links, *([official] if official else [])]

    def _beside(self, document: PolicyDocument, cited: StoredClause | None) -> dict[str, Any]:
        """What of the original can be shown beside the text: the pages of a PDF, a web page, or nothing."""
        path, kind = self._reading.kept.original(document.id), originals.kind_of(document.media_type)
        at = f"/documents/{document.id}"
        if path is None or kind not in (originals.PDF, originals.HTML):
            return {"beside": False}
        if kind == originals.HTML:
            return {"beside": True, "pages": 0, "frame": f"{at}/framed"}
        try:
            pages = self._reading.pictures.pages(path)
        except Unreadable:
            return {"beside": False}
        page = min(cited.clause.page or 1, pages) if cited else 1
        return {"beside": True, "pages": pages, "page": page, "picture": f"{at}/pages"}

    def original(self, document_id: str) -> Response:
        """The file as it was put in: what the text was read from."""
        document = self._document(document_id)
        return originals.given(self._reading.kept.original(document.id), document.file, document.media_type)

    def picture(self, request: Request, document_id: str, page: int) -> Response:
        """A page of the original as a picture, for staff."""
        document = self._for_staff(request, document_id)
        if originals.kind_of(document.media_type) != originals.PDF:
            raise NotFound
        return originals.pictured(self._reading.pictures, self._reading.kept.original(document.id), page)

    def framed(self, request: Request, document_id: str) -> Response:
        """The original web page for the frame beside the text, for staff."""
        document = self._for_staff(request, document_id)
        if originals.kind_of(document.media_type) != originals.HTML:
            raise NotFound
        return originals.framed(self._reading.kept.original(document.id))

    def asset(self, asked: str, name: str) -> Response:
        """A style sheet, script or picture of the page."""
        if name not in self._assets:
            raise NotFound
        media_type = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
        headers = {"Cache-Control": FOREVER if asked == self._version else "no-cache"}
        return Response(
            self._assets[name], media_type=media_type, headers={**headers, "X-Content-Type-Options": "nosniff"}
        )

    def _document(self, document_id: str) -> PolicyDocument:
        document = self._reading.store.get(document_id)
        if document is None:
            raise NotFound
        return document

    def _for_staff(self, request: Request, document_id: str) -> PolicyDocument:
        if signed_in(self._reading.accounts, request) is None:
            raise NotFound
        return self._document(document_id)


def _language(request: Request) -> str:
    """The reader's: as the address says, else as he chose on one of our pages before."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "zh"


def _switched(request: Request, language: str) -> str:
    """The same page in the other language."""
    kept = [(name, value) for name, value in request.query_params.items() if name in ("clause", "version")]
    return "?" + urlencode([*kept, ("lang", "zh" if language == "en" else "en")])


def router(reading: Reading) -> APIRouter:
    """/documents/…, for everybody; nothing but what is published is there."""
    pages, routes = DocumentPages(reading), APIRouter(prefix="/documents", include_in_schema=False)
    routes.get("/assets/{asked}/{name}")(pages.asset)
    routes.get("/{document_id}")(pages.page)
    routes.get("/{document_id}/original")(pages.original)
    routes.get("/{document_id}/framed")(pages.framed)
    routes.get("/{document_id}/pages/{page}")(pages.picture)
    return routes
