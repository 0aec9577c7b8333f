"""What a version of a document is: what was read, what was decided about it, and how far it has come."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from knowledge.model import Metadata


class VersionState(StrEnum):
    """How far a version has come; only a PUBLISHED one answers."""

    DRAFT = "draft"
    HELD = "held"  # personal data or a secrecy mark was found: somebody must release it
    SCHEDULED = "scheduled"  # published by itself on `publish_on`
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class VersionKind(StrEnum):
    """What publishing a version does to the text before it."""

    NEW = "new"  # there is none
    CORRECTION = "correction"  # the same text mended: the old words are gone from every answer
    SUCCESSOR = "successor"  # a new text from a day on: the old one still answers for the days before


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a file is stopped: `kind` is identity, card, phones or secrecy; `words` are masked, `where` a place."""

    kind: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The document a file seems to be a new version of, and why; `sure` where nobody need confirm that."""

    document_id: str
    title: str
    reason: str
    kind: VersionKind
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a document as stored, without its clauses.

    `read` is the metadata as read, `decided` what an administrator put in its place. `number` counts the published
    versions of one document from 1 and is 0 before that. `…_by` are whoever the caller said; "" for nobody yet.
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
    proposal: Proposal | None
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
        """Whether somebody has to say first what it is a new version of."""
        return bool(self.proposal and not self.proposal.sure and not self.confirmed_by)

    @property
    def awaits_approval(self) -> bool:
        return bool(self.asked_by and not self.approved_by) and self.state is VersionState.DRAFT

    @property
    def authors(self) -> frozenset[str]:
        """Those who may not approve it: whoever put it in, changed it or asked for its publishing."""
        return frozenset({self.created_by, *self.edited_by, self.asked_by} - {""})


class VersionError(Exception):
    """这个版本现在不能做这个操作。"""

    def __str__(self) -> str:
        return super().__str__() or (self.__doc__ or "").strip()


class NoSuchVersion(VersionError):
    """没有找到这个版本。"""


class NeedsApproval(VersionError):
    """需要另一位管理员同意后才能发布。"""
