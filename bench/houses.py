"""Builds the benchmark's helpdesks: one with notices and pages to ask, others with many clauses to hold."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from sqlalchemy import exists, func, insert, select

from bench.places import CACHE, NoData, material
from bot.app import Helpdesk, build
from bot.operations.migrations import migrate
from bot.settings import load_settings
from knowledge.database import reading, writing
from knowledge.intake.run import files_in, ingest
from knowledge.load import PRELOAD, load
from knowledge.sandbox.parsers import Parsers
from knowledge.tables import clauses
from retrieval.embedding.record import TOKEN_DIMENSIONS, packed
from retrieval.evaluation.beir import read_benchmark
from retrieval.index.chunk_store import published, stage
from retrieval.tables import chunks, vectors

CLAUSES = 100_000
_ROWS = 1000
_PHRASE_END = re.compile(r"[。！？；\s]")
_TITLE = 40  # characters
_FILES = 20  # files read before clauses are counted again
Report = Callable[[str, int, int], None]  # takes the stage, the number done, and the total


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment variables of a process that serves `home`."""
    return {"LAOFASHI_HOME": str(home), **more}


@contextmanager
def opened(home: Path) -> Iterator[Helpdesk]:
    """Open the helpdesk of a home folder and bring its schema up to date; close it afterwards."""
    helpdesk = build(load_settings(environment(home)), announce=lambda _: None)
    try:
        migrate(helpdesk.engine)
        yield helpdesk
    finally:
        helpdesk.close()


def small_house(report: Report) -> Path:
    """Fill and return a home with the notices of policies/, one file each, and with pages/. Raises NoData."""
    pages, policies = material("pages", "policies")
    home = CACHE / "small"
    paths = [pages, *notices(policies, CACHE / "notices")]
    with opened(home) as helpdesk:
        helpdesk.indexer.run(paths, on_progress=lambda each: report(each.outcome, each.done, each.total))
    return home


def notices(policies: Path, folder: Path) -> list[Path]:
    """Write the corpus as Markdown files named by id. A text without a title gets its first phrase as title."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for text in read_benchmark(policies, "dev").corpus:
        path = folder / f"{text.id}.md"
        title = text.title or _PHRASE_END.split(text.text.strip(), maxsplit=1)[0][:_TITLE]
        written = f"# {title}\n\n{text.text}\n"
        if not path.is_file() or path.read_text(encoding="utf-8") != written:
            path.write_text(written, encoding="utf-8")
        paths.append(path)
    return paths


def large_house(report: Report, *, build: bool = True, synthetic: bool = False) -> Path:
    """Return a home with the first laws/ that have CLAUSES clauses. It is built once; an interrupted build goes on.

    `synthetic` gives chunks random vectors instead of embedding them for an hour. That is enough to weigh the index,
    but of no use to search it. Raises NoData, also where the home is missing and `build` is false.
    """
    if synthetic and build:
        return synthetic_house(CLAUSES, report)
    (laws,) = material("laws")
    home = _synthetic_home(CLAUSES) if synthetic else CACHE / "large"
    with opened(home) as helpdesk:
        if not build:
            _check_built(helpdesk)
            return home
        _fill(helpdesk, list(files_in([laws])), CLAUSES, report)
        helpdesk.index.publish(report)
    return home


def synthetic_house(size: int, report: Report) -> Path:
    """Return a home with the first laws/ that have `size` clauses, with random vectors. Raises NoData."""
    (laws,) = material("laws")
    home = _synthetic_home(size)
    with opened(home) as helpdesk:
        _fill(helpdesk, list(files_in([laws])), size, report)
        stage(helpdesk.engine, helpdesk.store, report)
        _invent_vectors(helpdesk)
        helpdesk.index.publish(report)
    return home


def _synthetic_home(size: int) -> Path:
    return CACHE / f"synthetic-{size}"


_TOKENS = 120  # of a clause, on average


def _invent_vectors(helpdesk: Helpdesk) -> None:
    """Store a random unit vector for each text that has none, under the model's name."""
    model, dimensions = helpdesk.embedder.name, helpdesk.embedder.dimensions
    known = exists().where(vectors.c.content_hash == chunks.c.content_hash, vectors.c.model == model)
    random = np.random.default_rng(0)
    with writing(helpdesk.engine) as connection:
        missing = connection.execute(select(chunks.c.content_hash).distinct().where(~known)).scalars().all()
        for start in range(0, len(missing), _ROWS):
            part = missing[start : start + _ROWS]
            made = random.standard_normal((len(part), dimensions))
            made /= np.linalg.norm(made, axis=1, keepdims=True)
            tokens = random.standard_normal((_TOKENS, TOKEN_DIMENSIONS))
            tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
            written = [packed(vector, tokens) for vector in made]
            rows = [{"content_hash": h, "model": model, "vector": v} for h, v in zip(part, written, strict=True)]
            connection.execute(insert(vectors), rows)


def _check_built(helpdesk: Helpdesk) -> None:
    with reading(helpdesk.engine) as connection:
        if not published(connection).generation:
            raise NoData("the index of 100 000 clauses is not built: python -m bench.build_large")


def _fill(helpdesk: Helpdesk, files: Sequence[Path], size: int, report: Report) -> None:
    step = _FILES if size >= CLAUSES else 2
    with Parsers(load, preload=PRELOAD) as parsers:
        for start in range(0, len(files), step):
            held = clause_count(helpdesk)
            report("clauses", min(held, size), size)
            if held >= size:
                return
            ingest(files[start : start + step], helpdesk.store, parsers)


def clause_count(helpdesk: Helpdesk) -> int:
    """Return how many clauses are stored."""
    with reading(helpdesk.engine) as connection:
        return connection.execute(select(func.count()).select_from(clauses)).scalar_one()
