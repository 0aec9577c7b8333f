"""Collects what a model learns to tell apart: passages that answer a question, and those our ranking takes for such."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.fuzz import ratio

from retrieval.embedding.embedder import Embedder, Vectors
from retrieval.evaluation.beir import JudgedQuestion
from retrieval.evaluation.ranking_quality import searched
from retrieval.index.chunk_store import Report
from retrieval.index.chunks import embedded_text
from retrieval.index.snapshot import Snapshot
from retrieval.search.partition import Partition
from retrieval.search.ranking import fuse

LOOKED_AT = 60  # candidates of each side
MOST = 8  # negatives of a question
ANSWERS = 4  # passages of a question that answer it, at most
ALIKE = 70.0  # percent of characters in common, from which a passage may answer, too


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the passages that answer it, and passages that look as if they did, hardest first.

    `relevant` are the ids of the documents that answer. Questions that share one may not stand against each other.
    """

    question: str
    positives: tuple[str, ...]
    negatives: tuple[str, ...]
    relevant: frozenset[str]


def mined(snapshot: Snapshot, embedder: Embedder, questions: Sequence[JudgedQuestion], report: Report) -> list[Example]:
    """Return an example of each question that something in the snapshot answers.

    Each document that answers gives the passage nearest to the question. Of many documents the nearest ones are taken.
    Passages that say nearly the same as one that answers (an older version of the law, a copy) are no negatives: nobody
    knows that they do not answer.
    """
    partition = snapshot.overlay
    rows_of = _rows_by_document(partition)
    made = []
    for done, question in enumerate(questions, 1):
        vector = embedder.embed_query(question.text)
        right = _nearest(partition, [rows_of[each] for each in question.relevant if each in rows_of], vector)
        if right:
            wrong = _negatives(snapshot, embedder, question, right)
            relevant = frozenset(question.relevant)
            made.append(Example(question.text, _texts(partition, right), _texts(partition, wrong), relevant))
        report("mining", done, len(questions))
    return made


def _negatives(snapshot: Snapshot, embedder: Embedder, question: JudgedQuestion, right: Sequence[int]) -> list[int]:
    found = searched(snapshot, embedder, question.text, LOOKED_AT)
    partition = snapshot.overlay
    answers = [partition.chunk(row).text for row in right]
    wrong: list[int] = []
    for i in np.argsort(-fuse(found), kind="stable").tolist():
        row = found.places[i][1]
        text = partition.chunk(row).text
        if found.document_id(i) not in question.relevant and all(ratio(text, each) < ALIKE for each in answers):
            wrong.append(row)
        if len(wrong) == MOST:
            break
    return wrong


def _nearest(partition: Partition, documents: Iterable[list[int]], vector: Vectors) -> list[int]:
    """Return each document's row that is nearest to a question, the nearest document first."""
    best: list[tuple[float, int]] = []
    for rows in documents:
        cosines = np.asarray(partition.vectors[rows], dtype=np.float32) @ vector
        best.append((float(cosines.max()), rows[int(cosines.argmax())]))
    return [row for _, row in sorted(best, reverse=True)[:ANSWERS]]


def _rows_by_document(partition: Partition) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, place in enumerate(partition.documents.tolist()):
        rows[partition.document_ids[place]].append(row)
    return rows


def _texts(partition: Partition, rows: Sequence[int]) -> tuple[str, ...]:
    chunks = [partition.chunk(row) for row in rows]
    return tuple(embedded_text(chunk.heading, chunk.text) for chunk in chunks)
