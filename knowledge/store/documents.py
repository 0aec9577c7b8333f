"""The stored documents and their clauses."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from knowledge.database import in_parts, reading, writing
from knowledge.model import (
    ClauseDays,
    DocumentText,
    FileFailure,
    Metadata,
    ParsedDocument,
    PolicyDocument,
    StoredClause,
)
from knowledge.store import batch, confirmations, document_endings, stored_text
from knowledge.store.batch import IncomingDocument
from knowledge.store.confirmations import Confirmation
from knowledge.store.rows import as_read_of, columns_of, document_of, metadata_of, stored_clause_of
from knowledge.tables import clause_standings, clauses, documents, failures

# These queries run for every question. Built once, they cost a third.
_DOCUMENTS_BY_ID = select(documents).where(documents.c.id.in_(bindparam("ids", expanding=True)))
_CLAUSE_BY_ID = select(clauses).where(clauses.c.id == bindparam("id"))
_BY_CLAUSE = (
    select(
        clauses.c.id.label("clause_id"),
        clause_standings.c.effective_on.label("begins_on"),
        clause_standings.c.repealed_on.label("ends_on"),
        clause_standings.c.amended_by,
        *(column for column in documents.c if column.name not in ("read", "repeals", "own_repealed_on")),
    )
    .select_from(
        clauses.join(documents, documents.c.id == clauses.c.document_id).outerjoin(
            clause_standings, clause_standings.c.clause_id == clauses.c.id
        )
    )
    .where(clauses.c.id.in_(bindparam("ids", expanding=True)))
)


class DocumentStore:
    """Documents by id, source and content; a document of a known source replaces the one before it."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self.clock = clock

    def put(self, parsed: ParsedDocument, file: str, source: str, content_hash: str) -> str:
        """Add a document, or a new version of the one from the same `source`; return its id.

        Where it names another document as repealed, or another names it, `repealed_on` is set in the same transaction.
        """
        return self.put_many([IncomingDocument(parsed, file, source, content_hash)])[0]

    def put_many(self, items: Sequence[IncomingDocument]) -> list[str]:
        """`put` for several files in one transaction; ids in the order given."""
        with writing(self.engine) as connection:
            return self.put_within(connection, items)

    def put_within(self, connection: Connection, items: Sequence[IncomingDocument]) -> list[str]:
        """`put_many` in a transaction of the caller's."""
        ids, touched = batch.write(connection, items, self.clock())
        document_endings.settle(connection, touched)
        return ids

    def confirm(self, document_id: str, metadata: Metadata, by: str) -> PolicyDocument | None:
        """Set what an administrator says of a document; return None where there is no such document.

        Only what differs from what the document showed is set. It stands above whatever is read of this or a changed
        file, and every decision is taken by it. A repeal by a document that comes in afterwards still counts.
        """
        with writing(self.engine) as connection:
            if not self.confirm_within(connection, document_id, metadata, by):
                return None
        return self.get(document_id)

    def confirm_within(
        self, connection: Connection, document_id: str, metadata: Metadata, by: str, shown: Metadata | None = None
    ) -> bool:
        """`confirm` in a transaction of the caller's.

        `shown` is what the administrator saw. Without it, what is stored counts as shown.
        """
        row = connection.execute(select(documents).where(documents.c.id == document_id)).first()
        if row is None:
            return False
        read = as_read_of(row)
        signed = (by, self.clock())
        confirmations.write(
            connection, document_id, read, confirmations.changes(shown or metadata_of(row), metadata), signed
        )
        now = confirmations.standing_above(connection, document_id, read)
        values = columns_of(now) | {"updated_at": signed[1]}
        if now.title != row.title:  # every piece of it in the index is headed by its title
            values["version"] = row.version + 1
        connection.execute(update(documents).where(documents.c.id == document_id).values(**values))
        document_endings.settle(connection, document_endings.rename(connection, document_id, now))
        return True

    def as_read(self, document_id: str) -> Metadata | None:
        """Return what was read of a document, whatever an administrator set."""
        with reading(self.engine) as connection:
            row = connection.execute(select(documents).where(documents.c.id == document_id)).first()
        return as_read_of(row) if row else None

    def confirmed(self, document_id: str) -> list[Confirmation]:
        """Return what an administrator set for a document."""
        with reading(self.engine) as connection:
            return confirmations.of(connection, [document_id]).get(document_id, [])

    def documents(self) -> list[PolicyDocument]:
        """Return all documents, by title."""
        with reading(self.engine) as connection:
            return [
                document_of(row)
                for row in connection.execute(select(documents).order_by(documents.c.title, documents.c.id))
            ]

    def get(self, document_id: str) -> PolicyDocument | None:
        return self.get_many([document_id]).get(document_id)

    def get_many(self, ids: Iterable[str]) -> dict[str, PolicyDocument]:
        """Return those of the documents `ids` that exist; up to 400 cost one query."""
        with reading(self.engine) as connection:
            rows = [row for part in in_parts(ids) for row in connection.execute(_DOCUMENTS_BY_ID, {"ids": part})]
        return {row.id: document_of(row) for row in rows}

    def hashes(self) -> dict[str, str]:
        """Return the content hash of every document by its source."""
        with reading(self.engine) as connection:
            return {
                row.source: row.content_hash
                for row in connection.execute(select(documents.c.source, documents.c.content_hash))
            }

    def clauses(self, document_id: str) -> list[StoredClause]:
        """Return a document's clauses in reading order."""
        with reading(self.engine) as connection:
            rows = connection.execute(
                select(clauses).where(clauses.c.document_id == document_id).order_by(clauses.c.ordinal)
            )
            return [stored_clause_of(row) for row in rows]

    def clause(self, clause_id: str) -> StoredClause | None:
        with reading(self.engine) as connection:
            row = connection.execute(_CLAUSE_BY_ID, {"id": clause_id}).first()
        return stored_clause_of(row) if row else None

    def replaced_by(self, document_id: str) -> list[tuple[date, PolicyDocument]]:
        """Return who ended a document and from when, then who ended that one, to the end of the chain."""
        with reading(self.engine) as connection:
            chain = document_endings.successors(connection, document_id)
        found = self.get_many([each.document_id for each in chain])
        return [(each.on, found[each.document_id]) for each in chain if each.document_id in found]

    def clause_days(self, clause_ids: Iterable[str] | None = None) -> dict[str, ClauseDays]:
        """Return the days of those clauses (None: of all) whose days differ from their document's; most do not."""
        query = select(clause_standings)
        parts = [None] if clause_ids is None else in_parts(clause_ids)
        queries = [query if part is None else query.where(clause_standings.c.clause_id.in_(part)) for part in parts]
        with reading(self.engine) as connection:
            rows = [row for each in queries for row in connection.execute(each)]
        return {row.clause_id: ClauseDays(row.effective_on, row.repealed_on, row.amended_by or "") for row in rows}

    def of_clauses(self, clause_ids: Iterable[str]) -> dict[str, tuple[PolicyDocument, ClauseDays]]:
        """Return the document and the days of each of these clauses that still exists.

        The days are all empty where they are the document's.
        """
        with reading(self.engine) as connection:
            rows = [row for part in in_parts(clause_ids) for row in connection.execute(_BY_CLAUSE, {"ids": part})]
        found = {row.id: document_of(row) for row in {row.id: row for row in rows}.values()}
        return {
            row.clause_id: (found[row.id], ClauseDays(row.begins_on, row.ends_on, row.amended_by or "")) for row in rows
        }

    def text(self, document_id: str) -> DocumentText:
        """Return a document's text as read; it is empty where the document was stored before texts were."""
        with reading(self.engine) as connection:
            return stored_text.read(connection, document_id)

    def remove(self, document_id: str) -> bool:
        """Delete a document with its clauses; what it had repealed stands again. Return False when there is none."""
        with writing(self.engine) as connection:
            return self.remove_within(connection, document_id)

    def remove_within(self, connection: Connection, document_id: str) -> bool:
        """`remove` in a transaction of the caller's."""
        touched = document_endings.touched_by_removal(connection, document_id)
        gone = connection.execute(delete(documents).where(documents.c.id == document_id)).rowcount
        document_endings.settle(connection, touched)
        return bool(gone)

    def failures(self) -> list[FileFailure]:
        """Return the files that could not go in, newest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(failures).order_by(failures.c.failed_at.desc(), failures.c.source))
            return [FileFailure(row.file, row.reason) for row in rows]

    def failed_before(self) -> dict[str, tuple[str, FileFailure]]:
        """Return the content hash and failure of every file that could not go in, by its source."""
        with reading(self.engine) as connection:
            return {
                row.source: (row.content_hash, FileFailure(row.file, row.reason))
                for row in connection.execute(select(failures))
            }

    def record_failure(self, source: str, failure: FileFailure, content_hash: str = "") -> None:
        """Keep why a file could not go in. An earlier version of the file that is stored stays."""
        values = {
            "file": failure.file,
            "reason": failure.reason,
            "failed_at": self.clock(),
            "content_hash": content_hash,
        }
        with writing(self.engine) as connection:
            if not connection.execute(update(failures).where(failures.c.source == source).values(values)).rowcount:
                connection.execute(insert(failures).values(source=source, **values))
