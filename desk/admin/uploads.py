"""Files an administrator puts in: kept under a safe name, whole or not at all, and marked until they are read."""

import contextlib
import secrets
import time
import unicodedata
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import anyio
from starlette.requests import ClientDisconnect

from desk import sentences
from desk.errors import NotFound
from desk.web.statuses import Invalid, TooLarge

_LONGEST_NAME = 200  # bytes; file systems take 255, and the parser adds to it
_LONGEST_SUFFIX = 16
_ABANDONED = 24 * 3600.0  # seconds without a byte
_UNNAMED = "未命名"
_UNREAD = ".unread"
_DEEPEST = 6  # folders kept of the path a file came from


def safe_name(name: str) -> str:
    """Return the base name of an uploaded file as every file system can keep it.

    It has no folders and no control characters, is not hidden, has at most 200 bytes and keeps its suffix.

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


def safe_path(name: str, folder: str = "") -> str:
    """Return where an uploaded file is kept below the folder of uploads.

    The path holds the last folders the file came from and its name, all made safe. So two files of one name in two
    folders stay two.
    """
    parts = folder.replace("\\", "/").split("/")[-_DEEPEST:]
    kept = [safe_name(part) for part in parts if part.strip(". ")]
    return "/".join([*kept, safe_name(name)])


@dataclass(frozen=True, slots=True)
class Received:
    """A file taken in and not read yet."""

    file: str
    size: int
    received_at: datetime


class Uploads:
    """The folder of uploaded files. A file replaces an earlier one of the same name and folder.

    An empty hidden file lies beside each file that nobody has read yet, so that a killed service knows it again.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        """`limit` is in bytes."""
        self._folder, self._limit = folder, limit

    @property
    def limit_text(self) -> str:
        """The limit as a person reads it."""
        megabytes = self._limit / 1_000_000
        return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{self._limit} B"

    async def save(self, kept: str, body: AsyncIterator[bytes], declared: int | None = None) -> None:
        """Keep a file whose content comes in pieces; `kept` is what `safe_path` made of its name.

        Raises TooLarge, and Invalid where the upload was cut off or its name is taken by a folder.
        """
        if declared is not None and declared > self._limit:
            raise TooLarge(sentences.FILE_TOO_LARGE.format(most=self.limit_text))
        part = self._folder / f".{secrets.token_hex(8)}.part"
        await anyio.to_thread.run_sync(self._ready)
        try:
            await self._write(part, body)
            await anyio.to_thread.run_sync(self._take, part, kept)
        except ClientDisconnect:
            raise Invalid(sentences.UPLOAD_CUT_OFF) from None
        finally:
            await anyio.Path(part).unlink(missing_ok=True)

    def _take(self, part: Path, kept: str) -> None:
        path = self._folder / kept
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _mark(path).touch()
            part.replace(path)
        except OSError:  # a folder of that name, or a file where a folder should be
            raise Invalid(sentences.FOLDER_OF_THAT_NAME.format(file=kept)) from None

    def waiting(self) -> list[Received]:
        """The files nobody has read yet, the oldest first."""
        found = []
        for mark in self._folder.rglob(f".*{_UNREAD}"):
            path = mark.parent / mark.name[1 : -len(_UNREAD)]
            with contextlib.suppress(FileNotFoundError):  # taken away meanwhile
                about = path.stat()
                received_at = datetime.fromtimestamp(about.st_mtime, UTC)
                found.append(Received(path.relative_to(self._folder).as_posix(), about.st_size, received_at))
        return sorted(found, key=lambda each: (each.received_at, each.file))

    def read(self, names: Iterable[str]) -> None:
        """Mark these files as read, whatever came of it."""
        for name in names:
            _mark(self._folder / name).unlink(missing_ok=True)

    def discard(self, name: str) -> None:
        """Delete a file nobody has read. Raises NotFound where there is none."""
        path = self.path(name)
        if not _mark(path).exists():
            raise NotFound(sentences.READ_ALREADY.format(file=name))
        self._delete(path)

    def _ready(self) -> None:
        """Make the folder, and delete abandoned parts of uploads that a killed service left."""
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
                    raise TooLarge(sentences.FILE_TOO_LARGE.format(most=self.limit_text))
                await file.write(piece)

    def path(self, name: str) -> Path:
        """Return the path of an uploaded file by the name it was kept under. Raises NotFound for anything else."""
        folder, _, base = name.rpartition("/")
        path = self._folder / name
        if safe_path(base, folder) != name or not path.is_file():
            raise NotFound(sentences.NO_SUCH_UPLOAD.format(file=safe_name(name)))
        return path

    def forget(self, source: str) -> None:
        """Delete the file a removed document came from, if it was uploaded."""
        path = Path(source)
        if path.is_relative_to(self._folder.resolve()) and ".." not in path.parts:
            self._delete(path)

    def _delete(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        _mark(path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # the folder holds other files
            while path.parent not in (self._folder, self._folder.resolve()):
                path = path.parent
                path.rmdir()


def _mark(path: Path) -> Path:
    return path.with_name(f".{path.name}{_UNREAD}")
