"""Administration: documents put in, seen and removed while everything serves; a question tried; accounts."""

import contextlib
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from desk.errors import NotFound, StaleOwner, WrongState
from desk.guard import DeskRoute, Guard, Invalid, Me, may
from desk.model import Role
from desk.templates import Pages
from desk.uploads import Uploads, indexing
from desk.web import Deps
from knowledge.model import IngestReport, PolicyDocument
from knowledge.validity import standing_on
from retrieval.model import Abstention, Answer, Clarification, Outcome


class Indexing(BaseModel):
    """Names of files uploaded before, as the upload's answer gave them."""

    files: Annotated[list[str], Field(min_length=1, max_length=1000)]


class Asking(BaseModel):
    question: Annotated[str, Field(min_length=1, max_length=2000)]


class Creating(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S+$")]
    display_name: Annotated[str, Field(min_length=1, max_length=64)]
    role: Role


class Administration:
    """The routes of an administrator."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._pages = deps, Pages()
        self._uploads = Uploads(deps.uploads, deps.upload_limit)
        self._timezone = ZoneInfo(deps.timezone)

    def page(self, request: Request, me: Me) -> Response:
        if not may(me, Role.ADMINISTRATOR):
            return self._pages.notice(request, 403, "role_needed_title", "role_needed", "/desk")
        limit = {"bytes": self._deps.upload_limit, "text": self._uploads.limit_text}
        settings = {"limit": limit, "account": me.account.id}
        return self._pages.render(request, "admin.html", account=me.account, csrf=me.csrf_token, settings=settings)

    def documents(self) -> dict[str, Any]:
        """Every document with its standing today, newest first, and the files that could not go in."""
        found = sorted(self._deps.store.documents(), key=lambda each: each.updated_at, reverse=True)
        today = self._deps.clock().astimezone(self._timezone).date()
        return {
            "documents": [_listed(document, today) for document in found],
            "failures": [asdict(failure) for failure in self._deps.store.failures()],
        }

    async def upload(self, request: Request, name: str = "") -> dict[str, str]:
        """One file as the request's body; stored under a safe name, which is the answer, and not indexed yet."""
        declared = request.headers.get("Content-Length", "")
        size = int(declared) if declared.isdecimal() else None
        return {"file": await self._uploads.save(name, request.stream(), size)}

    async def index(self, given: Indexing, me: Me) -> Response:
        """Index uploaded files; the answer is one JSON object a line, see desk/uploads.py."""
        paths = [self._uploads.path(name) for name in given.files]

        def done(report: IngestReport) -> None:
            counts = {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "failed")}
            self._deps.audit.record(me.account.id, "document.index", "documents", **counts)
            self._deps.bus.publish("documents", counts)

        return StreamingResponse(indexing(self._deps.indexer, paths, done), media_type="application/x-ndjson")

    def remove(self, document_id: str, me: Me) -> dict[str, bool]:
        """Take a document out; an uploaded file goes with it, so that it does not come back."""
        document = self._deps.store.get(document_id)
        if document is None or not self._deps.indexer.remove(document_id):
            raise NotFound
        self._uploads.forget(document.source)
        self._deps.audit.record(me.account.id, "document.remove", f"document:{document_id}", file=document.file)
        self._deps.bus.publish("documents", {"document": document_id})
        return {"removed": True}

    def ask(self, given: Asking) -> dict[str, Any]:
        if self._deps.answer is None:
            raise NotFound("这里没有接上回答功能。")
        return _outcome(self._deps.answer(given.question))

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
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    kinds = {Answer: "answer", Abstention: "abstention", Clarification: "clarification"}
    passages = [
        {"heading": each.chunk.heading, "text": each.chunk.text, "score": round(float(each.score), 3)}
        for each in outcome.passages
    ]
    return {
        "kind": kinds[type(outcome)],
        "text": outcome.text,
        "confidence": outcome.confidence,
        "citations": [asdict(each) for each in getattr(outcome, "citations", ())],
        "passages": passages,
    }


def router(deps: Deps) -> APIRouter:
    """/admin and the JSON below it; all but the page look missing to everybody but administrators."""
    administration, guard = Administration(deps), Guard(deps.accounts, Role.ADMINISTRATOR)
    routes = APIRouter(route_class=DeskRoute, include_in_schema=False)
    routes.get("/admin", dependencies=[Depends(guard.page)])(administration.page)
    data = APIRouter(prefix="/admin", route_class=DeskRoute, dependencies=[Depends(guard.api)])
    data.get("/documents")(administration.documents)
    data.post("/documents/{document_id}/remove")(administration.remove)
    data.post("/files")(administration.upload)
    data.post("/index")(administration.index)
    data.post("/ask")(administration.ask)
    data.get("/accounts")(administration.accounts)
    data.post("/accounts")(administration.create)
    data.post("/accounts/{account_id}/disable")(administration.disable)
    routes.include_router(data)
    return routes
