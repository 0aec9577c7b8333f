"""ZIP archives: the files inside, unpacked within bounds and under names of our own."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.formats.plain import decode
from knowledge.unreadable import Unreadable

MOST_MEMBERS = 5000
MOST_BYTES = 500_000_000  # of all members together, unpacked
MOST_RATIO = 150  # unpacked to packed; text and office files stay below 40
_SMALL = 10_000_000  # bytes below which a ratio frightens nobody
_BOMB = "{}压缩比异常，像是“压缩炸弹”，没有解开。请核对原件。"
_PART = 1 << 20
_UTF8_NAME = 0x800  # flag: the name is UTF-8, not the code page of whoever packed it
_ENCRYPTED = 0x1
_DOCUMENT_STARTS = ("[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/", "customXml/", "mimetype")
_NOT_ZIP = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name inside, folders included, and where it lies unpacked or why it does not."""

    name: str
    path: Path | None = None
    reason: str = ""


def may_be_archive(head: bytes) -> bool:
    """Whether the first hundred bytes of a file could be those of an archive rather than of an office document."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    return not head[30:].startswith(tuple(start.encode() for start in _DOCUMENT_STARTS))


def other_archive(head: bytes) -> str:
    """What kind of archive this is if it is one we do not open, else ""."""
    return next((kind for mark, kind in _NOT_ZIP.items() if head.startswith(mark)), "")


def is_document(names: set[str]) -> bool:
    """Whether a ZIP with these members is one office document."""
    return bool(names & {"[Content_Types].xml", "mimetype", "OFD.xml"})


def unpack(archive: Path, folder: Path, member_bytes: int) -> tuple[Member, ...] | None:
    """Unpack the files of `archive` into `folder` under numbers; None when it is not an archive but a document.

    Nothing the archive says decides where a file is written, and sizes are counted, not believed. A member that fails
    is named with its reason. Raises `Unreadable` when the archive as a whole cannot be opened.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            if is_document({info.filename for info in infos}):
                return None
            members = tuple(_members(opened, infos, folder, member_bytes))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise Unreadable("压缩包已损坏，打不开（压缩结构不完整）。请重新下载，或解压后导入其中的文件。") from None
    if not members:
        raise Unreadable("压缩包里没有文件。请核对原件后重新打包再导入。")
    return members


def _members(
    opened: zipfile.ZipFile, infos: list[zipfile.ZipInfo], folder: Path, member_bytes: int
) -> Iterator[Member]:
    if len(infos) > MOST_MEMBERS:
        raise Unreadable(f"压缩包里有 {len(infos)} 个文件，超过 {MOST_MEMBERS} 个的上限。请分成几个压缩包再导入。")
    left, taken = MOST_BYTES, set[str]()
    size = sum(info.compress_size for info in {info.header_offset: info for info in infos}.values())
    for number, info in enumerate(infos):
        name = _free_name(_name(info), taken)
        if not name or any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
            continue
        try:
            left -= _extract(opened, info, folder / f"{number:05}", min(left, member_bytes))
            if _is_bomb(MOST_BYTES - left, size):
                raise Unreadable(_BOMB.format("压缩包"))
            yield Member(name, folder / f"{number:05}")
        except Unreadable as error:
            (folder / f"{number:05}").unlink(missing_ok=True)
            yield Member(name, reason=error.reason)


def _extract(opened: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, limit: int) -> int:
    """Write one member; the number of bytes written."""
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable("压缩包里的这个文件设了密码。请用密码解压后导入。")
    size = 0
    try:
        with opened.open(info) as member, to.open("wb") as file:
            while part := member.read(_PART):
                size += len(part)
                if size > limit:
                    raise Unreadable(f"压缩包里的这个文件解开后超过 {limit / 1_000_000:.0f} MB 的上限，没有解开。")
                if _is_bomb(size, info.compress_size):
                    raise Unreadable(_BOMB.format("压缩包里的这个文件"))
                file.write(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unreadable("压缩包里的这个文件已损坏，解不开。请重新下载，或解压后单独导入。") from None
    return size


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _SMALL and unpacked > MOST_RATIO * max(packed, 1)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as people know it: UTF-8 where the archive says so or it is, else GB18030 or Big5; no way out of it."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = decode(name.encode("cp437"))
        except UnicodeEncodeError:
            name = info.filename
    parts = name.split("\x00")[0].replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _free_name(name: str, taken: set[str]) -> str:
    """`name`, or with a number where an earlier member has it."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(free)
    return free
