"""An exact scan in memory: it is always right, and the other indexes are checked against it."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.embedding.embedder import Vectors
from retrieval.search.vectors import CannotOpen, Near

_Stored = tuple[npt.NDArray[np.str_], Vectors]

_NONE: _Stored = (np.empty(0, dtype="U16"), np.empty((0, 0), dtype=np.float32))


class Exact:
    """Compares a vector with all others, in memory: always right, a few milliseconds for 100 000."""

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
