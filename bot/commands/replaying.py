"""The command that asks an answered question again: replay."""

from typing import Annotated, Any

import typer
from rich.text import Text

from bot.commands.common import Json, done_by_writer, out, print_json
from bot.handover.requests import ReplayRequest

MessageId = Annotated[
    int, typer.Argument(metavar="MESSAGE_ID", min=1, help="As 回答记录 shows it.", show_default=False)
]
FATES = {
    "same": "the same words today",
    "changed": "its words have changed",
    "ended": "not in force any more",
    "gone": "not there any more",
}


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(replay)


def replay(message: MessageId, as_json: Json = False) -> None:
    """Ask again today what an answer was given to, and say what differs: clauses, scores, settings."""
    found = done_by_writer(ReplayRequest(message))
    if as_json:
        print_json(found)
        return
    out.print(Text(f"? {found['question']}", "bold"), soft_wrap=True)
    out.print(Text(f"{found['day']}: {found['text_then']}"), soft_wrap=True)
    out.print(Text(f"today: {found['text_now']}"), soft_wrap=True)
    for line in _lines(found):
        out.print(Text(line), soft_wrap=True)
    out.print("the same answer" if found["same"] else "not the same answer", highlight=False)


def _lines(found: dict[str, Any]) -> list[str]:
    cited = [
        f"《{each['title']}》{each['locator']}: {FATES[each['fate']]}{'' if each['cited_now'] else ', not cited today'}"
        for each in found["cited"]
    ]
    new = [f"{each}: cited today only" for each in found["new"]]
    return cited + new + [f"{each['what']}: {each['then']} → {each['now']}" for each in found["differs"]]
