"""A document's public page: its text with the cited clause marked, its standing, and its original."""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.documents import view
from bot.documents.layout import laid_out
from bot.page_files import DOCUMENT, PAGES, page_files
from desk.accounts.accounts import Accounts
from desk.errors import NotFound
from desk.web import originals
from desk.web.guard import signed_in
from desk.web.headers import DOCUMENT_PAGE, asset_headers, page_headers
from knowledge.formats.unreadable import Unreadable
from knowledge.model import PolicyDocument, StoredClause
from knowledge.sandbox.page_images import Pictures
from knowledge.store.documents import DocumentStore
from knowledge.versions.history import Kept

FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class DocumentSources:
    """The parts that the page is made from."""

    store: DocumentStore
    accounts: Accounts
    kept: Kept
    pictures: Pictures
    today: Callable[[], date]


class DocumentPages:
    """The routes of the page, its original and its assets. Signed-in staff see the original beside the text."""

    def __init__(self, reading: DocumentSources) -> None:
        self._reading = reading
        self._served = page_files("document", DOCUMENT)
        environment = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
        self._page, self._missing = (
            environment.get_template(f"document/document{part}.html") for part in ("", "_missing")
        )

    def page(
        self,
        request: Request,
        document_id: str,
        clause: Annotated[str, Query(max_length=100)] = "",
        version: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> Response:
        """Return the document's page with `clause` marked. `version` is an old version, shown to staff only."""
        language = _language(request)
        words, staff = view.words_of(language), signed_in(self._reading.accounts, request) is not None
        frame = {"lang": language, "t": words, "assets": f"/documents/assets/{self._served.version}"}
        document = self._reading.store.get(document_id)
        if document is None:
            return HTMLResponse(self._missing.render(**frame), 404, page_headers(DOCUMENT_PAGE))
        shown = self._past(document, version, words) if staff and version else None
        shown = shown or self._live(document, clause, staff, words)
        html = self._page.render(
            other_language=_switched(request, language), **frame, **self._told(shown, clause, words)
        )
        return HTMLResponse(html, headers=page_headers(DOCUMENT_PAGE))

    def _live(self, document: PolicyDocument, clause: str, staff: bool, words: dict[str, str]) -> view.ShownText:
        """Return the live text. For a clause of an earlier version, mark the clause that stands in its place now."""
        clauses = self._reading.store.clauses(document.id)
        cited = next((each for each in clauses if each.id == clause), None)
        notes: list[view.PageLink] = []
        if clause and cited is None:
            cited, note = self._now(document, clause, clauses, words)
            notes = [note] if staff or not note.href else [view.PageLink(note.label, "")]
        text = self._reading.store.text(document.id)
        endings = self._endings(clauses, words)
        if cited and cited.id in endings:
            notes.append(view.PageLink(words["clause_dead"], ""))
        return view.ShownText(document, document.metadata, text, clauses, cited, tuple(notes), endings, staff)

    def _endings(self, clauses: Sequence[StoredClause], words: dict[str, str]) -> dict[str, view.PageLink]:
        today, days = self._reading.today(), self._reading.store.clause_days(each.id for each in clauses)
        told = {id_: view.ended(each, today, words) for id_, each in days.items()}
        return {id_: ending for id_, ending in told.items() if ending}

    def _now(
        self, document: PolicyDocument, clause: str, clauses: Sequence[StoredClause], words: dict[str, str]
    ) -> tuple[StoredClause | None, view.PageLink]:
        number = clause.removeprefix(f"{document.id}.").partition(".")[0]
        past = self._reading.kept.past(document.id, int(number)) if number.isdecimal() and len(number) < 9 else None
        then = next((each for each in past.clauses if each.id == clause), None) if past else None
        same = [each for each in clauses if then and each.clause.locator == then.clause.locator]
        if then is None or not same:
            return None, view.PageLink(words["no_clause"], "")
        if same[0].clause.text == then.clause.text:
            return same[0], view.PageLink("", "")
        old = urlencode({"version": number, "clause": clause})
        return same[0], view.PageLink(words["changed_since"], f"/documents/{document.id}?{old}#cited")

    def _past(self, document: PolicyDocument, version: int, words: dict[str, str]) -> view.ShownText | None:
        past = self._reading.kept.past(document.id, version)
        if past is None:
            return None
        note = view.PageLink(words["past_version"], f"/documents/{document.id}")
        return view.ShownText(document, past.metadata, past.text, past.clauses, None, (note,), {}, staff=False)

    def _told(self, shown: view.ShownText, clause: str, words: dict[str, str]) -> dict[str, Any]:
        about, cited = shown.about, shown.cited
        marked = cited.id if cited else clause
        items = view.parts_json(laid_out(shown.text, shown.clauses, marked), shown.endings)
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

    def _links(self, shown: view.ShownText, words: dict[str, str]) -> list[view.PageLink]:
        links, document, cited = [], shown.document, shown.cited
        if shown.about is document.metadata and self._reading.kept.original(document.id):
            kind, page = originals.kind_of(document.media_type), cited.clause.page if cited else None
            href, key = f"/documents/{document.id}/original", "open_original" if kind in originals.SHOWN else "download"
            if kind == originals.PDF and page:
                href, key = f"{href}#page={page}", "at_page"
            links.append(view.PageLink(words[key].format(file=document.file, n=page), href))
        official = view.official(document.metadata.url, cited.clause.text if cited else "", words)
        return [*links, *([official] if official else [])]

    def _beside(self, document: PolicyDocument, cited: StoredClause | None) -> dict[str, Any]:
        """Return what can be shown of the original beside the text: the pages of a PDF, a web page, or nothing."""
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
        """Return the file as it was put in; the text was read from it."""
        document = self._document(document_id)
        return originals.given(self._reading.kept.original(document.id), document.file, document.media_type)

    def picture(self, request: Request, document_id: str, page: int) -> Response:
        """Return a page of the original as a picture, for staff."""
        document = self._for_staff(request, document_id)
        if originals.kind_of(document.media_type) != originals.PDF:
            raise NotFound
        return originals.pictured(self._reading.pictures, self._reading.kept.original(document.id), page)

    def framed(self, request: Request, document_id: str) -> Response:
        """Return the original web page for the frame beside the text, for staff."""
        document = self._for_staff(request, document_id)
        if originals.kind_of(document.media_type) != originals.HTML:
            raise NotFound
        return originals.framed(self._reading.kept.original(document.id))

    def asset(self, asked: str, name: str) -> Response:
        """Return a style sheet, script or picture of the page."""
        if name not in self._served.files:
            raise NotFound
        media_type = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
        headers = asset_headers(FOREVER if asked == self._served.version else "no-cache")
        return Response(self._served.files[name], media_type=media_type, headers=headers)

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
    """Return the reader's language: from the address, else his earlier choice on one of our pages."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "zh"


def _switched(request: Request, language: str) -> str:
    """Return the link to the same page in the other language."""
    kept = [(name, value) for name, value in request.query_params.items() if name in ("clause", "version")]
    return "?" + urlencode([*kept, ("lang", "zh" if language == "en" else "en")])


def router(reading: DocumentSources) -> APIRouter:
    """Return the routes of /documents/…. They are open to everybody and serve only published documents."""
    pages, routes = DocumentPages(reading), APIRouter(prefix="/documents", include_in_schema=False)
    routes.get("/assets/{asked}/{name:path}")(pages.asset)
    routes.get("/{document_id}")(pages.page)
    routes.get("/{document_id}/original")(pages.original)
    routes.get("/{document_id}/framed")(pages.framed)
    routes.get("/{document_id}/pages/{page}")(pages.picture)
    return routes
