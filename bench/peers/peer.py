"""The interface of every contestant: take documents in, and name the best of them for a question."""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be found; the title may be empty."""

    id: str
    title: str
    text: str

    @property
    def content(self) -> str:
        """Title and text as one, for contestants that know no titles."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text


class Peer(Protocol):
    """A way to find documents, set up as its documentation recommends. It runs in a process of its own."""

    def index(self, documents: Sequence[Document]) -> int:
        """Take the documents in, once; return how many passages they make."""

    def search(self, question: str, k: int) -> list[str]:
        """Return the ids of the documents of the `k` best passages, each at the rank of its best passage."""

    def search_all(self, questions: Sequence[str], k: int, threads: int) -> None:
        """Search for all questions by `threads` threads, as fast as the peer can. By default: a pool of threads."""
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda question: self.search(question, k), questions))


def prompts(model: Path) -> dict[str, str]:
    """Return what a model wants before a text, under "query" and "document"; "" where it wants nothing."""
    said = json.loads((model / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
    return {name: said.get(name) or "" for name in ("query", "document")}


Make = Callable[[Path, Path], Peer]  # takes the model's folder and a folder of its own


def distinct(ids: Iterable[str]) -> list[str]:
    """Return the ids without repeats, in their order."""
    return list(dict.fromkeys(ids))
