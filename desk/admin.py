"""Administration: its pages, a question tried, and accounts."""

import contextlib
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from desk.addresses import document_page
from desk.errors import NotFound, StaleOwner, WrongState
from desk.guard import DeskRoute, Guard, Invalid, Me, may
from desk.model import Role
from desk.templates import Pages
from desk.uploads import Uploads
from desk.web import Deps
from retrieval.model import Abstention, Answer, Citation, Clarification, Outcome, Passage

TABS = {
    "intake": "/admin",
    "library": "/admin/library",
    "trial": "/admin/trial",
    "golden": "/admin/questions",
    "answers": "/admin/answers",
    "wording": "/admin/wording",
    "accounts": "/admin/people",
}
ACCEPTED = (
    ".html,.htm,.md,.txt,.docx,.pdf,.doc,.wps,.rtf,.odt,.xlsx,.xls,.et,.csv,.tsv,.zip,"
    ".png,.jpg,.jpeg,.tif,.tiff,.bmp,.webp"
)


class Asking(BaseModel):
    """A question to try, by the law of a day; None is today."""

    question: Annotated[str, Field(min_length=1, max_length=2000)]
    as_of: date | None = None


class Creating(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S+$")]
    display_name: Annotated[str, Field(min_length=1, max_length=64)]
    role: Role


class AdminPages:
    """The pages; whoever is no administrator reads that they are not for him."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._pages = deps, Pages()
        self._limit_text = Uploads(deps.uploads, deps.upload_limit).limit_text

    def intake(self, request: Request, me: Me) -> Response:
        limit = {"bytes": self._deps.upload_limit, "text": self._limit_text}
        return self.page(request, me, "admin.html", "intake", {"limit": limit}, accepted=ACCEPTED)

    def library(self, request: Request, me: Me) -> Response:
        return self.page(request, me, "admin_library.html", "library", {})

    def trial(self, request: Request, me: Me) -> Response:
        return self.page(request, me, "admin_trial.html", "trial", {})

    def people(self, request: Request, me: Me) -> Response:
        return self.page(request, me, "admin_accounts.html", "accounts", {})

    def page(
        self, request: Request, me: Me, template: str, tab: str, settings: dict[str, Any], **more: Any
    ) -> Response:
        if not may(me, Role.ADMINISTRATOR):
            return self._pages.notice(request, 403, "role_needed_title", "role_needed", "/desk")
        about = {"account": me.account.id, **settings}
        more |= {"account": me.account, "csrf": me.csrf_token, "settings": about, "tab": tab, "tabs": TABS.items()}
        return self._pages.render(request, template, **more)


class Administration:
    """Questions and accounts as JSON."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def ask(self, given: Asking) -> dict[str, Any]:
        """What an applicant would be told, and every passage behind it with its scores."""
        if self._deps.answer is None:
            raise NotFound("这里没有接上回答功能。")
        return _outcome(self._deps.answer(given.question, given.as_of))

    def accounts(self) -> dict[str, Any]:
        return {"accounts": [asdict(account) for account in self._deps.accounts.list()]}

    def create(self, given: Creating, me: Me) -> dict[str, Any]:
        """A new account; its one-time password is shown here and nowhere else."""
        made, password = self._deps.accounts.create(given.name, given.display_name, given.role, actor=me.account.id)
        return {"account": asdict(made), "password": password}

    def disable(self, account_id: str, me: Me) -> dict[str, bool]:
        """Nobody signs in with it any more; what it has in hand goes back into the queue, now or when asked again."""
        if account_id == me.account.id:
            raise Invalid("不能停用自己的账号。")
        self._deps.accounts.disable(account_id, actor=me.account.id)
        disabled = self._deps.accounts.get(account_id)
        for ticket in self._deps.tickets.of_account(account_id):
            with contextlib.suppress(StaleOwner, WrongState):  # given away or resolved in the meantime
                self._deps.tickets.release(ticket.id, disabled, ticket.epoch, actor=me.account.id)
        return {"disabled": True}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    kinds = {Answer: "answer", Abstention: "abstention", Clarification: "clarification"}
    return {
        "kind": kinds[type(outcome)],
        "text": outcome.text,
        "confidence": outcome.confidence,
        "citations": [_cited(each) for each in getattr(outcome, "citations", ())],
        "passages": [_passage(each) for each in outcome.passages],
    }


def _cited(citation: Citation) -> dict[str, Any]:
    link = document_page(citation.document_id, citation.clause_id) if citation.document_id else ""
    return {**asdict(citation), "link": link}


def _passage(passage: Passage) -> dict[str, Any]:
    chunk = passage.chunk
    return {
        "heading": chunk.heading,
        "text": chunk.text,
        "score": round(float(passage.score), 3),
        "signals": {name: round(float(value), 3) for name, value in passage.signals.items()},
        "page": document_page(chunk.document_id, chunk.clause_id),
    }


def router(deps: Deps) -> APIRouter:
    """/admin and its pages, and the JSON below it; all but the pages look missing to everybody but administrators."""
    pages, administration, guard = AdminPages(deps), Administration(deps), Guard(deps.accounts, Role.ADMINISTRATOR)
    routes = APIRouter(route_class=DeskRoute, include_in_schema=False)
    for path, page in (
        ("", pages.intake),
        ("/library", pages.library),
        ("/trial", pages.trial),
        ("/people", pages.people),
    ):
        routes.get(f"/admin{path}", dependencies=[Depends(guard.page)])(page)
    data = APIRouter(prefix="/admin", route_class=DeskRoute, dependencies=[Depends(guard.api)])
    data.post("/ask")(administration.ask)
    data.get("/accounts")(administration.accounts)
    data.post("/accounts")(administration.create)
    data.post("/accounts/{account_id}/disable")(administration.disable)
    routes.include_router(data)
    return routes
