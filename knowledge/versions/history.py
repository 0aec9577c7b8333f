"""Reads what is kept of a document besides its live text: the file it was read from, and the versions before."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from knowledge.database import reading
from knowledge.model import DocumentText, Metadata, StoredClause
from knowledge.tables import versions
from knowledge.version import Version, VersionState
from knowledge.versions import rows
from knowledge.versions.originals import Originals


@dataclass(frozen=True, slots=True)
class Past:
    """A version that was live once, as it was then. Its clauses have the ids that they had."""

    version: Version
    metadata: Metadata
    text: DocumentText
    clauses: tuple[StoredClause, ...]


class Kept:
    """Reads versions and originals of documents that are, or were, live."""

    def __init__(self, engine: Engine, originals: Originals) -> None:
        self._engine, self._originals = engine, originals

    def original(self, document_id: str) -> Path | None:
        """Return the file from which the live text was read; None where it was not kept."""
        live = (versions.c.document_id == document_id, versions.c.state == VersionState.PUBLISHED)
        with reading(self._engine) as connection:
            found = rows.find(connection, *live)
        return self.original_of(found[0]) if found else None

    def original_of(self, version: Version) -> Path | None:
        """Return the file from which a version was read; None where it was not kept."""
        return self._originals.path(version.original) if version.original else None

    def past(self, document_id: str, number: int) -> Past | None:
        """Return a version that was replaced; None for one that is live, was withdrawn, or never was."""
        mine = (versions.c.document_id == document_id, versions.c.number == number)
        with reading(self._engine) as connection:
            found = rows.find(connection, *mine, versions.c.state == VersionState.REPLACED)
            parsed = rows.content(connection, found[0].id) if found else None
        if parsed is None:
            return None
        metadata = found[0].decided or parsed.metadata
        clauses = tuple(
            StoredClause(f"{document_id}.{number}.{clause.ordinal}", document_id, clause) for clause in parsed.clauses
        )
        return Past(found[0], metadata, DocumentText(parsed.text, parsed.pages, parsed.headings), clauses)
