"""The tab documents: find documents by standing and words; look at one, correct it or take it out.

GET  /admin/documents/list?shelf=…&words=…&page=…    a page of the documents found, and how many stand on each shelf
GET  /admin/documents/{id}                           the page of one document, with its history (versions.py)
GET  /admin/documents/{id}/about                     its metadata as it stands and as it was read
POST /admin/documents/{id}/metadata                  set its metadata
POST /admin/documents/{id}/remove                    take it out
"""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from desk import sentences
from desk.admin.frame import Frame
from desk.admin.uploads import Uploads
from desk.admin.versions import Decided
from desk.errors import NotFound, WrongState
from desk.web.addresses import document_page
from desk.web.deps import Deps
from desk.web.guard import Me
from knowledge.law.validity import standing_on
from knowledge.model import Metadata, PolicyDocument
from knowledge.store.shelves import PAGE, Looking, Shelf, find_documents
from knowledge.versions.rows import metadata_json

_FAILURES = 200  # told at a time
_SHOWN = ("title", "issuer", "document_number", "effective_on", "expires_on", "repealed_on", "url")


class DocumentPage:
    """The page of one document. A document that was taken out keeps its page, so that it can be brought back."""

    def __init__(self, deps: Deps, frame: Frame) -> None:
        self._store, self._versions, self._frame = deps.store, deps.publication.versions, frame

    def page(self, request: Request, document_id: str) -> Response:
        live, history = self._store.get(document_id), self._versions.history(document_id)
        if live is None and not history:
            raise NotFound
        title = live.metadata.title if live else history[0].title
        settings = {"document": document_id, "live": live is not None, "locked": self._versions.second_person}
        return self._frame.show(request, "documents", "document", settings, title=title)


class DocumentShelves:
    """Documents on their shelves, as JSON."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._uploads = Uploads(deps.uploads, deps.upload_limit)

    def found(
        self,
        shelf: Shelf = Shelf.ALL,
        words: Annotated[str, Query(max_length=200)] = "",
        page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    ) -> dict[str, Any]:
        """Return a page of the documents found, the count of every shelf, and the files that could not go in."""
        today = self._deps.today()
        listing = find_documents(self._deps.store.engine, Looking(shelf, words, page), today)
        failures = self._deps.store.failures()
        return {
            "documents": [document_json(document, today) for document in listing.documents],
            "total": listing.total,
            "counts": listing.counts,
            "page": page,
            "page_size": PAGE,
            "failures": [asdict(failure) for failure in failures[:_FAILURES]],
            "failures_total": len(failures),
        }

    def remove(self, document_id: str, me: Me) -> dict[str, bool]:
        """Take a document out. Its uploaded file goes with it, so that the document does not come back by itself."""
        document = self._deps.store.get(document_id)
        if document is None or not self._deps.publication.publishing.remove(document_id, me.account.id):
            raise NotFound
        self._uploads.forget(document.source)
        self._deps.audit.record(me.account.id, "document.remove", f"document:{document_id}", file=document.file)
        self._deps.bus.publish("documents", {"document": document_id})
        return {"removed": True}


class LiveMetadata:
    """The metadata of a live document: as it stands, as it was read, and as an administrator sets it."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._parts = deps, deps.publication

    def told(self, document_id: str) -> dict[str, Any]:
        document = self._deps.store.get(document_id)
        if document is None:
            raise NotFound
        read = self._deps.store.as_read(document_id) or document.metadata
        return {
            "metadata": metadata_json(document.metadata),
            "read": metadata_json(read),
            "confirmed": [asdict(each) for each in self._deps.store.confirmed(document_id)],
            "file": document.file,
            "clauses": document.clause_count,
            "version": document.version,
            "page": document_page(document_id),
        }

    def confirm(self, document_id: str, given: Decided, me: Me) -> dict[str, Any]:
        """Set the metadata; every later decision goes by it.

        Raises NotFound, and WrongState where a second person has to agree: then a new version has to be put in.
        """
        if self._parts.versions.second_person:
            raise WrongState(sentences.SECOND_PERSON)
        metadata, store = Metadata(**given.model_dump()), self._deps.store
        if not self._parts.publishing.confirm(
            lambda connection: store.confirm_within(connection, document_id, metadata, me.account.id)
        ):
            raise NotFound
        self._deps.audit.record(me.account.id, "document.confirm", f"document:{document_id}")
        self._deps.bus.publish("documents", {"document": document_id})
        return self.told(document_id)


def document_json(document: PolicyDocument, today: date) -> dict[str, Any]:
    """Return a document as lists show it, with the metadata in `_SHOWN`. Days read 2026-01-31; `page` is a path."""
    about = metadata_json(document.metadata)
    return {
        "id": document.id,
        **{name: about[name] for name in _SHOWN},
        "standing": standing_on(document.metadata, today),
        "file": document.file,
        "clauses": document.clause_count,
        "updated_at": document.updated_at.isoformat(),
        "page": document_page(document.id),
    }


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The pages and the routes named above."""
    shelves, about, tab = DocumentShelves(deps), LiveMetadata(deps), frame.tab("documents")
    tab.pages.get("/{document_id}")(DocumentPage(deps, frame).page)
    tab.data.get("/list")(shelves.found)
    tab.data.get("/{document_id}/about")(about.told)
    tab.data.post("/{document_id}/metadata")(about.confirm)
    tab.data.post("/{document_id}/remove")(shelves.remove)
    return tab.routes
