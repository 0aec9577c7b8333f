"""Publishing with a real index, on both databases: stored and shown together, tried before, undone after."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.dialogue.wording import worded_for
from desk.answers.rehearsal import rehearsed
from knowledge.golden import Expected, GoldenQuestions
from knowledge.model import Clause, ClauseKind, Metadata, ParsedDocument
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from knowledge.version import Version, VersionError, VersionState
from knowledge.versions.originals import Originals
from knowledge.versions.proposals import Proposed
from knowledge.versions.workflow import Rules, Versions
from retrieval.answering.answerer import Answerer
from retrieval.embedding.embedder import Embedder
from retrieval.index.index import Index
from retrieval.model import Abstention, Answer, Question
from retrieval.publishing.effects import Effects
from retrieval.publishing.versions import Publishing
from tests.support.clock import Clock

CARE = ("三岁以下婴幼儿可以申请社区托育服务。", "社区托育服务每月费用不超过{fee}元。")
OTHER = ("居住证持有人可以办理社会保险。", "居住证每年签注一次，逾期的使用功能中止。")


class House:
    def __init__(self, engine: Engine, embedder: Embedder, clock: Clock, home: Path) -> None:
        self.clock, self.today = clock, lambda: clock().date()
        self.store = DocumentStore(engine, clock)
        self.versions = Versions(self.store, Originals(home / "originals"), clock, Rules(False, self.today))
        self.index = Index(DocumentStore(engine, clock), embedder, home / "index", clock.today)
        self.publishing = Publishing(self.versions, self.index, threading.Lock())
        self.golden = GoldenQuestions(engine, clock)
        self.effects = Effects(self.store, self.index, self._answerer, worded_for, clock)

    def _answerer(self, index: Index, store: DocumentStore) -> Answerer:
        return Answerer(index, store, self.today, threshold=0.3)

    def propose(
        self, title: str, *texts: str, begins: date = date(2025, 1, 1), repeals: tuple[str, ...] = ()
    ) -> Version:
        articles = tuple(
            Clause(i, f"第{i}条", (), f"第{i}条 {text}", ClauseKind.ARTICLE) for i, text in enumerate(texts, 1)
        )
        parsed = ParsedDocument(Metadata(title, effective_on=begins), articles, "text/plain", repeals)
        incoming = IncomingDocument(parsed, f"{title}.md", f"/in/{title}.md", "".join(texts))
        return self.versions.propose([Proposed(incoming, among_all=False)], "anna")[0]

    def put(self, title: str, *texts: str) -> Version:
        return self.publishing.publish([self.propose(title, *texts).id], "anna")[0]

    def said(self, question: str) -> str:
        outcome = self._answerer(self.index, self.store).answer(Question.of(question))
        return outcome.text if isinstance(outcome, Answer) else ""


@pytest.fixture
def house(engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock) -> Iterator[House]:
    made = House(engine, embedder, clock, tmp_path)
    yield made
    made.index.close()


def care(fee: int) -> list[str]:
    return [text.format(fee=fee) for text in CARE]


FEE = "社区托育服务每月费用不超过多少元"


def test_what_is_published_answers_at_once_and_rolled_back_no_more(house: House) -> None:
    house.put("居住证办法", *OTHER)
    first = house.put("托育办法", *care(1000))
    assert first.state is VersionState.PUBLISHED
    assert "1000元" in house.said(FEE)
    generation = house.index.published.generation
    second = house.put("托育办法", *care(2000))
    assert (second.document_id, second.number) == (first.document_id, 2)
    assert "2000元" in house.said(FEE)
    assert house.index.published.generation == generation, "a small change is shown from memory"
    assert first.document_id
    house.publishing.roll_back(first.document_id, "anna")
    assert "1000元" in house.said(FEE)
    assert house.publishing.remove(first.document_id, "anna")
    assert house.said(FEE) == ""
    assert not house.publishing.remove(first.document_id, "anna")
    house.publishing.roll_back(first.document_id, "anna")
    assert "1000元" in house.said(FEE)


def test_a_change_that_fails_shows_and_stores_nothing(house: House) -> None:
    live = house.put("托育办法", *care(1000))
    good = house.propose("居住证办法", *OTHER)
    revision = house.index.published.revision
    with pytest.raises(VersionError):
        house.publishing.publish([good.id, live.id], "anna")
    assert house.index.published.revision == revision
    assert len(house.store.documents()) == 1


def test_golden_questions_are_rehearsed_with_all_that_is_published_together(house: House) -> None:
    drafts = [house.propose("居住证办法", *OTHER).id, house.propose("托育办法", *care(1000)).id]
    house.golden.add(FEE, Expected("托育办法", "第2条"), "anna")
    house.golden.add("居住证多久签注一次", Expected("居住证办法"), "anna")
    alone = rehearsed(house.effects, house.golden, drafts[:1], "anna")
    both = rehearsed(house.effects, house.golden, drafts, "anna")
    assert alone is not None
    assert both is not None
    assert alone.failed >= 1, "one of them is asked of a text that is not there yet"
    assert (both.passed, both.failed) == (2, 0)
    assert rehearsed(house.effects, house.golden, ["nothing"], "anna") is None, "publishing says why not"
    assert (len(house.golden.runs()), house.store.documents()) == (2, [])


def test_its_effects_are_told_and_nothing_changes(house: House) -> None:
    house.put("居住证办法", *OTHER)
    house.put("托育办法", *care(1000))
    asked = house.golden.add(FEE, Expected("托育办法", "第2条", ("1000元",)), "anna")
    house.golden.add("居住证多久签注一次", Expected("居住证办法"), "anna")
    gone = house.golden.add("三岁以下婴幼儿可以申请什么服务", Expected("托育办法"), "anna")
    revision = house.index.published.revision
    draft = house.propose("托育办法", care(2000)[1])
    effect = house.effects.of([draft.id], house.golden.all())
    changed = {each.question.id: each for each in effect.changed}
    assert (effect.asked, set(changed)) == (3, {asked.id, gone.id})
    assert (changed[asked.id].problem_before, "2000元" in changed[asked.id].after.text) == ("", True)
    assert changed[asked.id].problem_after
    assert "1000元" in house.said(FEE)
    assert house.index.published.revision == revision
    assert house.versions.get(draft.id).state is VersionState.DRAFT
    assert [each.version for each in house.store.documents()] == [1, 1]
    house.publishing.publish([draft.id], "anna")
    assert house.said(FEE) == changed[asked.id].after.text, "as it was foretold"


def test_what_a_new_document_ends_is_told(house: House) -> None:
    old = house.put("托育试行办法", *care(1000))
    draft = house.propose("托育办法", *care(2000), begins=date(2026, 3, 1), repeals=("《托育试行办法》",))
    (ended,) = house.effects.of([draft.id], []).documents
    assert (ended.document_id, ended.repealed_on_before, ended.repealed_on_after) == (
        old.document_id,
        None,
        date(2026, 3, 1),
    )
    with house.effects.staged([draft.id]) as staged:
        answered = staged.answer(Question.of(FEE))
        then = staged.answer(Question.of(FEE, date(2026, 1, 1)))
    assert isinstance(answered, Answer)
    assert isinstance(then, Answer)
    assert ("2000元" in answered.text, "1000元" in then.text) == (True, True)


def test_a_draft_alone_in_an_empty_house_is_tried(house: House) -> None:
    draft = house.propose("托育办法", *care(1000))
    with house.effects.staged([draft.id]) as staged:
        assert "1000元" in staged.answer(Question.of(FEE)).text
    assert isinstance(house._answerer(house.index, house.store).answer(Question.of(FEE)), Abstention)


def test_what_is_due_is_published_and_what_cannot_be_goes_back_to_the_drafts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = house.propose("托育办法", *care(1000)), house.propose("居住证办法", *OTHER)
    for each in (good, bad):
        house.publishing.publish([each.id], "anna", date(2026, 11, 25))
    assert house.publishing.publish_due() == []
    house.clock.forward(days=7)
    within: Callable[..., list[Version]] = house.versions.publish_within

    def fails(connection: object, ids: list[str], by: str) -> list[Version]:
        if bad.id in ids:
            raise VersionError("要更新的文件已经不在了。")
        return within(connection, ids, by)

    monkeypatch.setattr(house.versions, "publish_within", fails)
    assert [each.id for each in house.publishing.publish_due()] == [good.id]
    assert house.versions.get(bad.id).state is VersionState.DRAFT
    assert house.publishing.publish_due() == []
    assert "1000元" in house.said(FEE)


def test_an_article_that_a_draft_repeals_is_not_cited_in_its_trial(house: House) -> None:
    from knowledge.model import Amendment, AmendmentKind

    old = house.put("托育办法", *care(1000))
    about = Metadata("关于修改托育办法的决定", effective_on=date(2026, 3, 1))
    said = Clause(1, "一", (), "一、删去《托育办法》第二条。", ClauseKind.OUTLINE)
    amendment = Amendment("《托育办法》", "2", AmendmentKind.REPEALED, ordinal=1)
    parsed = ParsedDocument(about, (said,), "text/plain", amendments=(amendment,))
    draft = house.versions.propose(
        [Proposed(IncomingDocument(parsed, "决定.md", "/in/决定.md", "x"), among_all=False)], "anna"
    )[0]
    with house.effects.staged([draft.id]) as staged:
        outcome = staged.answer(Question.of(FEE))
    assert "1000元" in house.said(FEE)
    cited = [each.clause_id for each in getattr(outcome, "citations", ())]
    assert f"{old.document_id}.1.2" not in cited
