"""The requests that commands make of the one writer: the running service, or the command itself where none runs.

They are plain dataclasses, so that a command imports them at no cost. The service checks what it is sent against them.
`by` says who asks, for the record.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from knowledge.version import VersionState


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """Put files and folders in. `paths` are absolute. With `draft` nothing is published."""

    paths: tuple[Path, ...]
    by: str
    dry_run: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """Make an account. With `reset`, give an existing account a new one-time password."""

    name: str
    display_name: str
    role: str
    reset: bool = False


@dataclass(frozen=True, slots=True)
class AskRequest:
    """Answer questions by the law of a day (None: today). Each question is a list of turns."""

    questions: list[list[str]]
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class SayRequest:
    """Take in what somebody typed in `laofashi chat`. `key` names the chat."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class NewsRequest:
    """Get the messages to the terminal chat `key` with an id above `after`."""

    key: str
    after: int


# Acts: each is answered with one JSON value.


@dataclass(frozen=True, slots=True)
class ListVersionsRequest:
    """List the versions in these states; all versions where no state is given."""

    states: tuple[VersionState, ...]
    act: Literal["versions"] = "versions"


@dataclass(frozen=True, slots=True)
class DifferenceRequest:
    version: str
    act: Literal["difference"] = "difference"


@dataclass(frozen=True, slots=True)
class EffectsRequest:
    version: str
    act: Literal["effects"] = "effects"


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """Publish a version on a day (None: now)."""

    version: str
    on: date | None
    by: str
    act: Literal["publish"] = "publish"


@dataclass(frozen=True, slots=True)
class ApproveRequest:
    version: str
    by: str
    act: Literal["approve"] = "approve"


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    version: str
    reason: str
    by: str
    act: Literal["release"] = "release"


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    version: str
    by: str
    act: Literal["withdraw"] = "withdraw"


@dataclass(frozen=True, slots=True)
class RollBackRequest:
    document: str
    by: str
    act: Literal["roll-back"] = "roll-back"


@dataclass(frozen=True, slots=True)
class RemoveRequest:
    document: str
    by: str
    act: Literal["remove"] = "remove"


@dataclass(frozen=True, slots=True)
class AddGoldenRequest:
    """Add a golden question and what its answer must hold. It is asked by the law of a day (None: today)."""

    question: str
    document: str
    clause: str
    words: tuple[str, ...]
    refused: bool
    on: date | None
    by: str
    act: Literal["golden-add"] = "golden-add"


@dataclass(frozen=True, slots=True)
class ListGoldenRequest:
    act: Literal["golden-list"] = "golden-list"


@dataclass(frozen=True, slots=True)
class RemoveGoldenRequest:
    """Remove a golden question. `question` is its id."""

    question: str
    by: str
    act: Literal["golden-remove"] = "golden-remove"


@dataclass(frozen=True, slots=True)
class RunGoldenRequest:
    by: str
    act: Literal["golden-run"] = "golden-run"


@dataclass(frozen=True, slots=True)
class CalibrateRequest:
    """Propose a threshold. `precision` (0 to 1) is the share of answers that are to be right."""

    precision: float
    act: Literal["golden-calibrate"] = "golden-calibrate"


@dataclass(frozen=True, slots=True)
class ListWordsRequest:
    act: Literal["words-list"] = "words-list"


@dataclass(frozen=True, slots=True)
class AddWordsRequest:
    """Add an entry: what people say, and what documents write for it."""

    said: tuple[str, ...]
    written: tuple[str, ...]
    by: str
    act: Literal["words-add"] = "words-add"


@dataclass(frozen=True, slots=True)
class RemoveWordsRequest:
    entry: str
    by: str
    act: Literal["words-remove"] = "words-remove"


@dataclass(frozen=True, slots=True)
class SwitchWordsRequest:
    """Use an entry (`on`), or leave it unused."""

    entry: str
    on: bool
    by: str
    act: Literal["words-switch"] = "words-switch"


@dataclass(frozen=True, slots=True)
class ProposedWordsRequest:
    act: Literal["words-proposed"] = "words-proposed"


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """Ask again what an answer was given to. `message` is the id of that answer."""

    message: int
    act: Literal["replay"] = "replay"


CommandRequest = (
    ListVersionsRequest
    | DifferenceRequest
    | EffectsRequest
    | PublishRequest
    | ApproveRequest
    | ReleaseRequest
    | WithdrawRequest
    | RollBackRequest
    | RemoveRequest
    | AddGoldenRequest
    | ListGoldenRequest
    | RemoveGoldenRequest
    | RunGoldenRequest
    | CalibrateRequest
    | ListWordsRequest
    | AddWordsRequest
    | RemoveWordsRequest
    | SwitchWordsRequest
    | ProposedWordsRequest
    | ReplayRequest
)
