"""Sets up a helpdesk over the texts of a BEIR folder, and removes it when it has been asked."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, insert

from knowledge.database import connect_database, metadata, writing
from knowledge.model import Metadata, ParsedDocument
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from retrieval.answering.answerer import Answerer
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.beir import Text
from retrieval.evaluation.ranking_quality import embedded, whole
from retrieval.index.chunk_store import Report
from retrieval.index.chunks import chunked
from retrieval.index.index import Index
from retrieval.model import Outcome, Question
from retrieval.phrasing.prompt import Phraser
from retrieval.tables import vectors


@dataclass(frozen=True, slots=True)
class Scratch:
    """The terms of a throwaway helpdesk.

    `clock` and `today` give its time and day. `cache` is a folder to keep vectors in. `report` is told the progress.
    The helpdesk answers from the confidence `threshold` on. `phraser` words the answers.
    """

    clock: Callable[[], datetime]
    today: Callable[[], date]
    cache: Path | None = None
    report: Report = lambda *_: None
    threshold: float = 0.0
    phraser: Phraser | None = None


@contextmanager
def answering(corpus: Sequence[Text], embedder: Embedder, scratch: Scratch) -> Iterator[Callable[[Question], Outcome]]:
    """Yield a function that answers from this corpus through the code that serves.

    A citation's `file` is the id of a text. Every document is in force. Each is one clause, cut and embedded
    as `retrieval.evaluation.ranking_quality` does.
    """
    with tempfile.TemporaryDirectory(prefix="laofashi-evaluate-") as folder:
        engine = connect_database(f"sqlite:///{folder}/laofashi.db")
        store = DocumentStore(engine, scratch.clock)
        index = Index(store, embedder, Path(folder) / "index", scratch.today)
        try:
            metadata.create_all(engine)
            store.put_many([_incoming(text) for text in corpus])
            _remember(engine, embedder, corpus, scratch)
            index.publish(scratch.report)
            threshold, phraser = scratch.threshold, scratch.phraser
            yield Answerer(index, store, scratch.today, threshold=threshold, phraser=phraser).answer
        finally:
            index.close()
            engine.dispose()


def _incoming(text: Text) -> IncomingDocument:
    parsed = ParsedDocument(Metadata(text.title), (whole(text).clause,), "text/plain")
    return IncomingDocument(parsed, file=text.id, source=text.id, content_hash="")


def _remember(engine: Engine, embedder: Embedder, corpus: Sequence[Text], scratch: Scratch) -> None:
    """Put the vectors where indexing looks for them, by the hash of what is embedded."""
    chunks = (chunk for text in corpus for chunk in chunked(text.id, text.title, [whole(text)]))
    known = embedded(list(chunks), embedder, scratch.cache, scratch.report)
    rows = [{"content_hash": hash_, "model": embedder.name, "vector": vector} for hash_, vector in known.items()]
    with writing(engine) as connection:
        connection.execute(insert(vectors), rows)
