"""Where files go that were read: live at once, into drafts, or straight into the store; and what is there already."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from sqlalchemy import select

from knowledge import stops
from knowledge.database import reading, writing
from knowledge.model import HeldFile, ParsedDocument
from knowledge.proposing import Proposed
from knowledge.stops import Findings
from knowledge.store import DocumentStore
from knowledge.tables import documents
from knowledge.version import Hold, Version, VersionState
from knowledge.version_tables import versions
from knowledge.versions import Versions


@dataclass(slots=True)
class Known:
    """What need not be read again: hashes by source, contents under whatever name, and what is held, by source."""

    sources: dict[str, str]
    contents: set[str]
    live: set[str]  # sources whose file replaces what is there
    held: dict[str, tuple[str, HeldFile]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: what was stopped, and the drafts made."""

    held: tuple[HeldFile, ...] = ()
    drafts: tuple[str, ...] = ()


class Intake(Protocol):
    """Takes what was read."""

    def known(self) -> Known: ...

    def stopped(self, parsed: ParsedDocument) -> Findings:
        """What has to be looked at before it may go in."""

    def take(self, batch: Sequence[Proposed]) -> Taken: ...


class IntoStore:
    """Straight into the store: no versions are kept and nothing is stopped."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def known(self) -> Known:
        hashes = self._store.hashes()
        return Known(hashes, set(hashes.values()), set(hashes))

    def stopped(self, parsed: ParsedDocument) -> Findings:
        return Findings((), ())

    def take(self, batch: Sequence[Proposed]) -> Taken:
        self._store.put_many([each.incoming for each in batch])
        return Taken()


class IntoVersions:
    """Through versions: live at once, or as drafts that are looked at first."""

    def __init__(self, store: DocumentStore, versions: Versions, by: str, draft: bool) -> None:
        self._store, self._versions, self._by, self._draft = store, versions, by, draft

    def known(self) -> Known:
        """As the newest version of each source says it.

        What was rolled back does not come in again by itself; what was taken out, or withdrawn as a draft, does.
        """
        hashes = self._store.hashes()
        known = Known(hashes, set(hashes.values()), set(hashes))
        columns = [
            column for column in versions.c if column.name not in ("content", "confirmed", "decided", "proposal")
        ]
        order = (versions.c.created_at, versions.c.number == 0, versions.c.number)
        with reading(self._store.engine) as connection:
            live = set(connection.scalars(select(documents.c.id)))
            for row in connection.execute(select(*columns).order_by(*order)):
                known.held.pop(row.source, None)
                if row.state == VersionState.HELD:
                    reasons = tuple(stops.sentence(Hold(**hold)) for hold in row.holds)
                    known.held[row.source] = (row.content_hash, HeldFile(row.file, row.id, reasons))
                elif self._counts(row.state, row.number, {row.document_id, row.successor_of} & live != set()):
                    known.sources[row.source] = row.content_hash
        return known

    def _counts(self, state: str, number: int, live: bool) -> bool:
        if state in (VersionState.PUBLISHED, VersionState.REPLACED):
            return live
        if state == VersionState.WITHDRAWN:
            return number > 0 and live and not self._draft
        return self._draft or self._versions.second_person

    def stopped(self, parsed: ParsedDocument) -> Findings:
        return stops.find(parsed)

    def take(self, batch: Sequence[Proposed]) -> Taken:
        batch = [replace(each, among_all=self._draft) for each in batch]  # nobody is there to confirm
        if self._draft:
            made = self._versions.propose(batch, self._by)
        else:
            with writing(self._store.engine) as connection:
                made = self._versions.put_within(connection, batch, self._by)
        held = [each for each in made if each.state is VersionState.HELD]
        drafts = [each.id for each in made if each.state is VersionState.DRAFT]
        return Taken(tuple(_told(each) for each in held), tuple(drafts))


def _told(version: Version) -> HeldFile:
    return HeldFile(version.file, version.id, tuple(stops.sentence(hold) for hold in version.holds))
