"""Finds the files that a run reads: those of folders, and those inside archives under the archive's name."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.formats import archive
from knowledge.model import FileFailure
from knowledge.sandbox.parsers import Parsers


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to be read: where its bytes are, what people call it ("规章.zip/办法.docx") and where it came from.

    `failure` says why there are no bytes.
    """

    path: Path
    name: str
    source: str
    failure: FileFailure | None = None


def gather(
    files: Sequence[Path], parsers: Parsers, scratch: Path, cancel: threading.Event | None = None
) -> Iterator[FoundFile]:
    """Yield `files`, with each archive replaced by its members, unpacked into `scratch`.

    Raises `Cancelled` when `cancel` is set.
    """
    for number, path in enumerate(files):
        source = path.resolve().as_posix()
        if not archive.may_be_archive(_head(path)):
            yield FoundFile(path, path.name, source)
            continue
        folder = scratch / str(number)
        folder.mkdir()
        members = parsers.unpack(path, folder, cancel)
        if isinstance(members, FileFailure):
            yield FoundFile(path, path.name, source, members)
        elif members is None:
            yield FoundFile(path, path.name, source)
        else:
            yield from (_found(path, source, member) for member in members)


def _found(path: Path, source: str, member: archive.Member) -> FoundFile:
    name = f"{path.name}/{member.name}"
    failure = None if member.path else FileFailure(name, member.reason)
    return FoundFile(member.path or path, name, f"{source}/{member.name}", failure)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(100)
    except OSError:
        return b""
