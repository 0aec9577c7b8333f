"""Files coming in through the browser: taken in one by one, then read together with progress, until stopped."""

import asyncio
import contextlib
import json
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from desk.errors import NotFound
from desk.guard import DeskRoute, Guard, Me
from desk.model import Role
from desk.uploads import Uploads, safe_path
from desk.web import Deps
from knowledge.ingest import Progress
from knowledge.model import IngestReport
from retrieval.indexing import How

log = logging.getLogger(__name__)

HEARTBEAT = 10.0  # seconds of silence after which a line says that the work goes on
Tell = Callable[[Progress], None]


class Files(BaseModel):
    """Names of files uploaded before, as the upload's answer gave them."""

    files: Annotated[list[Annotated[str, Field(max_length=2000)]], Field(min_length=1, max_length=1000)]


class Intake:
    """The routes by which files come in; `runs` are those under way, each with what stops it."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._uploads = Uploads(deps.uploads, deps.upload_limit)
        self._runs: dict[str, threading.Event] = {}

    async def upload(
        self, request: Request, name: str = "", folder: Annotated[str, Query(max_length=2000)] = ""
    ) -> dict[str, str]:
        """One file as the request's body; stored under a safe name, which is the answer, and not read yet."""
        declared, kept = request.headers.get("Content-Length", ""), safe_path(name, folder)
        await self._uploads.save(kept, request.stream(), int(declared) if declared.isdecimal() else None)
        return {"file": kept}

    def waiting(self) -> dict[str, Any]:
        """The files taken in that nobody has read: the service was stopped, or the browser closed, in between."""
        return {"files": [asdict(each) for each in self._uploads.waiting()]}

    def discard(self, given: Files) -> dict[str, int]:
        """Delete files nobody has read."""
        for name in given.files:
            self._uploads.discard(name)
        return {"discarded": len(given.files)}

    async def read(self, given: Files, me: Me) -> Response:
        """Read uploaded files into drafts; the answer is one JSON object a line: run, progress …, report or error."""
        paths = [self._uploads.path(name) for name in given.files]
        run, cancel = secrets.token_hex(8), threading.Event()

        def work(tell: Tell) -> IngestReport:
            self._runs[run] = cancel
            try:
                report = self._deps.indexer.run(paths, False, tell, How(True, me.account.id, cancel))
            finally:
                self._runs.pop(run, None)
            self._finish(given.files, report, me.account.id)
            return report

        return StreamingResponse(told(run, work), media_type="application/x-ndjson")

    def _finish(self, names: list[str], report: IngestReport, by: str) -> None:
        """Whatever was looked at need not be read again; what a stopped run left out still waits."""
        stopped = [each.file for each in report.failed] + [each.file for each in report.held]
        seen = {*report.added, *report.changed, *report.unchanged, *stopped}
        heads = {name.partition("/")[0] for name in seen}
        self._uploads.read(n for n in names if not report.cancelled or n.rpartition("/")[2] in heads)
        counts = {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "held", "failed")}
        self._deps.audit.record(by, "document.index", "documents", **counts)
        self._deps.bus.publish("documents", counts)

    def cancel(self, run: str) -> dict[str, bool]:
        """Let a run read no further file; what it has read stays."""
        if run not in self._runs:
            raise NotFound("这次读取已经结束了。")
        self._runs[run].set()
        return {"cancelled": True}


async def told(run: str, work: Callable[[Tell], IngestReport]) -> AsyncIterator[str]:
    """Do `work` in a thread and tell of it, one JSON object a line. It goes on when nobody listens any more."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[dict[str, Any] | None]()

    def tell(line: dict[str, Any] | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the service is stopping
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def begin() -> None:
        tell({"event": "run", "run": run})
        try:
            report = work(lambda progress: tell({"event": "progress", **asdict(progress)}))
            tell({"event": "report", **asdict(report)})
        except Exception:  # whatever it was, the administrator is told and the log has it
            log.exception("reading uploaded files failed")
            tell({"event": "error", "message": "读取文件时出错，原来的内容照常可用。请稍后再试；还不行，请查看日志。"})
        finally:
            tell(None)

    threading.Thread(target=begin, name="reading", daemon=True).start()  # a stop of the service need not wait for it
    while (line := await _next(lines)) is not None:
        yield json.dumps(line, ensure_ascii=False) + "\n"


async def _next(lines: "asyncio.Queue[dict[str, Any] | None]") -> dict[str, Any] | None:
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await lines.get()
    except TimeoutError:
        return {"event": "working"}


def router(deps: Deps) -> APIRouter:
    """/admin/files and /admin/index; to everybody but administrators there is nothing."""
    intake, guard = Intake(deps), Guard(deps.accounts, Role.ADMINISTRATOR)
    routes = APIRouter(
        prefix="/admin", route_class=DeskRoute, dependencies=[Depends(guard.api)], include_in_schema=False
    )
    routes.post("/files")(intake.upload)
    routes.get("/files")(intake.waiting)
    routes.post("/files/discard")(intake.discard)
    routes.post("/index")(intake.read)
    routes.post("/index/{run}/cancel")(intake.cancel)
    return routes
