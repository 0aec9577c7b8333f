"""Commands for the words in use: `words` with list, add, remove, on, off, proposed."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.common import Json, actor, announce, done_by_writer, out, print_json
from bot.handover.requests import (
    AddWordsRequest,
    ListWordsRequest,
    ProposedWordsRequest,
    RemoveWordsRequest,
    SwitchWordsRequest,
)

EntryId = Annotated[str, typer.Argument(metavar="ID", help="As `words list` lists it.", show_default=False)]
SaidArgument = Annotated[str, typer.Argument(help="What people say; several words apart.", show_default=False)]
WrittenArgument = Annotated[
    str, typer.Argument(help="What documents write for it; several words apart.", show_default=False)
]
Every = Annotated[bool, typer.Option("--shipped", help="Those that come with the program, too.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app` as `words …`."""
    words = typer.Typer(no_args_is_help=True, help="Words in use: what people say, and what documents write for it.")
    words.command("list")(list_words)
    for command in (add, remove, on, off, proposed):
        words.command()(command)
    app.add_typer(words, name="words")


def list_words(every: Every = False, as_json: Json = False) -> None:
    """List the site's own entries, and the shipped ones that are switched off."""
    found = [e for e in done_by_writer(ListWordsRequest()) if every or e["origin"] != "shipped" or e["state"] == "off"]
    if as_json:
        print_json(found)
        return
    table = Table("id", "state", box=None, header_style="bold")
    for column in ("people say", "documents write"):
        table.add_column(column, overflow="fold")
    for each in found:
        table.add_row(each["id"], each["state"], Text(" ".join(each["said"])), Text(" ".join(each["written"])))
    out.print(table)


def add(said: SaidArgument, written: WrittenArgument, as_json: Json = False) -> None:
    """Add an entry; it is in effect at once."""
    made = done_by_writer(AddWordsRequest((said,), (written,), actor()))
    if as_json:
        print_json(made)
        return
    _tell(made)
    if made["unheld"]:
        announce(f"no document holds {'、'.join(made['unheld'])}: it will find nothing")


def remove(entry: EntryId, as_json: Json = False) -> None:
    """Remove an entry of the site's own."""
    done = done_by_writer(RemoveWordsRequest(entry, actor()))
    if as_json:
        print_json(done)
    else:
        out.print(f"removed {entry}", highlight=False)


def on(entry: EntryId, as_json: Json = False) -> None:
    """Use an entry again that was switched off."""
    _switched(SwitchWordsRequest(entry, True, actor()), as_json)


def off(entry: EntryId, as_json: Json = False) -> None:
    """Leave an entry unused; shipped ones, too."""
    _switched(SwitchWordsRequest(entry, False, actor()), as_json)


def proposed(as_json: Json = False) -> None:
    """Show what resolved conversations propose: several applicants say it, no document does. Nothing is added."""
    found = done_by_writer(ProposedWordsRequest())
    if as_json:
        print_json(found)
        return
    for each in found:
        line = f"{each['said']} = {' '.join(each['written'])}  ({each['applicants']} applicants)"
        out.print(Text(line), soft_wrap=True)
    if not found:
        out.print("nothing to propose", highlight=False)


def _switched(given: SwitchWordsRequest, as_json: bool) -> None:
    done = done_by_writer(given)
    if as_json:
        print_json(done)
    else:
        _tell(done)


def _tell(entry: dict[str, Any]) -> None:
    line = f"{entry['id']} {entry['state']}: {' '.join(entry['said'])} = {' '.join(entry['written'])}"
    out.print(Text(line), soft_wrap=True)
