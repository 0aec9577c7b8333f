"""The work of commands that write, done by whoever is the one writer: the running service or the command itself."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.app import Helpdesk
from desk.errors import NotFound
from desk.model import Account, Role
from knowledge.model import IngestReport
from retrieval.indexing import How

Say = Callable[[dict[str, Any]], None]


def index_files(
    helpdesk: Helpdesk, paths: Sequence[Path], dry_run: bool, say: Say, how: How | None = None
) -> dict[str, Any]:
    """Put files and folders in and publish; each file is said as `{"progress": …}`; the report as plain JSON."""
    report = helpdesk.indexer.run(paths, dry_run, lambda progress: say({"progress": asdict(progress)}), how)
    return report_json(report)


def report_json(report: IngestReport) -> dict[str, Any]:
    """The counts of a run, its seconds of wall time, and every failure with its reason."""
    return {
        "added": len(report.added),
        "changed": len(report.changed),
        "unchanged": len(report.unchanged),
        "failed": len(report.failed),
        "clauses": report.clauses,
        "seconds": round(report.seconds, 3),
        "failures": [asdict(failure) for failure in report.failed],
        "held": [asdict(each) for each in report.held],
        "drafts": report.drafts,
    }


def create_account(helpdesk: Helpdesk, name: str, display_name: str, role: str, reset: bool) -> dict[str, Any]:
    """A new account, or with `reset` a new one-time password for one that exists; raises DeskError, ValueError."""
    if reset:
        account = account_named(helpdesk, name)
        if account is None:
            raise NotFound(f"there is no account {name!r}: leave --reset away to make it")
        password = helpdesk.accounts.reset(account.id)
    else:
        account, password = helpdesk.accounts.create(name, display_name, Role(role))
    return {"name": account.name, "display_name": account.display_name, "role": account.role, "password": password}


def account_named(helpdesk: Helpdesk, name: str) -> Account | None:
    """The account somebody signs in to as `name`."""
    return next((each for each in helpdesk.accounts.list() if each.name == name.strip().casefold()), None)
