"""The review of one version before it is published: the page, and the version's original."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.admin.frame import Frame
from desk.errors import NotFound
from desk.web import originals
from desk.web.deps import Deps
from knowledge.formats.unreadable import Unreadable
from knowledge.sandbox.page_images import Pictures
from knowledge.version import Version


class ReviewRoutes:
    """The page of one version, and its original. The page's data comes as JSON from desk/admin/versions.py."""

    def __init__(self, deps: Deps, frame: Frame) -> None:
        self._versions, self._kept = deps.publication.versions, deps.kept
        self._frame, self._pictures = frame, Pictures()

    def page(self, request: Request, version_id: str) -> Response:
        found = self._versions.get(version_id)
        second_person = self._versions.second_person
        settings = {"version": found.id, "sheet": self._sheet(found), "second_person": second_person}
        return self._frame.show(request, "files", "review", settings, title=found.title or found.file)

    def _sheet(self, version: Version) -> dict[str, Any]:
        """How the original can be shown beside the clauses."""
        path, kind = self._kept.original_of(version), originals.kind_of(version.media_type)
        shown: dict[str, Any] = {"address": f"/admin/versions/{version.id}", "kind": "file" if path else "none"}
        if path and kind == originals.HTML:
            return shown | {"kind": "frame"}
        if path and kind in originals.PICTURES:
            return shown | {"kind": "picture"}
        if path and kind == originals.PDF:
            try:
                return shown | {"kind": "pages", "pages": self._pictures.pages(path)}
            except Unreadable:
                return shown
        return shown

    def original(self, version_id: str) -> Response:
        version = self._versions.get(version_id)
        return originals.given(self._kept.original_of(version), version.file, version.media_type)

    def framed(self, version_id: str) -> Response:
        version = self._versions.get(version_id)
        if originals.kind_of(version.media_type) != originals.HTML:
            raise NotFound
        return originals.framed(self._kept.original_of(version))

    def picture(self, version_id: str, page: int) -> Response:
        version = self._versions.get(version_id)
        if originals.kind_of(version.media_type) != originals.PDF:
            raise NotFound
        return originals.pictured(self._pictures, self._kept.original_of(version), page)


def router(deps: Deps, frame: Frame) -> APIRouter:
    """/admin/review/{version}, and the original below /admin/versions/{version}."""
    review, pages, data = ReviewRoutes(deps, frame), frame.pages("review"), frame.data("versions")
    pages.get("/{version_id}")(review.page)
    data.get("/{version_id}/original")(review.original)
    data.get("/{version_id}/framed")(review.framed)
    data.get("/{version_id}/pages/{page}")(review.picture)
    routes = APIRouter()
    routes.include_router(data)
    routes.include_router(pages)
    return routes
