"""The administrator's tabs, one line each, in the order in which they are shown; and every route below /admin."""

from collections.abc import Callable

from fastapi import APIRouter

from desk.admin import accounts, answers, documents, files, golden, moved, review, trial, versions, words
from desk.admin.frame import Frame
from desk.web.deps import Deps

TABS: dict[str, Callable[[Deps, Frame], APIRouter]] = {
    "files": files.router,
    "documents": documents.router,
    "trial": trial.router,
    "golden": golden.router,
    "answers": answers.router,
    "words": words.router,
    "accounts": accounts.router,
}


def router(deps: Deps) -> APIRouter:
    """The tabs, what they share, and the addresses that pages had before."""
    frame, routes = Frame(deps.accounts, tuple(TABS)), APIRouter()
    for part in (*TABS.values(), review.router, versions.router):
        routes.include_router(part(deps, frame))
    routes.include_router(moved.router())
    return routes
