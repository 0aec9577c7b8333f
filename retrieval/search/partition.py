"""Numbered rows of chunks with their vectors and keywords: in memory, or in the files of a generation."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rjieba

from retrieval.embedding.record import TOKEN_DIMENSIONS, TokenVectors, tokens_of, vector_of
from retrieval.language.spelling import Vocabulary, load_words, save_words
from retrieval.language.tokens import normalised, tokens
from retrieval.model import Chunk
from retrieval.search.keywords import KeywordIndex, KeywordWriter, RowNumbers, open_keywords
from retrieval.search.vectors import cosines

_NO_TOKENS: TokenVectors = np.empty((0, TOKEN_DIMENSIONS), dtype=np.int8)
SCANNED = 10_000  # up to so many rows, all are compared: this takes 1.0 ms of a processor, and asking Chroma 2.0
_DOCUMENT_TOKENS = 50_000  # so many stand for a whole document; the rest of a longer one says nothing more
_ARRAYS = ("ids", "documents", "vectors", "offsets", "blob", "token_offsets", "tokens")


@dataclass(frozen=True, slots=True)
class Partition:
    """n chunks; the rows are ordered by chunk id.

    `ids` (n,) are the chunk ids as numbers. `documents` (n,) holds each row's place in `document_ids`. `vectors`
    (n, dimensions) are float16 in files and float32 in memory; that of a row not embedded yet is all zero.
    The chunk's own words of row i are JSON at `blob[offsets[i]:offsets[i + 1]]`. `keywords` has a row for each chunk.
    `document_keywords` has a row for each place in `document_ids`, with the words of all chunks of that document; a
    heading counts once. `words` are the documents' words by their sound. The vectors of the tokens of row i are
    `tokens[token_offsets[i]:token_offsets[i + 1]]`, eight bits a number; a model may give none.
    """

    ids: npt.NDArray[np.uint64]
    documents: npt.NDArray[np.int32]
    vectors: npt.NDArray[Any]
    offsets: npt.NDArray[np.int64]
    blob: npt.NDArray[np.uint8]
    token_offsets: npt.NDArray[np.int64]
    tokens: TokenVectors
    document_ids: list[str]
    keywords: KeywordIndex
    document_keywords: KeywordIndex
    words: dict[str, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def chunk(self, row: int) -> Chunk:
        """Return the chunk of a row."""
        written = json.loads(self.blob[self.offsets[row] : self.offsets[row + 1]].tobytes())
        return Chunk(f"{self.ids[row]:016x}", self.document_ids[self.documents[row]], *written)

    def rows(self, ids: Sequence[str]) -> RowNumbers:
        """Return the rows of those chunk ids that the partition holds."""
        wanted = np.array([int(each, 16) for each in ids], dtype=np.uint64)
        places = np.minimum(np.searchsorted(self.ids, wanted), max(len(self.ids) - 1, 0))
        found: RowNumbers = places[self.ids[places] == wanted] if len(self.ids) else places[:0]
        return found

    def nearest(
        self, vector: npt.NDArray[np.float32], k: int, alive: npt.NDArray[np.bool_] | None = None
    ) -> RowNumbers:
        """Return the `k` rows nearest to `vector` by an exact scan, nearest first; if given, only `alive` rows."""
        near = cosines(self.vectors, vector)
        if alive is not None:
            near[~alive] = -np.inf
        best = np.argpartition(-near, k)[:k] if k < len(near) else np.arange(len(near))
        best = best[np.argsort(-near[best])]
        return best[np.isfinite(near[best])]

    def tokens_of(self, row: int) -> TokenVectors:
        """Return the vectors (n, TOKEN_DIMENSIONS) of a row's tokens."""
        return self.tokens[self.token_offsets[row] : self.token_offsets[row + 1]]

    def in_memory(self) -> "Partition":
        """Return the same partition with float32 vectors, which an exact scan reads fast."""
        return replace(self, vectors=np.asarray(self.vectors, dtype=np.float32))


