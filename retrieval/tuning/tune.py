"""Tunes the embedding model to a site, and keeps the result only if it ranks better."""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.obtain import Source, amend_card, exported, local_source, sweep
from retrieval.evaluation.beir import Benchmark
from retrieval.evaluation.ranking_quality import indexed
from retrieval.index.chunk_store import Report
from retrieval.tuning.comparison import WEIGHTS, Comparison, compared, judged, pool, weighed
from retrieval.tuning.hard_negatives import mined
from retrieval.tuning.pairs import Split, split, thinned
from retrieval.tuning.training import Recipe, train

FEWEST = 20  # questions held back, as fewer tell nothing; and as many questions to train on
MINED = 60_000  # texts in which negatives are looked for, at most
JUDGED = 20_000  # texts that both models rank, at most


class TooFewPairs(ValueError):
    """There is too little to tune on; the message says how much there is, and what to do."""


@dataclass(frozen=True, slots=True)
class TuningTerms:
    """The tuned model's name, the folder of models, and which questions never to train on.

    `share` of the questions are held back. Those that say the same as one of `kept_out` are left out altogether.
    """

    name: str
    models_dir: Path
    share: float = 0.2
    kept_out: tuple[str, ...] = ()
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True, slots=True)
class Tuned:
    """The result of a tuning.

    `folder` is None if the model was not kept. `cosine_weight` is the weight with which it was judged best.
    """

    questions: int
    texts: int
    comparison: Comparison
    cosine_weight: float
    folder: Path | None


def tune(
    benchmark: Benchmark,
    base: Embedder,
    source: Source,
    terms: TuningTerms,
    report: Report,
    announce: Callable[[str], None],
) -> Tuned:
    """Train, export and judge against `base`, whose weights are in `source`; keep it under `models_dir` if better.

    If it is interrupted, nothing is kept. Raises TooFewPairs, retrieval.embedding.obtain.ModelUnavailable.
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
        folder = exported(local_source(weights), Path(scratch), announce)
        (before,) = judged(texts, sides.held_back, base, cache, report).values()
        weight, after = weighed(judged(texts, sides.held_back, Embedder(folder), None, report, WEIGHTS))
        found = Tuned(len(examples), len(texts), compared(before, after), weight, None)
        if not found.comparison.better:
            return found
        return replace(found, folder=_kept(folder, weights, terms, found))


def parted(benchmark: Benchmark, terms: TuningTerms) -> Split:
    """Part the questions to train on from those held back. Raises TooFewPairs."""
    sides = split(benchmark.questions, terms.share, terms.kept_out)
    for side, what in ((sides.training, "to train on"), (sides.held_back, "held back to judge by")):
        if len(side) < FEWEST:
            raise TooFewPairs(
                f"there are {len(side)} questions {what}, and at least {FEWEST} are wanted: give more pairs of a "
                "question and what answers it, or add golden questions with `laofashi golden add`"
            )
    return sides


def _kept(folder: Path, weights: Path, terms: TuningTerms, found: Tuned) -> Path:
    """Keep the exported model with a note of how it was judged, and return its folder.

    Its weights are kept too, so that it can be tuned again. Its card says how much its cosines are worth.
    """
    amend_card(folder, cosine_weight=found.cosine_weight)
    for path in weights.iterdir():
        if not (folder / path.name).exists():
            shutil.move(path, folder / path.name)
    note = asdict(found.comparison) | {"trained_on": found.questions, "recipe": asdict(terms.recipe)}
    (folder / "tuning.json").write_text(json.dumps(note, indent=1), encoding="utf-8")
    final = terms.models_dir / folder.name
    shutil.rmtree(final, ignore_errors=True)
    return folder.rename(final)
