"""The administrator's shelves: documents found by standing and words, one of them looked at, corrected or taken out."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query

from desk.addresses import document_page
from desk.errors import NotFound
from desk.guard import DeskRoute, Guard, Me
from desk.model import Role
from desk.uploads import Uploads
from desk.web import Deps
from knowledge.listing import PAGE, Looking, Shelf, find_documents
from knowledge.model import PolicyDocument
from knowledge.validity import standing_on

_FAILURES = 200  # told at a time


class Library:
    """Documents as JSON."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._uploads = Uploads(deps.uploads, deps.upload_limit)
        self._timezone = ZoneInfo(deps.timezone)

    def documents(
        self,
        shelf: Shelf = Shelf.ALL,
        words: Annotated[str, Query(max_length=200)] = "",
        page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    ) -> dict[str, Any]:
        """A page of the documents looked for, with counts of every shelf, and the files that could not go in."""
        today = self._today()
        listing = find_documents(self._deps.store.engine, Looking(shelf, words, page), today)
        failures = self._deps.store.failures()
        return {
            "documents": [_listed(document, today) for document in listing.documents],
            "total": listing.total,
            "counts": listing.counts,
            "page": page,
            "page_size": PAGE,
            "failures": [asdict(failure) for failure in failures[:_FAILURES]],
            "failures_total": len(failures),
        }

    def remove(self, document_id: str, me: Me) -> dict[str, bool]:
        """Take a document out; an uploaded file goes with it, so that it does not come back by itself."""
        document = self._deps.store.get(document_id)
        if document is None or not self._removed(document_id, me.account.id):
            raise NotFound
        self._uploads.forget(document.source)
        self._deps.audit.record(me.account.id, "document.remove", f"document:{document_id}", file=document.file)
        self._deps.bus.publish("documents", {"document": document_id})
        return {"removed": True}

    def _removed(self, document_id: str, by: str) -> bool:
        """Where versions are kept it can be rolled back."""
        parts = self._deps.publication
        return parts.publishing.remove(document_id, by) if parts else self._deps.indexer.remove(document_id)

    def _today(self) -> date:
        return self._deps.clock().astimezone(self._timezone).date()


def _listed(document: PolicyDocument, today: date) -> dict[str, Any]:
    about = document.metadata
    return {
        "id": document.id,
        "title": about.title,
        "document_number": about.document_number,
        "effective_on": about.effective_on,
        "expires_on": about.expires_on,
        "repealed_on": about.repealed_on,
        "standing": standing_on(about, today),
        "file": document.file,
        "clauses": document.clause_count,
        "updated_at": document.updated_at,
        "page": document_page(document.id),
    }


def router(deps: Deps) -> APIRouter:
    """/admin/documents and below; to everybody but administrators there is nothing."""
    library, guard = Library(deps), Guard(deps.accounts, Role.ADMINISTRATOR)
    routes = APIRouter(
        prefix="/admin", route_class=DeskRoute, dependencies=[Depends(guard.api)], include_in_schema=False
    )
    routes.get("/documents")(library.documents)
    routes.post("/documents/{document_id}/remove")(library.remove)
    return routes