def make_partition(
    rows: Iterable[tuple[Chunk, bytes | None]],
    dimensions: int,
    folder: Path | None = None,
) -> Partition:
    """Lay out chunks with their stored records (None: not embedded) in `folder`, or without one in memory."""
    packed, document_ids = _packed(sorted(rows, key=lambda row: row[0].id), dimensions)
    if folder:
        folder.mkdir(parents=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", packed[name])
        (folder / "documents.json").write_text(json.dumps(document_ids), encoding="utf-8")
    nothing = KeywordWriter().finish()
    made = Partition(**packed, document_ids=document_ids, keywords=nothing, document_keywords=nothing)
    if not folder:
        made = made.in_memory()
    by_chunk, by_document, words = _keywords(made, folder)
    if folder:
        save_words(folder, words)
    return replace(made, keywords=by_chunk, document_keywords=by_document, words=words)


def open_partition(folder: Path) -> Partition:
    """Map the files that `make_partition` wrote; if there are at most SCANNED rows, read their vectors into memory.

    Raises OSError or ValueError where they cannot be read.
    """
    arrays: dict[str, Any] = {
        name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))  # a plain view of the map is read far faster
        for name in _ARRAYS
    }
    document_ids = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
    by_chunk, by_document = open_keywords(folder / "keywords"), open_keywords(folder / "document_keywords")
    words = load_words(folder)
    made = Partition(**arrays, document_ids=document_ids, keywords=by_chunk, document_keywords=by_document, words=words)
    return made.in_memory() if len(made) <= SCANNED else made


def _keywords(partition: Partition, folder: Path | None) -> tuple[KeywordIndex, KeywordIndex, dict[str, list[str]]]:
    """Return the keyword indexes by chunk and by document, and the words by their sound; each chunk is read once."""
    vocabulary = Vocabulary()
    by_chunk = KeywordWriter(folder / "keywords" if folder else None)
    by_document = KeywordWriter(folder / "document_keywords" if folder else None)
    rows = np.argsort(partition.documents, kind="stable").tolist()
    for document, its in groupby(rows, key=lambda row: int(partition.documents[row])):
        headings: dict[str, list[str]] = {}
        words: list[str] = []
        for row in its:
            chunk = partition.chunk(row)
            if chunk.heading not in headings:
                headings[chunk.heading] = tokens(chunk.heading)
            plain = normalised(chunk.text)
            own = tokens(plain)
            vocabulary.add(rjieba.cut(plain, False))
            by_chunk.add(row, headings[chunk.heading] + own)
            if len(words) < _DOCUMENT_TOKENS:
                words += own
        by_document.add(document, chain(words, *headings.values()))
    return by_chunk.finish(), by_document.finish(), vocabulary.finish()


def _packed(rows: Sequence[tuple[Chunk, bytes | None]], dimensions: int) -> tuple[dict[str, Any], list[str]]:
    places: dict[str, int] = {}
    vectors = np.zeros((len(rows), dimensions), dtype="<f2")
    written = []
    of_tokens = [_NO_TOKENS]
    for number, (chunk, record) in enumerate(rows):
        places.setdefault(chunk.document_id, len(places))
        words = [chunk.clause_id, chunk.heading, chunk.text, chunk.content_hash]
        written.append(json.dumps(words, ensure_ascii=False).encode("utf-8", "replace"))
        if record is not None:
            vectors[number] = vector_of(record, dimensions)
        of_tokens.append(_NO_TOKENS if record is None else tokens_of(record, dimensions))
    packed = {
        "ids": np.array([int(chunk.id, 16) for chunk, _ in rows], dtype=np.uint64),
        "documents": np.array([places[chunk.document_id] for chunk, _ in rows], dtype=np.int32),
        "vectors": vectors,
        "offsets": np.concatenate([[0], np.cumsum([len(each) for each in written], dtype=np.int64)]).astype(np.int64),
        "blob": np.frombuffer(b"".join(written) or b"\n", dtype=np.uint8),
        "token_offsets": np.cumsum([len(each) for each in of_tokens], dtype=np.int64),
        "tokens": np.concatenate(of_tokens),
    }
    return packed, list(places)
