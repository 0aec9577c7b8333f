"""LlamaIndex as its documentation sets it up.

developers.llamaindex.ai/python/framework/integrations/retrievers/bm25_retriever: SentenceSplitter with 512 tokens a
piece, BM25Retriever beside a vector index over Chroma. …/retrievers/reciprocal_rerank_fusion: QueryFusionRetriever in
the mode `reciprocal_rerank`, with one query, as there is no chat model to invent others. HuggingFaceEmbedding
normalises. To BM25Retriever a word is a run of two or more word characters; it takes no custom tokenizer.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import chromadb
from llama_index.core import Document as Text
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.chroma import ChromaVectorStore

from bench.peers.peer import Document, Peer, distinct, prompts


class Fusion(Peer):
    """Chroma and BM25, joined by reciprocal rank fusion."""

    def __init__(self, model: Path, folder: Path) -> None:
        said = prompts(model)
        self._embedding = HuggingFaceEmbedding(
            model_name=str(model),
            device="cpu",
            query_instruction=said["query"],
            text_instruction=said["document"],
        )
        self._collection = chromadb.PersistentClient(str(folder / "chroma")).get_or_create_collection("documents")
        self._retriever = lru_cache(self._made)

    def index(self, documents: Sequence[Document]) -> int:
        texts = [Text(text=each.content, id_=each.id) for each in documents]
        self._nodes = SentenceSplitter(chunk_size=512).get_nodes_from_documents(texts)
        storage = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=self._collection))
        self._index = VectorStoreIndex(self._nodes, storage_context=storage, embed_model=self._embedding)
        self._words = BM25Retriever.from_defaults(nodes=self._nodes)
        return len(self._nodes)

    def search(self, question: str, k: int) -> list[str]:
        return distinct(found.node.ref_doc_id for found in self._retriever(k).retrieve(question))

    def _made(self, k: int) -> QueryFusionRetriever:
        words = BM25Retriever(existing_bm25=self._words.bm25, similarity_top_k=k)
        words.corpus = self._words.corpus
        return QueryFusionRetriever(
            [self._index.as_retriever(similarity_top_k=k), words],
            llm=MockLLM(),
            mode=FUSION_MODES.RECIPROCAL_RANK,
            similarity_top_k=k,
            num_queries=1,
            use_async=False,
        )
