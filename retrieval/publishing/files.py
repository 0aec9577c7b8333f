"""Put files into the knowledge base and show them: what the command line and the administrator's page both call."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.intake.destinations import Intake, IntoStore, IntoVersions
from knowledge.intake.run import Progress, ingest
from knowledge.model import IngestReport
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from knowledge.versions.workflow import Versions
from retrieval.index.index import Index


@dataclass(frozen=True, slots=True)
class How:
    """How files go in: as drafts or live, by whom, until `cancel` is set."""

    draft: bool = False
    by: str = "system"
    cancel: threading.Event | None = None


def _silent(_progress: Progress) -> None:
    pass


class Indexer:
    """Ingests files, then publishes them. One call runs at a time; the next one waits."""

    def __init__(
        self,
        store: DocumentStore,
        parsers: Parsers,
        index: Index,
        versions: Versions | None = None,
        turn: "threading.Lock | None" = None,
    ) -> None:
        """Without `versions`, files go straight into the store: none is held back, and what they replace is not kept.

        `turn` is the lock that everyone takes who changes what answers.
        """
        self._store = store
        self._parsers = parsers
        self._index = index
        self._versions = versions
        self._turn = turn or threading.Lock()

    def run(
        self,
        paths: Sequence[Path],
        dry_run: bool = False,
        on_progress: Callable[[Progress], None] = _silent,
        how: How | None = None,
    ) -> IngestReport:
        """Read `paths` and publish them, or make drafts of them; `dry_run` only says what would change.

        After the files, `on_progress` gets the stages of publishing: no file name, and the stage as outcome
        (staging, embedding, reading, keywords, vectors). The report's seconds cover both.
        """
        how = how or How()
        started, intake = time.monotonic(), self._intake(how)
        with self._turn:
            report = ingest(
                paths,
                self._store,
                self._parsers,
                dry_run=dry_run,
                on_progress=on_progress,
                cancel=how.cancel,
                intake=intake,
            )
            if not dry_run and not how.draft:
                self._index.publish(lambda stage, done, total: on_progress(Progress(done, total, "", stage)))
        report.seconds = time.monotonic() - started
        return report

    def _intake(self, how: How) -> Intake:
        if self._versions is None:
            return IntoStore(self._store)
        return IntoVersions(self._store, self._versions, how.by, how.draft)

    def remove(self, document_id: str) -> bool:
        """Take a document out of the store and of every answer; False if there is none."""
        with self._turn:
            removed = self._store.remove(document_id)
            self._index.publish()
        return removed
