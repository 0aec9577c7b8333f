"""What the desk's routes are handed, and the pages around a session: sign in, sign out, change the password."""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.requests import HTTPConnection

from desk import errors, templates
from desk.access import Access
from desk.accounts import Accounts, SignIn
from desk.audit import Audit
from desk.bus import Bus
from desk.conversations import Conversations
from desk.deliveries import Deliveries
from desk.guard import COOKIE, STATUS, DeskRoute, GoTo, same, signed_in
from desk.overview import Overview
from desk.screenshare import ScreenShares
from desk.templates import Pages
from desk.tickets import Tickets
from retrieval.model import Outcome

if TYPE_CHECKING:  # heavy to import, and only handed through
    from desk.mining import Proposal
    from desk.replay import Replays
    from desk.words import Words
    from knowledge.golden import GoldenQuestion, GoldenQuestions, Said
    from knowledge.kept import Kept
    from knowledge.store import DocumentStore
    from knowledge.versions import Versions
    from retrieval.effects import ChangedAnswer, Effects
    from retrieval.indexing import Indexer
    from retrieval.lexicon import Lexicon
    from retrieval.publishing import Publishing

_OWN_PAGE = re.compile(r"/(desk|admin)(/[a-z0-9_-]{1,64}){0,3}")
FORM_COOKIE = "laofashi_form"  # ties the sign-in form to the browser it was shown to


@dataclass(frozen=True, slots=True)
class Publication:
    """What the routes of publishing need; `ask` answers a golden question by what is live."""

    versions: "Versions"
    publishing: "Publishing"
    golden: "GoldenQuestions"
    effects: "Effects"
    ask: "Callable[[GoldenQuestion], Said]"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the routes of words need: `proposals` mines them, `effects` tries words on the golden questions (how many
    were asked, which would be answered otherwise), `held` tells which words documents hold."""

    words: "Words"
    proposals: "Callable[[], list[Proposal]]"
    effects: "Callable[[Lexicon], tuple[int, tuple[ChangedAnswer, ...]]]"
    held: Callable[[Iterable[str]], set[str]]


@dataclass(frozen=True, slots=True)
class Deps:
    """What the desk's routes need; built in bot/app.py.

    `public_url` has no trailing slash; `upload_limit` is in bytes; `invitation` gives the sentence that carries a
    shared screen's link: (locale, url, minutes); `answer` tries a question by the law of a day (None: today), and is
    None where answering is not connected; `ice_servers` are RTCIceServer dictionaries for rooms across networks.
    """

    accounts: Accounts
    access: Access
    tickets: Tickets
    conversations: Conversations
    deliveries: Deliveries
    shares: ScreenShares
    overview: Overview
    bus: Bus
    indexer: "Indexer"
    store: "DocumentStore"
    audit: Audit
    clock: Callable[[], datetime]
    timezone: str
    public_url: str
    uploads: Path
    upload_limit: int
    invitation: Callable[[str, str, int], str]
    answer: Callable[[str, date | None], Outcome] | None = None
    ice_servers: tuple[dict[str, Any], ...] = ()
    publication: Publication | None = None
    kept: "Kept | None" = None
    wording: Wording | None = None
    replays: "Replays | None" = None

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are for https only."""
        return self.public_url.startswith("https://")


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
            status, word = STATUS[type(error)]
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
            status, word = STATUS[type(error)]
            return self._password(request, me, "old_password_wrong" if status == 401 else word, 422)
        return RedirectResponse("/desk", 303)

    def _form(self, request: Request, next_page: str, name: str = "", problem: str = "", status: int = 200) -> Response:
        token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
        said = self._pages.text(request, problem) if problem else ""
        shown = {"form_token": token, "next": _local(next_page), "name": name[:64], "problem": said}
        response = self._pages.render(request, "sign_in.html", status, **shown)
        self._keep(response, FORM_COOKIE, token)
        return response

    def _password(self, request: Request, me: SignIn, problem: str = "", status: int = 200) -> Response:
        said = self._pages.text(request, problem) if problem else ""
        shown = {"account": me.account, "csrf": me.csrf_token, "problem": said}
        return self._pages.render(request, "password.html", status, **shown)

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
