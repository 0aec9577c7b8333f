"""A tab has one name everywhere; addresses that pages had before lead to where they are now."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from desk.admin.moved import MOVED
from desk.admin.tabs import TABS
from tests.support.desk_site import desk_site

PAGES = Path(__file__).parents[4] / "desk" / "pages" / "admin"


@pytest.fixture
def stranger(sqlite_engine: Engine, clock: Any, tmp_path: Path) -> TestClient:
    """Who is not signed in: pages send him to sign in (303), JSON refuses him (401), what is not there is 404."""
    return TestClient(desk_site(sqlite_engine, clock, tmp_path).app, follow_redirects=False)


@pytest.mark.parametrize("name", TABS)
def test_a_tab_has_one_name_in_module_template_and_script(name: str) -> None:
    assert TABS[name].__module__ == f"desk.admin.{name}"
    assert (PAGES / f"{name}.html").is_file()
    assert f"admin/{name}.js" in (PAGES / f"{name}.html").read_text(encoding="utf-8")
    assert (PAGES / f"{name}.js").is_file()


def test_every_tab_has_its_page_at_its_name(stranger: TestClient) -> None:
    sent = {name: stranger.get(f"/admin/{name}").headers["location"] for name in TABS}
    assert sent == {name: f"/desk/sign-in?next=/admin/{name}" for name in TABS}


def test_administration_opens_with_its_first_tab(stranger: TestClient) -> None:
    answer = stranger.get("/admin")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/admin/{next(iter(TABS))}")


def test_what_was_asked_goes_along_to_the_new_address(stranger: TestClient) -> None:
    listed = stranger.get("/admin/library", params={"shelf": "expiring"})
    assert (listed.status_code, listed.headers["location"]) == (308, "/admin/documents?shelf=expiring")
    one = stranger.post("/admin/index/a%20b/cancel", json={})
    assert (one.status_code, one.headers["location"]) == (308, "/admin/files/read/a%20b/cancel")


@pytest.mark.parametrize("old", MOVED)
def test_an_old_address_leads_to_one_that_is_there(stranger: TestClient, old: str) -> None:
    answers = [stranger.request(method, old.format(id="7", run="7")) for method in ("GET", "POST")]
    led = [stranger.request(each.request.method, each.headers["location"]).status_code for each in answers]
    assert {303, 401} & set(led), led
    assert 404 not in led
