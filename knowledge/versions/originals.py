"""Keeps the original files of all versions, each content once, under a name made of its hash."""

import contextlib
import hashlib
import re
import secrets
from pathlib import Path

_LONGEST_SUFFIX = 12
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}(\.[a-z0-9]+)?")


class Originals:
    """A folder of files named `<hash[:2]>/<hash><suffix>`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, path: Path) -> str:
        """Keep a copy of a file as it is now, and return its name here.

        Raises OSError where the file cannot be read or the copy cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part, digest = self._folder / f".{secrets.token_hex(8)}.part", hashlib.sha256()
        try:
            with path.open("rb") as source, part.open("xb") as copy:
                while piece := source.read(1 << 20):
                    digest.update(piece)
                    copy.write(piece)
            name = _name(digest.hexdigest(), path.suffix)
            kept = self._folder / name
            if not kept.exists():
                kept.parent.mkdir(exist_ok=True, mode=0o700)
                part.replace(kept)
        finally:
            part.unlink(missing_ok=True)
        return name

    def path(self, name: str) -> Path | None:
        """Return the file of that name, or None. A file outside the folder is never returned."""
        found = self._folder / name
        return found if _NAME.fullmatch(name) and found.is_file() else None

    def forget(self, name: str) -> None:
        """Delete a file that no version names any more."""
        if found := self.path(name):
            found.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # other files are in the folder
                found.parent.rmdir()


def _name(digest: str, suffix: str) -> str:
    plain = suffix.lower() if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= _LONGEST_SUFFIX else ""
    return f"{digest[:2]}/{digest}{plain}"
