"""Puts versions in the place of what is live, and takes them back."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from knowledge import sentences
from knowledge.guides import store as guides
from knowledge.law.validity import begins
from knowledge.model import Metadata, ParsedDocument
from knowledge.store import confirmations, stored_text
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from knowledge.store.rows import as_read_of, clause_of, document_of
from knowledge.tables import clauses, documents, versions
from knowledge.version import Version, VersionError, VersionKind, VersionState
from knowledge.versions import rows

_ENDS = {VersionState.REPLACED: ("replaced_at",), VersionState.WITHDRAWN: ("replaced_at", "withdrawn_at")}
_BEFORE_ALL = "system"  # who put in what was there before versions were kept


class Placing:
    """Live documents by their versions; every method works in the caller's transaction."""

    def __init__(self, store: DocumentStore, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def is_live(self, connection: Connection, document_id: str) -> bool:
        return connection.execute(select(documents.c.id).where(documents.c.id == document_id)).first() is not None

    def check(self, connection: Connection, version: Version) -> None:
        """Raise VersionError where something has to be decided before this version can be published."""
        if version.needs_confirmation and version.proposal:
            raise VersionError(
                sentences.NOT_CONFIRMED.format(title=version.proposal.title, reason=version.proposal.reason)
            )
        if version.kind is VersionKind.SUCCESSOR and begins(self.metadata(connection, version)) is None:
            raise VersionError(sentences.SUCCESSOR_WITHOUT_DAY)

    def parsed(self, connection: Connection, version: Version) -> ParsedDocument:
        """Return what was read of a version; raise VersionError where that is forgotten."""
        found = rows.content(connection, version.id)
        if found is None:
            raise VersionError(sentences.CONTENT_FORGOTTEN)
        return found

    def metadata(self, connection: Connection, version: Version) -> Metadata:
        """Return the metadata that a version has, or will have when it is published."""
        return version.decided or self._shown(connection, version, self.parsed(connection, version).metadata)

    def _shown(self, connection: Connection, version: Version, read: Metadata) -> Metadata:
        """Return what was read of a version; what is set for the document it corrects stands above that."""
        return confirmations.standing_above(connection, version.document_id, read) if version.document_id else read

    def before(self, connection: Connection, version: Version) -> ParsedDocument | None:
        """Return the text whose place a version takes, or took."""
        document_id = version.successor_of or version.document_id
        if document_id is None:
            return None
        if version.number and not version.successor_of:
            return self._kept_before(connection, version)
        if found := self._live(connection, document_id):
            return found.parsed
        gone = rows.find(connection, versions.c.document_id == document_id, versions.c.number > 0)
        newest = max(gone, key=lambda each: each.number, default=None)
        return rows.content(connection, newest.id) if newest else None

    def _kept_before(self, connection: Connection, version: Version) -> ParsedDocument | None:
        earlier = rows.find(
            connection,
            versions.c.document_id == version.document_id,
            versions.c.number > 0,
            versions.c.number < version.number,
            versions.c.state != VersionState.WITHDRAWN,
            versions.c.content.is_not(None),
        )
        newest = max(earlier, key=lambda each: each.number, default=None)
        return rows.content(connection, newest.id) if newest else None

    def put_new(
        self, connection: Connection, coming: Sequence[tuple[dict[str, Any], IncomingDocument]], by: str
    ) -> None:
        """Make the rows of new documents live in a few statements, however many they are."""
        if not coming:
            return
        live = {"number": 1, "state": VersionState.PUBLISHED, "published_at": self._clock(), "published_by": by}
        ids = [secrets.token_hex(8) for _ in coming]
        made = [values | live | {"document_id": id_} for (values, _), id_ in zip(coming, ids, strict=True)]
        connection.execute(insert(versions), made)
        self._store.put_within(
            connection, [replace(each, document_id=id_, version=1) for (_, each), id_ in zip(coming, ids, strict=True)]
        )

    def known_sources(self, connection: Connection, sources: Sequence[str]) -> set[str]:
        """Return those of these sources from which a document or version came."""
        return {
            source
            for table in (documents, versions)
            for source in connection.scalars(select(table.c.source).where(table.c.source.in_(sources)))
        }

    def put(self, connection: Connection, version: Version, by: str) -> Version:
        """Make one version live."""
        return self.put_many(connection, [version], by)[0]

    def put_many(self, connection: Connection, given: Sequence[Version], by: str) -> list[Version]:
        """Make versions live, each in the place of the one before it."""
        now, incoming = self._clock(), []
        for version in given:
            self.check(connection, version)
            document_id, number = self._place(connection, version)
            incoming.append(self._incoming(connection, version, document_id, number))
            values = {"document_id": document_id, "number": number, "state": VersionState.PUBLISHED}
            values |= {"published_at": now, "published_by": by}
            connection.execute(update(versions).where(versions.c.id == version.id).values(**values))
        if incoming:
            self._store.put_within(connection, incoming)
        for version, live in zip(given, incoming, strict=True):
            self._confirm(connection, version, live, by)
        return [rows.take(connection, version.id) for version in given]

    def _confirm(self, connection: Connection, version: Version, live: IncomingDocument, by: str) -> None:
        """Set for its document what was decided about a draft; it stands above what is read of later files, too."""
        if version.decided is None:
            return
        shown = self._shown(connection, version, live.parsed.metadata)
        self._store.confirm_within(connection, live.document_id, version.decided, by, shown)
        mine = documents.c.id == live.document_id
        connection.execute(update(documents).where(mine).values(version=live.version))

    def _place(self, connection: Connection, version: Version) -> tuple[str, int]:
        """Return the document and number that a version gets, and mark the version before it as replaced."""
        if version.document_id is None:
            if version.successor_of:
                self._baseline(connection, version.successor_of)
            return secrets.token_hex(8), 1
        self._baseline(connection, version.document_id)
        live = (versions.c.document_id == version.document_id, versions.c.state == VersionState.PUBLISHED)
        for each in rows.find(connection, *live):
            self._end(connection, each, VersionState.REPLACED)
        return version.document_id, rows.highest_number(connection, version.document_id) + 1

    def _incoming(self, connection: Connection, version: Version, document_id: str, number: int) -> IncomingDocument:
        parsed = self.parsed(connection, version)
        if version.successor_of and (old := self._live(connection, version.successor_of)):
            about = old.parsed.metadata
            ended = f"《{about.title}》" + (f"（{about.document_number}）" if about.document_number else "")
            parsed = replace(parsed, repeals=tuple(dict.fromkeys((*parsed.repeals, ended))))
        return IncomingDocument(parsed, version.file, version.source, version.content_hash, document_id, number)

    def _baseline(self, connection: Connection, document_id: str) -> None:
        """Keep a live document as a version where it is none yet: it was stored before versions were kept."""
        live = (versions.c.document_id == document_id, versions.c.state == VersionState.PUBLISHED)
        found = None if rows.find(connection, *live) else self._live(connection, document_id)
        if found is None:
            return
        stored = document_of(connection.execute(select(documents).where(documents.c.id == document_id)).one())
        values: dict[str, Any] = {
            "id": secrets.token_hex(8),
            "document_id": document_id,
            "number": found.version,
            "state": VersionState.PUBLISHED,
            "file": found.file,
            "source": found.source,
            "media_type": found.parsed.media_type,
            "content_hash": found.content_hash,
            "original": "",
            "title": found.parsed.metadata.title,
            "clause_count": len(found.parsed.clauses),
            "content": rows.pack(found.parsed),
            "holds": [],
            "edited_by": [],
            "created_at": stored.added_at,
            "created_by": _BEFORE_ALL,
            "published_at": stored.updated_at,
            "published_by": _BEFORE_ALL,
            **dict.fromkeys(("confirmed_by", "released_by", "asked_by", "approved_by"), ""),
        }
        connection.execute(insert(versions).values(**values))

    def _live(self, connection: Connection, document_id: str) -> IncomingDocument | None:
        """Return what is live of a document, as it came in."""
        row = connection.execute(select(documents).where(documents.c.id == document_id)).first()
        if row is None:
            return None
        its = select(clauses).where(clauses.c.document_id == document_id).order_by(clauses.c.ordinal)
        text = stored_text.read(connection, document_id)
        parsed = ParsedDocument(
            as_read_of(row),
            tuple(clause_of(each) for each in connection.execute(its)),
            row.media_type,
            tuple(row.repeals),
            text=text.text,
            pages=text.pages,
            headings=text.headings,
            guide=guides.read(connection, document_id),
        )
        return IncomingDocument(parsed, row.file, row.source, row.content_hash, document_id, row.version)

    def roll_back(self, connection: Connection, document_id: str) -> tuple[Version | None, Version | None]:
        """Return the version that is live again, and the one that was live until now.

        Raises VersionError where there is nothing to go back to.
        """
        kept = (versions.c.number > 0, versions.c.content.is_not(None))
        found = rows.find(connection, versions.c.document_id == document_id, *kept)
        live = next((each for each in found if each.state is VersionState.PUBLISHED), None)
        if live is None:
            return self._restored(connection, found), None
        earlier = [each for each in found if each.state is VersionState.REPLACED and each.number < live.number]
        before = max(earlier, key=lambda each: each.number, default=None)
        if before is None and live.successor_of is None:
            raise VersionError(sentences.NO_EARLIER_VERSION)
        self._end(connection, live, VersionState.WITHDRAWN)
        if before:
            return self._again(connection, before), live
        self._store.remove_within(connection, document_id)
        return None, live

    def _restored(self, connection: Connection, found: Sequence[Version]) -> Version:
        """Make live again the version that was live when its document was taken out."""
        removed = (each for each in found if each.state is VersionState.WITHDRAWN and each.replaced_at is None)
        last = next(removed, None)  # a version that was rolled back has a `replaced_at`, too
        if last is None:
            raise VersionError(sentences.NOTHING_TO_ROLL_BACK)
        return self._again(connection, last)

    def _again(self, connection: Connection, version: Version) -> Version:
        """Make a version live again under its old number, so that what cited it then is right again."""
        assert version.document_id is not None  # noqa: S101  (it has been live)
        again = {"state": VersionState.PUBLISHED, "replaced_at": None, "withdrawn_at": None}
        connection.execute(update(versions).where(versions.c.id == version.id).values(**again))
        incoming = self._incoming(connection, version, version.document_id, version.number)
        self._store.put_within(connection, [incoming])
        set_then = connection.execute(select(versions.c.confirmed).where(versions.c.id == version.id)).scalar_one()
        confirmations.put_back(connection, version.document_id, set_then or [])
        self._store.put_within(connection, [incoming])  # once more, by what was set then
        return rows.take(connection, version.id)

    def _end(self, connection: Connection, version: Version, state: VersionState, removed: bool = False) -> None:
        """Mark a version as no longer live, and keep with it what was set for its document while it was live."""
        values: dict[str, Any] = {
            "state": state,
            "confirmed": confirmations.as_json(connection, str(version.document_id)),
        }
        values |= dict.fromkeys(("withdrawn_at",) if removed else _ENDS[state], self._clock())
        connection.execute(update(versions).where(versions.c.id == version.id).values(**values))

    def remove(self, connection: Connection, document_id: str) -> Version | None:
        """Take a document out but keep its version; return None if there is no such document."""
        if not self.is_live(connection, document_id):
            return None
        self._baseline(connection, document_id)
        live = (versions.c.document_id == document_id, versions.c.state == VersionState.PUBLISHED)
        (version,) = rows.find(connection, *live)
        self._end(connection, version, VersionState.WITHDRAWN, removed=True)
        self._store.remove_within(connection, document_id)
        return version
