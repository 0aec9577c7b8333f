"""The record of what an answer rested on, kept beside its message: clauses as they were, scores, model and settings.

The record holds nothing of what was said. It names questions by their messages, clauses by their place and a hash.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select

from desk.tables import answer_records
from knowledge.database import reading
from knowledge.store.documents import DocumentStore
from retrieval.model import Abstention, Citation, Outcome, Passage

_DIGITS = 4  # kept of a score


@dataclass(frozen=True, slots=True)
class Setup:
    """What answers a question.

    `threshold` is the confidence from which it answers, `model` the embedding model, `index` the revision of what is
    published, `words` the hash of the words in use, `phraser` the chat model, "" for none.
    """

    threshold: float
    model: str
    index: int
    words: str
    phraser: str


class Records:
    """Makes and reads records; `setup` tells what answers now, `today` by which day's law."""

    def __init__(self, store: DocumentStore, setup: Callable[[], Setup], today: Callable[[], date]) -> None:
        self._store, self._setup, self.today = store, setup, today

    def of(self, outcome: Outcome, asked: Sequence[int], as_of: date | None = None) -> dict[str, Any]:
        """Return the record of an outcome as plain JSON.

        `asked` are the ids of the messages that asked, the last one being the one it answers.
        """
        return {
            "asked": list(asked),
            "as_of": as_of.isoformat() if as_of else None,
            "day": self.today().isoformat(),
            "kind": outcome.kind,
            "reason": str(outcome.reason) if isinstance(outcome, Abstention) else "",
            "confidence": round(outcome.confidence, _DIGITS),
            "setup": asdict(self._setup()),
            "cited": [self._cited(each) for each in getattr(outcome, "citations", ())],
            "passages": [_passage(each) for each in outcome.passages],
        }

    def _cited(self, citation: Citation) -> dict[str, Any]:
        stored = self._store.clause(citation.clause_id)
        return {
            "document_id": citation.document_id,
            "clause_id": citation.clause_id,
            "title": citation.title,
            "locator": citation.locator,
            "text_hash": text_hash(stored.clause.text) if stored else "",
        }


def record_of(engine: Engine, message_id: int) -> dict[str, Any] | None:
    """Return the record kept beside a message, if there is one."""
    query = select(answer_records.c.record).where(answer_records.c.message_id == message_id)
    with reading(engine) as connection:
        found: dict[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return found


def text_hash(text: str) -> str:
    """Return the hash of a clause's words: 16 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _passage(passage: Passage) -> dict[str, Any]:
    """Return a passage as JSON. Its clause id also names the document and its version (knowledge/store/rows.py)."""
    return {
        "clause_id": passage.chunk.clause_id,
        "chunk_id": passage.chunk.id,
        "content_hash": passage.chunk.content_hash,
        "score": round(float(passage.score), _DIGITS),
        "signals": {name: round(float(value), _DIGITS) for name, value in passage.signals.items()},
    }
