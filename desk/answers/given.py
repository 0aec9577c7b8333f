"""Answers already given: the newest, those that rest on a clause, and the golden question that one proposes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, select

from desk.conversations.conversations import Conversations
from desk.errors import NotFound
from desk.message_body import CitedClause, MessageBody
from desk.model import Sender
from desk.tables import answer_records, messages
from knowledge.database import reading
from knowledge.privacy import mask
from knowledge.store.documents import DocumentStore
from knowledge.versions.difference import ClauseChange
from knowledge.versions.workflow import Versions

_LOOKED_AT = 5000  # of the newest answers that cite the document
_EXCERPT = 120


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer given; `locators` are those places asked about that it cites; `recorded`: it has a record."""

    message_id: int
    conversation_id: str
    answered_at: datetime
    text: str
    locators: tuple[str, ...]
    recorded: bool


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A message of the bot with the question it answers and the record of what it rests on (records.py)."""

    message_id: int
    conversation_id: str
    answered_at: datetime
    question: str
    text: str
    citations: tuple[CitedClause, ...]
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProposedQuestion:
    """A golden question that a conversation proposes; `follows`: only earlier messages make clear what it asks."""

    question: str
    document: str = ""
    clause: str = ""
    refused: bool = False
    follows: bool = False


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
        """Return the answers that cite one of these clauses of a document, the newest first."""
        if not clause_ids:
            return Resting(0, ())
        cites = (messages.c.sender == Sender.BOT, cast(messages.c.body, Text).contains(document_id, autoescape=True))
        recorded = answer_records.c.message_id.is_not(None).label("recorded")
        every = select(*messages.c, recorded).outerjoin_from(messages, answer_records)
        query = every.where(*cites).order_by(messages.c.id.desc()).limit(_LOOKED_AT)
        with reading(self._engine) as connection:
            found = [(row, _locators(MessageBody.from_json(row.body), clause_ids)) for row in connection.execute(query)]
        resting = [_answer(row, locators) for row, locators in found if locators]
        return Resting(len(resting), tuple(resting[:shown]))

    def newest(self, kind: str = "", before: int = 0, limit: int = 30) -> list[GivenAnswer]:
        """Return the newest answers that have a record, with numbers of persons masked.

        `kind` limits them to one kind, `before` to message ids below it.
        """
        joined = select(messages, answer_records.c.record).join(answer_records)
        query = joined.order_by(messages.c.id.desc()).limit(limit)
        if before:
            query = query.where(messages.c.id < before)
        if kind:
            query = query.where(answer_records.c.record["kind"].as_string() == kind)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            return _given(connection, rows)

    def given(self, message_id: int) -> GivenAnswer:
        """Return one answer that has a record. Raises NotFound."""
        query = select(messages, answer_records.c.record).join(answer_records).where(messages.c.id == message_id)
        with reading(self._engine) as connection:
            found = _given(connection, connection.execute(query).all())
        if not found:
            raise NotFound
        return found[0]


def _given(connection: Connection, rows: Sequence[Any]) -> list[GivenAnswer]:
    ids = {row.record["asked"][-1] for row in rows}
    asked = select(messages.c.id, messages.c.conversation_id, messages.c.text).where(messages.c.id.in_(ids))
    texts = {(each.id, each.conversation_id): each.text for each in connection.execute(asked)}
    return [
        GivenAnswer(
            row.id,
            row.conversation_id,
            row.created_at,
            mask(texts.get((row.record["asked"][-1], row.conversation_id), "")),
            mask(row.text),
            MessageBody.from_json(row.body).citations,
            row.record,
        )
        for row in rows
    ]


def proposed_golden(conversations: Conversations, message_id: int) -> ProposedQuestion:
    """Propose a golden question from an applicant's question and the bot's answer; `message_id` names either of them.

    A question that a specialist or nobody answered does not tell yet what is expected. Raises NotFound where the
    message is neither of the two.
    """
    named = conversations.message(message_id)
    around = conversations.messages(named.conversation_id, 0, _LOOKED_AT)
    if named.sender is Sender.APPLICANT:
        question = named
        after = (each for each in around if each.id > named.id and each.sender is not Sender.SYSTEM)
        answer = next((each for each in after if each.sender is Sender.BOT), None)
    else:
        before = [each for each in around if each.id < named.id and each.sender is Sender.APPLICANT]
        if not before:
            raise NotFound
        question, answer = before[-1], named
    kind = answer.body.kind if answer else None
    earlier = any(each.sender is Sender.APPLICANT and each.id < question.id for each in around)
    cited = answer.body.citations[0] if answer and kind == "answer" and answer.body.citations else CitedClause()
    return ProposedQuestion(
        mask(question.text.strip()),
        cited.title,
        cited.locator,
        kind == "abstention",
        earlier,
    )


def _locators(body: MessageBody, clause_ids: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.locator for each in body.citations if each.clause_id in clause_ids))


def _answer(row: Any, locators: tuple[str, ...]) -> PastAnswer:
    return PastAnswer(row.id, row.conversation_id, row.created_at, row.text[:_EXCERPT], locators, bool(row.recorded))


def resting_on(store: DocumentStore, versions: Versions, version_id: str) -> Resting:
    """Return the answers that cite a clause of the live text which the version changes or removes."""
    version = versions.get(version_id)
    document_id = version.successor_of or version.document_id
    if document_id is None or store.get(document_id) is None:
        return Resting(0, ())
    found = versions.difference(version_id).of(ClauseChange.CHANGED, ClauseChange.REMOVED)
    gone = {entry.old.ordinal for entry in found if entry.old}
    clause_ids = {each.id for each in store.clauses(document_id) if each.clause.ordinal in gone}
    return PastAnswers(store.engine).resting_on(document_id, clause_ids)
