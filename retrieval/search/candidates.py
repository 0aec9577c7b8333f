"""What a search finds before it is ranked: chunks with the raw numbers of the keyword and the vector side."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from retrieval.embedding.embedder import COSINE_WEIGHT, UNRELATED, Vectors
from retrieval.embedding.record import no_tokens
from retrieval.language.tokens import tokens
from retrieval.model import Chunk, Passage
from retrieval.reader.matches import TokenMatches
from retrieval.search.keywords import RowNumbers, Scores
from retrieval.search.partition import Partition


@dataclass(frozen=True, slots=True)
class Candidates:
    """n candidates in no order: the best of the keyword side and of the vector side together.

    `bm25`, `document_bm25` and `cosine`, each (n,), are there for every candidate, whichever side found it.
    `document_bm25` scores the whole document against all others. `tokens` are the question's, without stop words.
    `idf` weighs each token as the largest part of the index does. `document_idf` is the sum of the tokens' weights,
    repeats counted, over documents instead of chunks. `documents` (n,) holds the same number for candidates of the same
    document. `cosine_weight` is the model's: what `cosine` is worth beside `bm25`; and `unrelated` is the cosine of
    unrelated texts. `token_vectors` are those of the question's tokens, none where the model gives none.
    """

    tokens: list[str]
    idf: dict[str, float]
    document_idf: float
    bm25: Scores
    document_bm25: Scores
    cosine: Scores
    documents: RowNumbers
    places: list[tuple[Partition, int]]
    cosine_weight: float = COSINE_WEIGHT
    unrelated: float = UNRELATED
    token_vectors: Vectors = field(default_factory=no_tokens, repr=False)
    query_idf: float = field(init=False)  # sum over the tokens, repeats counted as BM25 does; it scales BM25

    _words: dict[str, float] = field(init=False, default_factory=dict, repr=False, compare=False)
    _matches: dict[int, TokenMatches] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "query_idf", sum(self.idf[token] for token in self.tokens))

    def __len__(self) -> int:
        return len(self.places)

    def word_idf(self, word: str) -> float:
        """Return the highest idf of a word's tokens; a token that the question does not have counts 1."""
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = max((self.idf.get(token, 1.0) for token in tokens(word)), default=1.0)
        return known

    @property
    def compares_tokens(self) -> bool:
        """Whether `matches` says anything."""
        return bool(len(self.token_vectors))

    def matches(self, i: int) -> TokenMatches:
        """Return how near the tokens of candidate `i` come to those of the question."""
        known = self._matches.get(i)
        if known is None:
            partition, row = self.places[i]
            known = self._matches[i] = TokenMatches.between(self.token_vectors, partition.tokens_of(row))
        return known

    def chunk(self, i: int) -> Chunk:
        """Return the chunk of candidate `i`."""
        partition, row = self.places[i]
        return partition.chunk(row)

    def document_id(self, i: int) -> str:
        """Return the document's id of candidate `i`, without reading the chunk."""
        partition, row = self.places[i]
        return partition.document_ids[int(partition.documents[row])]

    def in_document(self, i: int, word: str) -> bool:
        """Whether the whole document of candidate `i` holds a word's tokens."""
        partition, row = self.places[i]
        return partition.document_keywords.holds(int(partition.documents[row]), tokens(word))

    def passage(self, i: int, score: float) -> Passage:
        """Return candidate `i` with its score in this search and its raw numbers."""
        signals = {
            "bm25": float(self.bm25[i]),
            "document_bm25": float(self.document_bm25[i]),
            "cosine": float(self.cosine[i]),
            "query_idf": self.query_idf,
            "document_idf": self.document_idf,
        }
        if i in self._matches:
            signals["nearness"] = self._matches[i].nearness
        return Passage(self.chunk(i), score, signals)


Fuse = Callable[[Candidates], Scores]


@dataclass(frozen=True, slots=True)
class PartitionHits:
    """What one partition gave: `rows` (n,) with their numbers (n,)."""

    partition: Partition
    rows: RowNumbers
    bm25: Scores
    document_bm25: Scores
    cosine: Scores

    @property
    def documents(self) -> RowNumbers:
        """The place of each row's document in the partition."""
        documents: RowNumbers = self.partition.documents[self.rows].astype(np.int64)
        return documents

    @property
    def places(self) -> list[tuple[Partition, int]]:
        return [(self.partition, row) for row in self.rows.tolist()]


def gathered(
    partition: Partition, bm25: dict[int, float], document_bm25: dict[int, float], vector: Vectors
) -> PartitionHits:
    """Return the rows of `bm25` with their documents' BM25 (`document_bm25` has it by place) and their cosines."""
    rows = np.fromiter(bm25, np.int64, len(bm25))
    documents = partition.documents[rows].tolist()
    return PartitionHits(
        partition,
        rows,
        np.fromiter(bm25.values(), np.float32, len(bm25)),
        np.array([document_bm25[document] for document in documents], dtype=np.float32),
        np.asarray(partition.vectors[rows], dtype=np.float32) @ vector,
    )
