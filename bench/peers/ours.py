"""The program's own index as one of the contestants: published and asked by the code that serves, Chroma included."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.houses import environment
from bench.peers.peer import Document, Peer, distinct
from bot.app import build
from bot.migrations import migrate
from bot.settings import load_settings
from knowledge.model import Metadata, ParsedDocument
from knowledge.store import Incoming
from retrieval.beir import Text
from retrieval.evaluate import whole
from retrieval.index import DEPTH


class Laofashi(Peer):
    """Everything as `laofashi serve` has it, but that each document is one clause; up to the ranking of passages.

    The model is the same, as the program exports it.
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


def _incoming(document: Document) -> Incoming:
    clause = whole(Text(document.id, document.title, document.text)).clause
    parsed = ParsedDocument(Metadata(document.title), (clause,), "text/plain")
    return Incoming(parsed, file=document.id, source=document.id, content_hash="")
