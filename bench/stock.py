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
from retrieval.obtain import evaluation_source

TOP = 4  # passages, LangChain's own default
_DEEP = 60  # chunks looked at to rank ten documents
_BATCH = 64


class SentenceEmbeddings(Embeddings):
    """What langchain-huggingface's class does; that package would change the version of huggingface_hub.

    Vectors are normalised, as the model's card compares them by cosine.
    """

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(texts, normalize_embeddings=True).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class Stock:
    """The pipeline over some documents, kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._done = folder / "complete"
        self._store = Chroma("stock", SentenceEmbeddings(model_folder()), persist_directory=str(folder))

    def fill(self, documents: Callable[[], list[Document]], report: Report) -> None:
        """Put the documents in, unless that was done before: 1000 characters a piece, 200 shared, as its guide says."""
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
        """The four best pieces."""
        return self._store.similarity_search(text, k=TOP)

    def ranking(self, text: str) -> list[str]:
        """The ids of documents, each where its best piece stands."""
        found: list[Any] = self._store.similarity_search(text, k=_DEEP)
        return list(dict.fromkeys(piece.metadata["id"] for piece in found))

    def piece_count(self) -> int:
        """How many pieces it holds."""
        return len(self._store.get(include=[])["ids"])


def model_folder() -> Path:
    """m3e-small as sentence-transformers loads it. Raises retrieval.obtain.ModelUnavailable."""
    folder = CACHE / "m3e-small"
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix=".obtaining-") as scratch:
            evaluation_source(Path(scratch), lambda _: None).folder.rename(folder)
    return folder
