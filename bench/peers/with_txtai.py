"""txtai as its documentation sets it up.

neuml.github.io/txtai/embeddings/configuration/general: `hybrid: true` beside the `path` of the model. This makes a
Faiss index and a BM25 index and joins their scores half and half. Documents stay whole. `batchsearch` asks many
together.
"""

from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings

from bench.peers.peer import Document, Peer, prompts


class Hybrid(Peer):
    """Faiss and BM25."""

    def __init__(self, model: Path, folder: Path) -> None:
        said = prompts(model)
        instructions = {"query": said["query"], "data": said["document"]}
        self._embeddings = Embeddings(path=str(model), hybrid=True, gpu=False, instructions=instructions)

    def index(self, documents: Sequence[Document]) -> int:
        self._embeddings.index((each.id, each.content, None) for each in documents)
        count: int = self._embeddings.count()
        return count

    def search(self, question: str, k: int) -> list[str]:
        return [id_ for id_, _ in self._embeddings.search(question, k)]

    def search_all(self, questions: Sequence[str], k: int, threads: int) -> None:
        self._embeddings.batchsearch(list(questions), k)
