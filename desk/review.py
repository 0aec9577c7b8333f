"""Looking closely: the pages of one version, of one document's history and of the golden questions; the originals."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk import originals
from desk.addresses import document_page
from desk.admin import AdminPages
from desk.errors import NotFound, WrongState
from desk.guard import Guard, Me
from desk.model import Role
from desk.publishing import Decided, PublishingRoute
from desk.web import Deps, Publication
from knowledge.kept import Kept
from knowledge.model import Metadata
from knowledge.pictures import Pictures
from knowledge.unreadable import Unreadable
from knowledge.version import NoSuchVersion, Version
from knowledge.version_rows import metadata_json

_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")


class ReviewPages:
    """The pages; their content comes as JSON from desk/publishing.py."""

    def __init__(self, deps: Deps, parts: Publication, kept: Kept) -> None:
        self._deps, self._parts, self._kept = deps, parts, kept
        self._frame, self._pictures = AdminPages(deps), Pictures()

    def version(self, request: Request, version_id: str, me: Me) -> Response:
        try:
            found = self._parts.versions.get(version_id)
        except NoSuchVersion as error:
            raise NotFound(str(error)) from None
        settings = {
            "version": found.id,
            "sheet": self._sheet(found),
            "second_person": self._parts.versions.second_person,
        }
        return self._frame.page(request, me, "admin_review.html", "intake", settings, title=found.title or found.file)

    def document(self, request: Request, document_id: str, me: Me) -> Response:
        """A document's history; also of one that was taken down, so that it can be brought back."""
        live, history = self._deps.store.get(document_id), self._parts.versions.history(document_id)
        if live is None and not history:
            raise NotFound
        title = live.metadata.title if live else history[0].title
        locked = self._parts.versions.second_person
        settings = {"document": document_id, "live": live is not None, "locked": locked}
        return self._frame.page(request, me, "admin_document.html", "library", settings, title=title)

    def golden(self, request: Request, me: Me) -> Response:
        return self._frame.page(request, me, "admin_golden.html", "golden", {})

    def _sheet(self, version: Version) -> dict[str, Any]:
        """How the original can be shown beside the clauses."""
        path, kind = self._kept.original_of(version), originals.kind_of(version.media_type)
        shown: dict[str, Any] = {"address": f"/admin/versions/{version.id}", "kind": "file" if path else "none"}
        if path and kind == originals.HTML:
            return shown | {"kind": "frame"}
        if path and kind in _PICTURES:
            return shown | {"kind": "picture"}
        if path and kind == originals.PDF:
            try:
                return shown | {"kind": "pages", "pages": self._pictures.pages(path)}
            except Unreadable:
                return shown
        return shown

    def original(self, version_id: str) -> Response:
        version = self._parts.versions.get(version_id)
        return originals.given(self._kept.original_of(version), version.file, version.media_type)

    def framed(self, version_id: str) -> Response:
        version = self._parts.versions.get(version_id)
        if originals.kind_of(version.media_type) != originals.HTML:
            raise NotFound
        return originals.framed(self._kept.original_of(version))

    def picture(self, version_id: str, page: int) -> Response:
        version = self._parts.versions.get(version_id)
        if originals.kind_of(version.media_type) != originals.PDF:
            raise NotFound
        return originals.pictured(self._pictures, self._kept.original_of(version), page)


class LiveMetadata:
    """What is said of a live document: as it stands, as it was read, and as an administrator sets it."""

    def __init__(self, deps: Deps, parts: Publication) -> None:
        self._deps, self._parts = deps, parts

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
        """Set it; every later decision goes by it. Where a second person has to agree, a new version is the way."""
        if self._parts.versions.second_person:
            raise WrongState("按规定要两位管理员同意：请把改好的文件作为新版本放入，由另一位管理员同意后发布。")
        metadata, store = Metadata(**given.model_dump()), self._deps.store
        if not self._parts.publishing.confirm(
            lambda connection: store.confirm_within(connection, document_id, metadata, me.account.id)
        ):
            raise NotFound
        self._deps.audit.record(me.account.id, "document.confirm", f"document:{document_id}")
        self._deps.bus.publish("documents", {"document": document_id})
        return self.told(document_id)


def router(deps: Deps) -> APIRouter:
    """/admin/review, /admin/document and /admin/questions, and what they show beside their JSON."""
    routes = APIRouter(prefix="/admin", route_class=PublishingRoute, include_in_schema=False)
    if deps.publication is None or deps.kept is None:
        return routes
    guard, pages = Guard(deps.accounts, Role.ADMINISTRATOR), ReviewPages(deps, deps.publication, deps.kept)
    about, shown, data = LiveMetadata(deps, deps.publication), [Depends(guard.page)], [Depends(guard.api)]
    routes.get("/review/{version_id}", dependencies=shown)(pages.version)
    routes.get("/document/{document_id}", dependencies=shown)(pages.document)
    routes.get("/questions", dependencies=shown)(pages.golden)
    routes.get("/versions/{version_id}/original", dependencies=data)(pages.original)
    routes.get("/versions/{version_id}/framed", dependencies=data)(pages.framed)
    routes.get("/versions/{version_id}/pages/{page}", dependencies=data)(pages.picture)
    routes.get("/documents/{document_id}", dependencies=data)(about.told)
    routes.post("/documents/{document_id}/metadata", dependencies=data)(about.confirm)
    return routes
