"""The stock pipeline: LangChain's splitter and Chroma store, the same model by sentence-transformers, top four."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from bench.houses import Report
from bench.places import CACHE
from retrieval.embedding.obtain import DEFAULT_MODEL, obtained_source

TOP = 4  # passages; LangChain's own default
_DEEP = 60  # chunks fetched to rank ten documents
_BATCH = 64


class SentenceEmbeddings(Embeddings):
    """Does the same as langchain-huggingface's class. That package would change the version of huggingface_hub.

    Vectors are normalised, as the model's card compares them by cosine.
    """

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode_document(texts, normalize_embeddings=True).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._model.encode_query(text, normalize_embeddings=True).tolist()
        return vector


class Stock:
    """The pipeline over some documents, kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._done = folder / "complete"
        self._store = Chroma("stock", SentenceEmbeddings(model_folder()), persist_directory=str(folder))

    def fill(self, documents: Callable[[], list[Document]], report: Report) -> None:
        """Put the documents in, unless that is done: 1000 characters a piece, 200 shared, as LangChain's guide says."""
        if self._done.is_file():
            return
        self._store.reset_collection()
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        pieces = splitter.split_documents(documents())
        for start in range(0, len(pieces), _BATCH):
            self._store.add_documents(pieces[start : start + _BATCH])
            report("stock", min(start + _BATCH, len(pieces)), len(pieces))
        self._done.touch()

    def ask(self, text: str) -> list[Document]:
        """Return the four best pieces."""
        return self._store.similarity_search(text, k=TOP)

    def ranking(self, text: str) -> list[str]:
        """Return ids of documents, each at the rank of its best piece."""
        found: list[Any] = self._store.similarity_search(text, k=_DEEP)
        return list(dict.fromkeys(piece.metadata["id"] for piece in found))


def model_folder() -> Path:
    """Return the folder of the shipped model's weights as sentence-transformers loads them."""
    folder = CACHE / DEFAULT_MODEL
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix=".obtaining-") as scratch:
            obtained_source(DEFAULT_MODEL, Path(scratch), lambda _: None).folder.rename(folder)
    return folder
