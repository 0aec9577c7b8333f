"""Versions of documents to be looked at: listed, read, compared with the text before them."""

from pathlib import Path

from sqlalchemy import Engine

from knowledge import version_rows as rows
from knowledge.database import reading
from knowledge.difference import Difference, difference
from knowledge.model import Metadata, ParsedDocument
from knowledge.originals import Originals
from knowledge.placing import Placing
from knowledge.version import Version, VersionState
from knowledge.version_tables import versions


class VersionReading:
    """Every version there is or was; an unknown one raises NoSuchVersion."""

    def __init__(self, engine: Engine, originals: Originals, placing: Placing) -> None:
        self._engine, self._originals, self._placing = engine, originals, placing

    def in_states(self, *states: VersionState) -> list[Version]:
        """The versions in these states, all for none given; newest first."""
        where = [versions.c.state.in_(states)] if states else []
        with reading(self._engine) as connection:
            return rows.find(connection, *where)

    def get(self, version_id: str) -> Version:
        with reading(self._engine) as connection:
            return rows.take(connection, version_id)

    def content(self, version_id: str) -> ParsedDocument:
        """What was read of a version; raises VersionError where that is forgotten."""
        with reading(self._engine) as connection:
            return self._placing.parsed(connection, rows.take(connection, version_id))

    def metadata(self, version_id: str) -> Metadata:
        """The metadata a version has, or will have when it is published."""
        with reading(self._engine) as connection:
            return self._placing.metadata(connection, rows.take(connection, version_id))

    def history(self, document_id: str) -> list[Version]:
        """The versions of a document, and those that follow it from a day on; newest first."""
        with reading(self._engine) as connection:
            return rows.find(
                connection, (versions.c.document_id == document_id) | (versions.c.successor_of == document_id)
            )

    def before(self, version_id: str) -> ParsedDocument | None:
        """The text a version takes the place of, or took it of; None for a new document."""
        with reading(self._engine) as connection:
            return self._placing.before(connection, rows.take(connection, version_id))

    def earlier(self, document_id: str) -> list[Version]:
        """The versions that rolling a document back could make live again."""
        back = (VersionState.REPLACED, VersionState.WITHDRAWN)
        with reading(self._engine) as connection:
            mine = (versions.c.document_id == document_id, versions.c.number > 0, versions.c.content.is_not(None))
            return rows.find(connection, *mine, versions.c.state.in_(back))

    def difference(self, version_id: str) -> Difference:
        """Clause by clause against the text before it; everything is added in a new document."""
        old = self.before(version_id)
        return difference(old.clauses if old else (), self.content(version_id).clauses)

    def original(self, version_id: str) -> Path | None:
        """The file as it was put in; None where it was not kept."""
        name = self.get(version_id).original
        return self._originals.path(name) if name else None
