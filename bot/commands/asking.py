"""Commands that ask: ask, chat."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.common import Json, fail, opened, out, print_json, service
from bot.handover.requests import AskRequest

AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="DATE", help="Answer by what was in force on DATE.", show_default="today"
    ),
]
Batch = Annotated[
    Path | None,
    typer.Option(
        help='A file with one {"question": …} per line; a list of questions is one conversation.', show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(ask)
    app.command()(chat)


def ask(
    question: Annotated[str, typer.Argument(help="The question, in a sentence.", show_default=False)] = "",
    as_of: AsOf = None,
    batch: Batch = None,
    as_json: Json = False,
) -> None:
    """Answer a question with the clause it rests on, or say that it cannot be answered. Exit 0 in both cases."""
    if bool(question.strip()) == (batch is not None):
        fail("give a question, or a file of questions with --batch", 2)
    questions = _read(batch) if batch is not None else [[question]]
    for outcome in _outcomes(questions, as_of.date() if as_of else None):
        if as_json or batch is not None:
            print_json(outcome)
        else:
            _print(outcome)


def _read(batch: Path) -> list[list[str]]:
    try:
        lines = batch.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        fail(f"{batch} cannot be read: {error.strerror}", 2)
    except UnicodeDecodeError:
        fail(f"{batch} is not UTF-8: save it as UTF-8", 2)
    return [_turns(batch, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _turns(batch: Path, number: int, line: str) -> list[str]:
    try:
        given = json.loads(line)["question"]
    except (ValueError, KeyError, TypeError):
        given = None
    turns = [given] if isinstance(given, str) else given
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        fail(f'{batch}, line {number}: not {{"question": "…"}} or {{"question": ["…", "…"]}}', 2)
    return turns


def _outcomes(questions: list[list[str]], as_of: date | None) -> Iterator[dict[str, Any]]:
    running = service()
    if running is not None:
        lines = running.stream("ask", AskRequest(questions, as_of))
        yield from (line["outcome"] for line in lines if "outcome" in line)
        return
    from bot.dialogue.replies import answered_json
    from retrieval.model import Question

    with opened() as helpdesk:
        for turns in questions:
            yield answered_json(helpdesk.answer, Question.of(turns, as_of))


def _print(outcome: dict[str, Any]) -> None:
    from desk.message_body import CitedClause

    out.print(outcome["text"], markup=False, highlight=False)
    for option in outcome.get("options", ()):
        out.print(f"  · {option}", markup=False, highlight=False)
    for citation in (CitedClause(**each) for each in outcome["citations"]):
        out.print(f"\n依据：{citation.line}", style="bold", markup=False, highlight=False)
        out.print(f"「{citation.quote}」", markup=False, highlight=False)
        if citation.url:
            out.print(citation.url, style="dim", markup=False, highlight=False)
    out.print(f"\n{outcome['kind']}, confidence {outcome['confidence']:.2f}", style="dim", highlight=False)


def chat() -> None:
    """Talk to the bot in this terminal; 转人工 brings a specialist, /quit leaves."""
    from bot.commands.chat import DirectLine, ServiceLine, new_key, talk

    running, key = service(), new_key()

    def write(text: str) -> None:
        out.print(text, markup=False, highlight=False)

    if running is not None:
        talk(ServiceLine(running, key), input, write)
        return
    with opened() as helpdesk:
        talk(DirectLine(helpdesk.conversations, helpdesk.inbox, key), input, write)
