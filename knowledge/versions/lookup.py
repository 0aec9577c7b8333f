"""Lists and reads versions of documents, and compares them with the text before them."""

from pathlib import Path

from sqlalchemy import Engine

from knowledge.database import reading
from knowledge.model import Metadata, ParsedDocument
from knowledge.tables import versions
from knowledge.version import Version, VersionState
from knowledge.versions import rows
from knowledge.versions.difference import Difference, difference
from knowledge.versions.going_live import Placing
from knowledge.versions.originals import Originals


class VersionReading:
    """Reads every version that there is or was; an unknown one raises NoSuchVersion."""

    def __init__(self, engine: Engine, originals: Originals, placing: Placing) -> None:
        self._engine, self._originals, self._placing = engine, originals, placing

    def in_states(self, *states: VersionState) -> list[Version]:
        """Return the versions in these states, newest first; where no state is given, all versions."""
        where = [versions.c.state.in_(states)] if states else []
        with reading(self._engine) as connection:
            return rows.find(connection, *where)

    def get(self, version_id: str) -> Version:
        with reading(self._engine) as connection:
            return rows.take(connection, version_id)

    def content(self, version_id: str) -> ParsedDocument:
        """Return what was read of a version; raise VersionError where that is forgotten."""
        with reading(self._engine) as connection:
            return self._placing.parsed(connection, rows.take(connection, version_id))

    def metadata(self, version_id: str) -> Metadata:
        """Return the metadata that a version has, or will have when it is published."""
        with reading(self._engine) as connection:
            return self._placing.metadata(connection, rows.take(connection, version_id))

    def history(self, document_id: str) -> list[Version]:
        """Return the versions of a document, and those that follow it from a day on; newest first."""
        with reading(self._engine) as connection:
            return rows.find(
                connection, (versions.c.document_id == document_id) | (versions.c.successor_of == document_id)
            )

    def before(self, version_id: str) -> ParsedDocument | None:
        """Return the text whose place a version takes, or took; None for a new document."""
        with reading(self._engine) as connection:
            return self._placing.before(connection, rows.take(connection, version_id))

    def earlier(self, document_id: str) -> list[Version]:
        """Return the versions that rolling a document back could make live again."""
        back = (VersionState.REPLACED, VersionState.WITHDRAWN)
        with reading(self._engine) as connection:
            mine = (versions.c.document_id == document_id, versions.c.number > 0, versions.c.content.is_not(None))
            return rows.find(connection, *mine, versions.c.state.in_(back))

    def difference(self, version_id: str) -> Difference:
        """Compare a version clause by clause with the text before it; in a new document everything is added."""
        old = self.before(version_id)
        return difference(old.clauses if old else (), self.content(version_id).clauses)

    def original(self, version_id: str) -> Path | None:
        """Return the file as it was put in; None where it was not kept."""
        name = self.get(version_id).original
        return self._originals.path(name) if name else None
