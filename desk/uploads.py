"""Files an administrator puts in: kept under a safe name, whole or not at all, then indexed with progress."""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import threading
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import anyio
from starlette.requests import ClientDisconnect

from desk.errors import NotFound
from desk.guard import Invalid, TooLarge
from knowledge.ingest import Progress
from knowledge.model import IngestReport

log = logging.getLogger(__name__)

HEARTBEAT = 10.0  # seconds of silence after which a line says that the work goes on
_LONGEST_NAME = 200  # bytes; file systems take 255, and the parser adds to it
_LONGEST_SUFFIX = 16
_ABANDONED = 24 * 3600.0  # seconds without a byte
_UNNAMED = "未命名"


class Indexes(Protocol):
    """What indexing needs of the indexer: read these files in and publish; blocks until done."""

    def run(self, paths: Sequence[Path], dry_run: bool, on_progress: Callable[[Progress], None]) -> IngestReport: ...


def safe_name(name: str) -> str:
    """The base name of an uploaded file as every file system can keep it: no folders, no control characters, not
    hidden, at most 200 bytes, its suffix kept.

    >>> safe_name("../../etc/办事 指南.html")
    '办事 指南.html'
    """
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in base if unicodedata.category(each)[0] != "C" and each not in '<>:"|?*')
    stem, dot, suffix = plain.strip(". ").rpartition(".")
    if not dot or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, suffix = stem + dot + suffix, ""
    ending = f".{suffix}" if suffix else ""
    room = _LONGEST_NAME - len(ending.encode())
    return (stem.encode()[:room].decode("utf-8", "ignore").strip(". ") or _UNNAMED) + ending


class Uploads:
    """The folder of uploaded files; a file of the same name replaces the one before."""

    def __init__(self, folder: Path, limit: int) -> None:
        """`limit` is in bytes."""
        self._folder, self._limit = folder, limit

    @property
    def limit_text(self) -> str:
        """The limit as a person reads it."""
        megabytes = self._limit / 1_000_000
        return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{self._limit} B"

    async def save(self, name: str, body: AsyncIterator[bytes], declared: int | None = None) -> str:
        """Keep a file whose content comes in pieces; its name here. Raises TooLarge, Invalid when it was cut off."""
        if declared is not None and declared > self._limit:
            raise TooLarge(f"文件太大：不能超过 {self.limit_text}。")
        kept, part = safe_name(name), self._folder / f".{secrets.token_hex(8)}.part"
        await anyio.to_thread.run_sync(self._ready)
        try:
            await self._write(part, body)
            await anyio.to_thread.run_sync(os.replace, part, self._folder / kept)
        except ClientDisconnect:
            raise Invalid("上传中断了，请再试一次。") from None
        finally:
            await anyio.Path(part).unlink(missing_ok=True)
        return kept

    def _ready(self) -> None:
        """Make the folder, and sweep away what a killed service had begun to take in."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for part in self._folder.glob(".*.part"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()

    async def _write(self, part: Path, body: AsyncIterator[bytes]) -> None:
        size = 0
        async with await anyio.open_file(part, "wb") as file:
            async for piece in body:
                size += len(piece)
                if size > self._limit:
                    raise TooLarge(f"文件太大：不能超过 {self.limit_text}。")
                await file.write(piece)

    def path(self, name: str) -> Path:
        """An uploaded file, by the name `save` gave; NotFound for anything else."""
        path = self._folder / name
        if safe_name(name) != name or not path.is_file():
            raise NotFound(f"没有找到上传的文件“{safe_name(name)}”，请重新上传。")
        return path

    def forget(self, source: str) -> None:
        """Delete the file a removed document came from, if it was uploaded."""
        path = Path(source)
        if path.parent == self._folder.resolve():
            path.unlink(missing_ok=True)


async def indexing(indexer: Indexes, paths: Sequence[Path], done: Callable[[IngestReport], None]) -> AsyncIterator[str]:
    """Index files in a thread and tell of it, one JSON object a line: progress …, then report or error.

    The work goes on when nobody listens any more; `done` is called in its thread at the end.
    """
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[dict[str, Any] | None]()

    def tell(line: dict[str, Any] | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the service is stopping
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def work() -> None:
        try:
            report = indexer.run(paths, False, lambda progress: tell({"event": "progress", **asdict(progress)}))
            done(report)
            tell({"event": "report", **asdict(report)})
        except Exception:  # whatever it was, the administrator is told and the log has it
            log.exception("indexing uploaded files failed")
            tell({"event": "error", "message": "建立索引时出错，原来的内容照常可用。请查看日志。"})
        finally:
            tell(None)

    threading.Thread(target=work, name="indexing", daemon=True).start()  # a stop of the service need not wait for it
    while (line := await _next(lines)) is not None:
        yield json.dumps(line, ensure_ascii=False) + "\n"


async def _next(lines: "asyncio.Queue[dict[str, Any] | None]") -> dict[str, Any] | None:
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await lines.get()
    except TimeoutError:
        return {"event": "working"}
