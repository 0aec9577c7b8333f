"""bm25s as its README (github.com/xhluca/bm25s) sets it up: tokenize, index, retrieve.

By default a word is a run of two or more word characters, and English stop words are left out. A run of Chinese
between two marks is one word then. For other languages the README has `Tokenizer` with a custom splitter. The answer to
issue 34 (Chinese) is to use a Chinese tokenizer; here it is jieba's.
"""

from collections.abc import Sequence
from pathlib import Path

import bm25s
import jieba
from bm25s.tokenization import Tokenizer

from bench.peers.peer import Document, Peer


class Words(Peer):
    """bm25s as in its quick start."""

    def __init__(self, model: Path, folder: Path) -> None:
        self._retriever = bm25s.BM25()
        self._ids: list[str] = []

    def index(self, documents: Sequence[Document]) -> int:
        self._ids = [document.id for document in documents]
        self._retriever.index(self._corpus([document.content for document in documents]), show_progress=False)
        return len(documents)

    def search(self, question: str, k: int) -> list[str]:
        (found,) = self._retrieve([question], k, threads=0)
        return found

    def search_all(self, questions: Sequence[str], k: int, threads: int) -> None:
        self._retrieve(questions, k, threads)

    def _retrieve(self, questions: Sequence[str], k: int, threads: int) -> list[list[str]]:
        k = min(k, len(self._ids))
        found = self._retriever.retrieve(self._questions(questions), k=k, n_threads=threads, show_progress=False)
        return [[self._ids[int(place)] for place in row] for row in found.documents]

    def _corpus(self, texts: Sequence[str]) -> object:
        return bm25s.tokenize(list(texts), show_progress=False)

    def _questions(self, texts: Sequence[str]) -> object:
        return self._corpus(texts)


class SegmentedWords(Words):
    """bm25s with jieba's words."""

    def __init__(self, model: Path, folder: Path) -> None:
        super().__init__(model, folder)
        jieba.initialize()
        self._tokenizer = Tokenizer(splitter=jieba.lcut)

    def _corpus(self, texts: Sequence[str]) -> object:
        return self._tokenizer.tokenize(list(texts), return_as="tuple", show_progress=False)

    def _questions(self, texts: Sequence[str]) -> object:
        return self._tokenizer.tokenize(list(texts), update_vocab=False, return_as="ids", show_progress=False)
