"""Which answers already given rest on a clause: their citations name it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Text, cast, select

from desk.model import Sender
from desk.tables import messages
from knowledge.database import reading
from knowledge.difference import Change
from knowledge.store import DocumentStore
from knowledge.versions import Versions

_LOOKED_AT = 5000  # of the newest answers that cite the document
_EXCERPT = 120


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer given; `locators` are the places it rests on that were asked about."""

    message_id: int
    conversation_id: str
    answered_at: datetime
    text: str
    locators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resting:
    """How many answers rest on the clauses, and the newest of them."""

    count: int
    newest: tuple[PastAnswer, ...]


class PastAnswers:
    """Answers found by what they cite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def resting_on(self, document_id: str, clause_ids: Collection[str], shown: int = 20) -> Resting:
        """The answers that cite one of these clauses of a document, the newest first."""
        if not clause_ids:
            return Resting(0, ())
        cites = (messages.c.sender == Sender.BOT, cast(messages.c.body, Text).contains(document_id, autoescape=True))
        query = select(messages).where(*cites).order_by(messages.c.id.desc()).limit(_LOOKED_AT)
        with reading(self._engine) as connection:
            found = [(row, _locators(row.body, clause_ids)) for row in connection.execute(query)]
        resting = [_answer(row, locators) for row, locators in found if locators]
        return Resting(len(resting), tuple(resting[:shown]))


def _locators(body: dict[str, Any], clause_ids: Collection[str]) -> tuple[str, ...]:
    cited = body.get("citations") or ()
    return tuple(dict.fromkeys(each.get("locator", "") for each in cited if each.get("clause_id") in clause_ids))


def _answer(row: Any, locators: tuple[str, ...]) -> PastAnswer:
    return PastAnswer(row.id, row.conversation_id, row.created_at, row.text[:_EXCERPT], locators)


def resting_on(store: DocumentStore, versions: Versions, version_id: str) -> Resting:
    """The answers that cite a clause of the live text whose words the version changes, or that goes."""
    version = versions.get(version_id)
    document_id = version.successor_of or version.document_id
    if document_id is None or store.get(document_id) is None:
        return Resting(0, ())
    found = versions.difference(version_id).of(Change.CHANGED, Change.REMOVED)
    gone = {entry.old.ordinal for entry in found if entry.old}
    clause_ids = {each.id for each in store.clauses(document_id) if each.clause.ordinal in gone}
    return PastAnswers(store.engine).resting_on(document_id, clause_ids)
