"""Takes in files that were read: live at once, as drafts or straight into the store; tells what is there already."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from sqlalchemy import select

from knowledge.database import reading, writing
from knowledge.model import HeldFile, ParsedDocument
from knowledge.store.documents import DocumentStore
from knowledge.tables import documents, versions
from knowledge.version import Hold, Version, VersionState
from knowledge.versions import checks
from knowledge.versions.checks import Findings
from knowledge.versions.proposals import Proposed
from knowledge.versions.workflow import Versions


@dataclass(slots=True)
class KnownFiles:
    """What need not be read again.

    `sources` holds content hashes by source. `contents` holds the hashes of contents under whatever name. `held` holds
    the hash and the report of each held file by source.
    """

    sources: dict[str, str]
    contents: set[str]
    live: set[str]  # sources; a file from one of them replaces what is there
    held: dict[str, tuple[str, HeldFile]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: the files that were stopped, and the ids of the drafts that were made."""

    held: tuple[HeldFile, ...] = ()
    drafts: tuple[str, ...] = ()


class Intake(Protocol):
    """Takes what was read."""

    def known(self) -> KnownFiles: ...

    def stopped(self, parsed: ParsedDocument) -> Findings:
        """Return what has to be looked at before the document may go in."""

    def take(self, batch: Sequence[Proposed]) -> Taken: ...


class IntoStore:
    """Puts documents straight into the store: no versions are kept and nothing is stopped."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def known(self) -> KnownFiles:
        hashes = self._store.hashes()
        return KnownFiles(hashes, set(hashes.values()), set(hashes))

    def stopped(self, parsed: ParsedDocument) -> Findings:
        return Findings((), ())

    def take(self, batch: Sequence[Proposed]) -> Taken:
        self._store.put_many([each.incoming for each in batch])
        return Taken()


class IntoVersions:
    """Puts documents in as versions: live at once, or as drafts that are looked at first."""

    def __init__(self, store: DocumentStore, versions: Versions, by: str, draft: bool) -> None:
        self._store, self._versions, self._by, self._draft = store, versions, by, draft

    def known(self) -> KnownFiles:
        """Return what is known, as the newest version of each source says it.

        What was rolled back does not come in again by itself. What was taken out, or withdrawn as a draft, does.
        """
        hashes = self._store.hashes()
        known = KnownFiles(hashes, set(hashes.values()), set(hashes))
        columns = [
            column for column in versions.c if column.name not in ("content", "confirmed", "decided", "proposal")
        ]
        order = (versions.c.created_at, versions.c.number == 0, versions.c.number)
        with reading(self._store.engine) as connection:
            live = set(connection.scalars(select(documents.c.id)))
            for row in connection.execute(select(*columns).order_by(*order)):
                known.held.pop(row.source, None)
                if row.state == VersionState.HELD:
                    reasons = tuple(checks.sentence(Hold(**hold)) for hold in row.holds)
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
        return checks.find(parsed)

    def take(self, batch: Sequence[Proposed]) -> Taken:
        batch = [replace(each, among_all=self._draft) for each in batch]  # without drafts nobody is there to confirm
        if self._draft:
            made = self._versions.propose(batch, self._by)
        else:
            with writing(self._store.engine) as connection:
                made = self._versions.put_within(connection, batch, self._by)
        held = [each for each in made if each.state is VersionState.HELD]
        drafts = [each.id for each in made if each.state is VersionState.DRAFT]
        return Taken(tuple(_told(each) for each in held), tuple(drafts))


def _told(version: Version) -> HeldFile:
    return HeldFile(version.file, version.id, tuple(checks.sentence(hold) for hold in version.holds))
