"""Commands for golden questions: `golden` with add, list, run, calibrate, remove."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.common import Json, actor, done_by_writer, fail, out, print_json
from bot.handover.requests import (
    AddGoldenRequest,
    CalibrateRequest,
    ListGoldenRequest,
    RemoveGoldenRequest,
    RunGoldenRequest,
)

AsOfOption = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="By the law of this day.")]
Document = Annotated[str, typer.Option("--document", help="Title or id of the document the answer must cite.")]
ClauseOption = Annotated[str, typer.Option("--clause", help="And at which clause of it, e.g. 第五条.")]
WordsOption = Annotated[list[str] | None, typer.Option("--words", help="What the answer must say; may be repeated.")]
RefusedOption = Annotated[bool, typer.Option("--refused", help="It must not be answered.")]
PrecisionOption = Annotated[
    float, typer.Option("--precision", min=0.5, max=1.0, help="How many answers are to be right.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to `app` as `golden …`."""
    golden = typer.Typer(
        no_args_is_help=True, help="Golden questions: what must be answered and how, whatever is published."
    )
    golden.command()(add)
    golden.command("list")(list_questions)
    golden.command()(run)
    golden.command()(calibrate)
    golden.command()(remove)
    app.add_typer(golden, name="golden")


def add(
    question: Annotated[str, typer.Argument(help="The question.", show_default=False)],
    document: Document = "",
    clause: ClauseOption = "",
    words: WordsOption = None,
    refused: RefusedOption = False,
    as_of: AsOfOption = None,
    as_json: Json = False,
) -> None:
    """Add a question, with the document, the words or the refusal that is expected."""
    if bool(document or clause or words) is refused or (clause and not document):
        fail("say what is expected: --document with or without --clause, --words, or else --refused", 2)
    day = as_of.date() if as_of else None
    given = AddGoldenRequest(question, document, clause, tuple(words or ()), refused, day, actor())
    made = done_by_writer(given)
    if as_json:
        print_json(made)
    else:
        out.print(f"golden question {made['id']}", highlight=False)


def list_questions(as_json: Json = False) -> None:
    """List the golden questions."""
    found = done_by_writer(ListGoldenRequest())
    if as_json:
        print_json(found)
        return
    table = Table("id", box=None, header_style="bold")
    for column in ("question", "expected"):
        table.add_column(column, overflow="fold")
    for each in found:
        table.add_row(each["id"], Text(each["question"]), Text(_expected(each["expected"])))
    out.print(table)


def run(as_json: Json = False) -> None:
    """Ask them all now and keep how it went. Exit 1 where one is not answered as expected."""
    done = done_by_writer(RunGoldenRequest(actor()))
    if as_json:
        print_json(done)
    else:
        for each in done["failures"]:
            out.print(Text(f"✗ {each['question']}: {each['problem']}", "red"), soft_wrap=True)
        out.print(f"{done['passed']} passed, {done['failed']} failed", highlight=False)
    if done["failed"]:
        raise typer.Exit(1)


def calibrate(precision: PrecisionOption = 0.95, as_json: Json = False) -> None:
    """Propose LAOFASHI_ANSWER_THRESHOLD for a wanted precision. Exit 1 where there are too few, or none gives it."""
    found = done_by_writer(CalibrateRequest(precision))
    if as_json:
        print_json(found)
    else:
        _print_calibration(found)
    if found["then"] is None:
        raise typer.Exit(1)


def remove(
    question_id: Annotated[str, typer.Argument(metavar="ID", help="As `golden list` lists it.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Remove a golden question."""
    done = done_by_writer(RemoveGoldenRequest(question_id, actor()))
    if as_json:
        print_json(done)
    else:
        out.print(f"removed {question_id}", highlight=False)


def _print_calibration(found: dict[str, Any]) -> None:
    its = found["calibration"]
    out.print(f"{found['questions']} golden questions, {found['answerable']} to be answered", highlight=False)
    for each in its["bins"]:
        good = f"good {each['good']:.3f}  of {each['count']}"
        out.print(f"  confidence {each['confidence']:.3f}  {good}", highlight=False)
    out.print(f"calibration error {its['error']:.3f}", highlight=False)
    out.print(f"now:  {_tried(found['now'])}", highlight=False, soft_wrap=True)
    if found["then"] is None:
        out.print(f"No threshold gives a precision of {its['wanted_precision']:.0%}.", highlight=False)
        return
    out.print(f"then: {_tried(found['then'])}", highlight=False, soft_wrap=True)
    least = f"{found['then']['precision_at_least']:.1%}"
    out.print(f"So few questions promise a precision of at least {least}, no more.", highlight=False)


def _tried(tried: dict[str, Any]) -> str:
    answered = f"answers {tried['answered']} of {tried['of']} that are to be answered"
    good = f"{tried['right']} of {tried['told']} answers are good"
    return f"LAOFASHI_ANSWER_THRESHOLD={tried['threshold']} {answered}; {good}"


def _expected(expected: dict[str, Any]) -> str:
    if expected["refused"]:
        return "refused"
    place = f"《{expected['document']}》{expected['clause']}" if expected["document"] else ""
    return " ".join(part for part in (place, *(f"“{word}”" for word in expected["words"])) if part)
