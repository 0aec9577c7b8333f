"""What the doctor finds out about a chat model's server."""

import json
from pathlib import Path

import pytest

from bot.app import build
from bot.operations.doctor import Finding, Machine, _chat_model
from bot.settings import load_settings
from tests.support.fakes.openai_api import ChatApi


def found(home: Path, **environment: str) -> Finding:
    settings = load_settings({f"LAOFASHI_LLM_{name.upper()}": value for name, value in environment.items()}, home=home)
    helpdesk = build(settings)
    return next(iter(_chat_model(Machine(settings, lambda: helpdesk.engine, helpdesk.index_state))))


def test_no_model(tmp_path: Path) -> None:
    assert found(tmp_path).state == "ok"


@pytest.mark.parametrize(("opinion", "said"), [("true", "with a"), ("false", "without a")])
def test_a_model_that_is_there(tmp_path: Path, opinion: str, said: str) -> None:
    with ChatApi(models=["small", "large"]) as api:
        finding = found(tmp_path, url=api.url, model="small", second_opinion=opinion)
    assert finding.state == "ok"
    assert said in finding.found


def test_a_model_that_is_not(tmp_path: Path) -> None:
    with ChatApi(models=["large"]) as api:
        finding = found(tmp_path, url=api.url, model="small")
    assert finding.state == "fail"
    assert "large" in finding.cure


def test_a_refused_key_and_nobody_there(tmp_path: Path) -> None:
    with ChatApi() as api:
        refused = found(tmp_path, url=api.url, model="small", key="secret-key")
        url = api.url
    assert refused.state == "fail"
    assert "404" in refused.found
    assert "secret-key" not in json.dumps(refused.plain)
    assert found(tmp_path, url=url, model="small").state == "warn"
