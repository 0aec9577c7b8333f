"""What the engine takes and gives: chunks, passages, and the three kinds of outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a clause small enough to embed (切片); `id` is stable while its text and place are.

    `text` is the clause's own words; `heading` is title and path, given to the index beside them, never quoted.
    """

    id: str
    document_id: str
    clause_id: str
    heading: str
    text: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question; `score` orders passages of one search, its parts are in `signals`."""

    chunk: Chunk
    score: float
    signals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: `quote` is verbatim in the clause at `locator` of the document `title`."""

    title: str
    document_number: str
    locator: str
    quote: str
    effective_on: date | None
    url: str
    file: str
    document_id: str = ""
    clause_id: str = ""


class AbstentionReason(StrEnum):
    """Why the bot does not answer."""

    NOTHING_FOUND = "nothing_found"
    EXPIRED = "expired"  # the only text found is expired or repealed
    NOT_YET_IN_FORCE = "not_yet_in_force"
    OTHER_REGION = "other_region"
    NEEDS_PERSON = "needs_person"
    PERSONAL_DATA = "personal_data"
    NOT_OUR_BUSINESS = "not_our_business"
    TOO_VAGUE = "too_vague"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with what it rests on; `confidence` in [0, 1] is the calibrated chance that it is right."""

    text: str
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Abstention:
    """An honest "I don't know" (拒答); `text` is what the applicant reads."""

    reason: AbstentionReason
    text: str
    confidence: float = 0.0
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question back (反问) with the choices to pick from."""

    text: str
    options: tuple[str, ...]
    confidence: float = 0.0
    passages: tuple[Passage, ...] = ()


Outcome = Answer | Abstention | Clarification


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the last of `turns`, the earlier ones being its context; `as_of` None means today."""

    turns: tuple[str, ...]
    as_of: date | None = None

    @classmethod
    def of(cls, text: str | Sequence[str], as_of: date | None = None) -> "Question":
        return cls((text,) if isinstance(text, str) else tuple(text), as_of)

    @property
    def text(self) -> str:
        return self.turns[-1]
