"""Measures retrieval on a BEIR folder through the code that serves, with an exact scan in Chroma's place."""

import re
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, insert, select

from knowledge.database import connect_database, reading, writing
from knowledge.model import Clause, Metadata, StoredClause
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.beir import Text, read_benchmark
from retrieval.evaluation.measures import measured
from retrieval.index.chunk_store import Published, Report
from retrieval.index.chunks import chunked, embedded_text
from retrieval.index.index import DEPTH, LONGEST
from retrieval.index.snapshot import Query, Snapshot
from retrieval.language.question_words import question_tokens
from retrieval.model import Chunk
from retrieval.search.candidates import Candidates
from retrieval.search.partition import make_partition
from retrieval.search.ranking import fuse
from retrieval.tables import vectors

Figures = dict[str, float | int]
_TODAY = date(2000, 1, 1)  # every document of a corpus is in force
_TEXTS = 1024  # embedded between two commits
_LEAD = 40  # characters
_DEEPER = 8  # times as many candidates are asked for where they were too few for recall@100
_SENTENCE_END = re.compile(r"[。！？；\s]")


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


def evaluate(
    folder: Path, split: str, embedder: Embedder, cache: Path | None = None, on_progress: Report = _silent
) -> Figures:
    """Return nDCG@10, recall@1/5/10/100 and MRR@10 over the questions of a split, and milliseconds for one question.

    The questions are asked in turn. The corpus goes through chunking, both keyword indexes, candidates and
    fusion, as served documents do. One thing differs: vectors are scanned one by one. Serving asks Chroma, which finds
    .99 of the same. A document ranks by its best chunk. `cache` is a folder to keep the corpus's vectors in.
    Raises retrieval.evaluation.beir.NotBeir.
    """
    benchmark = read_benchmark(folder, split)
    snapshot = indexed(benchmark.corpus, embedder, cache, on_progress)

    def ask(text: str, k: int) -> list[str]:
        return ranked(searched(snapshot, embedder, text, k))

    rankings, milliseconds = [], []
    for done, question in enumerate(benchmark.questions):
        text, start = question.text[:LONGEST], time.perf_counter()
        ranking = ask(text, DEPTH)
        milliseconds.append(1000 * (time.perf_counter() - start))
        if len(ranking) < 100:
            ranking += [each for each in ask(text, _DEEPER * DEPTH) if each not in ranking]
        rankings.append(ranking)
        on_progress("asking", done + 1, len(benchmark.questions))
    figures: Figures = {"documents": len(benchmark.corpus), "questions": len(benchmark.questions)}
    figures |= measured([(ranking, each.relevant) for ranking, each in zip(rankings, benchmark.questions, strict=True)])
    return figures | _times(milliseconds)


def _times(milliseconds: Sequence[float]) -> Figures:
    p50, p99 = np.percentile(milliseconds, [50, 99])
    return {"mean_ms": float(np.mean(milliseconds)), "p50_ms": float(p50), "p99_ms": float(p99)}


def searched(snapshot: Snapshot, embedder: Embedder, text: str, k: int = DEPTH) -> Candidates:
    """Return the candidates for a question in a snapshot that `indexed` made."""
    vector, tokens = embedder.read_query(text)
    words, weight, unrelated = question_tokens(text), embedder.cosine_weight, embedder.unrelated
    return snapshot.search(Query(words, vector, k, _TODAY, False, weight, unrelated, tokens))


def ranked(found: Candidates) -> list[str]:
    """Return the ids of the candidates' documents, best first. A document stands where its best chunk stands."""
    order = np.argsort(-fuse(found), kind="stable").tolist()
    return list(dict.fromkeys(found.document_id(i) for i in order))


def indexed(corpus: Sequence[Text], embedder: Embedder, cache: Path | None, report: Report) -> Snapshot:
    """Index a corpus in memory, all of it in force. Vectors come from the cache, and new ones go into it."""
    chunks = [chunk for text in corpus for chunk in chunked(text.id, text.title, [whole(text)])]
    stored = embedded(chunks, embedder, cache, report)
    report("keywords", 0, 1)
    rows = ((chunk, stored[chunk.content_hash]) for chunk in chunks)
    partition = make_partition(rows, embedder.dimensions)
    shown = {text.id: (1, Metadata(text.title)) for text in corpus}
    return Snapshot(Published(), _TODAY, shown, None, partition)


def whole(text: Text) -> StoredClause:
    """Return the whole text as one clause. If it has no title, its first sentence goes with its later pieces."""
    lead = "" if text.title else _SENTENCE_END.split(text.text.strip(), 1)[0][:_LEAD]
    return StoredClause(text.id, text.id, Clause(1, lead, (), text.text))


def embedded(chunks: Iterable[Chunk], embedder: Embedder, cache: Path | None, report: Report) -> dict[str, bytes]:
    """Return the record of each chunk's text by its hash. Known ones come from the cache, new ones go there."""
    engine = _opened(cache)
    with reading(engine) as connection:
        query = select(vectors.c.content_hash, vectors.c.vector).where(vectors.c.model == embedder.name)
        known = {row.content_hash: row.vector for row in connection.execute(query)}
    texts = {chunk.content_hash: embedded_text(chunk.heading, chunk.text) for chunk in chunks}
    missing = sorted(texts.keys() - known.keys(), key=lambda hash_: -len(texts[hash_]))
    for start in range(0, len(missing), _TEXTS):
        report("embedding", start, len(missing))
        part = missing[start : start + _TEXTS]
        new = dict(zip(part, embedder.records([texts[hash_] for hash_ in part]), strict=True))
        with writing(engine) as connection:
            rows = [{"content_hash": hash_, "model": embedder.name, "vector": vector} for hash_, vector in new.items()]
            connection.execute(insert(vectors).prefix_with("OR IGNORE"), rows)  # another run may have been here
        known |= new
    engine.dispose()
    return {hash_: known[hash_] for hash_ in texts}


def _opened(cache: Path | None) -> Engine:
    """Open a database of vectors: in `cache`, made if missing, or in memory."""
    engine = connect_database(f"sqlite:///{cache / 'vectors.db'}" if cache else "sqlite://")
    with writing(engine) as connection:
        vectors.create(connection, checkfirst=True)
    return engine
