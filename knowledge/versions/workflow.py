"""Takes versions of documents on their way into answers: proposed, looked at, approved, published, rolled back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, update

from knowledge import sentences
from knowledge.database import reading, writing
from knowledge.model import Metadata
from knowledge.store.documents import DocumentStore
from knowledge.tables import versions
from knowledge.version import (
    NeedsApproval,
    Version,
    VersionError,
    VersionKind,
    VersionState,
)
from knowledge.versions import rows
from knowledge.versions.going_live import Placing
from knowledge.versions.lookup import VersionReading
from knowledge.versions.originals import Originals
from knowledge.versions.proposals import Proposed, Proposing

Record = Callable[..., None]  # (connection, at, actor, action, object, **detail), as desk.audit.record
_OPEN = (VersionState.DRAFT, VersionState.HELD, VersionState.SCHEDULED)


def _unrecorded(*_about: Any, **_detail: Any) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Rules:
    """How publishing goes here: whether a second person has to agree, what day it is, and what records each act."""

    second_person: bool
    today: Callable[[], date]
    record: Record = _unrecorded


class Versions(VersionReading):
    """Every act on versions, each in one transaction with its record. An act that is not allowed raises VersionError.

    Acts that change what is live (`publish_within`, `roll_back_within`, …) are given the transaction. Whoever shows
    the documents can then change what is shown in the same transaction.
    """

    def __init__(self, store: DocumentStore, originals: Originals, clock: Callable[[], datetime], rules: Rules) -> None:
        super().__init__(store.engine, originals, Placing(store, clock))
        self._clock, self._rules = clock, rules
        self._proposing = Proposing(originals, clock)

    @property
    def second_person(self) -> bool:
        """Whether a second person has to agree."""
        return self._rules.second_person

    def due(self) -> list[str]:
        """Return the ids of the scheduled versions whose day has come, in the order of their days."""
        ready = (versions.c.state == VersionState.SCHEDULED, versions.c.publish_on <= self._rules.today())
        with reading(self._engine) as connection:
            return [each.id for each in rows.find(connection, *ready, order=(versions.c.publish_on, versions.c.id))]

    # before publishing

    def propose(self, items: Sequence[Proposed], by: str) -> list[Version]:
        """Keep what was read as drafts, or as held versions where something stops it.

        An earlier draft of the same source is withdrawn.
        """
        with writing(self._engine) as connection:
            return [self._propose(connection, item, by) for item in items]

    def _propose(self, connection: Connection, item: Proposed, by: str) -> Version:
        source = versions.c.source == item.incoming.source
        for earlier in rows.find(connection, source, versions.c.state.in_(_OPEN)):
            self._drop(connection, earlier, by)
        made = self._proposing.write(connection, item, by)
        self._tell(connection, by, "propose", made, file=made.file, holds=[hold.kind for hold in made.holds])
        return made

    def edit(self, version_id: str, metadata: Metadata, by: str) -> Version:
        """Decide on the metadata that a version is to have; an approval given before is void."""
        if not metadata.title.strip():
            raise VersionError(sentences.NO_TITLE)
        values = {"decided": rows.metadata_json(metadata), "title": metadata.title}
        return self._change(version_id, by, "edit", values)

    def of(self, version_id: str, document_id: str | None, kind: VersionKind, by: str) -> Version:
        """Say what a version is: a new document (`document_id` None), or a correction or successor of that one."""
        with writing(self._engine) as connection:
            if document_id is not None and not self._placing.is_live(connection, document_id):
                raise VersionError(sentences.DOCUMENT_GONE)
            if (document_id is None) is not (kind is VersionKind.NEW):
                raise VersionError(sentences.NO_KIND)
            successor = kind is VersionKind.SUCCESSOR
            values = {
                "document_id": None if successor else document_id,
                "successor_of": document_id if successor else None,
                "confirmed_by": by,
            }
            return self._changed(connection, version_id, by, "of", values, document=document_id, kind=kind.value)

    def _change(self, version_id: str, by: str, action: str, values: dict[str, Any], **detail: Any) -> Version:
        with writing(self._engine) as connection:
            return self._changed(connection, version_id, by, action, values, **detail)

    def _changed(
        self, connection: Connection, version_id: str, by: str, action: str, values: dict[str, Any], **detail: Any
    ) -> Version:
        version = _open(rows.take(connection, version_id))
        editors = sorted({*version.edited_by, by})
        values = {**values, "edited_by": editors, "approved_by": "", "asked_by": ""}
        if version.state is VersionState.SCHEDULED and self._rules.second_person:
            values["state"] = VersionState.DRAFT
        return self._write(connection, version, by, action, values, **detail)

    def release(self, version_id: str, by: str, reason: str) -> Version:
        """Let a held version go on as a draft; the reason stays in the record."""
        if not reason.strip():
            raise VersionError(sentences.NO_REASON)
        with writing(self._engine) as connection:
            version = rows.take(connection, version_id)
            if version.state is not VersionState.HELD:
                raise VersionError(sentences.NOT_HELD)
            values = {"state": VersionState.DRAFT, "released_by": by}
            kinds = sorted({hold.kind for hold in version.holds})
            return self._write(connection, version, by, "release", values, reason=reason.strip()[:500], holds=kinds)

    def ask(self, version_id: str, by: str, on: date | None = None) -> Version:
        """Ask to have a version published, now or on a day to come.

        Where that is the rule, it waits for a second person. Afterwards it is SCHEDULED where it waits for its day. It
        is DRAFT with `awaits_approval` where it waits for the second person. Otherwise it is DRAFT, ready to be
        published now.
        """
        with writing(self._engine) as connection:
            version = _open(rows.take(connection, version_id))
            if version.state is VersionState.HELD:
                raise VersionError(_NOT_TO_PUBLISH[VersionState.HELD])
            self._placing.check(connection, version)
            later = on if on and on > self._rules.today() else None
            ready = bool(version.approved_by) or not self._rules.second_person
            state = VersionState.SCHEDULED if later and ready else VersionState.DRAFT
            wants = by if self._rules.second_person else ""  # nobody else is waited for
            values = {"asked_by": wants, "publish_on": later, "state": state}
            day = later.isoformat() if later else None
            return self._write(connection, version, by, "ask", values, on=day)

    def approve(self, version_id: str, by: str) -> Version:
        """Agree as a second person; the version is SCHEDULED afterwards where a day to come was asked for."""
        with writing(self._engine) as connection:
            version = rows.take(connection, version_id)
            if version.state is not VersionState.DRAFT:
                raise VersionError(sentences.NOTHING_TO_APPROVE)
            if by in version.authors:
                raise NeedsApproval(sentences.OWN_APPROVAL)
            self._placing.check(connection, version)
            later = bool(version.asked_by and version.publish_on and version.publish_on > self._rules.today())
            values = {"approved_by": by, "state": VersionState.SCHEDULED if later else version.state}
            return self._write(connection, version, by, "approve", values)

    def postpone(self, version_id: str, reason: str) -> Version:
        """Put a scheduled version that cannot be published back among the drafts."""
        with writing(self._engine) as connection:
            version = rows.take(connection, version_id)
            values = {"state": VersionState.DRAFT, "publish_on": None, "asked_by": ""}
            return self._write(connection, version, "system", "postpone", values, reason=reason)

    def withdraw(self, version_id: str, by: str) -> Version:
        """Give up a version that is not live. What was read of it and its file are forgotten for good."""
        with writing(self._engine) as connection:
            version = rows.take(connection, version_id)
            if version.state is VersionState.PUBLISHED:
                raise VersionError(sentences.IN_USE)
            return self._drop(connection, version, by)

    def _drop(self, connection: Connection, version: Version, by: str) -> Version:
        values = {"state": VersionState.WITHDRAWN, "withdrawn_at": self._clock(), "content": None, "original": ""}
        dropped = self._write(connection, version, by, "withdraw", values)
        if version.original and not rows.find(connection, versions.c.original == version.original):
            self._originals.forget(version.original)
        return dropped

    # what is live; within a transaction of the caller's

    def publish_within(self, connection: Connection, version_ids: Sequence[str], by: str) -> list[Version]:
        """Make versions live, each in the place of the one before it; all or none.

        Raises NeedsApproval where a second person has not agreed yet.
        """
        done = []
        for version_id in version_ids:
            version = rows.take(connection, version_id)
            if version.state not in (VersionState.DRAFT, VersionState.SCHEDULED):
                raise VersionError(_NOT_TO_PUBLISH.get(version.state, ""))
            if self._rules.second_person and not version.approved_by:
                raise NeedsApproval
            live = self._placing.put(connection, version, by)
            self._tell(connection, by, "publish", live, document=live.document_id, number=live.number)
            done.append(live)
        return done

    def put_within(self, connection: Connection, items: Sequence[Proposed], by: str) -> list[Version]:
        """Propose documents, and make live those that nothing stops.

        What is held stays held. What needs a second person waits. Returns the versions of documents that were known,
        or are not live.
        """
        new, others = self._new(connection, items)
        coming = [(self._proposing.new(item, by), item.incoming) for item in new]
        self._placing.put_new(connection, coming, by)
        for values, incoming in coming:
            self._told_of(connection, by, "publish", values["id"], file=incoming.file, number=1)
        made = [self._propose(connection, item, by) for item in others]
        if self._rules.second_person:
            waiting = {v.id: self._write(connection, v, by, "ask", {"asked_by": by}) for v in made if not v.holds}
            return [waiting.get(each.id, each) for each in made]
        ready = [each for each in made if each.state is VersionState.DRAFT]
        placed = {live.id: live for live in self._placing.put_many(connection, ready, by)}
        for live in placed.values():
            self._tell(connection, by, "publish", live, document=live.document_id, number=live.number)
        return [placed.get(each.id, each) for each in made]

    def _new(self, connection: Connection, items: Sequence[Proposed]) -> tuple[list[Proposed], list[Proposed]]:
        """Return the items that are simply new and go in at once, and the others."""
        known = self._placing.known_sources(connection, [item.incoming.source for item in items])
        found: tuple[list[Proposed], list[Proposed]] = [], []
        for item in items:
            stopped = item.findings is None or bool(item.findings.holds) or item.among_all
            found[stopped or item.incoming.source in known or self._rules.second_person].append(item)
        return found

    def roll_back_within(self, connection: Connection, document_id: str, by: str) -> Version | None:
        """Make the version before the live one live again, or the last one where the document was taken out.

        Return None where the document was the successor of another: it goes, and the other holds again.
        """
        before, live = self._placing.roll_back(connection, document_id)
        about = live or before
        assert about is not None  # noqa: S101  (`roll_back` raises where there is neither)
        number = before.number if before else 0
        self._tell(connection, by, "roll_back", about, document=document_id, number=number)
        return before

    def remove_within(self, connection: Connection, document_id: str, by: str) -> bool:
        """Take a document out; return False if there is none.

        Its last version is kept, so that the document can be rolled back.
        """
        gone = self._placing.remove(connection, document_id)
        if gone:
            self._tell(connection, by, "remove", gone, document=document_id, number=gone.number)
        return gone is not None

    def _write(
        self, connection: Connection, version: Version, by: str, action: str, values: dict[str, Any], **detail: Any
    ) -> Version:
        connection.execute(update(versions).where(versions.c.id == version.id).values(**values))
        after = rows.take(connection, version.id)
        self._tell(connection, by, action, after, **detail)
        return after

    def _tell(self, connection: Connection, by: str, action: str, version: Version, **detail: Any) -> None:
        self._told_of(connection, by, action, version.id, **detail)

    def _told_of(self, connection: Connection, by: str, action: str, version_id: str, **detail: Any) -> None:
        self._rules.record(connection, self._clock(), by, f"version.{action}", f"version:{version_id}", **detail)


_NOT_TO_PUBLISH = {
    VersionState.HELD: sentences.HELD,
    VersionState.PUBLISHED: sentences.PUBLISHED_ALREADY,
    VersionState.REPLACED: sentences.REPLACED,
    VersionState.WITHDRAWN: sentences.WITHDRAWN,
}


def _open(version: Version) -> Version:
    if version.state not in _OPEN:
        raise VersionError(sentences.NOT_OPEN)
    return version
