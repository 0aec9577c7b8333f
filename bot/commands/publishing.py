"""Commands for publishing: versions, difference, effects, publish, approve, release, withdraw, roll-back."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.common import Json, actor, done_by_writer, fail, out, print_json
from bot.handover.requests import (
    ApproveRequest,
    DifferenceRequest,
    EffectsRequest,
    ListVersionsRequest,
    PublishRequest,
    ReleaseRequest,
    RollBackRequest,
    WithdrawRequest,
)
from knowledge.version import VersionState

VersionId = Annotated[str, typer.Argument(metavar="VERSION", help="As `versions` lists it.", show_default=False)]
States = Annotated[
    list[str] | None,
    typer.Option("--state", help="draft, held, scheduled, published, replaced or withdrawn; may be repeated."),
]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Publish by itself on this day.")]
Reason = Annotated[str, typer.Option("--reason", help="Why it may be published all the same.", show_default=False)]
MARKS = {"added": "+", "removed": "-", "changed": "~", "moved": ">", "same": " "}


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("versions")(list_versions)
    for command in (difference, effects, publish, approve, release, withdraw):
        app.command()(command)
    app.command("roll-back")(roll_back)


def list_versions(state: States = None, as_json: Json = False) -> None:
    """List versions of documents, newest first: drafts, held ones, scheduled ones and those published before."""
    rows = done_by_writer(ListVersionsRequest(_states(state or [])))
    if as_json:
        print_json(rows)
        return
    table = Table("version", "state", "document", "no.", "on", box=None, header_style="bold")
    table.add_column("title", overflow="fold")
    for row in rows:
        on = row["publish_on"] or ""
        table.add_row(row["id"], row["state"], row["document_id"] or "", str(row["number"] or ""), on, row["title"])
    out.print(table)


def _states(given: list[str]) -> tuple[VersionState, ...]:
    known = {state.value for state in VersionState}
    for each in given:
        if each not in known:
            fail(f"--state {each} is not a state: use one of {', '.join(sorted(known))}", 2)
    return tuple(VersionState(each) for each in given)


def difference(version: VersionId, as_json: Json = False) -> None:
    """Show what a version changes, clause by clause."""
    found = done_by_writer(DifferenceRequest(version))
    if as_json:
        print_json(found)
        return
    for entry in found["entries"]:
        if entry["change"] != "same":
            out.print(_entry(entry), soft_wrap=True)
    counts = ", ".join(f"{number} {change}" for change, number in found["counts"].items())
    out.print(counts, highlight=False)


def _entry(entry: dict[str, Any]) -> Text:
    old, new = entry["old"], entry["new"]
    place = (new or old)["locator"]
    moved = f" (was {old['locator']})" if old and new and old["locator"] != new["locator"] else ""
    line = Text(f"{MARKS[entry['change']]} {place}{moved}: ", "bold")
    if entry["spans"]:
        styles = {"kept": ("", "", ""), "removed": ("[-", "-]", "red strike"), "added": ("{+", "+}", "green")}
        for span in entry["spans"]:
            before, after, style = styles[span["mark"]]
            line.append(f"{before}{span['text']}{after}", style)
        return line
    return line + Text((new or old)["text"])


def effects(version: VersionId, as_json: Json = False) -> None:
    """Say what publishing a version would change: golden questions, other documents, answers given before."""
    found = done_by_writer(EffectsRequest(version))
    if as_json:
        print_json(found)
        return
    golden, resting = found["golden"], found["past_answers"]
    for each in golden["changed"]:
        out.print(Text(f"? {each['question']}", "bold"), soft_wrap=True)
        for word, said in (("before", each["before"]), ("after", each["after"])):
            note = f"  [{said['problem']}]" if said["problem"] else ""
            out.print(Text(f"  {word}: {said['text']}{note}"), soft_wrap=True)
    for each in found["documents"]:
        days = f"{each['repealed_on_before'] or '-'} → {each['repealed_on_after'] or '-'}"
        out.print(Text(f"《{each['title']}》 repealed: {days}"), soft_wrap=True)
    out.print(
        f"{len(golden['changed'])} of {golden['asked']} golden questions would be answered otherwise; "
        f"{resting['count']} answers given rest on what changes",
        highlight=False,
    )


def publish(version: VersionId, on: On = None, as_json: Json = False) -> None:
    """Publish a version now, or on a day; where a second person has to agree, ask for that."""
    day = on.date() if on else None
    _told(done_by_writer(PublishRequest(version, day, actor())), as_json)


def approve(version: VersionId, as_json: Json = False) -> None:
    """Agree to a version as a second person; whoever put it in or changed it cannot."""
    _told(done_by_writer(ApproveRequest(version, actor())), as_json)


def release(version: VersionId, reason: Reason, as_json: Json = False) -> None:
    """Let a version go on that was held for personal data or a secrecy mark; the reason stays on record."""
    done = done_by_writer(ReleaseRequest(version, reason, actor()))
    _told(done, as_json)
    if not as_json:
        out.print(f"publish it with: laofashi publish {version}", highlight=False)


def withdraw(version: VersionId, as_json: Json = False) -> None:
    """Forget a version that is not live, with its file; it cannot be brought back."""
    _told(done_by_writer(WithdrawRequest(version, actor())), as_json)


def roll_back(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="As `documents` lists it.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Make the version before the live one answer again, or the last one of a document that was taken out."""
    done = done_by_writer(RollBackRequest(document, actor()))
    if as_json:
        print_json(done)
    elif done["version"]:
        out.print(f"version {done['version']['number']} answers again", highlight=False)
    else:
        out.print("it is taken out; the document it followed answers again", highlight=False)


def _told(version: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(version)
        return
    waiting = ", waits for a second person: laofashi approve " + version["id"] if version["awaits_approval"] else ""
    on = f" on {version['publish_on']}" if version["state"] == "scheduled" else ""
    out.print(f"{version['title']}: {version['state']}{on}{waiting}", markup=False, highlight=False, soft_wrap=True)
    if run := version.get("golden"):
        for each in run["failures"]:
            out.print(Text(f"✗ {each['question']}: {each['problem']}", "red"), soft_wrap=True)
        out.print(f"golden questions: {run['passed']} passed, {run['failed']} failed", highlight=False)
