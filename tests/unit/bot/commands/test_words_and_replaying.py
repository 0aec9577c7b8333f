"""The commands of words and replays on a home folder of their own: JSON, sentences, exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app

Line = Callable[..., Any]


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setenv("LAOFASHI_HOME", str(tmp_path / "home"))

    def run(*arguments: str, code: int = 0) -> Any:
        done = CliRunner().invoke(app, [*arguments, "--json"])
        assert done.exit_code == code, (done.output, done.exception)
        return json.loads(done.stdout) if code == 0 else done

    return run


def test_words_are_added_listed_switched_and_removed(line: Line) -> None:
    assert line("words", "list") == []
    made = line("words", "add", "随申码 随身码", "健康信息码")
    assert (made["said"], made["unheld"], made["changed_by"][:4]) == (["随申码", "随身码"], ["健康信息码"], "命令行（")
    shipped = [each for each in line("words", "list", "--shipped") if each["origin"] == "shipped"]
    assert len(shipped) > 100
    assert line("words", "off", shipped[0]["id"])["state"] == "off"
    assert {each["id"] for each in line("words", "list")} == {made["id"], shipped[0]["id"]}
    assert line("words", "on", shipped[0]["id"])["state"] == "on"
    assert line("words", "remove", made["id"]) == {"removed": True}
    assert line("words", "list") == []
    assert line("words", "proposed") == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("words", "add", "怎么", "居住证"), "几乎每个问题"),
        (("words", "remove", "nothing"), "没有这一条"),
        (("words", "off", "nothing"), "没有这一条"),
        (("replay", "7"), "没有找到"),
    ],
)
def test_what_cannot_be_done_is_said(line: Line, arguments: tuple[str, ...], sentence: str) -> None:
    done = line(*arguments, code=1)
    assert sentence in str(done.exception)


@pytest.mark.parametrize("arguments", [("replay", "zero"), ("replay", "0"), ("words", "add", "随申码")])
def test_wrong_usage_is_exit_2(line: Line, arguments: tuple[str, ...]) -> None:
    line(*arguments, code=2)
