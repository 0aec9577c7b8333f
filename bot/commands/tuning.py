"""The command that adapts the embedding model to a site: tune."""

import re
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.common import Json, announce, fail, opened, out, print_json, stages

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.golden import GoldenQuestions
    from knowledge.store.documents import DocumentStore
    from retrieval.embedding.embedder import Embedder
    from retrieval.evaluation.beir import Benchmark
    from retrieval.tuning.tune import Tuned, TuningTerms

Pairs = Annotated[
    Path | None,
    typer.Argument(
        metavar="PAIRS",
        help="A BEIR folder, or a JSONL file: question, and text, or document and clause. None: the site's own.",
        show_default=False,
    ),
]
OutOption = Annotated[str, typer.Option("--out", metavar="NAME", help="What to call the tuned model.")]
HeldBack = Annotated[
    float, typer.Option("--held-back", min=0.05, max=0.9, help="Share of the questions to judge by, never trained on.")
]
KeepOut = Annotated[
    list[Path] | None,
    typer.Option(metavar="QRELS.tsv", help="Leave out what a split of a BEIR folder asks.", show_default=False),
]
Epochs = Annotated[int | None, typer.Option(min=1, max=50, help="How often to go through the questions.")]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(tune)


def tune(
    pairs: Pairs = None,
    split: Annotated[str, typer.Option(help="Which qrels of a BEIR folder to use.")] = "dev",
    name: OutOption = "tuned",
    held_back: HeldBack = 0.2,
    keep_out: KeepOut = None,
    epochs: Epochs = None,
    as_json: Json = False,
) -> None:
    """Adapt the embedding model to questions with what answers them; keep it only if it ranks better.

    Without PAIRS: the published documents with the golden questions and the questions that documents answer. Both
    models rank the same texts for questions held back. Exit 1 where the tuned one is not better; interrupted, nothing
    is kept.
    """
    from retrieval.embedding.obtain import ModelUnavailable
    from retrieval.evaluation.beir import NotBeir
    from retrieval.tuning.pairs import NotPairs
    from retrieval.tuning.training import Recipe
    from retrieval.tuning.tune import TooFewPairs, TuningTerms, parted

    if not _NAME.fullmatch(name):
        fail(f"--out {name!r} cannot be a folder's name: use letters, digits, dots and hyphens", 2)
    recipe = Recipe(epochs=epochs) if epochs else Recipe()
    try:
        with opened() as helpdesk:
            kept_out = tuple(text for path in keep_out or () for text in _asked(path))
            terms = TuningTerms(name, helpdesk.settings.models_dir, held_back, kept_out, recipe)
            benchmark = _benchmark(pairs, split, helpdesk.store, helpdesk.today(), helpdesk.golden)
            parted(benchmark, terms)  # raises if there are too few pairs, before a model is fetched
            found = _tuned(helpdesk.embedder, helpdesk.settings, benchmark, terms, as_json)
    except (NotBeir, NotPairs) as error:
        fail(str(error), 2)
    except (TooFewPairs, ModelUnavailable) as error:
        fail(str(error))
    print_json(_json(found)) if as_json else _print(found)
    if found.folder is None:
        raise typer.Exit(1)


def _tuned(
    base: "Embedder", settings: "Settings", benchmark: "Benchmark", terms: "TuningTerms", quiet: bool
) -> "Tuned":
    from retrieval.embedding.obtain import obtained_source
    from retrieval.tuning.tune import tune as tuned

    with tempfile.TemporaryDirectory(dir=settings.models_dir, prefix=".base-") as scratch, stages(quiet) as report:
        source = obtained_source(settings.embedding_model, Path(scratch), announce)
        return tuned(benchmark, base, source, terms, report, announce)


def _benchmark(
    pairs: Path | None, split: str, store: "DocumentStore", today: date, golden: "GoldenQuestions"
) -> "Benchmark":
    from retrieval.evaluation.beir import read_benchmark
    from retrieval.tuning.pairs import read_pairs
    from retrieval.tuning.site import Site

    if pairs and pairs.is_dir():
        return read_benchmark(pairs, split)
    site = Site(store, today)
    return read_pairs(pairs, site) if pairs else site.benchmark(golden.all())


def _asked(qrels: Path) -> list[str]:
    """Return the questions of one split of a BEIR folder; `qrels` is the file of that split."""
    from retrieval.evaluation.beir import read_benchmark

    return [question.text for question in read_benchmark(qrels.absolute().parent.parent, qrels.stem).questions]


def _json(found: "Tuned") -> dict[str, Any]:
    return asdict(found) | {"better": found.comparison.better, "folder": str(found.folder) if found.folder else None}


def _print(found: "Tuned") -> None:
    its = found.comparison
    gain = f"{its.after - its.before:+.3f} (between {its.low:+.3f} and {its.high:+.3f} with 95% confidence)"
    told = f"Trained on {found.questions} questions, judged by {its.questions} others over {found.texts} texts."
    out.print(told, highlight=False, soft_wrap=True)
    out.print(f"nDCG@10   {its.before:.3f} → {its.after:.3f}   {gain}", highlight=False, soft_wrap=True)
    out.print(f"recall@10 {its.recall_before:.3f} → {its.recall_after:.3f}", highlight=False)
    out.print(f"weight of the cosine beside the keywords {found.cosine_weight:.2f}", highlight=False)
    if found.folder is None:
        out.print("It is not better beyond chance, so it was not kept.")
        return
    out.print("Kept. To use it, set this and start the service again; it then embeds all documents anew:")
    out.print(f"LAOFASHI_EMBEDDING_MODEL={found.folder}", highlight=False, soft_wrap=True)
