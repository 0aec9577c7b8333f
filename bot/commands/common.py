"""Helpers that commands share: open and close the helpdesk, find the running service, print errors and JSON."""

import json
import os
import pwd
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from bot.app import Helpdesk
    from bot.handover.requests import CommandRequest
    from bot.handover.service import Service
    from bot.settings import Settings

out = Console()
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def fail(sentence: str, code: int = 1) -> NoReturn:
    """End the command with one sentence on standard error. Code 1: it could not be done; 2: it was called wrongly."""
    err.print(f"laofashi: {sentence}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def announce(sentence: str) -> None:
    """Say on standard error that something takes long or has a limit."""
    err.print(sentence, style="yellow", markup=False, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print one JSON document on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def settings() -> "Settings":
    """Read the settings from the environment. A wrong one ends the command with its sentence."""
    from bot.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error), 2)


@contextmanager
def opened(with_schema: bool = True) -> Iterator["Helpdesk"]:
    """Open the helpdesk for one command, and by default bring its schema up to date; close it afterwards."""
    from bot.app import build
    from bot.operations.migrations import migrate

    helpdesk = build(settings(), announce=announce)
    try:
        if with_schema:
            migrate(helpdesk.engine)
        yield helpdesk
    finally:
        helpdesk.close()


@contextmanager
def stages(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar with the time left on standard error; yield a function of stage, number done and total."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    told = TextColumn("{task.description}")
    columns = (told, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total)


def actor() -> str:
    """Return who runs this command, for the record. Two people on one machine get two names."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return f"cli:{name}"


def done_by_writer(given: "CommandRequest") -> Any:
    """Have the running service do a request, or do it here where there is none; return the result."""
    running = service()
    if running is not None:
        return next(line["done"]["act"] for line in running.stream("acts", given) if "done" in line)
    from bot.handover.acts import act

    with opened() as helpdesk:
        return act(given, helpdesk.commands)


def service() -> "Service | None":
    """Return the service that runs on this home folder, if there is one."""
    from bot.handover.service import running_service

    return running_service(settings().home)
