"""Turns rows of the documents and clauses tables into what they stand for, and back."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from knowledge.model import Clause, ClauseKind, Metadata, PolicyDocument, StoredClause
from knowledge.store import confirmations

_FIELDS = (
    "title",
    "issuer",
    "document_number",
    "published_on",
    "issued_on",
    "effective_on",
    "expires_on",
    "repealed_on",
    "region",
    "url",
    "topics",
)


def columns_of(metadata: Metadata) -> dict[str, Any]:
    """Return the columns of a document's row that hold its metadata."""
    values = {name: getattr(metadata, name) for name in _FIELDS}
    return values | {"topics": list(metadata.topics), "own_repealed_on": metadata.repealed_on}


def metadata_of(row: Row[Any]) -> Metadata:
    """Return the metadata in a row of the documents table; every decision is taken by it."""
    return Metadata(**{name: getattr(row, name) for name in _FIELDS} | {"topics": tuple(row.topics)})


def as_read_of(row: Row[Any]) -> Metadata:
    """Return what was read of the document in a row.

    Where that was not kept yet, return what the row shows, without what others say.
    """
    return confirmations.from_json(row.read) if row.read else replace(metadata_of(row), repealed_on=row.own_repealed_on)


def clause_row(document_id: str, version: int, clause: Clause) -> dict[str, Any]:
    """Return the row of a clause of this version of a document."""
    return {
        "id": f"{document_id}.{version}.{clause.ordinal}",
        "document_id": document_id,
        "ordinal": clause.ordinal,
        "number": clause.number,
        "path": list(clause.path),
        "text": clause.text,
        "kind": clause.kind.value,
        "question": clause.question,
        "page": clause.page,
        "start": clause.start,
        "end": clause.end,
        "rows": clause.rows or None,
        "header_rows": clause.header_rows,
    }


def document_of(row: Row[Any]) -> PolicyDocument:
    """Return the document in a row of the documents table."""
    return PolicyDocument(
        id=row.id,
        version=row.version,
        metadata=metadata_of(row),
        file=row.file,
        source=row.source,
        media_type=row.media_type,
        content_hash=row.content_hash,
        clause_count=row.clause_count,
        added_at=row.added_at,
        updated_at=row.updated_at,
    )


def stored_clause_of(row: Row[Any]) -> StoredClause:
    """Return the clause in a row of the clauses table, with its id."""
    return StoredClause(row.id, row.document_id, clause_of(row))


def clause_of(row: Any) -> Clause:
    """Return the clause in a row of the clauses table."""
    rows = tuple(tuple(cells) for cells in row.rows or ())
    return Clause(
        ordinal=row.ordinal,
        number=row.number,
        path=tuple(row.path),
        text=row.text,
        kind=ClauseKind(row.kind),
        question=row.question,
        page=row.page,
        start=row.start,
        end=row.end,
        rows=rows,
        header_rows=row.header_rows,
    )
