"""Files through versions: live at once or as drafts; what is held, unchanged, rolled back or taken out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.database import writing
from knowledge.intake.destinations import IntoVersions
from knowledge.intake.run import ingest
from knowledge.load import PRELOAD, load
from knowledge.model import IngestReport
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from knowledge.version import VersionState
from knowledge.versions.originals import Originals
from knowledge.versions.workflow import Rules, Versions
from tests.support.clock import Clock

TEXT = "# 江湾区{name}办法\n\n第一条 {name}每人每月{fee}元。\n\n第二条 {more}\n"


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    with Parsers(load, preload=PRELOAD) as running:
        yield running


class Shelf:
    """A folder of files and the versions made of them."""

    def __init__(self, engine: Engine, clock: Clock, parsers: Parsers, home: Path, second_person: bool = False) -> None:
        self.folder, self.parsers, self.clock = home / "文件", parsers, clock
        self.folder.mkdir()
        self.store = DocumentStore(engine, clock)
        rules = Rules(second_person, lambda: clock().date())
        self.versions = Versions(self.store, Originals(home / "originals"), clock, rules)

    def file(self, name: str, fee: int = 5, more: str = "由街道办理。") -> Path:
        path = self.folder / f"{name}.md"
        path.write_text(TEXT.format(name=name, fee=fee, more=more), "utf-8")
        return path

    def index(self, draft: bool = False, dry_run: bool = False) -> IngestReport:
        self.clock.forward(minutes=1)
        intake = IntoVersions(self.store, self.versions, "anna", draft)
        return ingest([self.folder], self.store, self.parsers, intake=intake, dry_run=dry_run)

    def live(self) -> str:
        return "".join(c.clause.text for d in self.store.documents() for c in self.store.clauses(d.id))


@pytest.fixture
def shelf(sqlite_engine: Engine, clock: Clock, parsers: Parsers, tmp_path: Path) -> Shelf:
    return Shelf(sqlite_engine, clock, parsers, tmp_path)


def test_files_go_live_at_once_each_with_its_version_and_original(shelf: Shelf) -> None:
    shelf.file("助餐"), shelf.file("助浴")
    report = shelf.index()
    assert (sorted(report.added), report.held, report.drafts) == (["助浴.md", "助餐.md"], [], [])
    published = shelf.versions.in_states(VersionState.PUBLISHED)
    assert [(each.number, each.created_by) for each in published] == [(1, "anna")] * 2
    for each in published:
        original = shelf.versions.original(each.id)
        assert original
        assert each.title in original.read_text("utf-8")
    assert sorted(shelf.index().unchanged) == ["助浴.md", "助餐.md"]
    shelf.file("助餐", fee=8)
    again = shelf.index()
    assert (again.changed, again.unchanged) == (["助餐.md"], ["助浴.md"])
    assert ("8元" in shelf.live(), len(shelf.store.documents())) == (True, 2)


def test_a_held_file_is_told_again_unread_and_others_go_in(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.file("助餐"), shelf.file("助浴", more="首批：王某11010519491231002X。")
    assert [each.version for each in shelf.index(dry_run=True).held] == [""]
    report = shelf.index()
    assert report.added == ["助餐.md"]
    (held,) = report.held
    assert (held.file, "110105************" in held.reasons[0]) == ("助浴.md", True)
    assert "助浴" not in shelf.live()
    monkeypatch.setattr(shelf.parsers, "parse", lambda *_: pytest.fail("it was read again"))
    again = shelf.index()
    assert (again.held, again.unchanged) == ([held], ["助餐.md"])
    monkeypatch.undo()
    shelf.versions.release(held.version, "anna", "本人同意。")
    shelf.file("助浴", more="首批名单另行公布。")
    assert shelf.index().added == ["助浴.md"]
    assert shelf.versions.get(held.version).state is VersionState.WITHDRAWN


def test_drafts_are_made_and_nothing_goes_live(shelf: Shelf) -> None:
    shelf.file("助餐")
    report = shelf.index(draft=True)
    assert (report.added, shelf.live()) == (["助餐.md"], "")
    (draft,) = shelf.versions.in_states(VersionState.DRAFT)
    assert report.drafts == [draft.id]
    assert shelf.index(draft=True).unchanged == ["助餐.md"]
    assert shelf.index().added == ["助餐.md"], "without drafts it goes in"
    assert shelf.versions.get(draft.id).state is VersionState.WITHDRAWN


def test_where_a_second_person_has_to_agree_files_wait(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, tmp_path: Path
) -> None:
    shelf = Shelf(sqlite_engine, clock, parsers, tmp_path, second_person=True)
    shelf.file("助餐")
    (waiting,) = shelf.index().drafts
    assert shelf.versions.get(waiting).awaits_approval
    assert shelf.live() == ""
    assert shelf.index().unchanged == ["助餐.md"]


def test_what_was_rolled_back_does_not_come_in_again_by_itself(shelf: Shelf) -> None:
    shelf.file("助餐")
    shelf.index()
    (document,) = shelf.store.documents()
    shelf.file("助餐", fee=8)
    shelf.index()
    with writing(shelf.store.engine) as connection:
        shelf.versions.roll_back_within(connection, document.id, "anna")
    assert shelf.index().unchanged == ["助餐.md"]
    assert "5元" in shelf.live()
    assert shelf.index(draft=True).changed == ["助餐.md"], "but as a draft, to be looked at"
    shelf.file("助餐", fee=9)
    assert shelf.index().changed == ["助餐.md"]
    assert "9元" in shelf.live()


def test_what_was_taken_out_comes_in_again_when_it_is_put_in(shelf: Shelf) -> None:
    shelf.file("助餐")
    shelf.index()
    (document,) = shelf.store.documents()
    with writing(shelf.store.engine) as connection:
        shelf.versions.remove_within(connection, document.id, "anna")
    assert shelf.index().added == ["助餐.md"]
    assert "5元" in shelf.live()


def test_better_readers_do_not_make_a_successor_of_the_same_file(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    import knowledge.intake.run

    shelf.file("助餐", more="本办法自2026年1月1日起施行。")
    shelf.index()
    monkeypatch.setattr(knowledge.intake.run, "READER_VERSION", "another")
    assert shelf.index().changed == ["助餐.md"]
    assert [each.number for each in shelf.versions.in_states(VersionState.PUBLISHED)] == [2]
    assert len(shelf.store.documents()) == 1
