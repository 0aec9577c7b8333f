"""Files of a generation damaged, one after the other: questions are answered all the same, and it is built anew."""

import logging
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.store.documents import DocumentStore
from retrieval.embedding.embedder import Embedder
from retrieval.index import index as index_module
from retrieval.index import snapshot as snapshot_module
from retrieval.index.index import Index
from tests.support.clock import Clock
from tests.support.index_material import answers, put_all

Damage = Callable[[Path], None]


def truncated(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xa5" * max(16, path.stat().st_size // 2))


def deleted(path: Path) -> None:
    path.unlink()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def open_index(sqlite_engine: Engine, embedder: Embedder, home: Path, clock: Clock) -> Iterator[Callable[[], Index]]:
    opened: list[Index] = []

    def another() -> Index:
        opened.append(Index(DocumentStore(sqlite_engine, clock), embedder, home, clock.today))
        return opened[-1]

    put_all(DocumentStore(sqlite_engine, clock))
    yield another
    for each in opened:
        each.close()
        if each._mending:
            each._mending.join()


def files(home: Path, generation: str | None) -> list[Path]:
    assert generation
    found = sorted(path for path in (home / generation).rglob("*") if path.is_file() and path.stat().st_size)
    assert len(found) > 20
    return found


def mended(index: Index) -> bool:
    """Wait for the background to publish a generation that opens."""
    for _ in range(1200):
        if not index.trouble:
            return True
        time.sleep(0.05)
    return False


def texts(index: Index) -> list[list[str]]:
    return [[text for _, _, text, _ in each] for each in answers(index, 1)]


def survive(damage: Damage, path: Path, open_index: Callable[[], Index], home: Path) -> None:
    """The property: `path` damaged, a process started now answers as before and soon has a sound generation."""
    before = open_index()
    said, damaged = texts(before), before.published.generation
    before.close()
    damage(path)
    after = open_index()
    assert texts(after) == said
    assert mended(after)
    assert after.published.generation != damaged
    assert texts(after) == said
    after.close()


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (overwritten, "chroma.sqlite3"),
        (truncated, "data_level0.bin"),
        (deleted, "manifest.json"),
        (truncated, "current/vectors.npy"),
        (overwritten, "current/keywords/meta.json"),
    ],
)
def test_a_new_process_answers_and_rebuilds(
    damage: Damage, name: str, open_index: Callable[[], Index], home: Path
) -> None:
    published = open_index().publish()
    (path,) = [each for each in files(home, published.generation) if each.as_posix().endswith(name)]
    survive(damage, path, open_index, home)


def test_no_damage_goes_unnoticed(open_index: Callable[[], Index], home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "_mend", lambda _self: None)
    index = open_index()
    published = index.publish()
    said = texts(index)
    index.close()
    sound = shutil.copytree(home, home.parent / "sound")
    for path in files(home, published.generation):
        if path.name == "chroma.sqlite3":
            continue  # seconds each, see the others
        overwritten(path)
        damaged = open_index()
        assert texts(damaged) == said, path
        assert damaged.trouble, path
        damaged.close()
        shutil.copyfile(sound / path.relative_to(home), path)


def test_a_serving_process_keeps_answering(
    open_index: Callable[[], Index], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_module, "SCANNED", 0)  # few as they are, Chroma is asked
    index = open_index()
    said = [texts(index) for _ in range(2) if index.publish()][-1]
    damaged = index.published.generation
    for path in files(home, damaged):
        truncated(path)
        assert texts(index) == said, path
    assert mended(index)
    assert index.published.generation != damaged
    assert texts(index) == said


def test_while_nothing_can_be_built_the_exact_scan_answers(
    open_index: Callable[[], Index], home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr("retrieval.index.generations._run", _fails)
    index = open_index()
    index.publish()
    assert index.trouble
    assert "房东" in texts(index)[1][0]


def _fails(*_: object) -> None:
    from retrieval.index.generations import BuildFailed

    raise BuildFailed("no space left on device")


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("damage", [truncated, overwritten, deleted])
def test_every_file_in_turn(
    damage: Damage, open_index: Callable[[], Index], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "RETRY_SECONDS", 0.0)
    published = open_index().publish()
    names = [path.relative_to(home / str(published.generation)) for path in files(home, published.generation)]
    for i in range(len(names)):
        current = open_index()
        path = files(home, current.published.generation)[i]
        current.close()
        if damage is truncated and not path.stat().st_size:
            continue  # nothing to cut off
        survive(damage, path, open_index, home)


READER = """
import sys
from pathlib import Path
import numpy as np
from retrieval.search.partition import open_partition
from retrieval.search.connect import connect_vectors
home, name = Path(sys.argv[1]), sys.argv[2]
part = open_partition(home / name / "current")
near = connect_vectors(None, home).open(name).nearest("current", np.asarray(part.vectors[0], dtype="f4"), 1)
assert near.cosines[0] > 0.99
"""


def test_a_reader_without_fallback_fails(open_index: Callable[[], Index], home: Path) -> None:
    published = open_index().publish()
    command = [sys.executable, "-c", READER, str(home), str(published.generation)]
    root = Path(__file__).parent.parent.parent
    assert subprocess.run(command, check=False, cwd=root).returncode == 0
    for path in files(home, published.generation):
        if path.name in {"chroma.sqlite3", "vectors.npy"}:
            truncated(path)
            assert subprocess.run(command, check=False, cwd=root, stderr=subprocess.DEVNULL).returncode != 0
