"""The `laofashi` command. Each command imports what it needs when it runs, so that `--help` is quick."""

import sys

import typer

from bot.commands import (
    asking,
    documents,
    evaluating,
    golden,
    guide,
    publishing,
    replaying,
    serving,
    tuning,
    upkeep,
    words,
)
from bot.commands.common import err

app = typer.Typer(
    name="laofashi",
    help="Online helpdesk: answers from the policy documents in force, and hands over to human specialists.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (documents, publishing, golden, words, guide, asking, replaying, evaluating, tuning, serving, upkeep):
    module.register(app)


def main() -> None:
    """Run the command. An expected error is told in one sentence, and the exit status says of which kind it is."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sentence = _expected(error)
        if sentence is None:
            raise
        err.print(f"laofashi: {sentence}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


def _expected(error: Exception) -> str | None:
    """Return the sentence for an error whose cause lies outside the program; None for any other error."""
    from sqlalchemy.exc import OperationalError

    from bot.handover.service import AlreadyServing, HandoverFailed
    from bot.operations.migrations import NewerDatabase
    from desk.errors import DeskError
    from knowledge.version import VersionError

    if isinstance(error, OperationalError):
        reason = str(error.orig).strip().splitlines()[0]
        return f"the database cannot be used: {reason}; see DATABASE_URL and `laofashi doctor`"
    if isinstance(error, AlreadyServing | HandoverFailed | NewerDatabase | DeskError | VersionError):
        return str(error)
    if isinstance(error, PermissionError) and error.filename:
        return f"{error.filename} may not be written: give this user the right, or set LAOFASHI_HOME elsewhere"
    return None
