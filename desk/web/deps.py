"""The parts that the routes of staff pages are handed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.accounts.access import Access
from desk.accounts.accounts import Accounts
from desk.audit import Audit
from desk.bus import Bus
from desk.conversations.conversations import Conversations
from desk.conversations.outbox import Deliveries
from desk.model import Locale
from desk.tickets.cards import Overview
from desk.tickets.screenshare import ScreenShares
from desk.tickets.tickets import Tickets
from retrieval.model import Outcome, Question, Worded

if TYPE_CHECKING:  # heavy to import, and only handed through
    from desk.answers.replay import Replays
    from desk.words.mining import WordProposal
    from desk.words.words import Words
    from knowledge.golden import GoldenAnswer, GoldenQuestion, GoldenQuestions
    from knowledge.store.documents import DocumentStore
    from knowledge.versions.history import Kept
    from knowledge.versions.workflow import Versions
    from retrieval.language.lexicon import Lexicon
    from retrieval.publishing.effects import ChangedAnswer, Effects
    from retrieval.publishing.files import Indexer
    from retrieval.publishing.versions import Publishing


@dataclass(frozen=True, slots=True)
class Publication:
    """What the routes of publishing need; `ask` answers a golden question by what is live."""

    versions: "Versions"
    publishing: "Publishing"
    golden: "GoldenQuestions"
    effects: "Effects"
    ask: "Callable[[GoldenQuestion], GoldenAnswer]"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the routes of words need.

    `proposals` finds words in resolved conversations. `effects` asks the golden questions by other words: how many were
    asked, and which would be answered otherwise. `held` says which of some words stand in documents.
    """

    words: "Words"
    proposals: "Callable[[], list[WordProposal]]"
    effects: "Callable[[Lexicon], tuple[int, tuple[ChangedAnswer, ...]]]"
    held: Callable[[Iterable[str]], set[str]]


@dataclass(frozen=True, slots=True)
class Deps:
    """What the desk's routes need; built in bot/app.py.

    `public_url` has no slash at its end. `upload_limit` is in bytes. `invitation` makes the sentence that carries the
    link of a shared screen, from locale, link and minutes. `answer` answers a question, and `worded` gives what an
    applicant reads of the outcome. `ice_servers` are RTCIceServer dictionaries, for rooms across networks.
    """

    accounts: Accounts
    access: Access
    tickets: Tickets
    conversations: Conversations
    deliveries: Deliveries
    shares: ScreenShares
    overview: Overview
    bus: Bus
    indexer: "Indexer"
    store: "DocumentStore"
    audit: Audit
    clock: Callable[[], datetime]
    today: Callable[[], date]
    public_url: str
    uploads: Path
    upload_limit: int
    invitation: Callable[[Locale, str, int], str]
    worded: Worded
    answer: Callable[[Question], Outcome]
    ice_servers: tuple[dict[str, Any], ...]
    publication: Publication
    kept: "Kept"
    wording: Wording
    replays: "Replays"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are for https only."""
        return self.public_url.startswith("https://")
