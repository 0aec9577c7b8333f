"""Who may use a route: the session behind a cookie, CSRF tokens, our own pages' sockets; refusals as answers."""

import secrets
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from desk import errors
from desk.accounts import Accounts, SignIn
from desk.model import Role

COOKIE = "laofashi_desk"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class SignedOut(errors.DeskError):
    """登录已失效，请重新登录。"""


class WrongCsrf(errors.DeskError):
    """页面已过期，请刷新后再试。"""


class PasswordChangeRequired(errors.DeskError):
    """请先修改一次性密码。"""


class TooLarge(errors.DeskError):
    """内容太大。"""


class Invalid(errors.DeskError):
    """填写的内容不完整或不合要求。"""


class GoTo(Exception):
    """Send the reader to another page; the argument is its path."""


STATUS: dict[type[errors.DeskError], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.AlreadyClaimed: (409, "already_claimed"),
    errors.StaleOwner: (409, "stale_owner"),
    errors.WrongState: (409, "wrong_state"),
    errors.NameTaken: (409, "name_taken"),
    errors.InvalidWords: (422, "invalid_words"),
    errors.WeakPassword: (422, "weak_password"),
    errors.SignInRefused: (401, "sign_in_refused"),
    errors.TooManyAttempts: (429, "too_many_attempts"),
    errors.TooLong: (413, "too_long"),
    SignedOut: (401, "signed_out"),
    WrongCsrf: (403, "wrong_csrf"),
    PasswordChangeRequired: (403, "password_change_required"),
    TooLarge: (413, "too_large"),
    Invalid: (422, "invalid"),
}


def refusal(error: errors.DeskError) -> JSONResponse:
    """A desk error as JSON: its word, its sentence, its HTTP status."""
    status, word = STATUS.get(type(error), (409, "problem"))
    return JSONResponse({"error": word, "message": str(error)}, status, {"Cache-Control": "no-store"})


class DeskRoute(APIRoute):
    """A route whose refusals are answers, whatever application it is included in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except GoTo as there:
                return RedirectResponse(str(there), 303)
            except errors.DeskError as error:
                return refusal(error)
            except RequestValidationError:
                return refusal(Invalid())

        return answer


def signed_in(accounts: Accounts, connection: HTTPConnection) -> SignIn | None:
    """Who is behind a request or socket, if anybody."""
    token = connection.cookies.get(COOKIE)
    return accounts.who(token) if token else None


class Guard:
    """Lets signed-in accounts of a role through: `page` sends others to sign in, `api` refuses them."""

    def __init__(self, accounts: Accounts, role: Role = Role.SPECIALIST) -> None:
        self._accounts, self._role = accounts, role

    def page(self, request: Request) -> None:
        """For pages; a one-time password is changed first, and the wrong role is told so by the page itself."""
        me = signed_in(self._accounts, request)
        if me is None:
            raise GoTo(f"/desk/sign-in?next={request.url.path}")
        if me.account.must_change_password:
            raise GoTo("/desk/password")
        request.state.me = me

    def api(self, request: Request) -> None:
        """For JSON; a request that changes something carries the session's token in X-CSRF-Token."""
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
    """An administrator may do all that a specialist may."""
    return me.account.role in (role, Role.ADMINISTRATOR)


def _me(request: Request) -> SignIn:
    me: SignIn = request.state.me
    return me


Me = Annotated[SignIn, Depends(_me)]


def same_site(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a socket was opened by a page of our own: its Origin is our host or the public address."""
    origin = connection.headers.get("origin", "")
    return bool(origin) and (urlsplit(origin).netloc == connection.headers.get("host") or origin == public_url)


def same(given: str, expected: str) -> bool:
    """Compare two tokens in constant time."""
    return secrets.compare_digest(given.encode(), expected.encode())
