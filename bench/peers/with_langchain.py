"""LangChain as its documentation sets it up.

docs.langchain.com/oss/python/langchain/knowledge-base: RecursiveCharacterTextSplitter with 1000 characters a piece, 200
shared, a vector store, `as_retriever`. …/integrations/embeddings/sentence_transformers: HuggingFaceEmbeddings. Vectors
are normalised, as the model's card compares by cosine. …/integrations/retrievers/bm25: BM25Retriever, which ends words
at white space unless it is given a `preprocess_func`. EnsembleRetriever with equal weights. `batch` asks many together.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import jieba
from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document as Piece
from langchain_core.retrievers import BaseRetriever
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from bench.peers.peer import Document, Peer, distinct, prompts

_ADDED = 1000  # pieces at a time


class Vectors(Peer):
    """LangChain's splitter and Chroma."""

    def __init__(self, model: Path, folder: Path) -> None:
        said = prompts(model)
        embeddings = HuggingFaceEmbeddings(
            model_name=str(model),
            model_kwargs={"device": "cpu"},
            encode_kwargs={"normalize_embeddings": True, "prompt": said["document"]},
            query_encode_kwargs={"normalize_embeddings": True, "prompt": said["query"]},
        )
        self._store = Chroma("documents", embeddings, persist_directory=str(folder / "chroma"))
        self._retriever = lru_cache(self._made)

    def index(self, documents: Sequence[Document]) -> int:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        pieces = splitter.split_documents([Piece(each.content, metadata={"id": each.id}) for each in documents])
        for start in range(0, len(pieces), _ADDED):
            self._store.add_documents(pieces[start : start + _ADDED])
        self._take_words(pieces)
        return len(pieces)

    def search(self, question: str, k: int) -> list[str]:
        return distinct(piece.metadata["id"] for piece in self._retriever(k).invoke(question))

    def search_all(self, questions: Sequence[str], k: int, threads: int) -> None:
        self._retriever(k).batch(list(questions), config={"max_concurrency": threads})

    def _take_words(self, pieces: list[Piece]) -> None:
        pass

    def _made(self, k: int) -> BaseRetriever:
        return self._store.as_retriever(search_kwargs={"k": k})


class Ensemble(Vectors):
    """The same, joined with the default BM25Retriever by reciprocal rank fusion."""

    def _take_words(self, pieces: list[Piece]) -> None:
        self._words = BM25Retriever.from_documents(pieces)

    def _made(self, k: int) -> BaseRetriever:
        words = self._words.model_copy(update={"k": k})
        return EnsembleRetriever(retrievers=[words, super()._made(k)], weights=[0.5, 0.5])


class SegmentedEnsemble(Ensemble):
    """The ensemble with jieba's words; the documentation leaves the choice of words to the reader."""

    def _take_words(self, pieces: list[Piece]) -> None:
        jieba.initialize()
        self._words = BM25Retriever.from_documents(pieces, preprocess_func=jieba.lcut)
