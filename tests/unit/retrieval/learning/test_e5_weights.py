"""Reading packed weights: what was written comes back, and a file cut short is refused by name."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.learning.e5_weights import NotWeights, read_weights
from tests.support.fakes.packed_weights import HEADS, INNER, LAYERS, PLACES, WIDE, packed, write_weights

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁你", "好"]


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, np.ndarray]:
    values = np.random.default_rng(1).normal(0, 1, 64)
    data, kept = packed(values)
    path = tmp_path / "w.bin"
    write_weights(path, PIECES, {"a": (1, data, 64), "b": (0, np.arange(3, dtype="<f4").tobytes(), 3)})
    return path, kept


def test_tensors_pieces_and_measures_come_back(written: tuple[Path, np.ndarray]) -> None:
    path, kept = written
    read = read_weights(path)
    assert read.pieces == tuple(PIECES)
    assert read.scores.tolist() == [0, -1, -2, -3, -4, -5]
    assert np.array_equal(read.tensors["a"], kept)
    assert read.tensors["b"].tolist() == [0, 1, 2]
    its = read.dimensions
    assert (its.hidden, its.layers, its.heads, its.inner, its.positions) == (WIDE, LAYERS, HEADS, INNER, PLACES)


def test_four_bits_keep_a_value_within_half_a_step() -> None:
    values = np.random.default_rng(2).normal(0, 1, 320)
    _, kept = packed(values)
    steps = np.abs(values.reshape(-1, 32)).max(axis=1) / 7
    assert (np.abs(kept - values).reshape(-1, 32) <= 0.51 * steps[:, None]).all()


@pytest.mark.parametrize("length", [3, 20, 60, 120])
def test_a_file_cut_short_is_refused(written: tuple[Path, np.ndarray], length: int) -> None:
    path, _ = written
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(NotWeights):
        read_weights(path)


def test_a_tensor_cut_short_is_named(written: tuple[Path, np.ndarray]) -> None:
    path, _ = written
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(NotWeights, match="tensor b has 2 values instead of 3"):
        read_weights(path)


def test_another_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "photo.bin").write_bytes(b"\x89PNG" + bytes(100))
    with pytest.raises(NotWeights, match=r"photo\.bin does not begin with E5S1"):
        read_weights(tmp_path / "photo.bin")
