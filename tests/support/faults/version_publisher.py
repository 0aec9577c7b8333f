"""Publishes a version in a process of its own, to be killed: `version_publisher.py WAY DATABASE HOME VERSION`.

WAY is `whole`, as the program does it, or `halves`: what is stored first, then what is shown. Says each step.
"""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import desk.tables  # noqa: F401
from knowledge.database import connect_database, writing
from knowledge.store.documents import DocumentStore
from knowledge.versions.originals import Originals
from knowledge.versions.workflow import Rules, Versions
from retrieval.embedding.embedder import connect_embedder
from retrieval.index.index import Index
from retrieval.publishing.versions import Publishing


def clock() -> datetime:
    return datetime(2026, 11, 19, 1, 0, tzinfo=UTC)


def main(way: str, database: str, home: str, version_id: str) -> None:
    engine = connect_database(database)
    versions = Versions(
        DocumentStore(engine, clock),
        Originals(Path(home) / "originals"),
        clock,
        Rules(False, lambda: clock().date()),
    )
    index = Index(
        DocumentStore(engine, clock), connect_embedder(announce=_quiet), Path(home) / "index", lambda: clock().date()
    )
    index.refresh()
    print("ready", flush=True)
    if way == "whole":
        Publishing(versions, _Telling(index), threading.Lock()).publish([version_id], "anna")  # type: ignore[arg-type]
    else:
        with writing(engine) as connection:
            versions.publish_within(connection, [version_id], "anna")
        print("stored", flush=True)
        sys.stdin.read()  # a kill in between is what this way cannot stand
        index.publish()
    print("published", flush=True)


class _Telling:
    """An index that says when the transaction of a change begins, and when it is about to end."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def change(self, write: Any, coming: Any = ()) -> Any:
        def told(connection: Any) -> Any:
            print("writing", flush=True)
            done = write(connection)
            print("written", flush=True)
            return done

        done = self._index.change(told, coming)
        print("shown", flush=True)
        return done

    def publish(self) -> None:
        self._index.publish()


def _quiet(_text: str) -> None:
    pass


if __name__ == "__main__":
    main(*sys.argv[1:])
