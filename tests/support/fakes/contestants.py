"""Contestants for the benchmark's own tests: one that works, and every way not to."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.peers.peer import Document, Peer


class Working(Peer):
    """Finds the documents that share most characters with the question; talks on standard output meanwhile."""

    def __init__(self, model: Path, folder: Path) -> None:
        self.folder = folder
        self.documents: list[Document] = []

    def index(self, documents: Sequence[Document]) -> int:
        print("indexing")
        self.documents = list(documents)
        return len(documents)

    def search(self, question: str, k: int) -> list[str]:
        print("searching")
        best = sorted(self.documents, key=lambda each: -len(set(each.content) & set(question)))
        return [each.id for each in best[:k]]


class Large(Working):
    """Holds 200 MB."""

    def index(self, documents: Sequence[Document]) -> int:
        self.held = bytearray(b"x") * 200_000_000
        time.sleep(1)
        return super().index(documents)


class Crashing(Working):
    """Its process ends at the first question."""

    def search(self, question: str, k: int) -> list[str]:
        print("out of luck", file=sys.stderr, flush=True)
        sys.exit(3)


class Raising(Working):
    """Cannot index."""

    def index(self, documents: Sequence[Document]) -> int:
        raise ValueError("too many documents")


class Hanging(Working):
    """Never answers, and has a process of its own."""

    def search(self, question: str, k: int) -> list[str]:
        with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
            (self.folder / "pid.txt").write_text(str(child.pid))
        return []


class Absent(Working):
    """Wants a library that is not there."""

    def __init__(self, model: Path, folder: Path) -> None:
        import no_such_library  # type: ignore[import-not-found]  # noqa: F401
