"""The tab files: files come in one by one; then a run reads them together, shows its progress and can be stopped.

POST /admin/files?name=…&folder=…       one file as the request's body
GET  /admin/files/waiting               files that nobody has read
POST /admin/files/discard               {files}: delete files that nobody has read
POST /admin/files/read                  {files}: read them into drafts; the answer is a stream of JSON lines
POST /admin/files/read/{run}/cancel     read no further file
"""

import asyncio
import contextlib
import json
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from desk import sentences
from desk.admin.frame import Frame
from desk.admin.uploads import Uploads, safe_path
from desk.audit import Audit
from desk.bus import Bus
from desk.errors import NotFound
from desk.web.deps import Deps
from desk.web.guard import Me
from knowledge.formats.detect import ACCEPTED
from knowledge.intake.run import Progress
from knowledge.model import IngestReport
from retrieval.publishing.files import How, Indexer

log = logging.getLogger(__name__)

HEARTBEAT = 10.0  # seconds of silence after which a line says that the work goes on
Tell = Callable[[Progress], None]


class Files(BaseModel):
    """Names of files uploaded before, as the upload's answer gave them."""

    files: Annotated[list[Annotated[str, Field(max_length=2000)]], Field(min_length=1, max_length=1000)]


class FileRoutes:
    """The routes by which files come in. `_runs` has an event for each run under way; setting it stops the run."""

    def __init__(self, uploads: Uploads, indexer: Indexer, audit: Audit, bus: Bus) -> None:
        self._uploads, self._indexer, self._audit, self._bus = uploads, indexer, audit, bus
        self._runs: dict[str, threading.Event] = {}

    async def upload(
        self, request: Request, name: str = "", folder: Annotated[str, Query(max_length=2000)] = ""
    ) -> dict[str, str]:
        """Store one file, the request's body, under a safe name. The answer is that name; the file is not read yet."""
        declared, kept = request.headers.get("Content-Length", ""), safe_path(name, folder)
        await self._uploads.save(kept, request.stream(), int(declared) if declared.isdecimal() else None)
        return {"file": kept}

    def waiting(self) -> dict[str, Any]:
        """List the uploaded files that nobody has read: the service was stopped, or the browser closed, in between."""
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
                report = self._indexer.run(paths, False, tell, How(True, me.account.id, cancel))
            finally:
                self._runs.pop(run, None)
            self._finish(given.files, report, me.account.id)
            return report

        return StreamingResponse(told(run, work), media_type="application/x-ndjson")

    def _finish(self, names: list[str], report: IngestReport, by: str) -> None:
        """Mark the files that the run looked at as read. Files that a stopped run left out still wait."""
        stopped = [each.file for each in report.failed] + [each.file for each in report.held]
        seen = {*report.added, *report.changed, *report.unchanged, *stopped}
        heads = {name.partition("/")[0] for name in seen}
        self._uploads.read(n for n in names if not report.cancelled or n.rpartition("/")[2] in heads)
        counts = {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "held", "failed")}
        self._audit.record(by, "document.index", "documents", **counts)
        self._bus.publish("documents", counts)

    def cancel(self, run: str) -> dict[str, bool]:
        """Let a run read no further file; what it has read stays."""
        if run not in self._runs:
            raise NotFound(sentences.RUN_OVER)
        self._runs[run].set()
        return {"cancelled": True}


async def told(run: str, work: Callable[[Tell], IngestReport]) -> AsyncIterator[str]:
    """Do `work` in a thread and yield its news, one JSON object a line. It goes on when nobody listens any more."""
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
            tell({"event": "error", "message": sentences.READING_FAILED})
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


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The page and the routes named above."""
    uploads = Uploads(deps.uploads, deps.upload_limit)
    limit = {"bytes": deps.upload_limit, "text": uploads.limit_text}
    files = FileRoutes(uploads, deps.indexer, deps.audit, deps.bus)
    tab = frame.tab("files", {"limit": limit}, accepted=",".join(ACCEPTED))
    tab.data.post("")(files.upload)
    tab.data.get("/waiting")(files.waiting)
    tab.data.post("/discard")(files.discard)
    tab.data.post("/read")(files.read)
    tab.data.post("/read/{run}/cancel")(files.cancel)
    return tab.routes
