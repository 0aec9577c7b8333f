"""Every vector index does the same: exact scan, embedded Chroma, and a real Chroma server."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.search.connect import connect_vectors
from retrieval.search.vectors import CannotOpen, Unreachable, VectorGenerations
from tests.support.chroma_server import chroma_server

N, DIMENSIONS = 1500, 64
IDS = [f"{i:016x}" for i in range(N)]


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server.url


@pytest.fixture(params=["exact", "embedded", "server"])
def generations(request: pytest.FixtureRequest, tmp_path: Path) -> VectorGenerations:
    if request.param == "server":
        return connect_vectors(request.getfixturevalue("chroma_url"), tmp_path)
    return connect_vectors({"exact": "exact:", "embedded": None}[request.param], tmp_path)


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    made = np.random.default_rng(7).standard_normal((N, DIMENSIONS)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_the_nearest_come_first_with_their_cosines(generations: VectorGenerations, vectors: np.ndarray) -> None:
    generations.build("g1", {"current": (IDS, vectors), "rest": (IDS[:1], vectors[:1])})
    reader = generations.open("g1")
    query = vectors[42] + 0.1 * vectors[43]
    query /= np.linalg.norm(query)
    near = reader.nearest("current", query, 10)
    truth = vectors @ query
    assert near.ids[0] == IDS[42]
    assert near.cosines == pytest.approx([truth[int(each, 16)] for each in near.ids], abs=1e-4)
    assert near.cosines == sorted(near.cosines, reverse=True)
    best = {IDS[i] for i in np.argsort(-truth)[:10]}
    assert len(best & set(near.ids)) >= 9
    reader.close()


def test_partitions_are_apart(generations: VectorGenerations, vectors: np.ndarray) -> None:
    generations.build("g2", {"current": (IDS[:500], vectors[:500]), "rest": (IDS[500:503], vectors[500:503])})
    reader = generations.open("g2")
    assert (reader.count("current"), reader.count("rest"), reader.count("other")) == (500, 3, 0)
    assert set(reader.nearest("rest", vectors[0], 10).ids) == set(IDS[500:503])
    assert (sorted(reader.ids("current")), reader.ids("other")) == (IDS[:500], [])
    assert IDS[500] not in reader.nearest("current", vectors[500], 50).ids
    reader.close()


def test_an_empty_partition_finds_nothing(generations: VectorGenerations, vectors: np.ndarray) -> None:
    generations.build("g3", {"current": ([], vectors[:0]), "rest": (IDS[:2], vectors[:2])})
    reader = generations.open("g3")
    assert reader.nearest("current", vectors[0], 5).ids == []
    assert reader.nearest("rest", vectors[0], 0).ids == []
    reader.close()


def test_generations_live_beside_each_other_until_dropped(generations: VectorGenerations, vectors: np.ndarray) -> None:
    for name, part in (("g4", slice(0, 10)), ("g5", slice(10, 20))):
        generations.build(name, {"current": (IDS[part], vectors[part])})
    assert {"g4", "g5"} <= generations.names()
    old, new = generations.open("g4"), generations.open("g5")
    assert old.nearest("current", vectors[0], 1).ids == [IDS[0]]
    assert new.nearest("current", vectors[10], 1).ids == [IDS[10]]
    old.close()
    generations.drop("g4")
    generations.drop("never-there")
    assert "g4" not in generations.names()
    assert new.nearest("current", vectors[10], 1).ids == [IDS[10]]
    with pytest.raises(CannotOpen):
        generations.open("g4")
    new.close()


def test_a_generation_opens_again_and_again(generations: VectorGenerations, vectors: np.ndarray) -> None:
    generations.build("g6", {"current": (IDS[:100], vectors[:100])})
    for _ in range(2):
        reader = generations.open("g6")
        assert reader.nearest("current", vectors[7], 1).ids == [IDS[7]]
        reader.close()


def test_a_server_that_is_away_is_unreachable(tmp_path: Path) -> None:
    away = connect_vectors("http://127.0.0.1:9", tmp_path)
    with pytest.raises(Unreachable):
        away.open("g1")
    with pytest.raises(Unreachable):
        away.names()


@pytest.mark.parametrize("url", ["chroma", "ftp://host", "http://"])
def test_a_mistyped_url_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="CHROMA_URL"):
        connect_vectors(url, tmp_path)
