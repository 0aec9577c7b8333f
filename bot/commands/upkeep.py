"""Commands for whoever runs the machine: create-account, migrate, doctor, settings."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.commands.common import Json, fail, opened, out, print_json, service, settings
from bot.handover.requests import AccountRequest

NameArgument = Annotated[str, typer.Argument(help="What the person signs in with.", show_default=False)]
RoleName = Annotated[str, typer.Option("--role", help="specialist or administrator.")]
DisplayNameOption = Annotated[str, typer.Option("--display-name", help="What applicants see.", show_default="NAME")]
Reset = Annotated[bool, typer.Option("--reset", help="Give an existing account a new one-time password.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("create-account")(create_account)
    app.command()(migrate)
    app.command()(doctor)
    app.command("settings")(show_settings)


def create_account(
    name: NameArgument,
    role: RoleName = "specialist",
    display_name: DisplayNameOption = "",
    reset: Reset = False,
    as_json: Json = False,
) -> None:
    """Make an account; its one-time password is printed once and must be changed at the first sign-in."""
    if role not in ("specialist", "administrator"):
        fail(f"--role {role} is not a role: use specialist or administrator", 2)
    given, running = AccountRequest(name, display_name or name, role, reset), service()
    if running is None:
        from bot.handover import work

        with opened() as helpdesk:
            try:
                made = work.create_account(given, helpdesk.accounts)
            except ValueError as error:
                fail(str(error), 2)
    else:
        made = next(line["done"] for line in running.stream("accounts", given) if "done" in line)
    if as_json:
        print_json(made)
    else:
        out.print(
            f"{made['role']} {made['name']}, one-time password: {made['password']}", markup=False, highlight=False
        )


def migrate(as_json: Json = False) -> None:
    """Bring the database to the newest schema; `serve`, `demo` and `index` do so by themselves."""
    from bot.operations import migrations

    with opened(with_schema=False) as helpdesk:
        changed = migrations.migrate(helpdesk.engine)
        revision = migrations.revision(helpdesk.engine)
    if as_json:
        print_json({"changed": changed, "revision": revision})
    else:
        out.print(f"{'now at' if changed else 'already at'} revision {revision}", highlight=False)


def doctor(as_json: Json = False) -> None:
    """Say what is wrong with this machine or these settings, and the cure. Exit 1 where something does not work."""
    from bot.operations.doctor import Machine, examine

    with opened(with_schema=False) as helpdesk:
        findings = examine(Machine(helpdesk.settings, lambda: helpdesk.engine, helpdesk.index_state))
    if as_json:
        print_json([finding.plain for finding in findings])
    else:
        colours = {"ok": "green", "warn": "yellow", "fail": "red"}
        for each in findings:
            out.print(
                Text(f"{each.state:4}  ", colours[each.state]) + Text(f"{each.what}: {each.found}"), soft_wrap=True
            )
            if each.cure:
                out.print(Text(f"      → {each.cure}"), soft_wrap=True)
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(1)


def show_settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="As a Markdown table of defaults.")] = False,
    example: Annotated[bool, typer.Option("--example", help="As an example of an environment file.")] = False,
    as_json: Json = False,
) -> None:
    """List every setting with its value and meaning; secrets are not shown."""
    from bot.settings import described

    rows = described() if markdown or example else described(settings())
    if markdown:
        lines = [f"| `{name}` | {f'`{value}`' if value else ''} | {meaning} |" for name, value, meaning in rows]
        typer.echo("\n".join(["| setting | default | meaning |", "|---|---|---|", *lines]))
    elif example:
        typer.echo("\n\n".join(f"# {meaning}\n# {name}={value}" for name, value, meaning in rows))
    elif as_json:
        print_json([{"name": name, "value": value, "meaning": meaning} for name, value, meaning in rows])
    else:
        table = Table("setting", "value", "meaning", box=None, header_style="bold")
        for row in rows:
            table.add_row(*row)
        out.print(table)
