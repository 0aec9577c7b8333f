"""The documents that are learned from, and the half of them that never is."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.load import load
from knowledge.model import Clause, ParsedDocument

CORPORA = ("policies", "messages")


class NoSource(LookupError):
    """A document that questions were asked over is not there. The message names it and says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it was read: its title, which may be empty, its clauses, and what a service would know of it."""

    title: str
    clauses: tuple[Clause, ...]
    parsed: ParsedDocument


class Sources:
    """The documents below a folder: `laws/**/*.md`, and `policies` and `messages` in BEIR form."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Reading] = {}

    def read(self, document: str) -> Reading:
        """Read a document by its name: `laws/KIND/FILE.md`, `policies/ID` or `messages/ID`. Raises NoSource."""
        if document not in self._known:
            self._known[document] = self._read(document)
        return self._known[document]

    def names(self) -> Iterator[str]:
        """Yield the names of all documents that can be read."""
        for path in sorted((self._folder / "laws").rglob("*.md")):
            yield path.relative_to(self._folder).as_posix()
        for source, texts in self._texts.items():
            yield from (f"{source}/{key}" for key, text in texts.items() if text.strip())

    def _read(self, document: str) -> Reading:
        source, _, key = document.partition("/")
        if source not in CORPORA:
            return self._law(document)
        if key not in self._texts[source]:
            raise NoSource(f"{document} is not in {self._folder / source / 'corpus.jsonl'}")
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "text.txt"
            path.write_text(self._texts[source][key].replace(" ", "\n"), encoding="utf-8")
            read = load(path, path.name)
            return Reading("", read.clauses, read)

    def _law(self, document: str) -> Reading:
        path = self._folder / document
        if not path.is_file():
            raise NoSource(f"{document} is not below {self._folder}")
        read = load(path, path.name)
        return Reading(read.metadata.title, read.clauses, read)

    @cached_property
    def _texts(self) -> dict[str, dict[str, str]]:
        return {name: dict(self._rows(name)) for name in CORPORA}

    def _rows(self, name: str) -> Iterator[tuple[str, str]]:
        path = self._folder / name / "corpus.jsonl"
        if not path.is_file():
            raise NoSource(f"{path} is not there")
        with path.open(encoding="utf-8") as file:
            for line in file:
                read = json.loads(line)
                yield read["_id"], read["text"]


def may_be_learned_from(document: str) -> bool:
    """Return whether a document belongs to the half that may be learned from, by a hash of its name.

    All versions of a law share a name, so that they are on one side.
    """
    source, _, key = document.partition("/")
    name = key if source in CORPORA else Path(key).stem.split("(")[0]
    return hashlib.sha256(f"{source}/{name}".encode()).digest()[0] % 2 == 0
