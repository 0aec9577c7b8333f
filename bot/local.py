"""Routes for commands on this machine, from indexing to asking; loopback and the service's token only."""

import hmac
import ipaddress
import json
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from bot import handover
from bot.acts import ACTS, Act, act
from bot.app import Helpdesk
from bot.channels import terminal
from bot.replies import outcome_json
from bot.work import create_account, index_files
from desk.errors import DeskError
from knowledge.version import VersionError
from retrieval.indexing import How
from retrieval.model import Question

log = logging.getLogger(__name__)

Say = Callable[[dict[str, Any]], None]


class Index(BaseModel):
    """Absolute paths of files and folders to put in."""

    paths: list[Path]
    dry_run: bool = False
    draft: bool = False
    by: str = "system"


class NewAccount(BaseModel):
    """An account to make; see `bot.work.create_account`."""

    name: str
    display_name: str
    role: str
    reset: bool = False


class Ask(BaseModel):
    """Questions, each a list of turns."""

    questions: list[list[str]]
    as_of: date | None = None


class Typed(BaseModel):
    """What somebody typed in `laofashi chat`, and of which chat."""

    key: str
    text: str


class News(BaseModel):
    """What to tell a terminal: messages after this one."""

    key: str
    after: int


def _guard(helpdesk: Helpdesk) -> Callable[[Request], None]:
    """Lets in only this machine with the running service's token; to anybody else there is nothing here."""

    def allowed(request: Request) -> None:
        service = handover.stored(helpdesk.settings.home)
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        known = service is not None and hmac.compare_digest(given.encode(), service.token.encode())
        if not known or not _from_here(request):
            raise HTTPException(404)

    return allowed


def router(helpdesk: Helpdesk) -> APIRouter:
    """`/local/…`; every answer but ping's is a stream of JSON lines, an `error` line where the work fails."""
    routes = APIRouter(prefix="/local", include_in_schema=False, dependencies=[Depends(_guard(helpdesk))])

    @routes.get("/ping")
    def ping() -> dict[str, bool]:
        return {"ok": True}

    @routes.post("/index")
    def index(given: Index) -> StreamingResponse:
        return _streamed(lambda say: index_files(helpdesk, given.paths, given.dry_run, say, How(given.draft, given.by)))

    @routes.post("/acts/{name}")
    def perform(name: str, given: Act) -> StreamingResponse:
        if name not in ACTS:
            raise HTTPException(404)
        return _streamed(lambda say: {"act": act(helpdesk, name, given)})

    @routes.post("/accounts")
    def accounts(given: NewAccount) -> StreamingResponse:
        return _streamed(lambda say: create_account(helpdesk, given.name, given.display_name, given.role, given.reset))

    @routes.post("/ask")
    def ask(given: Ask) -> StreamingResponse:
        def answer(say: Say) -> dict[str, Any]:
            for turns in given.questions:
                say({"outcome": outcome_json(helpdesk.answer(Question.of(turns, given.as_of)))})
            return {}

        return _streamed(answer)

    @routes.post("/say")
    def say(given: Typed) -> StreamingResponse:
        return _streamed(lambda say: {"id": terminal.said(helpdesk, given.key, given.text).id})

    @routes.post("/news")
    def news(given: News) -> StreamingResponse:
        return _streamed(lambda say: {"messages": terminal.news(helpdesk, given.key, given.after)})

    return routes


def _from_here(request: Request) -> bool:
    """Whether the caller is on this machine and no proxy passed him on."""
    client = request.client.host if request.client else ""
    try:
        loopback = ipaddress.ip_address(client).is_loopback
    except ValueError:
        loopback = False
    own = client == (request.scope.get("server") or ("",))[0]
    return (loopback or own) and "x-forwarded-for" not in request.headers


def _streamed(work: Callable[[Say], dict[str, Any]]) -> StreamingResponse:
    """Run `work` in a thread; stream what it says, then what it returns as `done`. It ends even if nobody reads on."""
    lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            lines.put({"done": work(lines.put)})
        except (DeskError, VersionError, ValueError) as error:
            lines.put({"error": str(error)})
        except Exception as error:
            log.exception("a handed-over command failed")
            lines.put({"error": f"the running service failed at it ({type(error).__name__}); look at its log"})
        lines.put(None)

    def stream() -> Iterator[str]:
        while (line := lines.get()) is not None:
            yield json.dumps(line, ensure_ascii=False) + "\n"

    threading.Thread(target=run, daemon=True).start()
    return StreamingResponse(stream(), media_type="application/x-ndjson")
