"""What a generation's folder must hold, byte for byte, to be trusted."""

import json
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from retrieval.search.vectors import CannotOpen

_NAME = "manifest.json"
_CHANGING = {
    _NAME,
    "lock",
    "chroma.sqlite3",
    "chroma.sqlite3-wal",
    "chroma.sqlite3-shm",
}  # opening SQLite's files changes them


@dataclass(frozen=True, slots=True)
class Manifest:
    """Model, rows in each partition, version of each document, and CRC-32 of the files that never change."""

    model: str
    rows: dict[str, int]
    versions: dict[str, int]
    checksums: dict[str, int] = field(default_factory=dict)


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest with the checksums of what lies in `folder` now; this makes the generation complete."""
    sealed = asdict(manifest) | {"checksums": checksums(folder)}
    partial = folder / "manifest.partial"
    body = json.dumps(sealed)
    partial.write_text(json.dumps({"crc": zlib.crc32(body.encode()), "body": body}), encoding="utf-8")
    partial.replace(folder / _NAME)


def manifest_of(folder: Path) -> Manifest:
    """Read a generation's manifest. Raises CannotOpen where it is missing or damaged."""
    try:
        written = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        if zlib.crc32(written["body"].encode()) != written["crc"]:
            raise ValueError("the manifest is damaged")
        return Manifest(**json.loads(written["body"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CannotOpen(f"{folder.name}: {error}") from error


def verify(folder: Path, manifest: Manifest, under: str = "") -> None:
    """Check the files under `under`. Raises CannotOpen where one is missing or not what was sealed."""
    expected = {name: crc for name, crc in manifest.checksums.items() if name.startswith(under)}
    for name, crc in expected.items():
        try:
            found = _checksum(folder / name)
        except OSError as error:
            raise CannotOpen(f"{folder.name}/{name}: {error}") from error
        if found != crc:
            raise CannotOpen(f"{folder.name}/{name} is damaged")


def checksums(folder: Path) -> dict[str, int]:
    """Return the CRC-32 of each file that never changes, by its path in `folder`."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in _CHANGING)
    return {path.relative_to(folder).as_posix(): _checksum(path) for path in files}


def _checksum(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            crc = zlib.crc32(part, crc)
    return crc
