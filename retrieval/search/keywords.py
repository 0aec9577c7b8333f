"""Keyword search (BM25) by tantivy over whitespace-joined tokens, in a folder or in memory."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

RowNumbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Idf = Callable[[str], float]
WRITER_BYTES = 64_000_000
# A token counts so many times in a row at most: a tenth mention says no more than a third. This comes nearer to k1 .8,
# which tantivy cannot be told. Fused nDCG@10 on notices and on citizens' messages: .912 and .745 with 3, .908 and .740
# with all mentions, .908 and .746 with 2.
MOST = 3


class KeywordIndex:
    """BM25 (k1 1.2, b .75) over numbered rows of tokens; read-only once built, safe to use from several threads."""

    def __init__(self, index: tantivy.Index) -> None:
        index.config_reader("manual")  # no thread watches the folder
        index.reload()
        self._searcher = index.searcher()
        self._schema = index.schema
        self._idf: dict[str, float] = {}

    @property
    def size(self) -> int:
        """How many rows it holds."""
        return int(self._searcher.num_docs)

    def search(self, tokens: Sequence[str], k: int, idf: Idf | None = None) -> tuple[RowNumbers, Scores]:
        """Return the `k` best rows that hold any of `tokens`, best first, and their BM25.

        A repeated token counts as often. `idf` weighs tokens as another, larger index does, so that the scores of both
        can be compared.
        """
        return self._found(self._query(tokens, idf), k)

    def scores(self, tokens: Sequence[str], rows: Sequence[int], idf: Idf | None = None) -> dict[int, float]:
        """Return the BM25 of each of `rows`; 0 for a row that holds none of `tokens`."""
        if not rows:
            return {}
        # tantivy finds a hundred terms three times as fast as one set of them
        each = [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "row", row)) for row in rows]
        among = tantivy.Query.const_score_query(tantivy.Query.boolean_query(each), 0.0)
        both = [(tantivy.Occur.Must, among), (tantivy.Occur.Should, self._query(tokens, idf))]
        found, scores = self._found(tantivy.Query.boolean_query(both), len(rows))
        return dict(zip(found.tolist(), scores.tolist(), strict=True))

    def holds(self, row: int, tokens: Sequence[str]) -> bool:
        """Whether a row holds all of `tokens`."""
        terms = [tantivy.Query.term_query(self._schema, "body", token, "basic") for token in dict.fromkeys(tokens)]
        terms.append(tantivy.Query.term_query(self._schema, "row", row))
        every = tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in terms])
        return bool(self._searcher.search(every, 1, count=False).hits)

    def written(self, token: str) -> bool:
        """Whether any row holds a token."""
        return self._searcher.doc_freq("body", token) > 0

    def idf(self, token: str) -> float:
        """Return ln(1 + (N - n + .5) / (n + .5)), the weight in BM25; it is highest for a token that no row holds."""
        known = self._idf.get(token)
        if known is None:
            if len(self._idf) > 100_000:
                self._idf.clear()
            n = self._searcher.doc_freq("body", token)
            known = self._idf[token] = math.log1p((self.size - n + 0.5) / (n + 0.5))
        return known

    def _query(self, tokens: Sequence[str], idf: Idf | None) -> tantivy.Query:
        weighed = []
        for token, count in Counter(tokens).items():
            term = tantivy.Query.term_query(self._schema, "body", token, "freq")
            weight = count * idf(token) / self.idf(token) if idf else count
            weighed.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, weight) if weight != 1 else term))
        return tantivy.Query.boolean_query(weighed) if weighed else tantivy.Query.empty_query()

    def _found(self, query: tantivy.Query, k: int) -> tuple[RowNumbers, Scores]:
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        hits = self._searcher.search(query, k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, dtype=np.int64), np.array([score for score, _ in hits], dtype=np.float32)


class KeywordWriter:
    """Writes rows of tokens, in any order, into `folder`, which it makes if missing; None means into memory."""

    def __init__(self, folder: Path | None = None) -> None:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(folder) if folder else None)
        self._writer = self._index.writer(WRITER_BYTES, 1)

    def add(self, row: int, tokens: Iterable[str]) -> None:
        """Add one row; `row` is the number it will be found by. A token counts at most MOST times."""
        document = tantivy.Document()
        document.add_unsigned("row", row)
        counted = Counter(tokens).items()
        document.add_text("body", " ".join(token for token, count in counted for _ in range(min(count, MOST))))
        self._writer.add_document(document)

    def finish(self) -> KeywordIndex:
        """Return the index of what was added; nothing can be added any more."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        return KeywordIndex(self._index)


def open_keywords(folder: Path) -> KeywordIndex:
    """Open what a `KeywordWriter` wrote. Raises ValueError where it cannot be read."""
    return KeywordIndex(tantivy.Index.open(str(folder)))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    return builder.build()
