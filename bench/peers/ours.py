"""The program's own index as a contestant: the code that serves publishes and asks it, Chroma included."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.houses import environment
from bench.peers.peer import Document, Peer, distinct
from bot.app import build
from bot.operations.migrations import migrate
from bot.settings import load_settings
from knowledge.model import Metadata, ParsedDocument
from knowledge.store.batch import IncomingDocument
from retrieval.evaluation.beir import Text
from retrieval.evaluation.ranking_quality import whole
from retrieval.index.index import DEPTH


class Laofashi(Peer):
    """The setup of `laofashi serve` up to the ranking of passages, except that each document is one clause.

    The model is the same as the others', as the program exports it.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        self._helpdesk = build(load_settings(environment(folder / "home")), announce=lambda _: None)
        migrate(self._helpdesk.engine)
        self._helpdesk.embedder.embed_query("预热")
        self._files: dict[str, str] = {}

    def index(self, documents: Sequence[Document]) -> int:
        store = self._helpdesk.store
        store.put_many([_incoming(document) for document in documents])
        self._helpdesk.index.publish()
        self._files = {each.id: each.file for each in store.documents()}
        return self._helpdesk.index.published.chunk_count

    def search(self, question: str, k: int) -> list[str]:
        index = self._helpdesk.index
        found = index.candidates(question, max(k, DEPTH))
        best = np.argsort(-index.fuse(found), kind="stable")[:k]
        return distinct(self._files[found.document_id(int(i))] for i in best)


def _incoming(document: Document) -> IncomingDocument:
    clause = whole(Text(document.id, document.title, document.text)).clause
    parsed = ParsedDocument(Metadata(document.title), (clause,), "text/plain")
    return IncomingDocument(parsed, file=document.id, source=document.id, content_hash="")
