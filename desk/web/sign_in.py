"""The pages around a session: sign in, sign out, change the password."""

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.requests import HTTPConnection

from desk import errors
from desk.accounts.accounts import SignIn
from desk.web import templates
from desk.web.deps import Deps
from desk.web.guard import COOKIE, DeskRoute, GoTo, same, signed_in
from desk.web.statuses import status_of
from desk.web.templates import Pages

_OWN_PAGE = re.compile(r"/(desk|admin)(/[a-z0-9_-]{1,64}){0,3}")
FORM_COOKIE = "laofashi_form"  # ties the sign-in form to the browser it was shown to


class SignInPages:
    """The pages around a session; their forms carry the CSRF token as a field."""

    def __init__(self, deps: Deps) -> None:
        self._accounts, self._secure, self._pages = deps.accounts, deps.secure_cookies, Pages()

    def form(self, request: Request, next: str = "/desk") -> Response:
        return self._form(request, next)

    def sign_in(
        self,
        request: Request,
        name: Annotated[str, Form()],
        password: Annotated[str, Form()],
        csrf_token: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/desk",
    ) -> Response:
        if not same(csrf_token, request.cookies.get(FORM_COOKIE) or secrets.token_hex()):
            return self._form(request, next, name, "form_stale", 403)
        try:
            session = self._accounts.sign_in(name, password, _address(request))
        except (errors.SignInRefused, errors.TooManyAttempts) as error:
            status, word = status_of(error)
            return self._form(request, next, name, word, status)
        response = RedirectResponse("/desk/password" if session.account.must_change_password else _local(next), 303)
        self._keep(response, COOKIE, session.token)
        return response

    def sign_out(self, request: Request, csrf_token: Annotated[str, Form()] = "") -> Response:
        self._accounts.sign_out(self._checked(request, csrf_token).token)
        response = RedirectResponse("/desk/sign-in", 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    def password(self, request: Request) -> Response:
        return self._password(request, self._session(request))

    def change_password(
        self,
        request: Request,
        old: Annotated[str, Form()],
        new: Annotated[str, Form()],
        again: Annotated[str, Form()],
        csrf_token: Annotated[str, Form()] = "",
    ) -> Response:
        me = self._checked(request, csrf_token)
        if new != again:
            return self._password(request, me, "password_differs", 422)
        try:
            self._accounts.change_password(me.account, old, new, keep_token=me.token)
        except (errors.SignInRefused, errors.WeakPassword) as error:
            status, word = status_of(error)
            return self._password(request, me, "old_password_wrong" if status == 401 else word, 422)
        return RedirectResponse("/desk", 303)

    def _form(self, request: Request, next_page: str, name: str = "", problem: str = "", status: int = 200) -> Response:
        token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
        said = self._pages.text(request, problem) if problem else ""
        shown = {"form_token": token, "next": _local(next_page), "name": name[:64], "problem": said}
        response = self._pages.render(request, "shared/sign_in.html", status, **shown)
        self._keep(response, FORM_COOKIE, token)
        return response

    def _password(self, request: Request, me: SignIn, problem: str = "", status: int = 200) -> Response:
        said = self._pages.text(request, problem) if problem else ""
        shown = {"account": me.account, "csrf": me.csrf_token, "problem": said}
        return self._pages.render(request, "shared/password.html", status, **shown)

    def _session(self, request: Request) -> SignIn:
        me = signed_in(self._accounts, request)
        if me is None:
            raise GoTo("/desk/sign-in")
        return me

    def _checked(self, request: Request, token: str) -> SignIn:
        me = self._session(request)
        if not same(token, me.csrf_token):
            raise GoTo("/desk")  # a form of another session, or another site's: nothing is done
        return me

    def _keep(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", httponly=True, samesite="strict", secure=self._secure)


def _address(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else "unknown"


def _local(path: str) -> str:
    """A page of the desk's own to go on to; never another site."""
    return path if _OWN_PAGE.fullmatch(path) else "/desk"


def router(deps: Deps) -> APIRouter:
    """Sign-in, sign-out and password pages under /desk/, and the pages' assets."""
    pages, routes = SignInPages(deps), APIRouter(route_class=DeskRoute, include_in_schema=False)
    routes.get("/desk/sign-in")(pages.form)
    routes.post("/desk/sign-in")(pages.sign_in)
    routes.post("/desk/sign-out")(pages.sign_out)
    routes.get("/desk/password")(pages.password)
    routes.post("/desk/password")(pages.change_password)
    routes.include_router(templates.router())
    return routes
