"""An embedding model of no knowledge at all: character pairs hashed into a few numbers, in microseconds."""

import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from retrieval.embedding.embedder import COSINE_WEIGHT, Vectors
from retrieval.embedding.record import no_tokens, packed


class HashingEmbedder:
    """Takes the place of `Embedder` where it does not matter how well meanings are told apart."""

    name = "hashing-64"
    dimensions = 64
    cosine_weight = COSINE_WEIGHT
    unrelated = 0.0

    def embed_query(self, text: str) -> Vectors:
        return self._vector(text)

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> Vectors:
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def read_query(self, text: str) -> tuple[Vectors, Vectors]:
        return self._vector(text), no_tokens()

    def records(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> list[bytes]:
        return [packed(self._vector(text), no_tokens()) for text in texts]

    def token_spans(self, text: str, start_at: int = 0) -> list[tuple[int, int]]:
        return []

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for first, second in pairwise(text):
            place = zlib.crc32((first + second).encode("utf-8", "replace"))
            vector[place % self.dimensions] += 1 if place & 0x10000 else -1
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector
