"""Routes for commands on this machine, from indexing to asking. They need loopback and the service's token."""

import hmac
import ipaddress
import json
import logging
import queue
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute

from bot.channels.terminal import news, news_json, said
from bot.dialogue.replies import answered_json
from bot.handover.acts import CommandParts, act
from bot.handover.requests import AccountRequest, AskRequest, CommandRequest, IndexRequest, NewsRequest, SayRequest
from bot.handover.service import stored
from bot.handover.work import HandoverLine, Say, create_account, index_files
from desk.conversations.conversations import Conversations
from desk.errors import DeskError
from knowledge.version import VersionError
from retrieval.model import Outcome, Question
from retrieval.publishing.files import Indexer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HandoverParts:
    """The parts that handed-over commands work with. `home` is the home folder of this service."""

    home: Path
    commands: CommandParts
    indexer: Indexer
    answer: Callable[[Question], Outcome]
    conversations: Conversations


class LocalRoute(APIRoute):
    """A route that says in one sentence what is wrong with a request that it cannot read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                return JSONResponse({"error": _misunderstood(error)}, 422)

        return checked


def _misunderstood(error: RequestValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    wrong = ": ".join(part for part in (place, first["msg"].partition(": ")[0]) if part)
    return (
        f"the running service cannot read this request ({wrong}); is it of another version? Stop it and start it again"
    )


def _guard(home: Path) -> Callable[[Request], None]:
    """Return a check that admits only this machine with the running service's token; others get status 404."""

    def allowed(request: Request) -> None:
        service = stored(home)
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        known = service is not None and hmac.compare_digest(given.encode(), service.token.encode())
        if not known or not _from_here(request):
            raise HTTPException(404)

    return allowed


def router(parts: HandoverParts) -> APIRouter:
    """Return the routes of `/local/…`. Each but ping streams JSON lines, with an `error` line where the work fails."""
    guard = Depends(_guard(parts.home))
    routes = APIRouter(prefix="/local", route_class=LocalRoute, include_in_schema=False, dependencies=[guard])

    @routes.get("/ping")
    def ping() -> dict[str, bool]:
        return {"ok": True}

    @routes.post("/index")
    def index(given: IndexRequest) -> StreamingResponse:
        return _streamed(lambda say: index_files(given, parts.indexer, say))

    @routes.post("/acts")
    def perform(given: Annotated[CommandRequest, Body(discriminator="act")]) -> StreamingResponse:
        return _streamed(lambda say: {"act": act(given, parts.commands)})

    @routes.post("/accounts")
    def accounts(given: AccountRequest) -> StreamingResponse:
        return _streamed(lambda say: create_account(given, parts.commands.accounts))

    @routes.post("/ask")
    def ask(given: AskRequest) -> StreamingResponse:
        def answer(say: Say) -> HandoverLine:
            for turns in given.questions:
                say({"outcome": answered_json(parts.answer, Question.of(turns, given.as_of))})
            return {}

        return _streamed(answer)

    @routes.post("/say")
    def say(given: SayRequest) -> StreamingResponse:
        return _streamed(lambda say: {"id": said(parts.conversations, given.key, given.text).id})

    @routes.post("/news")
    def new(given: NewsRequest) -> StreamingResponse:
        return _streamed(lambda say: {"messages": news_json(news(parts.conversations, given.key, given.after))})

    return routes


def _from_here(request: Request) -> bool:
    """Say whether the caller is on this machine and no proxy passed the request on."""
    client = request.client.host if request.client else ""
    try:
        loopback = ipaddress.ip_address(client).is_loopback
    except ValueError:
        loopback = False
    own = client == (request.scope.get("server") or ("",))[0]
    return (loopback or own) and "x-forwarded-for" not in request.headers


def _streamed(work: Callable[[Say], HandoverLine]) -> StreamingResponse:
    """Run `work` in a thread; stream what it says, then its result as `done`. It finishes even if nobody reads on."""
    lines: queue.SimpleQueue[HandoverLine | None] = queue.SimpleQueue()

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
