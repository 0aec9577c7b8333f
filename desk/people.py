"""Who did something, by name: accounts, commands on the machine, the program itself."""

from collections.abc import Callable

from desk.accounts import Accounts

COMMAND = "cli:"  # before the name of whoever ran a command on this machine


def names(accounts: Accounts) -> Callable[[str], str]:
    """What to call an actor of the record; the accounts are read once."""
    known = {account.id: account.display_name for account in accounts.list()}

    def name_of(actor: str) -> str:
        if actor.startswith(COMMAND):
            return f"命令行（{actor.removeprefix(COMMAND)}）"
        return "系统" if actor == "system" else known.get(actor, actor)

    return name_of
