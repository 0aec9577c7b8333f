"""Every error has one status, whichever route it is raised in."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from bot import http_errors
from desk.errors import DeskError
from desk.web.guard import DeskRoute
from desk.web.statuses import STATUSES, Refusal, status_of
from knowledge.version import NeedsApproval, NoSuchVersion, VersionError

EVERY = sorted(DeskError.__subclasses__(), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_error_of_the_desk_is_in_the_table(kind: type[DeskError]) -> None:
    assert kind in STATUSES


@pytest.mark.parametrize("kind", [*EVERY, NoSuchVersion, NeedsApproval], ids=lambda kind: kind.__name__)
def test_a_route_of_the_desk_and_any_other_tell_an_error_by_the_same_status(kind: type[Refusal]) -> None:
    def fail() -> None:
        raise kind

    app = FastAPI()
    http_errors.install(app)
    routes = APIRouter(route_class=DeskRoute)
    routes.get("/desk")(fail)
    app.get("/elsewhere")(fail)
    app.include_router(routes)
    client = TestClient(app)
    statuses = {client.get(path).status_code for path in ("/desk", "/elsewhere")}
    assert statuses == {status_of(kind())[0]}


def test_an_error_of_no_kind_of_its_own_has_the_status_of_the_kind_above_it() -> None:
    class Strange(DeskError):
        """别的问题。"""

    assert status_of(Strange()) == (409, "problem")
    assert status_of(NeedsApproval()) == status_of(VersionError()) == (409, "wrong_state")
    assert status_of(NoSuchVersion()) == (404, "not_found")
