"""Indexing: files in, answers out, one call at a time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.intake.run import Progress
from knowledge.load import PRELOAD, load
from knowledge.sandbox.parsers import Parsers
from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder
from retrieval.index.index import Index
from retrieval.publishing.files import Indexer
from tests.support.clock import Clock

TEXT = "# 江湾区托育服务办法\n\n第一条 三岁以下婴幼儿可以申请社区托育服务。\n\n第二条 托育费用每月不超过三千元。\n"


@pytest.fixture
def index(sqlite_engine: Engine, embedder: Embedder, tmp_path: Path, clock: Clock) -> Iterator[Index]:
    opened = Index(DocumentStore(sqlite_engine, clock), embedder, tmp_path / "index", clock.today)
    yield opened
    opened.close()


def test_a_file_put_in_answers_and_taken_out_does_not(
    index: Index, sqlite_engine: Engine, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "托育.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "空.md").write_bytes(b"")
    store, told = DocumentStore(sqlite_engine, clock), list[Progress]()
    with Parsers(load, preload=PRELOAD) as parsers:
        indexer = Indexer(store, parsers, index)
        assert indexer.run([tmp_path / "in"], dry_run=True).added == ["托育.md"]
        assert index.search("托育费用") == []
        report = indexer.run([tmp_path / "in"], on_progress=told.append)
        assert report.added == ["托育.md"]
        assert [failure.file for failure in report.failed] == ["空.md"]
        assert "三千元" in index.search("托育费用", 1)[0].chunk.text
        assert {"added", "failed", "staging", "embedding", "vectors"} <= {step.outcome for step in told}
        again = indexer.run([tmp_path / "in"])
        assert again.unchanged == ["托育.md"]
        assert again.seconds < report.seconds
        (document,) = store.documents()
        assert indexer.remove(document.id)
        assert not indexer.remove(document.id)
    assert index.search("托育费用") == []
