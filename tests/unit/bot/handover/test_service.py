"""One service per home folder: named by a file, found when it answers, forgotten when it is gone."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from bot.handover.service import AlreadyServing, HandoverFailed, Service, announced, running_service
from bot.web import create_app
from tests.support.light_helpdesk import light
from tests.support.serving import serving


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A real service over the home folder `tmp_path`, announced as `laofashi serve` does."""
    helpdesk = light(tmp_path)
    with ExitStack() as stack:
        url = stack.enter_context(serving(create_app(helpdesk)))
        yield stack.enter_context(announced(tmp_path, url))
    helpdesk.close()


def test_a_running_service_is_found_and_gone_when_it_ends(service: Service, tmp_path: Path) -> None:
    assert running_service(tmp_path) == service
    assert (tmp_path / "serve.json").stat().st_mode & 0o777 == 0o600


def test_the_file_goes_with_the_service(tmp_path: Path) -> None:
    with announced(tmp_path, "http://127.0.0.1:1"):
        pass
    assert not (tmp_path / "serve.json").exists()


def test_a_second_service_is_refused(service: Service, tmp_path: Path) -> None:
    with pytest.raises(AlreadyServing, match="stop it first"), announced(tmp_path, "http://127.0.0.1:2"):
        pass
    assert running_service(tmp_path) == service, "the refused one must not take the file with it"


def test_a_dead_process_and_a_stranger_on_its_port_count_as_none(service: Service, tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    other = tmp_path / "another home"
    other.mkdir()
    for stale in (
        {"pid": gone.pid, "url": service.url, "token": service.token},
        {"pid": os.getpid(), "url": service.url, "token": "of an earlier service"},
        {"pid": os.getpid(), "url": "http://127.0.0.1:1", "token": service.token},
    ):
        (other / "serve.json").write_text(json.dumps(stale), encoding="utf-8")
        assert running_service(other) is None
    (other / "serve.json").write_text("not json", encoding="utf-8")
    assert running_service(other) is None


def test_questions_and_failures_come_back_as_lines(service: Service) -> None:
    [outcome, done] = service.stream("ask", {"questions": [["食品"]]})
    assert outcome["outcome"]["kind"] == "answer"
    assert done == {"done": {}}
    account = {"name": "bob", "display_name": "Bob", "role": "specialist"}
    assert next(iter(service.stream("accounts", account)))["done"]["password"]
    with pytest.raises(HandoverFailed):
        list(service.stream("accounts", account))
    with pytest.raises(HandoverFailed, match="look at its log"):
        list(service.stream("ask", {"questions": [["坏"]]}))


def test_neither_a_wrong_token_nor_a_proxy_gets_in(service: Service) -> None:
    right = {"Authorization": f"Bearer {service.token}"}
    assert httpx.get(f"{service.url}/local/ping", headers=right).status_code == 200
    assert httpx.get(f"{service.url}/local/ping").status_code == 404
    passed_on = {**right, "X-Forwarded-For": "203.0.113.9"}
    assert httpx.get(f"{service.url}/local/ping", headers=passed_on).status_code == 404
    with pytest.raises(HandoverFailed, match="没有找到"):
        list(Service(service.pid, service.url, "guess").stream("ask", {"questions": [["食品"]]}))
