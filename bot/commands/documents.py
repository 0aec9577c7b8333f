"""Commands for the administrator: index, documents, remove."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot import sentences
from bot.commands.common import Json, actor, done_by_writer, err, fail, opened, out, print_json, service
from bot.handover.requests import IndexRequest, RemoveRequest

Paths = Annotated[list[Path], typer.Argument(help="Files and folders to add or update.", show_default=False)]
DraftOption = Annotated[bool, typer.Option("--draft", help="Make drafts to be looked at; publish nothing.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(index)
    app.command()(documents)
    app.command()(remove)


def index(paths: Paths, dry_run: DryRun = False, draft: DraftOption = False, as_json: Json = False) -> None:
    """Add or update files and folders, then publish. Exit 0: all went in; 1: some failed or were held, each named;
    2: misused."""
    for path in paths:
        if not path.exists():
            fail(f"{path} does not exist: give a file or a folder", 2)
    with _progress(quiet=as_json) as say:
        report = _indexed([path.resolve() for path in paths], dry_run, draft, say)
    if as_json:
        print_json(report)
    else:
        _print_report(report, dry_run)
    if report["failed"] or report["held"]:
        raise typer.Exit(1)


def _indexed(paths: list[Path], dry_run: bool, draft: bool, say: Any) -> dict[str, Any]:
    given, running = IndexRequest(tuple(paths), actor(), dry_run, draft), service()
    if running is None:
        from bot.handover.work import index_files

        with opened() as helpdesk:
            return index_files(given, helpdesk.indexer, say)
    report: dict[str, Any] = {}
    for line in running.stream("index", given):
        report = line.get("done", report)
        say(line)
    return report


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """Show a bar on standard error, moved by `{"progress": …}` lines."""
    what, file = TextColumn("{task.description}"), TextColumn("{task.fields[file]}")
    columns = (what, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), file)
    with Progress(*columns, console=err, transient=True, disable=quiet) as bar:
        task = bar.add_task("reading", total=None, file="")

        def say(line: dict[str, Any]) -> None:
            if progress := line.get("progress"):
                bar.update(
                    task,
                    description="reading" if progress["file"] else progress["outcome"],
                    completed=progress["done"],
                    total=progress["total"],
                    file=progress["file"][:60],
                )

        yield say


def _print_report(report: dict[str, Any], dry_run: bool) -> None:
    for failure in report["failures"]:
        err.print(f"{failure['file']}: {failure['reason']}", style="red", markup=False, soft_wrap=True)
    for held in report["held"]:
        said = sentences.HELD.format(file=held["file"], reasons="；".join(held["reasons"]))
        cure = sentences.HELD_CURE.format(version=held["version"]) if held["version"] else ""
        err.print(f"{said}{cure}", style="red", markup=False, soft_wrap=True)
    if report["drafts"]:
        err.print(
            f"{len(report['drafts'])} drafts wait to be published: `laofashi versions --state draft` lists them",
            style="yellow",
            soft_wrap=True,
        )
    out.print(
        f"{'would be: ' if dry_run else ''}{report['added']} added, {report['changed']} changed, "
        f"{report['unchanged']} unchanged, {report['failed']} failed, {len(report['held'])} held; "
        f"{report['clauses']} clauses "
        f"in {report['seconds']:.1f} s",
        highlight=False,
    )


def documents(as_json: Json = False) -> None:
    """List the documents and whether they are in force today."""
    from desk.admin.documents import document_json

    with opened() as helpdesk:
        stored = helpdesk.store.documents()
        rows = [document_json(each, helpdesk.today()) for each in stored]
    if as_json:
        print_json(rows)
        return
    table = Table("id", "standing", "from", "clauses", box=None, header_style="bold")
    table.add_column("title", overflow="fold")
    for row in rows:
        number = f"（{row['document_number']}）" if row["document_number"] else ""
        from_ = row["effective_on"] or ""
        table.add_row(row["id"], row["standing"], from_, str(row["clauses"]), f"{row['title']}{number}")
    out.print(table)


def remove(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="As `documents` lists it.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Take a document out; answers stop citing it at once."""
    removed = done_by_writer(RemoveRequest(document_id, actor()))["removed"]
    if as_json:
        print_json({"removed": removed})
    if not removed:
        fail(f"there is no document {document_id!r}: `laofashi documents` lists them")
    if not as_json:
        out.print(f"removed {document_id}", highlight=False)
