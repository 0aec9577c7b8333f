"""Files into the store: added, changed, unchanged, failed."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.intake.run import Progress, files_in, ingest
from knowledge.law.validity import standing_on
from knowledge.load import PRELOAD, load
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock

SAMPLES = Path(__file__).parents[4] / "knowledge" / "documents"


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    with Parsers(load, preload=PRELOAD) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "文件"
    (path / "子目录").mkdir(parents=True)
    (path / "甲.md").write_text("# 甲办法\n\n第一条 甲。\n", "utf-8")
    (path / "子目录" / "乙.txt").write_text("乙办法\n第一条 乙。\n", "utf-8")
    (path / ".隐藏.md").write_text("# 不读\n\n第一条 隐藏。\n", "utf-8")
    return path


def test_added_unchanged_changed(sqlite_engine: Engine, clock: Clock, parsers: Parsers, folder: Path) -> None:
    store = DocumentStore(sqlite_engine, clock)
    told: list[Progress] = []
    first = ingest([folder], store, parsers, on_progress=told.append)
    assert (sorted(first.added), first.clauses) == (["乙.txt", "甲.md"], 2)
    assert [(p.done, p.total, p.outcome) for p in told] == [(1, 2, "added"), (2, 2, "added")]
    assert sorted(ingest([folder], store, parsers).unchanged) == ["乙.txt", "甲.md"]
    (folder / "甲.md").write_text("# 甲办法\n\n第一条 改了。\n\n第二条 新增。\n", "utf-8")
    again = ingest([folder], store, parsers)
    assert (again.changed, again.unchanged, again.clauses) == (["甲.md"], ["乙.txt"], 2)
    assert len(store.documents()) == 2


def test_the_same_content_under_another_name_is_unchanged(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, folder: Path
) -> None:
    store = DocumentStore(sqlite_engine, clock)
    (folder / "甲的副本.md").write_bytes((folder / "甲.md").read_bytes())
    first = ingest([folder], store, parsers)
    assert (len(first.added), len(first.unchanged)) == (2, 1)
    (folder / "又一份.md").write_bytes((folder / "甲.md").read_bytes())
    assert ingest([folder / "又一份.md"], store, parsers).unchanged == ["又一份.md"]
    assert len(store.documents()) == 2


def test_equal_files_that_fail_are_each_named(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, folder: Path
) -> None:
    for name in ("空一.txt", "空二.txt"):
        (folder / name).write_bytes(b"")
    report = ingest([folder], DocumentStore(sqlite_engine, clock), parsers)
    assert sorted(failure.file for failure in report.failed) == ["空一.txt", "空二.txt"]


def test_a_dry_run_writes_nothing(sqlite_engine: Engine, clock: Clock, parsers: Parsers, folder: Path) -> None:
    store = DocumentStore(sqlite_engine, clock)
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    report = ingest([folder], store, parsers, dry_run=True)
    assert (len(report.added), len(report.failed)) == (2, 1)
    assert (store.documents(), store.failures()) == ([], [])


def test_a_missing_file_is_a_failure_with_its_name(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, tmp_path: Path
) -> None:
    report = ingest([tmp_path / "没有.md"], DocumentStore(sqlite_engine, clock), parsers)
    assert [failure.file for failure in report.failed] == ["没有.md"]


def test_a_link_to_a_folder_is_not_followed_round_and_round(folder: Path) -> None:
    (folder / "圈").symlink_to(folder)
    assert [path.name for path in files_in([folder, folder / "甲.md"])] == ["乙.txt", "甲.md"]


def test_the_sample_documents_go_in_and_one_is_repealed(engine: Engine, clock: Clock, parsers: Parsers) -> None:
    store = DocumentStore(engine, clock)
    report = ingest([SAMPLES], store, parsers)
    assert report.failed == []
    today = clock().date()
    standing = {d.metadata.title: standing_on(d.metadata, today).value for d in store.documents()}
    assert {title: s for title, s in standing.items() if s != "in_force"} == {
        "江湾区老年助餐服务管理试行办法": "repealed",
        "江湾区夏季夜市占道经营临时管理措施": "expired",
    }
    assert {d.metadata.region for d in store.documents()} == {"上海市江湾区"}
    sublease = [
        c.clause
        for d in store.documents()
        for c in store.clauses(d.id)
        if "同意转租" in c.clause.text and c.clause.question
    ]
    assert len(sublease) == 1


@pytest.mark.data
@pytest.mark.soak
def test_all_laws_within_two_minutes_and_again_within_a_twentieth(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, data: Path
) -> None:
    store = DocumentStore(sqlite_engine, clock)
    started = time.monotonic()
    report = ingest([data / "laws"], store, parsers)
    first = time.monotonic() - started
    assert {failure.file for failure in report.failed} <= {"_index.md"}
    assert first < 120
    started = time.monotonic()
    assert ingest([data / "laws"], store, parsers).added == []
    assert time.monotonic() - started < first / 20
