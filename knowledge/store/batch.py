"""Writes parsed files into the tables, a whole batch of them in a few statements."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from knowledge.guides import store
from knowledge.model import Metadata, ParsedDocument
from knowledge.store import confirmations, document_endings, stored_text
from knowledge.store.rows import clause_row, columns_of
from knowledge.tables import (
    amendments,
    clauses,
    document_texts,
    documents,
    extensions,
    failures,
    guides,
    repeals,
)
from knowledge.tables import names as called

_BATCH = 200  # files whose rows go in together
_OF_A_FILE = (clauses, document_texts, guides, repeals, extensions, amendments, called)


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """A parsed file that is about to be stored. `file` is its bare name, `source` the place it came from.

    `document_id` and `version` say which document it becomes and with which number. "" and 0 mean the document of the
    same source, if there is one, and its next number.
    """

    parsed: ParsedDocument
    file: str
    source: str
    content_hash: str
    document_id: str = ""
    version: int = 0


def write(connection: Connection, items: Sequence[IncomingDocument], now: datetime) -> tuple[list[str], set[str]]:
    """Store documents in the place of those before them.

    Return their ids, and the ids of all documents whose standing may change by it.
    """
    ids: list[str] = []
    touched: set[str] = set()
    for start in range(0, len(items), _BATCH):
        batch = _Batch(connection, items[start : start + _BATCH], now)
        touched |= document_endings.related(connection, batch.stored)
        ids += batch.write()
        touched |= batch.written | document_endings.related(connection, batch.written)
    return ids, touched


class _Batch:
    """The documents that files of one batch become, one after another, and their rows."""

    def __init__(self, connection: Connection, items: Sequence[IncomingDocument], now: datetime) -> None:
        self._connection, self._items, self._now = connection, items, now
        self._sources = [item.source for item in items]
        among = or_(
            documents.c.source.in_(self._sources),
            documents.c.id.in_([item.document_id for item in items if item.document_id]),
        )
        known = connection.execute(select(documents.c.id, documents.c.source, documents.c.version).where(among)).all()
        self.stored = {str(row.id) for row in known}  # before this batch
        self.written: set[str] = set()
        self._versions: dict[str, int] = {row.id: row.version for row in known}
        self._by_source: dict[str, str] = {row.source: row.id for row in known}
        self._new: dict[str, dict[str, Any]] = {}  # rows of documents not stored yet
        self._last: dict[str, tuple[ParsedDocument, Metadata]] = {}  # a document that comes twice has its last text
        self._set = confirmations.of(connection, self.stored)

    def write(self) -> list[str]:
        """Put in every row; return the ids in the order of the items."""
        ids = [self._place(item) for item in self._items]
        self.written = set(ids)
        for table in _OF_A_FILE if self.written & self.stored else ():
            self._connection.execute(delete(table).where(table.c.document_id.in_(self.written & self.stored)))
        self._connection.execute(delete(failures).where(failures.c.source.in_(self._sources)))
        parsed = {id_: parsed for id_, (parsed, _) in self._last.items()}
        articles = [clause_row(id_, self._versions[id_], one) for id_, each in parsed.items() for one in each.clauses]
        for table, rows in ((documents, list(self._new.values())), (clauses, articles)):
            if rows:
                self._connection.execute(insert(table), rows)
        stored_text.write(self._connection, parsed)
        store.write(self._connection, {id_: each.guide for id_, each in parsed.items() if each.guide})
        document_endings.write(self._connection, self._last)
        return ids

    def _place(self, item: IncomingDocument) -> str:
        """Put in the document's own row, in the place of the one before it; return its id."""
        id_ = item.document_id or self._by_source.get(item.source) or secrets.token_hex(8)
        version = item.version or self._versions.get(id_, 0) + 1
        metadata = confirmations.applied(item.parsed.metadata, confirmations.values(self._set.get(id_, ())))
        self._make_room(item.source, id_)
        values = _columns(item, metadata) | {"version": version, "updated_at": self._now}
        if id_ in self.stored:
            self._update(id_, values)
        else:
            self._new[id_] = {"id": id_, "added_at": self._now} | values
        self._versions[id_], self._last[id_] = version, (item.parsed, metadata)
        return id_

    def _make_room(self, source: str, document_id: str) -> None:
        """Give another document that has this source a source of its own.

        That document stays beside this one, as the text before it.
        """
        other = self._by_source.get(source)
        for old in [each for each, id_ in self._by_source.items() if id_ == document_id]:
            del self._by_source[old]
        self._by_source[source] = document_id
        if other is None or other == document_id:
            return
        elsewhere = f"{source}#{other}"
        self._by_source[elsewhere] = other
        if other in self._new:
            self._new[other]["source"] = elsewhere
        else:
            self._update(other, {"source": elsewhere})

    def _update(self, document_id: str, values: Mapping[str, Any]) -> None:
        self._connection.execute(update(documents).where(documents.c.id == document_id).values(**values))


def _columns(item: IncomingDocument, metadata: Metadata) -> dict[str, Any]:
    """Return the columns of a document's row that come from a file."""
    return columns_of(metadata) | {
        "file": item.file,
        "source": item.source,
        "media_type": item.parsed.media_type,
        "content_hash": item.content_hash,
        "read": confirmations.to_json(item.parsed.metadata),
        "repeals": list(item.parsed.repeals),
        "clause_count": len(item.parsed.clauses),
    }
