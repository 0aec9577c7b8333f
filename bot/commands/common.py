"""What commands share: the house opened and closed, a service to hand over to, plain errors, JSON."""

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
    from bot.handover import Service
    from bot.settings import Settings

out = Console()
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def fail(sentence: str, code: int = 1) -> NoReturn:
    """End the command with one sentence on standard error; 1: it could not be done, 2: it was asked wrongly."""
    err.print(f"laofashi: {sentence}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def announce(sentence: str) -> None:
    """Tell what takes long, or has a limit, on standard error."""
    err.print(sentence, style="yellow", markup=False, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON document on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def settings() -> "Settings":
    """The settings from the environment; a wrong one ends the command with its sentence."""
    from bot.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error), 2)


@contextmanager
def opened(with_schema: bool = True) -> Iterator["Helpdesk"]:
    """The house for one command, its schema up to date."""
    from bot.app import build
    from bot.migrations import migrate

    helpdesk = build(settings(), announce=announce)
    try:
        if with_schema:
            migrate(helpdesk.engine)
        yield helpdesk
    finally:
        helpdesk.close()


@contextmanager
def stages(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error with the time left, moved by what is being done, how many are done, of how many."""
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
    """Who runs this command, for the record: two people on one machine are two."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return f"cli:{name}"


def done_by(name: str, **given: Any) -> Any:
    """What an act of `bot.acts` says, done by the running service, or here where there is none."""
    running = service()
    if running is not None:
        return next(line["done"]["act"] for line in running.stream(f"acts/{name}", given) if "done" in line)
    from bot.acts import Act, act

    with opened() as helpdesk:
        return act(helpdesk, name, Act(**given))


def service() -> "Service | None":
    """The service running on this home folder, if there is one."""
    from bot.handover import running_service

    return running_service(settings().home)
