"""The tab accounts: the accounts of specialists and administrators.

GET  /admin/accounts/list             every account
POST /admin/accounts                  {name, display_name, role}: a new one
POST /admin/accounts/{id}/disable
"""

import contextlib
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from desk import sentences
from desk.accounts.accounts import Accounts
from desk.admin.frame import Frame
from desk.errors import StaleOwner, WrongState
from desk.model import Role
from desk.tickets.tickets import Tickets
from desk.web.deps import Deps
from desk.web.guard import Me
from desk.web.statuses import Invalid


class Creating(BaseModel):
    """A new account; `name` is what its owner signs in with."""

    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^\S+$")]
    display_name: Annotated[str, Field(min_length=1, max_length=64)]
    role: Role


class AccountRoutes:
    """Accounts as JSON."""

    def __init__(self, accounts: Accounts, tickets: Tickets) -> None:
        self._accounts, self._tickets = accounts, tickets

    def all(self) -> dict[str, Any]:
        return {"accounts": [asdict(account) for account in self._accounts.list()]}

    def create(self, given: Creating, me: Me) -> dict[str, Any]:
        """Create an account. Only this answer shows its one-time password."""
        made, password = self._accounts.create(given.name, given.display_name, given.role, actor=me.account.id)
        return {"account": asdict(made), "password": password}

    def disable(self, account_id: str, me: Me) -> dict[str, bool]:
        """Disable an account. Its tickets in hand go back into the queue, now or when this is asked again."""
        if account_id == me.account.id:
            raise Invalid(sentences.OWN_ACCOUNT)
        self._accounts.disable(account_id, actor=me.account.id)
        disabled = self._accounts.get(account_id)
        for ticket in self._tickets.of_account(account_id):
            with contextlib.suppress(StaleOwner, WrongState):  # given away or resolved in the meantime
                self._tickets.release(ticket.id, disabled, ticket.epoch, actor=me.account.id)
        return {"disabled": True}


def router(deps: Deps, frame: Frame) -> APIRouter:
    """The page and the routes named above."""
    accounts, tab = AccountRoutes(deps.accounts, deps.tickets), frame.tab("accounts")
    tab.data.get("/list")(accounts.all)
    tab.data.post("")(accounts.create)
    tab.data.post("/{account_id}/disable")(accounts.disable)
    return tab.routes
