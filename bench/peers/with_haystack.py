"""Haystack as its documentation sets it up.

haystack.deepset.ai/tutorials/33_hybrid_retrieval: DocumentSplitter with 512 words a piece, 32 shared, embedders by
sentence-transformers, InMemoryDocumentStore, InMemoryBM25Retriever beside InMemoryEmbeddingRetriever. Where the
tutorial goes on to a cross-encoder, docs.haystack.deepset.ai/docs/documentjoiner joins by reciprocal rank fusion. The
store compares by cosine: its reference says to look up the right function for the model. The splitter ends words at
white space, so it hardly ever cuts Chinese. BM25 ends words where the store's own expression does.
"""

from collections.abc import Sequence
from pathlib import Path

from haystack import Document as Text
from haystack import Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from bench.peers.peer import Document, Peer, distinct, prompts


class Hybrid(Peer):
    """Vectors and BM25 in memory, joined by reciprocal rank fusion."""

    def __init__(self, model: Path, folder: Path) -> None:
        device = ComponentDevice.from_str("cpu")
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        said = prompts(model)
        self._embedder = SentenceTransformersDocumentEmbedder(
            model=str(model), device=device, progress_bar=False, prefix=said["document"]
        )
        self._pipeline = Pipeline()
        questions = SentenceTransformersTextEmbedder(
            model=str(model), device=device, progress_bar=False, prefix=said["query"]
        )
        self._pipeline.add_component("embedder", questions)
        self._pipeline.add_component("vectors", InMemoryEmbeddingRetriever(self._store))
        self._pipeline.add_component("words", InMemoryBM25Retriever(self._store))
        self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("embedder", "vectors")
        self._pipeline.connect("vectors", "joiner")
        self._pipeline.connect("words", "joiner")

    def index(self, documents: Sequence[Document]) -> int:
        indexing = Pipeline()
        indexing.add_component("splitter", DocumentSplitter(split_by="word", split_length=512, split_overlap=32))
        indexing.add_component("embedder", self._embedder)
        indexing.add_component("writer", DocumentWriter(self._store))
        indexing.connect("splitter", "embedder")
        indexing.connect("embedder", "writer")
        texts = [Text(content=each.content, meta={"name": each.id}) for each in documents]
        written: int = indexing.run({"splitter": {"documents": texts}})["writer"]["documents_written"]
        return written

    def search(self, question: str, k: int) -> list[str]:
        asked = {
            "embedder": {"text": question},
            "vectors": {"top_k": k},
            "words": {"query": question, "top_k": k},
            "joiner": {"top_k": k},
        }
        return distinct(each.meta["name"] for each in self._pipeline.run(asked)["joiner"]["documents"])
