"""Builds, adopts or probes a generation in a process of its own: `python -m retrieval.index.build < job.json`.

A kill in the middle of Chroma's writing can leave files that end every process that opens them. So neither building nor
the first opening happens in a process that serves applicants.
"""

import json
import os
import sys
import threading
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.database import connect_database, reading
from knowledge.law.validity import clause_standing_on
from knowledge.model import Standing
from knowledge.store.documents import DocumentStore
from retrieval.index.chunk_store import built_with, shown_rows, shown_versions, staged_rows
from retrieval.index.manifest import Manifest, seal
from retrieval.model import Chunk
from retrieval.search.connect import connect_vectors
from retrieval.search.partition import Partition, make_partition, open_partition
from retrieval.search.vectors import CannotOpen, VectorGenerations

PARTITIONS = ("current", "rest")  # in force on the day of building, and everything else
_SAMPLES = 5
_ITSELF = 0.99  # least cosine of a stored vector to the nearest one found, which is itself or its equal


def build(job: dict[str, Any]) -> None:
    """Write the generation `job["name"]` from what is staged, open it afresh and ask it, then seal it."""
    folder = Path(job["home"]) / job["name"]
    _say("reading", 0, 1)
    versions, halves = _read(job)
    made: dict[str, Partition] = {}
    for name in PARTITIONS:
        _say("keywords", len(made), len(PARTITIONS))
        made[name] = make_partition(halves[name], job["dimensions"], folder / name)
    _say("vectors", 0, 1)
    vectors = connect_vectors(job["url"], Path(job["home"]))
    ids = {name: [f"{each:016x}" for each in part.ids] for name, part in made.items()}
    vectors.build(job["name"], {name: (ids[name], part.vectors) for name, part in made.items()})
    _say("vectors", 1, 1)
    probe(vectors, job["name"], {name: open_partition(folder / name) for name in PARTITIONS})
    seal(folder, Manifest(job["model"], {name: len(part) for name, part in made.items()}, versions))


def adopt(job: dict[str, Any]) -> None:
    """Write this machine's files of a generation whose vectors another machine has put on the Chroma server.

    A document is left out if some of its chunks are not there: it will be shown from memory.
    """
    folder = Path(job["home"]) / job["name"]
    reader = connect_vectors(job["url"], Path(job["home"])).open(job["name"])
    ids = {name: set(reader.ids(name)) for name in PARTITIONS}
    reader.close()
    versions: dict[str, int] = {}
    halves: dict[str, list[tuple[Chunk, bytes | None]]] = {name: [] for name in PARTITIONS}
    engine = connect_database(job["database"])
    with reading(engine) as connection:
        if (model := built_with(connection, job["name"])) != job["model"]:
            raise ValueError(f"{job['name']} was built with {model}")
        shown = shown_versions(connection)
        rows = shown_rows(connection, job["model"], shown)
        for document_id, group in groupby(rows, key=lambda row: row[0].document_id):
            its = [(row, [name for name in PARTITIONS if row[0].id in ids[name]]) for row in group]
            if all(places for _, places in its):
                versions[document_id] = shown[document_id]
                for row, places in its:
                    halves[places[0]].append(row)
    engine.dispose()
    for name in PARTITIONS:
        make_partition(halves[name], job["dimensions"], folder / name)
    seal(folder, Manifest(job["model"], {name: len(ids[name]) for name in PARTITIONS}, versions))


def probe(vectors: VectorGenerations, name: str, partitions: dict[str, Partition]) -> None:
    """Ask an opened generation for vectors it holds. Raises CannotOpen where it does not find them."""
    reader = vectors.open(name)
    try:
        for label, partition in partitions.items():
            if reader.count(label) < len(partition):
                raise CannotOpen(f"{label} holds {reader.count(label)} vectors, not {len(partition)}")
            for row in np.linspace(0, len(partition) - 1, min(_SAMPLES, len(partition)), dtype=int):
                vector = np.asarray(partition.vectors[row], dtype=np.float32)
                found = reader.nearest(label, vector, 1)
                if vector.any() and (not found.ids or found.cosines[0] < _ITSELF):
                    raise CannotOpen(f"{label} does not find its own row {row}")
    finally:
        reader.close()


def _read(job: dict[str, Any]) -> tuple[dict[str, int], dict[str, list[tuple[Chunk, bytes | None]]]]:
    """Return versions by document, and the rows by partition.

    "current" holds the rows in force on the day of the job, "rest" all others.
    """
    engine = connect_database(job["database"])
    today = date.fromisoformat(job["today"])
    store = DocumentStore(engine, _no_clock)
    documents, days = {each.id: each.metadata for each in store.documents()}, store.clause_days()
    versions: dict[str, int] = {}
    halves: dict[str, list[tuple[Chunk, bytes | None]]] = {name: [] for name in PARTITIONS}
    with reading(engine) as connection:
        for version, chunk, vector in staged_rows(connection, job["model"]):
            versions[chunk.document_id] = version
            stated = documents.get(chunk.document_id)
            standing = clause_standing_on(stated, days.get(chunk.clause_id), today) if stated else None
            halves["current" if standing is Standing.IN_FORCE else "rest"].append((chunk, vector))
    engine.dispose()
    return versions, halves


def _no_clock() -> Any:
    raise AssertionError("the builder writes no document")


def _say(stage: str, done: int, total: int) -> None:
    print(json.dumps([stage, done, total]), flush=True)


def _die_with_parent() -> None:
    """End this process when its parent ends: the parent keeps our standard input open while it lives."""
    sys.stdin.read()
    os._exit(1)


def main() -> None:
    os.nice(10)  # whoever answers questions goes first
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    if job["task"] == "probe":
        home = Path(job["home"])
        parts = {name: open_partition(home / job["name"] / name) for name in PARTITIONS}
        probe(connect_vectors(job["url"], home), job["name"], parts)
    else:
        {"build": build, "adopt": adopt}[job["task"]](job)


if __name__ == "__main__":
    main()
