"""What the engine takes and gives: chunks, passages, and the three kinds of outcome."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from knowledge.model import Standing


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a clause (切片), small enough to embed.

    `id` stays the same while the text and its place do. `text` holds the clause's own words. `heading` holds title
    and path: the index gets it with the text, but no answer quotes it.
    """

    id: str
    document_id: str
    clause_id: str
    heading: str
    text: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question. `score` orders the passages of one search; `signals` holds its parts."""

    chunk: Chunk
    score: float
    signals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place that an answer rests on: the clause at `locator` of the document `title` holds `quote` verbatim."""

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
class AnotherDay:
    """The day whose law an answer tells, where it is not today, and the document in force on that day."""

    title: str
    day: date
    past: bool


@dataclass(frozen=True, slots=True)
class RuleNotInForce:
    """A rule that was found but is not in force: a whole document, or one clause of a document that is in force.

    `locator` names the clause; None means the whole document. `turns_on` depends on the document's standing: its first
    day in force, its last one, or the day of its repeal; None where it is unknown. `asked_on` is the day asked about;
    None means today.
    """

    title: str
    standing: Standing
    locator: str | None = None
    turns_on: date | None = None
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with what it rests on; `confidence` in [0, 1] is the calibrated chance that it is right.

    `another_day` is set where the answer does not follow the law of today.
    """

    kind: ClassVar[str] = "answer"

    text: str
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...] = ()
    another_day: AnotherDay | None = None


@dataclass(frozen=True, slots=True)
class Abstention:
    """An honest "I don't know" (拒答). Whoever speaks to the person words it. `rule` is set where it is known."""

    kind: ClassVar[str] = "abstention"

    reason: AbstentionReason
    confidence: float = 0.0
    passages: tuple[Passage, ...] = ()
    rule: RuleNotInForce | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a question may mean: `label` names the matter, `text` is the sentence that may answer."""

    label: str
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question back (反问) with the choices to pick from. None of them is told as the answer."""

    kind: ClassVar[str] = "clarification"

    choices: tuple[Choice, ...]
    confidence: float = 0.0
    passages: tuple[Passage, ...] = ()


Outcome = Answer | Abstention | Clarification


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. The last of `turns` is the question, the others are its context. `as_of` None means today."""

    turns: tuple[str, ...]
    as_of: date | None = None

    @classmethod
    def of(cls, text: str | Sequence[str], as_of: date | None = None) -> "Question":
        return cls((text,) if isinstance(text, str) else tuple(text), as_of)

    @property
    def text(self) -> str:
        return self.turns[-1]


Worded = Callable[[Question, Outcome], str]  # returns the text for the person who asked; the bot has the sentences
