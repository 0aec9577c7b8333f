"""The work of writing commands, run by the one writer: the running service, or the command itself."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bot.handover.requests import AccountRequest, IndexRequest
from desk.accounts.accounts import Accounts
from desk.errors import NotFound
from desk.model import Account, Role
from knowledge.model import IngestReport
from retrieval.publishing.files import How, Indexer

HandoverLine = dict[str, Any]  # a JSON object: progress of the work, or its outcome
Say = Callable[[HandoverLine], None]


def index_files(given: IndexRequest, indexer: Indexer, say: Say) -> dict[str, Any]:
    """Put files and folders in and publish. Tell each file as `{"progress": …}`; return the report as plain JSON."""
    how = How(given.draft, given.by)
    report = indexer.run(given.paths, given.dry_run, lambda progress: say({"progress": asdict(progress)}), how)
    return report_json(report)


def report_json(report: IngestReport) -> dict[str, Any]:
    """Return the counts of a run, its seconds of wall time, and every failure with its reason."""
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


def create_account(given: AccountRequest, accounts: Accounts) -> dict[str, Any]:
    """Make an account, or with `reset` a new one-time password for an existing one. Raises DeskError, ValueError."""
    if given.reset:
        account = account_named(accounts, given.name)
        if account is None:
            raise NotFound(f"there is no account {given.name!r}: leave --reset away to make it")
        password = accounts.reset(account.id)
    else:
        account, password = accounts.create(given.name, given.display_name, Role(given.role))
    return {"name": account.name, "display_name": account.display_name, "role": account.role, "password": password}


def account_named(accounts: Accounts, name: str) -> Account | None:
    """Return the account that somebody signs in to as `name`; None where there is none."""
    return next((each for each in accounts.list() if each.name == name.strip().casefold()), None)
