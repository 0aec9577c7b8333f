"""A helpdesk of its own over the texts of a BEIR folder, gone when it has been asked."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert

import knowledge.version_tables  # noqa: F401  (registers its tables)
from knowledge.database import connect_database, metadata, writing
from knowledge.model import Metadata, ParsedDocument
from knowledge.store import DocumentStore, Incoming
from retrieval.answering import Answerer
from retrieval.beir import Text
from retrieval.chunks import chunked
from retrieval.embedding import Embedder
from retrieval.evaluate import embedded, whole
from retrieval.index import Index
from retrieval.model import Outcome, Question
from retrieval.phrasing import Phraser
from retrieval.staging import Report
from retrieval.tables import vectors

_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Scratch:
    """What time it is there, a folder to keep vectors in, whom to tell how far it is, from where it answers, and what
    words the answers."""

    clock: Callable[[], datetime]
    cache: Path | None = None
    report: Report = lambda *_: None
    threshold: float = 0.0
    phraser: Phraser | None = None

    def today(self) -> date:
        return self.clock().astimezone(_ZONE).date()


@contextmanager
def answering(corpus: Sequence[Text], embedder: Embedder, scratch: Scratch) -> Iterator[Callable[[Question], Outcome]]:
    """What answers from this corpus through all that serves; a citation's `file` is the id of a text.

    Every document is in force; each is one clause, cut and embedded as `retrieval.evaluate` does.
    """
    with tempfile.TemporaryDirectory(prefix="laofashi-evaluate-") as folder:
        engine = connect_database(f"sqlite:///{folder}/laofashi.db")
        index = Index(engine, embedder, Path(folder) / "index", scratch.clock)
        try:
            metadata.create_all(engine)
            store = DocumentStore(engine, scratch.clock)
            store.put_many([_incoming(text) for text in corpus])
            _remember(engine, embedder, corpus, scratch)
            index.publish(scratch.report)
            threshold, phraser = scratch.threshold, scratch.phraser
            yield Answerer(index, store, scratch.today, threshold=threshold, phraser=phraser).answer
        finally:
            index.close()
            engine.dispose()


def _incoming(text: Text) -> Incoming:
    parsed = ParsedDocument(Metadata(text.title), (whole(text).clause,), "text/plain")
    return Incoming(parsed, file=text.id, source=text.id, content_hash="")


def _remember(engine: Engine, embedder: Embedder, corpus: Sequence[Text], scratch: Scratch) -> None:
    """Put the vectors where indexing looks for them, by the hash of what is embedded."""
    chunks = (chunk for text in corpus for chunk in chunked(text.id, text.title, [whole(text)]))
    known = embedded(list(chunks), embedder, scratch.cache, scratch.report)
    rows = [{"content_hash": hash_, "model": embedder.name, "vector": vector} for hash_, vector in known.items()]
    with writing(engine) as connection:
        connection.execute(insert(vectors), rows)
