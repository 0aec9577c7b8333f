"""What a message carries beside its text, as channels, store and pages share it: buttons, citations, links, its kind.

Nobody but this module reads or writes the JSON of it. The scripts' types are made from it
(bot/channels/webchat/declarations.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, TypeAdapter

MessageKind = Literal[
    "answer", "abstention", "clarification", "queued", "place", "passed_on", "satisfaction", "notice", "share"
]


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message; pressing it is an incoming message whose text is `value`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MessageLink:
    """An address under a message, to be opened by the applicant."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A citation as people see it.

    `effective_on` is an ISO date, `url` the issuer's page, `link` the path of our own page of the clause. Messages
    stored by earlier versions lack some of them.
    """

    title: str = ""
    document_number: str = ""
    locator: str = ""
    quote: str = ""
    effective_on: str | None = None
    url: str = ""
    file: str = ""
    document_id: str = ""
    clause_id: str = ""
    link: str = ""

    @property
    def line(self) -> str:
        """The citation in one line: 《title》（文号）locator."""
        number = f"（{self.document_number}）" if self.document_number else ""
        return f"《{self.title}》{number}{self.locator}"


@dataclass(frozen=True, slots=True)
class OfferedChoice:
    """One thing that the applicant may mean: the matter in a few characters, and the sentence that may answer."""

    label: str
    text: str
    citations: tuple[CitedClause, ...] = ()


def _known_kind(kind: object) -> object:
    """A kind of a newer version, left behind by going back to this one, is none."""
    return kind if kind in get_args(MessageKind) else None


@dataclass(frozen=True, slots=True)
class MessageBody:
    """What a message carries beside its text.

    `confidence` (0 to 1) and `reason` (of an abstention) tell how a question was answered, `place` where the applicant
    stands in the queue. Of an applicant's own message, `label` is what stood on the pressed button, `unreadable` what
    he sent in place of text, `cut` how many characters the text had before a channel shortened it.
    """

    kind: Annotated[MessageKind | None, BeforeValidator(_known_kind)] = None
    buttons: tuple[Button, ...] = ()
    citations: tuple[CitedClause, ...] = ()
    links: tuple[MessageLink, ...] = ()
    choices: tuple[OfferedChoice, ...] = ()
    confidence: float | None = None
    reason: str = ""
    place: int | None = None
    label: str = ""
    unreadable: str = ""
    cut: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored and told to pages: only what there is."""
        plain = _adapter().dump_python(self, mode="json")
        return {name: value for name, value in plain.items() if value not in (None, "", [])}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "MessageBody":
        """Reads what any version has stored; what this one does not know is left out."""
        return _adapter().validate_python(_without_nulls(stored))


NO_BODY = MessageBody()


def _without_nulls(value: Any) -> Any:
    """JSON without the keys whose value is null, at every depth."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(its) for key, its in value.items() if its is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


@cache
def _adapter() -> TypeAdapter[MessageBody]:
    return TypeAdapter(MessageBody)
