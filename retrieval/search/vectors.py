"""The port for vectors by generation, and the cosines of an exact scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.embedding.embedder import Vectors


class CannotOpen(Exception):
    """A generation is missing or damaged: it has to be built again."""


class Unreachable(Exception):
    """The vector server does not answer; the generation itself may be fine."""


def cosines(vectors: npt.NDArray[Any], vector: Vectors) -> Vectors:
    """Return the cosine (n,) of each of `vectors` (n, d) to `vector` (d,), all normalised.

    This does without BLAS: its threads go on turning for milliseconds after each product and take the cores from the
    model.
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
        """Return at most `k` of a partition; none of an empty or unknown one. Raises CannotOpen or Unreachable."""

    def count(self, partition: str) -> int:
        """Return how many vectors a partition holds. Raises CannotOpen or Unreachable."""

    def ids(self, partition: str) -> list[str]:
        """Return the chunk ids a partition holds, in no order. Raises CannotOpen or Unreachable."""

    def close(self) -> None: ...


class VectorGenerations(Protocol):
    """Generations by name. A generation is written once, by one process, before anyone reads it."""

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        """Write a new generation: for each partition the chunk ids and their vectors (n, dimensions); not all empty."""

    def open(self, name: str) -> VectorReader:
        """Open a generation. Raises CannotOpen if it is missing or damaged, Unreachable if the server is away."""

    def drop(self, name: str) -> None:
        """Remove a generation nobody reads; nothing happens if there is none."""

    def names(self) -> set[str]:
        """Return the names of all generations, half-built ones too."""
