"""Tunes the embedding model to a site, and keeps what came out only where it ranks better."""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from retrieval.beir import Benchmark
from retrieval.embedding import Embedder
from retrieval.evaluate import indexed
from retrieval.obtain import Source, exported, local_source, sweep
from retrieval.staging import Report
from retrieval.tuning_judging import WEIGHTS, Comparison, compared, judged, pool, weighed
from retrieval.tuning_mining import mined
from retrieval.tuning_pairs import Split, split, thinned
from retrieval.tuning_training import Recipe, train

FEWEST = 20  # questions held back, below which nothing can be said; and questions to train on
MINED = 60_000  # texts that negatives are looked for in, at most
JUDGED = 20_000  # texts that both models rank, at most


class TooFewPairs(ValueError):
    """There is too little to tune on; the message says how much there is, and what to do."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the tuned model is to be called, where models are, and which questions never to train on.

    `share` of the questions are held back, and those that say what one of `kept_out` says are left out altogether.
    """

    name: str
    models_dir: Path
    share: float = 0.2
    kept_out: tuple[str, ...] = ()
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of it; `folder` is None where the model was not kept, `cosine_weight` what it was judged best with."""

    questions: int
    texts: int
    comparison: Comparison
    cosine_weight: float
    folder: Path | None


def tune(
    benchmark: Benchmark, base: Embedder, source: Source, terms: Terms, report: Report, announce: Callable[[str], None]
) -> Tuned:
    """Train, export and judge against `base`, whose weights are in `source`; keep it under `models_dir` if better.

    Interrupted, nothing is kept. Raises TooFewPairs, retrieval.obtain.ModelUnavailable.
    """
    sides = parted(benchmark, terms)
    sweep(terms.models_dir)
    cache = terms.models_dir / "evaluation"
    cache.mkdir(parents=True, exist_ok=True)
    corpus = thinned(benchmark, MINED).corpus
    snapshot = indexed(corpus, base, cache, report)
    examples = mined(snapshot, base, sides.training, report)
    texts = pool(snapshot, base, corpus, sides.held_back, JUDGED)
    del snapshot
    with tempfile.TemporaryDirectory(dir=terms.models_dir, prefix=".tuning-") as scratch:
        weights = Path(scratch) / terms.name
        train(source.folder, weights, examples, terms.recipe, report)
        made = replace(local_source(weights), evaluation_only=source.evaluation_only)
        folder = exported(made, Path(scratch), announce)
        (before,) = judged(texts, sides.held_back, base, cache, report).values()
        weight, after = weighed(judged(texts, sides.held_back, Embedder(folder), None, report, WEIGHTS))
        found = Tuned(len(examples), len(texts), compared(before, after), weight, None)
        if not found.comparison.better:
            return found
        return replace(found, folder=_kept(folder, weights, terms, found))


def parted(benchmark: Benchmark, terms: Terms) -> Split:
    """The questions to train on and those held back. Raises TooFewPairs."""
    sides = split(benchmark.questions, terms.share, terms.kept_out)
    for side, what in ((sides.training, "to train on"), (sides.held_back, "held back to judge by")):
        if len(side) < FEWEST:
            raise TooFewPairs(
                f"there are {len(side)} questions {what}, and at least {FEWEST} are wanted: give more pairs of a "
                "question and what answers it, or add golden questions with `laofashi golden add`"
            )
    return sides


def _kept(folder: Path, weights: Path, terms: Terms, found: Tuned) -> Path:
    """The exported model with its weights, so that it can be tuned again, and a note of how it was judged.

    Its card says how much its cosines are worth.
    """
    card = folder / "model.json"
    said = json.loads(card.read_text(encoding="utf-8")) | {"cosine_weight": found.cosine_weight}
    card.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in weights.iterdir():
        if not (folder / path.name).exists():
            shutil.move(path, folder / path.name)
    note = asdict(found.comparison) | {"trained_on": found.questions, "recipe": asdict(terms.recipe)}
    (folder / "tuning.json").write_text(json.dumps(note, indent=1), encoding="utf-8")
    final = terms.models_dir / folder.name
    shutil.rmtree(final, ignore_errors=True)
    return folder.rename(final)
