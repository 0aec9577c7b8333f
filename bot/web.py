"""The HTTP side: routers, errors, health and metrics. The background work starts with the service."""

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Response

from bot import http_errors
from bot.app import Helpdesk, build
from bot.channels.webchat import routes as webchat
from bot.documents import routes as document_page
from bot.handover import routes as local
from bot.metrics import Measured, Metrics
from bot.operations import logs
from bot.operations.health import HealthParts, health_report
from bot.request_guard import RequestGuard
from bot.settings import Settings, load_settings
from bot.workers.background import leading, running, supervised, waking
from desk.answers.rehearsal import rehearsed
from desk.bus import Bus
from desk.routers import routers as desk_routers
from desk.web.deps import Deps, Publication
from knowledge.sandbox.memory import one_arena
from knowledge.version import Version
from retrieval.index.index import Index

log = logging.getLogger(__name__)

_DUE = 20.0  # seconds between two looks for versions whose day to be published has come
_SWITCH_SECONDS = 0.0005  # an indexing thread gives up the interpreter ten times sooner than usual
_REFRESH = 2.0  # seconds between two looks at the pointer to the published index


def create_app(helpdesk: Helpdesk) -> FastAPI:
    """Make the service. When it starts, so do the inbox, delivery, Telegram and the refreshing of the index."""
    app = FastAPI(title="laofashi", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(helpdesk))
    settings = helpdesk.settings
    app.add_middleware(
        RequestGuard,
        hosts=_hosts(settings),
        public_url=settings.base_url,
        embedders=settings.embed_origins.split(),
        upload_limit=settings.upload_limit_mb * 1_000_000 + 100_000,
    )
    app.add_middleware(Measured, metrics=helpdesk.metrics)
    http_errors.install(app)
    for router in _routers(helpdesk):
        app.include_router(router)
    return app


def from_environment() -> FastAPI:
    """Make the service for one process among several. uvicorn calls this in each process."""
    one_arena()
    settings = load_settings()
    logs.configure(settings.log_level)
    return create_app(build(settings))


def _routers(helpdesk: Helpdesk) -> list[APIRouter]:
    routers = [_health(helpdesk), _figures(helpdesk.metrics, helpdesk.desk), local.router(helpdesk.handover)]
    routers.append(webchat.router(helpdesk.web_chat))
    routers.append(document_page.router(helpdesk.reading))
    routers += desk_routers(helpdesk.desk)
    if helpdesk.telegram is not None:
        routers.append(helpdesk.telegram.router())
    return routers


def _hosts(settings: Settings) -> set[str]:
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
    due = partial(_publishing_due, helpdesk.publication, helpdesk.bus)
    alone += [supervised("publishing", due), partial(_catching_up, helpdesk.index)]
    return [
        leading(helpdesk.engine, *alone, told=helpdesk.told_whether_it_leads),
        supervised("index", partial(_refreshing, helpdesk.bus, "documents", helpdesk.index.refresh)),
        supervised("words", partial(_refreshing, helpdesk.bus, "words", helpdesk.words.refresh)),
    ]


async def _catching_up(index: Index) -> None:
    """Publish, in a thread, what was stored but not published when the last service was killed."""

    def publish() -> None:
        try:
            index.publish()
        except Exception:
            log.exception("what is stored could not be published; the next indexing tries again")

    threading.Thread(target=publish, name="catching-up", daemon=True).start()  # a stop does not wait for it


async def _publishing_due(publication: Publication, bus: Bus) -> None:
    """Publish each scheduled version once its day has come. Look at the clock again each time."""
    while True:
        for version in await asyncio.to_thread(_published, publication):
            bus.publish("documents", {"document": version.document_id})
        await asyncio.sleep(_DUE)


def _published(publication: Publication) -> list[Version]:
    """Publish what is due, however the golden questions go. Their results are kept for the administrators."""
    if due := publication.versions.due():
        try:
            rehearsed(publication.effects, publication.golden, due, "system")
        except Exception:
            log.exception("the golden questions could not be asked before publishing")
    return publication.publishing.publish_due()


async def _refreshing(bus: Bus, topic: str, refresh: Callable[[], object]) -> None:
    """Call `refresh` at each hint on `topic` and every 2 s, so that each process serves the newest index and words."""
    async with waking(bus, topic) as waker:
        while True:
            await asyncio.to_thread(refresh)
            await waker.wait(_REFRESH)


def _health(helpdesk: Helpdesk) -> APIRouter:
    router, settings = APIRouter(include_in_schema=False), helpdesk.settings
    telegram, leads = helpdesk.telegram, lambda: helpdesk.leads
    looked_at = HealthParts(helpdesk.engine, helpdesk.index_state, settings.bus, telegram, leads)

    @router.get("/health")
    def health(response: Response) -> dict[str, Any]:
        report = health_report(looked_at)
        response.status_code = 503 if report["status"] == "down" else 200
        return report

    return router


def _figures(metrics: Metrics, desk: Deps) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    def figures() -> Response:
        metrics.queued.set(len(desk.tickets.queue()))
        metrics.unhandled.set(len(desk.conversations.unhandled(1000)))
        metrics.attention.set(len(desk.deliveries.attention()))
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return router
