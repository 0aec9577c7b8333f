"""What publishing a version would change: answers to golden questions, and which documents end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update

from knowledge.database import reading, writing
from knowledge.golden import Cited, GoldenAnswer, GoldenQuestion, Result, problem
from knowledge.model import PolicyDocument
from knowledge.store.documents import DocumentStore
from knowledge.store.trial_copy import copied
from knowledge.tables import versions
from knowledge.version import Version, VersionState
from knowledge.versions.going_live import Placing
from knowledge.versions.rows import take
from retrieval.answering.answerer import Answerer
from retrieval.index.chunks import chunked
from retrieval.index.index import Index
from retrieval.model import Answer, Outcome, Question, Worded

Answering = Callable[[Question], Outcome]
MakeAnswerer = Callable[[Index, DocumentStore], Answerer]  # over these; otherwise set up like the one that serves


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A question with its answer before and after; `problem_…` is what is wrong with the answer, "" for nothing."""

    question: GoldenQuestion
    before: GoldenAnswer
    after: GoldenAnswer
    problem_before: str
    problem_after: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A document whose day of repeal would be set, removed or moved."""

    document_id: str
    title: str
    repealed_on_before: date | None
    repealed_on_after: date | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What publishing would change; `asked` is how many golden questions were asked both ways."""

    asked: int
    changed: tuple[ChangedAnswer, ...]
    documents: tuple[Ended, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """The house as it would be with versions published, in memory: how it answers, and its documents."""

    answer: Answering
    documents: dict[str, PolicyDocument]


class Effects:
    """Tries versions on a copy of what is live; nothing that serves is touched.

    The copy takes time and memory in proportion to the live clauses. Each question takes twice the time of an answer.
    """

    def __init__(
        self, store: DocumentStore, index: Index, answers: MakeAnswerer, worded: Worded, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._index, self._answers = store, index, answers
        self._worded, self._clock = worded, clock

    def of(self, version_ids: Sequence[str], golden: Sequence[GoldenQuestion]) -> Effect:
        """Return what publishing these versions now would change. Raises VersionError where one cannot be published."""
        live = self._answers(self._index, self._store).answer
        before = {each.id: each for each in self._store.documents()}
        with self.staged(version_ids) as staged:
            pairs = asked_both(live, staged.answer, golden, self._worded)
            ended = tuple(_ended(before, staged.documents))
        return Effect(len(golden), changed(pairs), ended)

    def rehearse(self, version_ids: Sequence[str], golden: Sequence[GoldenQuestion]) -> list[Result]:
        """Ask golden questions as if these versions were published now. Raises VersionError where one cannot be."""
        with self.staged(version_ids) as staged:
            told = [(each, golden_answer(staged.answer, each, self._worded)) for each in golden]
        return [Result(each.id, each.question, problem(each.expected, its), its) for each, its in told]

    @contextmanager
    def staged(self, version_ids: Sequence[str]) -> Iterator[Staged]:
        """Yield the house as it would be with these versions published."""
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
        """Publish a version in the copy, whatever it still waits for."""
        waits_no_more = {"state": VersionState.DRAFT, "confirmed_by": "system"}
        with reading(store.engine) as connection:
            version = take(connection, version_id)
        with writing(store.engine) as connection:
            if version.state not in (VersionState.PUBLISHED, VersionState.REPLACED, VersionState.WITHDRAWN):
                connection.execute(update(versions).where(versions.c.id == version_id).values(**waits_no_more))
            return Placing(store, self._clock).put(connection, take(connection, version_id), "system")


def asked_both(
    before: Answering, after: Answering, golden: Sequence[GoldenQuestion], worded: Worded
) -> list[ChangedAnswer]:
    """Ask both sides each golden question; return all pairs of answers, whether or not they differ."""
    pairs = [(each, golden_answer(before, each, worded), golden_answer(after, each, worded)) for each in golden]
    return [ChangedAnswer(g, old, new, problem(g.expected, old), problem(g.expected, new)) for g, old, new in pairs]


def changed(pairs: Sequence[ChangedAnswer]) -> tuple[ChangedAnswer, ...]:
    """Return the pairs whose two answers people would read differently."""
    return tuple(each for each in pairs if _differ(each.before, each.after))


def golden_answer(answer: Answering, question: GoldenQuestion, worded: Worded) -> GoldenAnswer:
    """Return the answer to a golden question."""
    asked = Question.of(question.question, question.as_of)
    outcome = answer(asked)
    return golden_answer_of(outcome, worded(asked, outcome))


def golden_answer_of(outcome: Outcome, text: str) -> GoldenAnswer:
    """Return an outcome, worded as `text`, in the form in which golden questions are judged."""
    cited = tuple(Cited(c.document_id, c.title, c.locator, c.quote) for c in getattr(outcome, "citations", ()))
    return GoldenAnswer(text, cited, refused=not isinstance(outcome, Answer))


def _differ(old: GoldenAnswer, new: GoldenAnswer) -> bool:
    """Whether what people read differs: the words, the citations, or whether it is a refusal."""
    places = [[(each.title, each.locator, each.quote) for each in one.citations] for one in (old, new)]
    return (old.refused, old.text) != (new.refused, new.text) or places[0] != places[1]


def _ended(before: dict[str, PolicyDocument], after: dict[str, PolicyDocument]) -> Iterator[Ended]:
    for id_, old in before.items():
        if id_ in after and (days := after[id_].metadata.repealed_on) != old.metadata.repealed_on:
            yield Ended(id_, old.metadata.title, old.metadata.repealed_on, days)
