"""Unpack ZIP archives within fixed limits and under file names of our own."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge import sentences
from knowledge.formats.plain import decode
from knowledge.formats.unreadable import Unreadable

ENDINGS = (".zip",)
MOST_MEMBERS = 5000
MOST_BYTES = 500_000_000  # of all members together, unpacked
MOST_RATIO = 150  # unpacked to packed; text and office files stay below 40
_SMALL = 10_000_000  # bytes; below this no ratio is suspicious
_PART = 1 << 20
_UTF8_NAME = 0x800  # flag: the name is UTF-8, not the code page of whoever packed it
_ENCRYPTED = 0x1
_DOCUMENT_STARTS = ("[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/", "customXml/", "mimetype")
_NOT_ZIP = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. `name` includes its folders. `path` is the unpacked file; if None, `reason` says why."""

    name: str
    path: Path | None = None
    reason: str = ""


def may_be_archive(head: bytes) -> bool:
    """Return whether a file beginning with these hundred bytes may be an archive, rather than an office document."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    return not head[30:].startswith(tuple(start.encode() for start in _DOCUMENT_STARTS))


def other_archive(head: bytes) -> str:
    """Return the kind of an archive that we do not open, "" for any other file."""
    return next((kind for mark, kind in _NOT_ZIP.items() if head.startswith(mark)), "")


def is_document(names: set[str]) -> bool:
    """Return whether a ZIP with these members is a single office document."""
    return bool(names & {"[Content_Types].xml", "mimetype", "OFD.xml"})


def unpack(archive: Path, folder: Path, member_bytes: int) -> tuple[Member, ...] | None:
    """Unpack the files of `archive` into `folder`, with numbers as names. Returns None if it is an office document.

    Names in the archive never decide where a file is written. Sizes are counted while unpacking, because the archive
    may lie about them. A member that fails is returned with its reason. Raises `Unreadable` if the archive as a whole
    cannot be opened. `member_bytes` is the largest size of one member.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            if is_document({info.filename for info in infos}):
                return None
            members = tuple(_members(opened, infos, folder, member_bytes))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise Unreadable(sentences.ARCHIVE_BROKEN) from None
    if not members:
        raise Unreadable(sentences.ARCHIVE_EMPTY)
    return members


def _members(
    opened: zipfile.ZipFile, infos: list[zipfile.ZipInfo], folder: Path, member_bytes: int
) -> Iterator[Member]:
    if len(infos) > MOST_MEMBERS:
        raise Unreadable(sentences.ARCHIVE_TOO_MANY.format(count=len(infos), most=MOST_MEMBERS))
    left, taken = MOST_BYTES, set[str]()
    size = sum(info.compress_size for info in {info.header_offset: info for info in infos}.values())
    for number, info in enumerate(infos):
        name = _free_name(_name(info), taken)
        if not name or any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
            continue
        try:
            left -= _extract(opened, info, folder / f"{number:05}", min(left, member_bytes))
            if _is_bomb(MOST_BYTES - left, size):
                raise Unreadable(sentences.ARCHIVE_BOMB)
            yield Member(name, folder / f"{number:05}")
        except Unreadable as error:
            (folder / f"{number:05}").unlink(missing_ok=True)
            yield Member(name, reason=error.reason)


def _extract(opened: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, limit: int) -> int:
    """Write one member and return the number of bytes written."""
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(sentences.MEMBER_LOCKED)
    size = 0
    try:
        with opened.open(info) as member, to.open("wb") as file:
            while part := member.read(_PART):
                size += len(part)
                if size > limit:
                    raise Unreadable(sentences.MEMBER_TOO_LARGE.format(most=limit / 1_000_000))
                if _is_bomb(size, info.compress_size):
                    raise Unreadable(sentences.MEMBER_BOMB)
                file.write(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unreadable(sentences.MEMBER_BROKEN) from None
    return size


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _SMALL and unpacked > MOST_RATIO * max(packed, 1)


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name without ".." parts: UTF-8 if the archive says so or the bytes are, else GB18030 or Big5."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = decode(name.encode("cp437"))
        except UnicodeEncodeError:
            name = info.filename
    parts = name.split("\x00")[0].replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _free_name(name: str, taken: set[str]) -> str:
    """Return `name`, with a number added if an earlier member has the same."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(free)
    return free
