"""The command that measures on a benchmark: evaluate."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.common import Json, fail, opened, out, print_json, stages

if TYPE_CHECKING:
    from retrieval.evaluation.answer_quality import AnswerQuality
    from retrieval.evaluation.calibration import Calibration

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A BEIR folder: corpus, queries, qrels.", show_default=False)
]
Whole = Annotated[
    bool, typer.Option("--answers", help="Ask for answers and judge them, those to unanswerable.jsonl, too.")
]
TargetPrecision = Annotated[
    float,
    typer.Option("--precision", min=0.5, max=1.0, help="Of the threshold to propose: how many answers are right."),
]
Chart = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE.svg", help="Draw the curves there.", show_default=False)
]
MEANINGS = {"separation": "an answer exists", "correctness": "the quotation holds it"}


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(evaluate)


def evaluate(
    folder: Folder,
    split: Annotated[str, typer.Option(help="Which qrels to use.")] = "dev",
    answers: Whole = False,
    precision: TargetPrecision = 0.95,
    chart: Chart = None,
    as_json: Json = False,
) -> None:
    """Measure retrieval on a BEIR folder: nDCG@10, recall@1/5/10/100, MRR@10, milliseconds; or the answers.

    The first time, its documents are embedded, which takes minutes; their vectors are kept beside the models. With
    --answers every question is answered in the documents' own words and compared with metadata.answer of its query.
    """
    if not (folder / "qrels" / f"{split}.tsv").exists():
        fail(f"{folder / 'qrels' / f'{split}.tsv'} does not exist: give a BEIR folder and one of its splits", 2)
    _check(chart, answers)
    if not answers:
        figures = _retrieval(folder, split, quiet=as_json)
        print_json(figures) if as_json else _print(figures)
        return
    found = _answers(folder, split, precision, quiet=as_json)
    if chart:
        _draw(chart, f"{folder.resolve().name} · {split}", found)
    if as_json:
        print_json(_json(found))
    else:
        _print_answers(found)


def _check(chart: Path | None, answers: bool) -> None:
    """Refuse a wrong --chart before anything is measured."""
    if chart is None:
        return
    if not answers:
        fail("--chart draws what --answers measures: give both", 2)
    if chart.suffix.lower() != ".svg":
        fail(f"--chart {chart}: the chart is an SVG; give a name that ends in .svg", 2)
    if not chart.absolute().parent.is_dir():
        fail(f"--chart {chart}: there is no folder {chart.absolute().parent}", 2)


def _retrieval(folder: Path, split: str, quiet: bool) -> dict[str, float | int]:
    from retrieval.evaluation.beir import NotBeir
    from retrieval.evaluation.ranking_quality import evaluate as measured

    with opened(with_schema=False) as helpdesk, stages(quiet) as report:
        try:
            return measured(folder, split, helpdesk.embedder, helpdesk.settings.models_dir / "evaluation", report)
        except NotBeir as error:
            fail(str(error), 2)


def _answers(folder: Path, split: str, precision: float, quiet: bool) -> "AnswerQuality":
    from retrieval.answering.confidence import THRESHOLD
    from retrieval.evaluation.answer_quality import AnswerTerms, judge_answers
    from retrieval.evaluation.beir import NotBeir

    with opened(with_schema=False) as helpdesk, stages(quiet) as report:
        given = helpdesk.settings.answer_threshold
        cache = helpdesk.settings.models_dir / "evaluation"
        terms = AnswerTerms(THRESHOLD if given is None else given, precision, helpdesk.clock, helpdesk.today, cache)
        try:
            return judge_answers(folder, split, helpdesk.embedder, terms, report)
        except NotBeir as error:
            fail(str(error), 2)


def _draw(chart: Path, title: str, found: "AnswerQuality") -> None:
    from retrieval.evaluation.chart import drawn

    try:
        chart.write_text(drawn(title, {MEANINGS[name]: its for name, its in _both(found).items()}), encoding="utf-8")
    except OSError as error:
        fail(f"{chart} cannot be written: {error.strerror}")


def _both(found: "AnswerQuality") -> dict[str, "Calibration"]:
    return {"separation": found.separation, "correctness": found.correctness}


def _json(found: "AnswerQuality") -> dict[str, Any]:
    from retrieval.evaluation.calibration import calibration_json

    return asdict(found) | {name: calibration_json(its) for name, its in _both(found).items()}


def _print(figures: Mapping[str, Any]) -> None:
    width = max(map(len, figures))
    for name, value in figures.items():
        told = "not known" if value is None else f"{value:.4f}" if isinstance(value, float) else value
        out.print(f"{name:>{max(width, 12)}}  {told}", highlight=False)


def _print_answers(found: "AnswerQuality") -> None:
    _print({name: value for name, value in asdict(found).items() if name not in MEANINGS})
    for name, its in _both(found).items():
        out.print(f"\nGood where {MEANINGS[name]}: calibration error {its.error:.4f}", highlight=False)
        for each in its.bins:
            out.print(f"  confidence {each.confidence:.3f}  good {each.good:.3f}  of {each.count}", highlight=False)
        out.print(f"  {_proposal(its)}", highlight=False, soft_wrap=True)


def _proposal(its: "Calibration") -> str:
    """Return a sentence that proposes the threshold for the wanted precision."""
    best = its.chosen
    if best is None:
        return f"No threshold gives a precision of {its.wanted_precision:.0%}."
    share, least = f"{best.precision:.1%} of {best.told} answers", f"{best.precision_at_least:.1%}"
    answered = f"LAOFASHI_ANSWER_THRESHOLD={best.threshold} answers {best.coverage:.1%} of the answerable"
    return f"{answered}; {share} are good, which promises at least {least}."
