"""Addresses that administrators' pages and their JSON had before, and where they are now."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

MOVED = {
    "/admin/library": "/admin/documents",
    "/admin/document/{id}": "/admin/documents/{id}",
    "/admin/questions": "/admin/golden",
    "/admin/wording": "/admin/words",
    "/admin/people": "/admin/accounts",
    "/admin/index": "/admin/files/read",
    "/admin/index/{run}/cancel": "/admin/files/read/{run}/cancel",
    "/admin/ask": "/admin/trial/ask",
    "/admin/given": "/admin/answers/list",
    "/admin/given/{id}": "/admin/answers/{id}/record",
    "/admin/given/{id}/replay": "/admin/answers/{id}/replay",
}


def router() -> APIRouter:
    """Lead /admin to its first tab, and old addresses to the new ones with their query, for good (308)."""
    routes = APIRouter(include_in_schema=False)
    routes.get("/admin")(_leads("/admin/files", 307))
    for old, new in MOVED.items():
        routes.api_route(old, methods=["GET", "POST"])(_leads(new, 308))
    return routes


def _leads(to: str, status: int) -> Callable[[Request], Response]:
    def lead(request: Request) -> Response:
        path = to.format_map({name: quote(value, safe="") for name, value in request.path_params.items()})
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(path + query, status)

    return lead
