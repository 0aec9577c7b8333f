"""Who may use a route: the session behind a cookie, its CSRF token, the role; a refusal becomes an answer."""

import secrets
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from desk import errors
from desk.accounts.accounts import Accounts, SignIn
from desk.model import Role
from desk.web.statuses import Invalid, PasswordChangeRequired, SignedOut, WrongCsrf, refusal
from knowledge.version import VersionError

COOKIE = "laofashi_desk"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class GoTo(Exception):
    """Send the reader to another page; the argument is its path."""


class DeskRoute(APIRoute):
    """A route that answers a refusal itself, whatever application it is included in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except GoTo as there:
                return RedirectResponse(str(there), 303)
            except (errors.DeskError, VersionError) as error:
                return refusal(error)
            except RequestValidationError:
                return refusal(Invalid())

        return answer


def signed_in(accounts: Accounts, connection: HTTPConnection) -> SignIn | None:
    """Return the session behind a request or socket, if there is one."""
    token = connection.cookies.get(COOKIE)
    return accounts.who(token) if token else None


class RoleGuard:
    """Lets accounts of a role through. `page` sends everybody else to sign in, `api` refuses him."""

    def __init__(self, accounts: Accounts, role: Role = Role.SPECIALIST) -> None:
        self._accounts, self._role = accounts, role

    def page(self, request: Request) -> None:
        """Guard a page. A one-time password has to be changed first. The page itself tells those who may not see it."""
        me = signed_in(self._accounts, request)
        if me is None:
            raise GoTo(f"/desk/sign-in?next={request.url.path}")
        if me.account.must_change_password:
            raise GoTo("/desk/password")
        request.state.me = me

    def api(self, request: Request) -> None:
        """Guard JSON. A request that changes something carries the session's token in X-CSRF-Token."""
        me = signed_in(self._accounts, request)
        if me is None:
            raise SignedOut
        if request.method in UNSAFE and not same(request.headers.get("X-CSRF-Token", ""), me.csrf_token):
            raise WrongCsrf
        if me.account.must_change_password:
            raise PasswordChangeRequired
        if not may(me, self._role):
            raise errors.NotFound
        request.state.me = me


def may(me: SignIn, role: Role) -> bool:
    """Whether a session has the role; an administrator may do all that a specialist may."""
    return me.account.role in (role, Role.ADMINISTRATOR)


def _me(request: Request) -> SignIn:
    me: SignIn = request.state.me
    return me


Me = Annotated[SignIn, Depends(_me)]


def same(given: str, expected: str) -> bool:
    """Compare two tokens in constant time."""
    return secrets.compare_digest(given.encode(), expected.encode())
