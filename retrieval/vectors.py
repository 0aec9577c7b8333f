"""Vectors by generation: the port, and an exact scan that is always right."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from retrieval.embedding import Vectors

_Stored = tuple[npt.NDArray[np.str_], Vectors]
_NONE: _Stored = (np.empty(0, dtype="U16"), np.empty((0, 0), dtype=np.float32))


class CannotOpen(Exception):
    """A generation is missing or damaged: it has to be built again."""


class Unreachable(Exception):
    """The vector server does not answer; the generation itself may be fine."""


def cosines(vectors: npt.NDArray[Any], vector: Vectors) -> Vectors:
    """The cosine (n,) of each of `vectors` (n, d) to `vector` (d,), all normalised.

    Not by BLAS, whose threads go on turning for milliseconds after each product and take the cores from the model.
    """
    return np.asarray(np.einsum("ij,j->i", vectors, vector), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Near:
    """Chunk ids, nearest first, with their cosines."""

    ids: list[str]
    cosines: list[float]


class VectorReader(Protocol):
    """One open generation, read-only; safe to use from several threads."""

    def nearest(self, partition: str, vector: Vectors, k: int) -> Near:
        """At most `k` of a partition; none of an empty or unknown one. Raises CannotOpen or Unreachable."""

    def count(self, partition: str) -> int:
        """How many vectors a partition holds. Raises CannotOpen or Unreachable."""

    def ids(self, partition: str) -> list[str]:
        """The chunk ids a partition holds, in no order. Raises CannotOpen or Unreachable."""

    def close(self) -> None: ...


class VectorGenerations(Protocol):
    """Generations by name. A generation is written once, by one process, before anyone reads it."""

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        """Write a new generation: for each partition the chunk ids and their vectors (n, dimensions); not all empty."""

    def open(self, name: str) -> VectorReader:
        """Raises CannotOpen where there is none or it is damaged, Unreachable where the server is away."""

    def drop(self, name: str) -> None:
        """Remove a generation nobody reads; nothing happens if there is none."""

    def names(self) -> set[str]:
        """The generations there are, half-built ones too."""


def connect_vectors(url: str | None, home: Path) -> VectorGenerations:
    """None: embedded Chroma in folders under `home`; `http(s)://host:port`: a Chroma server; `exact:`: no index."""
    if url == "exact:":
        return Exact(home)
    from retrieval.chroma import ChromaEmbedded, ChromaServer

    if not url:
        return ChromaEmbedded(home)
    if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname:
        return ChromaServer(url)
    raise ValueError(f"CHROMA_URL {url!r} is not supported: use http://host:port or https://host:port")


class Exact:
    """Compares with every vector: always right, a few milliseconds for 100 000, everything in memory."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        for partition, (ids, vectors) in partitions.items():
            folder = self._home / name / "exact"
            folder.mkdir(parents=True, exist_ok=True)
            np.savez(folder / f"{partition}.npz", ids=np.array(ids, dtype="U16"), vectors=vectors)

    def open(self, name: str) -> "ExactReader":
        loaded = {}
        try:
            for path in sorted((self._home / name / "exact").iterdir()):
                with np.load(path) as stored:
                    loaded[path.stem] = (stored["ids"], np.asarray(stored["vectors"], dtype=np.float32))
        except Exception as error:  # zipfile, numpy and OS errors alike
            raise CannotOpen(f"{name}: {error}") from error
        return ExactReader(loaded)

    def drop(self, name: str) -> None:
        shutil.rmtree(self._home / name / "exact", ignore_errors=True)

    def names(self) -> set[str]:
        return {path.parent.name for path in self._home.glob("*/exact")}


class ExactReader:
    """Partitions in memory."""

    def __init__(self, partitions: Mapping[str, _Stored]) -> None:
        self._partitions = partitions

    def nearest(self, partition: str, vector: Vectors, k: int) -> Near:
        ids, vectors = self._partitions.get(partition, _NONE)
        if not len(ids):
            return Near([], [])
        cosines = vectors @ vector
        best = np.argsort(-cosines)[: max(k, 0)]
        return Near([str(each) for each in ids[best]], [float(each) for each in cosines[best]])

    def count(self, partition: str) -> int:
        return len(self._partitions.get(partition, _NONE)[0])

    def ids(self, partition: str) -> list[str]:
        return [str(each) for each in self._partitions.get(partition, _NONE)[0]]

    def close(self) -> None:
        self._partitions = {}
