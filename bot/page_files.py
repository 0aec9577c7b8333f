"""The files served with an applicant's page: its own, those of all such pages, and those shared with the desk."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from desk.web.templates import PAGES as DESK_PAGES

PAGES = Path(__file__).parent / "pages"
ALL = ("early.js", "icon.svg", "large_type.js")
SHARED = (
    "palette.css",
    "elements.js",
    "identifiers.js",
    "links.js",
    "requests.js",
    "sentences.js",
    "storage.js",
    "times.js",
)
CHAT = (
    "chat.css",
    "bubbles.js",
    "chat.js",
    "line.js",
    "log.js",
    "outbox.js",
    "scrolling.js",
    "standing.js",
    "texts.js",
    "writing.js",
)
DOCUMENT = ("document.css", "document.js")


@dataclass(frozen=True, slots=True)
class PageFiles:
    """Files by folder and name ("chat/chat.js"). `version` changes when any file changes."""

    files: dict[str, bytes]
    version: str


def page_files(folder: str, names: tuple[str, ...]) -> PageFiles:
    """Read the files that a page needs, from its own `folder` and the shared ones. No other file is served."""
    files = {name: (PAGES / name).read_bytes() for name in (*ALL, *(f"{folder}/{name}" for name in names))}
    files |= {f"shared/{name}": (DESK_PAGES / "shared" / name).read_bytes() for name in SHARED}
    return PageFiles(files, hashlib.sha256(b"".join(files.values())).hexdigest()[:16])
