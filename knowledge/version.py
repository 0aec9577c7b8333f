"""A version of a document: what was read, what an administrator decided, and how far it has come."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from knowledge import sentences
from knowledge.model import Metadata


class VersionState(StrEnum):
    """How far a version has come; only a PUBLISHED one answers."""

    DRAFT = "draft"
    HELD = "held"  # personal data or a secrecy mark was found: somebody must release it
    SCHEDULED = "scheduled"  # the program publishes it on `publish_on`
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class VersionKind(StrEnum):
    """What publishing a version does to the text before it."""

    NEW = "new"  # there is no text before it
    CORRECTION = "correction"  # the same text corrected: no answer uses the old words any more
    SUCCESSOR = "successor"  # a new text from a day on: the old one still answers for earlier days


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a file is held back. `kind` is identity, card, phones or secrecy; `where` is a place; `words` are masked."""

    kind: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class VersionProposal:
    """The document of which a file seems to be a new version, and why. If `sure`, nobody needs to confirm it."""

    document_id: str
    title: str
    reason: str
    kind: VersionKind
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document as stored, without its clauses.

    `decided` is the metadata that an administrator put in place of what was read. `number` counts the published
    versions of one document from 1; it is 0 before that. The `…_by` fields hold the names that the caller gave, "" for
    nobody yet.
    """

    id: str
    document_id: str | None
    successor_of: str | None
    number: int
    state: VersionState
    file: str
    source: str
    media_type: str
    content_hash: str
    original: str
    title: str
    clause_count: int
    decided: Metadata | None
    proposal: VersionProposal | None
    confirmed_by: str
    holds: tuple[Hold, ...]
    released_by: str
    created_at: datetime
    created_by: str
    edited_by: tuple[str, ...]
    asked_by: str
    approved_by: str
    publish_on: date | None
    published_at: datetime | None
    published_by: str
    replaced_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def kind(self) -> VersionKind:
        if self.successor_of:
            return VersionKind.SUCCESSOR
        return VersionKind.CORRECTION if self.document_id and self.number != 1 else VersionKind.NEW

    @property
    def needs_confirmation(self) -> bool:
        """Whether somebody must first say of which document it is a new version."""
        return bool(self.proposal and not self.proposal.sure and not self.confirmed_by)

    @property
    def awaits_approval(self) -> bool:
        return bool(self.asked_by and not self.approved_by) and self.state is VersionState.DRAFT

    @property
    def authors(self) -> frozenset[str]:
        """The people who may not approve it: they put it in, changed it or asked to publish it."""
        return frozenset({self.created_by, *self.edited_by, self.asked_by} - {""})


class VersionError(Exception):
    """The version does not allow this action now. Without a message of its own, the error reads as `sentence`."""

    sentence = sentences.NOT_NOW

    def __str__(self) -> str:
        return super().__str__() or self.sentence


class NoSuchVersion(VersionError):
    """There is no version with this id."""

    sentence = sentences.NO_SUCH_VERSION


class NeedsApproval(VersionError):
    """A second person has not agreed yet, or the one who agreed made the version."""

    sentence = sentences.NEEDS_APPROVAL
