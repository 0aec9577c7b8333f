"""What a search finds before it is ranked: chunks with the raw numbers of both sides."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrieval.embedding import Vectors
from retrieval.keywords import Rows, Scores
from retrieval.model import Chunk, Passage
from retrieval.partition import Partition


@dataclass(frozen=True, slots=True)
class Candidates:
    """n candidates in no order: the best of the keyword side and of the vector side together.

    `bm25` and `cosine` (n,) are there for every candidate, whichever side found it. `tokens` are the question's,
    `idf` weighs each as the largest part of the index does.
    """

    tokens: list[str]
    idf: dict[str, float]
    bm25: Scores
    cosine: Scores
    places: list[tuple[Partition, int]]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def query_idf(self) -> float:
        """Sum of idf over the question's tokens, repeats counted as BM25 counts them: what its score is out of."""
        return sum(self.idf[token] for token in self.tokens)

    def chunk(self, i: int) -> Chunk:
        """The chunk of candidate `i`."""
        partition, row = self.places[i]
        return partition.chunk(row)

    def document_id(self, i: int) -> str:
        """The document of candidate `i`, without reading the chunk."""
        partition, row = self.places[i]
        return partition.document_ids[int(partition.documents[row])]

    def passage(self, i: int, score: float) -> Passage:
        """Candidate `i` with its score of this search and its raw numbers."""
        signals = {"bm25": float(self.bm25[i]), "cosine": float(self.cosine[i]), "query_idf": self.query_idf}
        return Passage(self.chunk(i), score, signals)


Fuse = Callable[[Candidates], Scores]


def fuse_evenly(found: Candidates) -> Scores:
    """Each side over its best, half and half; (n,) in [0, 1]."""
    return 0.5 * _over_best(found.bm25) + 0.5 * _over_best(found.cosine)


def _over_best(scores: Scores) -> Scores:
    best = float(scores.max(initial=0.0))
    return np.clip(scores, 0, None) / best if best else np.zeros_like(scores)


def gathered(
    partition: Partition, rows: Rows, bm25: dict[int, float], vector: Vectors
) -> tuple[list[tuple[Partition, int]], Scores, Scores]:
    """Places, BM25 and cosine of `rows`."""
    listed = rows.tolist()
    cosine = np.asarray(partition.vectors[rows], dtype=np.float32) @ vector
    return [(partition, row) for row in listed], np.array([bm25[row] for row in listed], dtype=np.float32), cosine
