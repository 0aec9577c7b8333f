"""The HTTP side: routers, errors, health and metrics; starts the background work with the service."""

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Response

from bot import documents, errors, local, logs
from bot.app import Helpdesk, build
from bot.background import leading, running, supervised, waking
from bot.channels import webchat
from bot.guard import Guard
from bot.health import health_report
from bot.metrics import Measured
from bot.settings import load_settings
from desk import admin, answers, console, intake, library, live, publishing, review, rooms, web, word_routes
from desk.rehearsal import rehearsed
from knowledge.allocator import one_arena
from knowledge.version import Version

log = logging.getLogger(__name__)

_DUE = 20.0  # seconds between looks at what is to be published by itself
_SWITCH_SECONDS = 0.0005  # a thread that indexes lets go of the interpreter ten times as soon as usual
_REFRESH = 2.0  # seconds between looks at the pointer to the published index


def create_app(helpdesk: Helpdesk) -> FastAPI:
    """The service. Starting it starts the inbox, delivery, Telegram and the index's refreshing."""
    app = FastAPI(title="laofashi", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(helpdesk))
    settings = helpdesk.settings
    app.add_middleware(
        Guard,
        hosts=_hosts(helpdesk),
        public=urlsplit(settings.base_url).netloc.lower(),
        embedders=settings.embed_origins.split(),
        upload_limit=settings.upload_limit_mb * 1_000_000 + 100_000,
    )
    app.add_middleware(Measured, metrics=helpdesk.metrics)
    errors.install(app)
    for router in _routers(helpdesk):
        app.include_router(router)
    return app


def from_environment() -> FastAPI:
    """The service of one process among several; uvicorn calls this in each."""
    one_arena()
    settings = load_settings()
    logs.configure(settings.log_level)
    return create_app(build(settings))


def _routers(helpdesk: Helpdesk) -> list[APIRouter]:
    routers = [_operations(helpdesk), local.router(helpdesk), webchat.router(helpdesk.web_chat)]
    routers.append(documents.router(helpdesk.reading))
    parts = (web, console, admin, answers, library, intake, publishing, review, word_routes, live, rooms)
    routers += [part.router(helpdesk.desk) for part in parts]
    if helpdesk.telegram is not None:
        routers.append(helpdesk.telegram.router())
    return routers


def _hosts(helpdesk: Helpdesk) -> set[str]:
    settings = helpdesk.settings
    public = urlsplit(settings.public_url).hostname or ""
    more = [name.strip().lower() for name in settings.allowed_hosts.split(",")]
    return {"127.0.0.1", "localhost", "::1", settings.host, public, *more} - {""}


def _lifespan(helpdesk: Helpdesk) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sys.setswitchinterval(_SWITCH_SECONDS)
        async with AsyncExitStack() as stack:
            if helpdesk.telegram is not None:
                stack.push_async_callback(helpdesk.telegram.close)  # after delivery has ended
            await stack.enter_async_context(running(*_works(helpdesk)))
            yield

    return lifespan


def _works(helpdesk: Helpdesk) -> list[Callable[[], Awaitable[None]]]:
    alone = [supervised("inbox", helpdesk.inbox.run), supervised("delivery", helpdesk.delivery.run)]
    if helpdesk.telegram is not None:
        alone.append(supervised("telegram", helpdesk.telegram.run))
    alone += [supervised("publishing", lambda: _publishing_due(helpdesk)), lambda: _catching_up(helpdesk)]
    return [
        leading(helpdesk.engine, *alone, told=helpdesk.told_whether_it_leads),
        supervised("index", lambda: _refreshing(helpdesk)),
        supervised("words", lambda: _refreshing_words(helpdesk)),
    ]


async def _catching_up(helpdesk: Helpdesk) -> None:
    """Show what was stored when the last service was killed, and not published any more; beside everything else."""

    def publish() -> None:
        try:
            helpdesk.index.publish()
        except Exception:
            log.exception("what is stored could not be published; the next indexing tries again")

    threading.Thread(target=publish, name="catching-up", daemon=True).start()  # a stop need not wait for it


async def _publishing_due(helpdesk: Helpdesk) -> None:
    """Publish what was scheduled once its day has come, looking at the clock anew each time."""
    while True:
        for version in await asyncio.to_thread(_published, helpdesk):
            helpdesk.bus.publish("documents", {"document": version.document_id})
        await asyncio.sleep(_DUE)


def _published(helpdesk: Helpdesk) -> list[Version]:
    """Publish what is due, whatever becomes of the golden questions: how they go is kept for the administrators."""
    if due := helpdesk.versions.due():
        try:
            rehearsed(helpdesk.effects, helpdesk.golden, due, "system")
        except Exception:
            log.exception("the golden questions could not be asked before publishing")
    return helpdesk.publishing.publish_due()


async def _refreshing(helpdesk: Helpdesk) -> None:
    """Every process serves what was published last."""
    async with waking(helpdesk.bus, "documents") as waker:
        while True:
            await asyncio.to_thread(helpdesk.index.refresh)
            await waker.wait(_REFRESH)


async def _refreshing_words(helpdesk: Helpdesk) -> None:
    """Every process looks questions up by the words as they are now."""
    async with waking(helpdesk.bus, "words") as waker:
        while True:
            await asyncio.to_thread(helpdesk.words.refresh)
            await waker.wait(_REFRESH)


def _operations(helpdesk: Helpdesk) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/health")
    def health(response: Response) -> dict[str, Any]:
        report = health_report(helpdesk)
        response.status_code = 503 if report["status"] == "down" else 200
        return report

    @router.get("/metrics")
    def metrics() -> Response:
        helpdesk.metrics.queued.set(len(helpdesk.tickets.queue()))
        helpdesk.metrics.unhandled.set(len(helpdesk.conversations.unhandled(1000)))
        helpdesk.metrics.attention.set(len(helpdesk.deliveries.attention()))
        return Response(helpdesk.metrics.text(), media_type="text/plain; version=0.0.4")

    return router
