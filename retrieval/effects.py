"""What publishing a version would change: answers to golden questions, and which documents end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update

from knowledge.copying import copied
from knowledge.database import reading, writing
from knowledge.golden import Cited, GoldenQuestion, Result, Said, problem
from knowledge.model import PolicyDocument
from knowledge.placing import Placing
from knowledge.store import DocumentStore
from knowledge.version import Version, VersionState
from knowledge.version_rows import take
from knowledge.version_tables import versions
from retrieval.answering import Answerer
from retrieval.chunks import chunked
from retrieval.index import Index
from retrieval.model import Answer, Outcome, Question

Answering = Callable[[Question], Outcome]
Answers = Callable[[Index, DocumentStore], Answerer]  # an answerer over these, else set up as the one that serves


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A question that would be answered otherwise; `problem_…` is what would be wrong with it, "" for nothing."""

    question: GoldenQuestion
    before: Said
    after: Said
    problem_before: str
    problem_after: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Another document that would end, begin or end on another day."""

    document_id: str
    title: str
    repealed_on_before: date | None
    repealed_on_after: date | None


@dataclass(frozen=True, slots=True)
class Effect:
    """`asked` is how many golden questions were asked both ways."""

    asked: int
    changed: tuple[ChangedAnswer, ...]
    documents: tuple[Ended, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """The house with a version published, in memory."""

    answer: Answering
    documents: dict[str, PolicyDocument]


class Effects:
    """Tries a version on a copy of what is live; nothing that serves is touched.

    The copy takes time and memory in step with the clauses that are live, each question twice what it takes to answer.
    """

    def __init__(self, store: DocumentStore, index: Index, answers: Answers, clock: Callable[[], datetime]) -> None:
        self._store, self._index, self._answers, self._clock = store, index, answers, clock

    def of(self, version_ids: Sequence[str], golden: Sequence[GoldenQuestion]) -> Effect:
        """What publishing these versions now would change. Raises VersionError where one cannot be published."""
        live = self._answers(self._index, self._store).answer
        before = {each.id: each for each in self._store.documents()}
        with self.staged(version_ids) as staged:
            pairs = asked_both(live, staged.answer, golden)
            ended = tuple(_ended(before, staged.documents))
        return Effect(len(golden), changed(pairs), ended)

    def rehearse(self, version_ids: Sequence[str], golden: Sequence[GoldenQuestion]) -> list[Result]:
        """How golden questions go with these versions published now. Raises VersionError where one cannot be."""
        with self.staged(version_ids) as staged:
            told = [(each, said(staged.answer, each)) for each in golden]
        return [Result(each.id, each.question, problem(each.expected, its), its) for each, its in told]

    @contextmanager
    def staged(self, version_ids: Sequence[str]) -> Iterator[Staged]:
        """The house as it would be with these versions published."""
        with copied(self._store.engine, version_ids) as engine:
            store = DocumentStore(engine, self._clock)
            published = {str(self._publish(store, each).document_id) for each in version_ids}
            documents = {each.id: each for each in store.documents()}
            coming = {id_: chunked(id_, documents[id_].metadata.title, store.clauses(id_)) for id_ in published}
            index = self._index.staged(store, coming)
            try:
                yield Staged(self._answers(index, store).answer, documents)
            finally:
                index.close()

    def _publish(self, store: DocumentStore, version_id: str) -> Version:
        """Publish it in the copy, whatever it still waits for."""
        waits_no_more = {"state": VersionState.DRAFT, "confirmed_by": "system"}
        with reading(store.engine) as connection:
            version = take(connection, version_id)
        with writing(store.engine) as connection:
            if version.state not in (VersionState.PUBLISHED, VersionState.REPLACED, VersionState.WITHDRAWN):
                connection.execute(update(versions).where(versions.c.id == version_id).values(**waits_no_more))
            return Placing(store, self._clock).put(connection, take(connection, version_id), "system")


def asked_both(before: Answering, after: Answering, golden: Sequence[GoldenQuestion]) -> list[ChangedAnswer]:
    """Golden questions asked of two that answer, whether or not they differ."""
    pairs = [(each, said(before, each), said(after, each)) for each in golden]
    return [ChangedAnswer(g, old, new, problem(g.expected, old), problem(g.expected, new)) for g, old, new in pairs]


def changed(pairs: Sequence[ChangedAnswer]) -> tuple[ChangedAnswer, ...]:
    """Those that people would read otherwise."""
    return tuple(each for each in pairs if _differ(each.before, each.after))


def said(answer: Answering, question: GoldenQuestion) -> Said:
    """What is answered to a golden question."""
    return said_of(answer(Question.of(question.question, question.as_of)))


def said_of(outcome: Outcome) -> Said:
    """An outcome as golden questions are judged by it."""
    cited = tuple(Cited(c.document_id, c.title, c.locator, c.quote) for c in getattr(outcome, "citations", ()))
    return Said(outcome.text, cited, refused=not isinstance(outcome, Answer))


def _differ(old: Said, new: Said) -> bool:
    """Whether what people read differs: the words, what they rest on, or that there are any."""
    places = [[(each.title, each.locator, each.quote) for each in one.citations] for one in (old, new)]
    return (old.refused, old.text) != (new.refused, new.text) or places[0] != places[1]


def _ended(before: dict[str, PolicyDocument], after: dict[str, PolicyDocument]) -> Iterator[Ended]:
    for id_, old in before.items():
        if id_ in after and (days := after[id_].metadata.repealed_on) != old.metadata.repealed_on:
            yield Ended(id_, old.metadata.title, old.metadata.repealed_on, days)
