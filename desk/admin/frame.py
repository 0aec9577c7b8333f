"""The administrator's frame: its tabs, who may use what lies below them, and one page drawn inside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.accounts.accounts import Accounts, SignIn
from desk.model import Role
from desk.web.guard import DeskRoute, RoleGuard, may
from desk.web.templates import Pages


@dataclass(frozen=True, slots=True)
class Tab:
    """The routers of one tab, both below /admin/NAME: its pages, and the JSON that the pages read."""

    pages: APIRouter
    data: APIRouter

    @property
    def routes(self) -> APIRouter:
        """Both routers in one. JSON goes first, so that a page with an id in its address does not take a list's."""
        routes = APIRouter()
        routes.include_router(self.data)
        routes.include_router(self.pages)
        return routes


class Frame:
    """Makes the routers of the tabs. Anybody but an administrator reads that the pages are not for him."""

    def __init__(self, accounts: Accounts, tabs: Sequence[str]) -> None:
        """`tabs` are the names of the tabs in the order in which they are shown."""
        self._pages, self._guard = Pages(), RoleGuard(accounts, Role.ADMINISTRATOR)
        self._tabs = [(name, f"/admin/{name}") for name in tabs]

    def tab(self, name: str, settings: dict[str, Any] | None = None, **context: Any) -> Tab:
        """Return the tab whose page at /admin/NAME is drawn from admin/NAME.html with `settings` and `context`."""

        def page(request: Request) -> Response:
            return self.show(request, name, name, settings, **context)

        pages = self.pages(name)
        pages.get("")(page)
        return Tab(pages, self.data(name))

    def pages(self, name: str) -> APIRouter:
        """Return a router for pages below /admin/NAME. Whoever is not signed in is sent to sign in."""
        return _router(name, self._guard.page)

    def data(self, name: str) -> APIRouter:
        """Return a router for JSON below /admin/NAME. A specialist is told that there is nothing."""
        return _router(name, self._guard.api)

    def show(
        self, request: Request, tab: str, template: str, settings: dict[str, Any] | None = None, **context: Any
    ) -> Response:
        """Draw the page `template` in the frame, `tab` marked. Its script reads `settings`, its template `context`."""
        me: SignIn = request.state.me  # set by the guard of `pages`
        if not may(me, Role.ADMINISTRATOR):
            return self._pages.notice(request, 403, "role_needed_title", "role_needed", "/desk")
        about = {"account": me.account.id, **(settings or {})}
        context |= {"account": me.account, "csrf": me.csrf_token, "settings": about, "tab": tab, "tabs": self._tabs}
        return self._pages.render(request, f"admin/{template}.html", **context)


def _router(name: str, guard: Callable[[Request], None]) -> APIRouter:
    return APIRouter(
        prefix=f"/admin/{name}", route_class=DeskRoute, dependencies=[Depends(guard)], include_in_schema=False
    )
