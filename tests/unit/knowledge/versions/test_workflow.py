"""Versions: proposed, recognised, approved, published, rolled back, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from knowledge.database import writing
from knowledge.law.validity import standing_on
from knowledge.model import Clause, ClauseKind, Metadata, ParsedDocument, Standing
from knowledge.store.batch import IncomingDocument
from knowledge.store.documents import DocumentStore
from knowledge.version import NeedsApproval, NoSuchVersion, Version, VersionError, VersionKind, VersionState
from knowledge.versions.difference import ClauseChange
from knowledge.versions.originals import Originals
from knowledge.versions.proposals import Proposed
from knowledge.versions.workflow import Rules, Versions
from tests.support.clock import Clock

OLD = ("本区年满六十周岁的老年人可以享受助餐。", "每餐补贴五元，由街道发放。", "助餐点每周开放六天。")
NEW = ("本区年满六十周岁的老年人可以享受助餐。", "每餐补贴八元，由街道发放。", "助餐点每周开放六天。")
TITLE = "江湾区老年人助餐办法"


class House:
    """The store, the versions over it, and what was recorded."""

    def __init__(self, engine: Engine, clock: Clock, folder: Path, second_person: bool = False) -> None:
        self.clock, self.folder, self.told = clock, folder, list[tuple[str, str]]()
        self.store = DocumentStore(engine, clock)
        rules = Rules(second_person, lambda: clock().date(), self._record)
        self.versions = Versions(self.store, Originals(folder / "originals"), clock, rules)

    def _record(self, connection: Connection, at: Any, actor: str, action: str, object: str, **detail: Any) -> None:
        self.told.append((actor, action))

    def proposed(self, *texts: str, file: str = "助餐.md", **about: Any) -> Proposed:
        stated = Metadata(**({"title": TITLE, "effective_on": date(2025, 1, 1)} | about))
        articles = tuple(
            Clause(i, f"第{i}条", (), f"第{i}条 {text}", ClauseKind.ARTICLE) for i, text in enumerate(texts, 1)
        )
        original = self.folder / file
        original.write_text("".join(texts) + stated.title, encoding="utf-8")
        incoming = IncomingDocument(ParsedDocument(stated, articles, "text/plain"), file, f"/in/{file}", "".join(texts))
        return Proposed(incoming, original)

    def propose(self, *texts: str, by: str = "anna", **about: Any) -> Version:
        return self.versions.propose([self.proposed(*texts, **about)], by)[0]

    def publish(self, version: Version, by: str = "anna") -> Version:
        with writing(self.store.engine) as connection:
            return self.versions.publish_within(connection, [version.id], by)[0]

    def put(self, *texts: str, **about: Any) -> Version:
        """Propose and publish."""
        return self.publish(self.propose(*texts, **about))

    def roll_back(self, document_id: str) -> Version | None:
        with writing(self.store.engine) as connection:
            return self.versions.roll_back_within(connection, document_id, "anna")

    def live(self) -> list[str]:
        """The words of every live clause."""
        return [each.clause.text for one in self.store.documents() for each in self.store.clauses(one.id)]


@pytest.fixture
def house(emptied_engine: Engine, clock: Clock, tmp_path: Path) -> House:
    return House(emptied_engine, clock, tmp_path)


@pytest.fixture
def strict(emptied_engine: Engine, clock: Clock, tmp_path: Path) -> House:
    return House(emptied_engine, clock, tmp_path, second_person=True)


def test_a_draft_answers_nothing_until_it_is_published(house: House) -> None:
    draft = house.propose(*OLD)
    assert (draft.state, draft.kind, draft.number) == (VersionState.DRAFT, VersionKind.NEW, 0)
    assert house.live() == []
    live = house.publish(draft)
    assert (live.state, live.kind, live.number) == (VersionState.PUBLISHED, VersionKind.NEW, 1)
    assert house.live() == [f"第{i}条 {text}" for i, text in enumerate(OLD, 1)]
    assert [action for _, action in house.told] == ["version.propose", "version.publish"]


def test_a_correction_takes_the_place_and_is_rolled_back_and_the_old_clause_ids_come_back(house: House) -> None:
    first = house.put(*OLD)
    assert first.document_id
    ids = [each.id for each in house.store.clauses(first.document_id)]
    house.clock.forward(minutes=1)
    second = house.propose(*NEW)
    assert (second.kind, second.document_id, second.needs_confirmation) == (
        VersionKind.CORRECTION,
        first.document_id,
        False,
    )
    assert [entry.change for entry in house.versions.difference(second.id).entries] == [
        ClauseChange.SAME,
        ClauseChange.CHANGED,
        ClauseChange.SAME,
    ]
    second = house.publish(second)
    assert second.number == 2
    assert any("八元" in text for text in house.live())
    assert not any("五元" in text for text in house.live())
    assert house.versions.get(first.id).state is VersionState.REPLACED
    assert house.versions.difference(second.id).counts["changed"] == 1, "told after publishing as before it"
    back = house.roll_back(first.document_id)
    assert back
    assert (back.id, back.number, back.state) == (first.id, 1, VersionState.PUBLISHED)
    assert [each.id for each in house.store.clauses(first.document_id)] == ids
    assert any("五元" in text for text in house.live())
    assert house.versions.get(second.id).state is VersionState.WITHDRAWN
    with pytest.raises(VersionError, match="没有更早的版本"):
        house.roll_back(first.document_id)
    house.clock.forward(minutes=1)
    third = house.publish(house.propose(*NEW, "第四条是新的。"))
    assert third.number == 3, "a number is never given twice"
    assert (again := house.roll_back(first.document_id))
    assert again.number == 1


def test_a_text_from_a_later_day_is_a_successor_and_the_old_one_answers_for_the_days_before(house: House) -> None:
    old = house.put(*OLD)
    new = house.propose(*NEW, effective_on=date(2026, 1, 1))
    assert (new.kind, new.successor_of, new.document_id) == (VersionKind.SUCCESSOR, old.document_id, None)
    new = house.publish(new)
    assert new.document_id not in (None, old.document_id)
    standing = {one.id: one.metadata for one in house.store.documents()}
    assert len(standing) == 2
    for day, in_force in ((date(2025, 6, 1), old), (date(2026, 1, 1), new), (date(2025, 12, 31), old)):
        holding = [id_ for id_, about in standing.items() if standing_on(about, day) is Standing.IN_FORCE]
        assert holding == [in_force.document_id], day
    assert {each.id for each in house.versions.history(str(old.document_id))} == {old.id, new.id}
    assert house.roll_back(str(new.document_id)) is None
    (left,) = house.store.documents()
    assert (left.id, left.metadata.repealed_on) == (old.document_id, None)


def test_the_next_version_of_a_successor_from_the_same_file_finds_its_way(house: House) -> None:
    house.put(*OLD)
    new = house.put(*NEW, effective_on=date(2026, 1, 1))
    mended = house.propose(*NEW[:2], "助餐点每天开放。", effective_on=date(2026, 1, 1))
    assert (mended.kind, mended.document_id) == (VersionKind.CORRECTION, new.document_id)
    house.publish(mended)
    assert len(house.store.documents()) == 2


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"document_number": "江府规〔2025〕3号", "title": "完全改了名字的通知"}, "文号相同"),
        ({"document_number": ""}, "标题相同"),
        ({"title": "江湾区老年助餐服务管理办法（修订）", "document_number": ""}, "正文有"),
    ],
)
def test_it_is_recognised_from_another_file_and_somebody_has_to_confirm(
    house: House, about: dict[str, Any], reason: str
) -> None:
    old = house.put(*OLD, document_number="江府规〔2025〕3号")
    draft = house.propose(*NEW, file="新文件.md", **about)
    assert draft.proposal
    assert (draft.proposal.document_id, draft.needs_confirmation) == (old.document_id, True)
    assert reason in draft.proposal.reason
    with pytest.raises(VersionError, match="请先确认"):
        house.publish(draft)
    assert not any("八元" in text for text in house.live())
    confirmed = house.versions.of(draft.id, old.document_id, VersionKind.CORRECTION, "anna")
    house.publish(confirmed)
    assert len(house.store.documents()) == 1
    assert any("八元" in text for text in house.live())


def test_it_may_be_a_document_of_its_own_after_all(house: House) -> None:
    house.put(*OLD)
    draft = house.propose(*NEW, file="另一份.md")
    new = house.publish(house.versions.of(draft.id, None, VersionKind.NEW, "anna"))
    assert new.number == 1
    assert len(house.store.documents()) == 2


def test_another_matter_is_not_recognised(house: House) -> None:
    house.put(*OLD)
    other = house.propose(
        "新建住宅应当配建停车位。", "停车位不得出售给业主以外的人。", file="停车.md", title="停车位管理规定"
    )
    assert other.proposal is None


def test_what_was_stored_before_versions_were_kept_can_be_rolled_back_to(house: House) -> None:
    incoming = house.proposed(*OLD).incoming
    document_id = house.store.put(incoming.parsed, incoming.file, incoming.source, incoming.content_hash)
    assert house.versions.history(document_id) == []
    house.put(*NEW)
    assert [each.number for each in house.versions.history(document_id)] == [2, 1]
    house.roll_back(document_id)
    assert any("五元" in text for text in house.live())


def test_removing_is_undone_in_one_step(house: House) -> None:
    live = house.put(*OLD)
    assert live.document_id
    with writing(house.store.engine) as connection:
        assert house.versions.remove_within(connection, live.document_id, "anna")
    assert house.live() == []
    back = house.roll_back(live.document_id)
    assert back
    assert back.id == live.id
    assert len(house.live()) == 3
    assert house.told[-2:] == [("anna", "version.remove"), ("anna", "version.roll_back")]


def test_edited_metadata_counts_and_what_was_read_stays(house: House) -> None:
    draft = house.propose(*OLD)
    decided = Metadata("江湾区老年人助餐服务办法", "江湾区民政局", effective_on=date(2026, 12, 1))
    edited = house.versions.edit(draft.id, decided, "anna")
    assert edited.decided == decided
    assert house.versions.content(draft.id).metadata.title == TITLE
    house.publish(edited)
    (stored,) = house.store.documents()
    assert stored.metadata == decided
    with pytest.raises(VersionError, match="不能再改"):
        house.versions.edit(draft.id, decided, "anna")
    with pytest.raises(VersionError, match="标题"):
        house.versions.edit(house.propose(*NEW).id, replace(decided, title=" "), "anna")


def test_what_was_decided_goes_with_its_version_and_what_was_set_before_comes_back(house: House) -> None:
    first = house.put(*OLD)
    document_id = str(first.document_id)
    house.store.confirm(document_id, replace(house.versions.metadata(first.id), issuer="江湾区民政局"), "anna")
    second = house.propose(*NEW)
    shown = house.versions.metadata(second.id)
    assert shown.issuer == "江湾区民政局", "what is set of a document stands above what is read of its next version"
    house.versions.edit(second.id, replace(shown, title="助餐服务办法", effective_on=date(2027, 1, 1)), "anna")
    house.publish(second)
    (stored,) = house.store.documents()
    assert (stored.metadata.title, stored.metadata.issuer, stored.version) == ("助餐服务办法", "江湾区民政局", 2)
    house.roll_back(document_id)
    (stored,) = house.store.documents()
    assert stored.metadata == replace(shown, title=TITLE, effective_on=date(2025, 1, 1))
    with writing(house.store.engine) as connection:
        house.versions.remove_within(connection, document_id, "anna")
    house.roll_back(document_id)
    assert house.store.documents()[0].metadata.issuer == "江湾区民政局"


def test_on_its_day_it_is_due_and_not_before(house: House) -> None:
    draft = house.propose(*OLD)
    asked = house.versions.ask(draft.id, "anna", date(2026, 11, 21))
    assert asked.state is VersionState.SCHEDULED
    assert house.versions.due() == []
    house.clock.forward(days=1)
    assert house.versions.due() == []
    house.clock.forward(days=5)  # the machine was off meanwhile
    assert house.versions.due() == [draft.id]
    house.clock.forward(days=-5)  # and its clock was put right
    assert house.versions.due() == []
    house.clock.forward(days=1)
    assert house.publish(asked, by="system").state is VersionState.PUBLISHED
    assert house.versions.due() == []


@pytest.mark.parametrize("on", [None, date(2026, 11, 25)])
def test_a_second_person_has_to_agree_and_not_who_proposed_or_changed_it(strict: House, on: date | None) -> None:
    draft = strict.propose(*OLD)
    asked = strict.versions.ask(draft.id, "anna", on)
    assert (asked.state, asked.awaits_approval) == (VersionState.DRAFT, True)
    with pytest.raises(NeedsApproval):
        strict.publish(draft, by="bert")
    for author in ("anna",):
        with pytest.raises(NeedsApproval, match="不能自己审核"):
            strict.versions.approve(draft.id, author)
    approved = strict.versions.approve(draft.id, "bert")
    assert approved.state is (VersionState.SCHEDULED if on else VersionState.DRAFT)
    assert not approved.awaits_approval
    assert strict.live() == []
    strict.publish(approved)
    assert len(strict.live()) == 3


def test_a_change_after_the_approval_voids_it_and_its_author_may_not_approve(strict: House) -> None:
    draft = strict.propose(*OLD)
    strict.versions.approve(draft.id, "bert")
    strict.versions.edit(draft.id, Metadata("改了标题", effective_on=date(2026, 1, 1)), "bert")
    with pytest.raises(NeedsApproval):
        strict.publish(draft)
    with pytest.raises(NeedsApproval, match="不能自己审核"):
        strict.versions.approve(draft.id, "bert")
    strict.versions.approve(draft.id, "carl")
    assert strict.publish(draft).title == "改了标题"


def test_a_scheduled_one_that_is_changed_waits_again(strict: House) -> None:
    draft = strict.propose(*OLD)
    strict.versions.ask(draft.id, "anna", date(2026, 11, 25))
    assert strict.versions.approve(draft.id, "bert").state is VersionState.SCHEDULED
    strict.versions.of(draft.id, None, VersionKind.NEW, "anna")
    strict.clock.forward(days=30)
    assert strict.versions.due() == []


def test_a_held_file_waits_for_its_release_and_the_reason_is_told(house: House) -> None:
    held = house.propose(*OLD[:2], "申请人张某，身份证号码11010519491231002X。")
    assert held.state is VersionState.HELD
    assert [(hold.kind, hold.words) for hold in held.holds] == [("identity", "110105************")]
    with pytest.raises(VersionError, match="放行"):
        house.publish(held)
    with pytest.raises(VersionError, match="理由"):
        house.versions.release(held.id, "anna", "  ")
    house.publish(house.versions.release(held.id, "anna", "公告本来就写明了。"))
    assert len(house.live()) == 3
    assert ("anna", "version.release") in house.told


def test_a_withdrawn_draft_is_forgotten_with_its_file(house: House) -> None:
    keep, drop = house.propose(*OLD), house.propose(*NEW, file="别的.md")
    originals = house.folder / "originals"
    assert len(list(originals.rglob("*.md"))) == 2
    house.versions.withdraw(drop.id, "anna")
    assert [path.name[:6] for path in originals.rglob("*.md")] == [keep.original[3:9]]
    with pytest.raises(VersionError, match="没有保留"):
        house.versions.content(drop.id)
    with pytest.raises(VersionError, match="撤回"):
        house.publish(drop)
    house.publish(keep)
    with pytest.raises(VersionError, match="正在使用"):
        house.versions.withdraw(keep.id, "anna")


def test_a_version_of_long_ago_can_be_forgotten_and_is_never_rolled_back_to(house: House) -> None:
    first, second, third = (house.put(*OLD[:2], f"第{n}版。") for n in (1, 2, 3))
    house.versions.withdraw(second.id, "anna")
    assert len(list((house.folder / "originals").rglob("*.md"))) == 2
    assert house.versions.difference(third.id).counts["changed"] == 1, "compared with the first"
    back = house.roll_back(str(first.document_id))
    assert back
    assert back.id == first.id


def test_a_newer_draft_of_the_same_file_takes_the_place_of_the_one_before(house: House) -> None:
    first, second = house.propose(*OLD), house.propose(*NEW)
    assert [each.id for each in house.versions.in_states(VersionState.DRAFT)] == [second.id]
    assert house.versions.get(first.id).state is VersionState.WITHDRAWN


def test_a_batch_goes_in_whole_or_not_at_all(house: House) -> None:
    good, bad = house.propose(*OLD), house.propose("身份证号码11010519491231002X。", file="b.md")

    def both() -> None:
        with writing(house.store.engine) as connection:
            house.versions.publish_within(connection, [good.id, bad.id], "anna")

    with pytest.raises(VersionError, match="放行"):
        both()
    assert house.live() == []
    assert house.versions.get(good.id).state is VersionState.DRAFT


@pytest.mark.parametrize("act", ["get", "content", "difference"])
def test_an_unknown_version_is_said_to_be_unknown(house: House, act: str) -> None:
    call: Callable[[str], Any] = getattr(house.versions, act)
    with pytest.raises(VersionError):
        call("nothing")
    with pytest.raises(NoSuchVersion):
        house.versions.get("nothing")
