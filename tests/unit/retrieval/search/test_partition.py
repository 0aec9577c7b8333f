"""Partitions: the same in memory and in files."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.language.tokens import tokens
from retrieval.model import Chunk
from retrieval.search.partition import Partition, make_partition, open_partition

CHUNKS = [
    Chunk(f"{(7919 * i) % 9973:016x}", f"d{i % 3}", f"d{i % 3}.1.{i}", f"标题{i}", f"第{i}条 居住证\n“引”。", f"h{i}")
    for i in range(1, 41)
]
VECTORS = np.eye(40, dtype=np.float32)


@pytest.fixture(params=["memory", "files"])
def partition(request: pytest.FixtureRequest, tmp_path: Path) -> Partition:
    rows = [(chunk, vector.astype("<f2").tobytes()) for chunk, vector in zip(CHUNKS, VECTORS, strict=True)]
    if request.param == "memory":
        return make_partition(rows, 40)
    make_partition(rows, 40, tmp_path / "part")
    return open_partition(tmp_path / "part")


def test_every_chunk_comes_back_whole_by_its_id(partition: Partition) -> None:
    rows = partition.rows([chunk.id for chunk in CHUNKS])
    assert [partition.chunk(int(row)) for row in rows] == CHUNKS


def test_unknown_ids_are_left_out(partition: Partition) -> None:
    assert len(partition.rows(["ffffffffffffffff", CHUNKS[0].id, "0000000000000000"])) == 1
    assert len(partition.rows([])) == 0


def test_the_nearest_of_the_living_is_found(partition: Partition) -> None:
    for i in (0, 17, 39):
        (row,) = partition.nearest(VECTORS[i], 1)
        assert partition.chunk(int(row)) == CHUNKS[i]
        alive = np.ones(len(partition), dtype=np.bool_)
        alive[row] = False
        others = partition.nearest(VECTORS[i], 40, alive)
        assert len(others) == 39
        assert row not in others


def test_keywords_number_the_same_rows(partition: Partition) -> None:
    rows, _ = partition.keywords.search(tokens("第17条"), 1)
    assert partition.chunk(int(rows[0])).text.startswith("第17条")


def test_nothing_at_all_is_a_partition_too(tmp_path: Path) -> None:
    make_partition([], 40, tmp_path / "empty")
    for empty in (make_partition([], 40), open_partition(tmp_path / "empty")):
        assert len(empty) == 0
        assert len(empty.rows(["00"])) == 0
        assert len(empty.nearest(VECTORS[0], 5)) == 0
        assert len(empty.keywords.search(["x"], 5)[0]) == 0


def test_a_chunk_not_embedded_yet_is_found_by_its_words_only() -> None:
    partition = make_partition([(CHUNKS[0], None)], 40)
    assert not partition.vectors.any()
    assert len(partition.keywords.search(tokens("居住证"), 5)[0]) == 1
