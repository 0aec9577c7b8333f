"""Ask again for an answer: what is the same today and what differs, by the record kept beside the old answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from desk import sentences
from desk.answers.records import Records, record_of, text_hash
from desk.conversations.conversations import Conversations
from desk.errors import NotFound
from desk.model import Message, Sender
from knowledge.law.validity import clause_standing_on
from knowledge.model import Standing, StoredClause
from knowledge.store.documents import DocumentStore
from retrieval.model import Outcome, Question, Worded

_NEAR = 0.001  # a smaller change of confidence or score is no difference


class Fate(StrEnum):
    """What has become of a clause that an answer rested on."""

    SAME = "same"
    CHANGED = "changed"  # its place has other words
    ENDED = "ended"  # not in force any more
    GONE = "gone"  # its document has no such place, or is not there


@dataclass(frozen=True, slots=True)
class CitedThen:
    """A clause cited then: what it is today, and whether today's answer cites it, too."""

    title: str
    locator: str
    fate: Fate
    cited_now: bool


@dataclass(frozen=True, slots=True)
class Differs:
    """Something that differs today: kind, reason, confidence, score, or a part of the setup."""

    what: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """An answer of then beside today's.

    `question` is the last question asked. `new` are the clauses that only today's answer cites, as title and place.
    """

    message_id: int
    question: str
    day: str
    text_then: str
    text_now: str
    cited: tuple[CitedThen, ...]
    new: tuple[str, ...]
    differs: tuple[Differs, ...]

    @property
    def same(self) -> bool:
        """Whether an applicant would read the same, resting on the same words."""
        kept = all(each.fate is Fate.SAME and each.cited_now for each in self.cited)
        return kept and not self.new and not any(each.what in ("kind", "reason") for each in self.differs)


class Replays:
    """Asks again what an answered message had asked; nothing is stored or sent."""

    def __init__(
        self,
        conversations: Conversations,
        store: DocumentStore,
        records: Records,
        answer: Callable[[Question], Outcome],
        worded: Worded,
    ) -> None:
        self._conversations, self._store, self._records = conversations, store, records
        self._answer, self._worded = answer, worded

    def of(self, message_id: int) -> Replay:
        """Replay one answer. Raises NotFound where it has no record, or its question is not there any more."""
        message, then = self._conversations.message(message_id), record_of(self._store.engine, message_id)
        if then is None:
            raise NotFound(sentences.NO_RECORD)
        turns = self._asked(message, then["asked"])
        as_of = date.fromisoformat(then["as_of"]) if then["as_of"] else None
        question = Question(tuple(turns), as_of)
        outcome = self._answer(question)
        now = self._records.of(outcome, then["asked"], as_of)
        places = {_place(each) for each in now["cited"]}
        return Replay(
            message_id=message_id,
            question=question.text,
            day=then["day"],
            text_then=message.text,
            text_now=self._worded(question, outcome),
            cited=tuple(self._then(each, _place(each) in places) for each in then["cited"]),
            new=tuple(f"《{each['title']}》{each['locator']}" for each in now["cited"] if _new(each, then)),
            differs=tuple(_differences(then, now)),
        )

    def _asked(self, message: Message, ids: Sequence[int]) -> list[str]:
        """Return what the applicant wrote in these messages of the same conversation. Raises NotFound."""
        found = [self._conversations.message(each) for each in ids]
        mine = [each for each in found if each.conversation_id == message.conversation_id]
        if not mine or any(each.sender is not Sender.APPLICANT for each in mine):
            raise NotFound
        return [each.text.strip() for each in mine]

    def _then(self, cited: dict[str, Any], cited_now: bool) -> CitedThen:
        return CitedThen(cited["title"], cited["locator"], self._fate(cited), cited_now)

    def _fate(self, cited: dict[str, Any]) -> Fate:
        clause = self._stored(cited)
        known = self._store.of_clauses([clause.id]).get(clause.id) if clause else None
        if clause is None or known is None:
            return Fate.GONE
        document, days = known
        if clause_standing_on(document.metadata, days, self._records.today()) is not Standing.IN_FORCE:
            return Fate.ENDED
        return Fate.SAME if text_hash(clause.clause.text) == cited["text_hash"] else Fate.CHANGED

    def _stored(self, cited: dict[str, Any]) -> StoredClause | None:
        """Return the clause at that place of the document as it is now; of several, the one with the same words."""
        here = [e for e in self._store.clauses(cited["document_id"]) if e.clause.locator == cited["locator"]]
        same = [each for each in here if text_hash(each.clause.text) == cited["text_hash"]]
        return next(iter(same or here), None)


def _place(cited: dict[str, Any]) -> tuple[str, str]:
    return cited["document_id"], cited["locator"]


def _new(cited: dict[str, Any], then: dict[str, Any]) -> bool:
    return _place(cited) not in {_place(each) for each in then["cited"]}


def _differences(then: dict[str, Any], now: dict[str, Any]) -> list[Differs]:
    plain = [(name, then[name], now[name]) for name in ("kind", "reason")]
    numbers = [("confidence", then["confidence"], now["confidence"]), ("score", _score(then), _score(now))]
    setup = [(name, then["setup"].get(name), value) for name, value in now["setup"].items()]
    found = [Differs(*each) for each in (*plain, *setup) if each[1] != each[2]]
    found += [Differs(*each) for each in numbers if abs(each[1] - each[2]) > _NEAR]
    return found


def _score(record: dict[str, Any]) -> float:
    """Return the score of the best passage; 0 where there is none."""
    return float(record["passages"][0]["score"]) if record["passages"] else 0.0
