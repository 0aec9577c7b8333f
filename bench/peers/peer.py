"""What every contestant does: take documents in, and name the best of them for a question."""

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
        """Title and text as one, for whoever knows no titles."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text


class Peer(Protocol):
    """A way to find documents, set up as its documentation recommends; it lives in a process of its own."""

    def index(self, documents: Sequence[Document]) -> int:
        """Take the documents in, once; how many passages they made."""

    def search(self, question: str, k: int) -> list[str]:
        """The documents of the `k` best passages, by id, each where its best passage stands."""

    def search_all(self, questions: Sequence[str], k: int, threads: int) -> None:
        """`search` for all of them, as fast as it can by `threads`; here by a pool of them."""
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda question: self.search(question, k), questions))


Make = Callable[[Path, Path], Peer]  # from the folder of the model and one of its own


def distinct(ids: Iterable[str]) -> list[str]:
    """Without repeats, in their order."""
    return list(dict.fromkeys(ids))
