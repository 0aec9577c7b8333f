"""Put files into the knowledge base and show them: what the command line and the administrator's page both call."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge.ingest import Progress, ingest
from knowledge.isolation import Parsers
from knowledge.model import IngestReport
from knowledge.store import DocumentStore
from retrieval.index import Index


def _silent(_progress: Progress) -> None:
    pass


class Indexer:
    """Ingests, then publishes; one call at a time, the next one waits."""

    def __init__(self, store: DocumentStore, parsers: Parsers, index: Index) -> None:
        self._store = store
        self._parsers = parsers
        self._index = index
        self._one_at_a_time = threading.Lock()

    def run(
        self, paths: Sequence[Path], dry_run: bool = False, on_progress: Callable[[Progress], None] = _silent
    ) -> IngestReport:
        """Read `paths` into the store and publish; `dry_run` only says what would change.

        After the files, `on_progress` gets the stages of publishing: no file name, and the stage as outcome
        (staging, embedding, reading, keywords, vectors). The report's seconds cover both.
        """
        started = time.monotonic()
        with self._one_at_a_time:
            report = ingest(paths, self._store, self._parsers, dry_run=dry_run, on_progress=on_progress)
            if not dry_run:
                self._index.publish(lambda stage, done, total: on_progress(Progress(done, total, "", stage)))
        report.seconds = time.monotonic() - started
        return report

    def remove(self, document_id: str) -> bool:
        """Take a document out of the store and of every answer; False if there is none."""
        with self._one_at_a_time:
            removed = self._store.remove(document_id)
            self._index.publish()
        return removed
