"""Archives go in as their members, and a run stops when asked."""

import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.intake.run import Progress, ingest
from knowledge.load import PRELOAD, load
from knowledge.model import Metadata, ParsedDocument
from knowledge.sandbox.parsers import Parsers
from knowledge.sandbox.worker import Cancelled
from knowledge.store.documents import DocumentStore
from tests.support.clock import Clock

TEXT = "江湾区{0}管理办法\n第一条 {0}由街道管理。\n"


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    with Parsers(load, preload=PRELOAD) as running:
        yield running


def archive(path: Path, *names: str, **broken: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(f"办法/{name}.txt", TEXT.format(name))
        for name, data in broken.items():
            packed.writestr(name, data)
    return path


def test_members_go_in_under_the_name_of_their_archive(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, tmp_path: Path
) -> None:
    store = DocumentStore(sqlite_engine, clock)
    path = archive(tmp_path / "规章.zip", "夜市", "早市", 坏=b"")
    told: list[Progress] = []
    report = ingest([path], store, parsers, on_progress=told.append)
    assert report.added == ["规章.zip/办法/夜市.txt", "规章.zip/办法/早市.txt"]
    assert [failure.file for failure in report.failed] == ["规章.zip/坏"]
    assert [(each.done, each.total) for each in told] == [(1, 3), (2, 3), (3, 3)]
    assert {d.metadata.title for d in store.documents()} == {"江湾区夜市管理办法", "江湾区早市管理办法"}
    assert {d.source for d in store.documents()} == {f"{path}/办法/夜市.txt", f"{path}/办法/早市.txt"}
    assert sorted(ingest([path], store, parsers).unchanged) == report.added
    archive(path, "夜市", "早市", "书市")
    assert ingest([path], store, parsers).added == ["规章.zip/办法/书市.txt"]


def test_an_archive_in_an_archive_is_named(
    sqlite_engine: Engine, clock: Clock, parsers: Parsers, tmp_path: Path
) -> None:
    inner = archive(tmp_path / "里.zip", "夜市").read_bytes()
    report = ingest(
        [archive(tmp_path / "外.zip", "早市", **{"里.zip": inner})], DocumentStore(sqlite_engine, clock), parsers
    )
    assert report.added == ["外.zip/办法/早市.txt"]
    assert [failure.file for failure in report.failed] == ["外.zip/里.zip"]
    assert "解压" in report.failed[0].reason


def _slow(path: Path, name: str, _limit: int) -> ParsedDocument:
    if name != "一.txt":
        time.sleep(600)
    return ParsedDocument(Metadata(name), (), "text/plain")


def test_a_run_stops_when_asked_and_keeps_what_it_has(sqlite_engine: Engine, clock: Clock, tmp_path: Path) -> None:
    for name in ("一", "二", "三"):
        (tmp_path / f"{name}.txt").write_text(name, "utf-8")
    store, cancel = DocumentStore(sqlite_engine, clock), threading.Event()
    with Parsers(_slow, workers=1) as parsers:
        parsers.parse(tmp_path / "一.txt")  # starts the worker
        started = time.monotonic()
        report = ingest(
            [tmp_path / f"{name}.txt" for name in "一二三"],
            store,
            parsers,
            on_progress=lambda _: cancel.set(),  # as soon as the first is in
            cancel=cancel,
        )
        assert time.monotonic() - started < 20
        assert (report.cancelled, report.added, report.failed) == (True, ["一.txt"], [])
        assert [d.file for d in store.documents()] == ["一.txt"]
        assert isinstance(parsers.parse(tmp_path / "一.txt"), ParsedDocument)  # the workers are there again
        with pytest.raises(Cancelled):
            parsers.parse(tmp_path / "一.txt", cancel=cancel)
    assert not ingest([], store, parsers).cancelled
