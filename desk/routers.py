"""Every route of specialists and administrators, listed once: the service includes them, and so do the tests."""

from fastapi import APIRouter

from desk.admin import tabs
from desk.console import room
from desk.console import routes as console
from desk.web import live, sign_in
from desk.web.deps import Deps


def routers(deps: Deps) -> list[APIRouter]:
    """Return the routers of sign-in, console, administration, the live socket and the rooms of shared screens."""
    return [part.router(deps) for part in (sign_in, console, tabs, live, room)]
