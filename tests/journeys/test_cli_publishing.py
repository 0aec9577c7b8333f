"""Publishing from the command line, by the command itself and handed over to a running service."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import COMMAND, environment, running

TEXT = """# 江湾区宠物登记办事指南

文号：江湾城管〔2026〕7号
施行日期：2026-02-01

## 一、办理期限

受理之日起{days}个工作日内办结。

## 二、收费

首次登记收费{fee}元。
{more}"""
QUESTION = "江湾区宠物首次登记收费多少元"


class Line:
    """`laofashi` on a home folder of the test's own."""

    def __init__(self, home: Path) -> None:
        self.env = environment(home)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [*COMMAND, *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=180, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        done = self.run(*arguments, "--json")
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path / "home")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    folder = tmp_path / "files"
    folder.mkdir()

    def write(name: str = "pets.md", days: str = "五", fee: int = 20, more: str = "") -> str:
        (folder / name).write_text(TEXT.format(days=days, fee=fee, more=more), encoding="utf-8")
        return str(folder / name)

    return write


@pytest.mark.soak  # twenty processes one after the other; the next one is the short version
def test_a_change_is_compared_published_and_rolled_back(line: Line, write: Callable[..., str]) -> None:
    assert line.json("index", write())["added"] == 1
    assert line.json("golden", "add", QUESTION, "--words", "20元")["expected"]["words"] == ["20元"]
    assert line.json("golden", "run")["passed"] == 1
    drafted = line.json("index", write(fee=35), "--draft")
    assert (drafted["changed"], len(drafted["drafts"])) == (1, 1)
    [draft] = line.json("versions", "--state", "draft")
    assert (draft["kind"], draft["people"]["created_by"][:4]) == ("correction", "命令行（")
    difference = line.json("difference", draft["id"])
    assert difference["counts"]["changed"] == 1
    shown = line.run("difference", draft["id"]).stdout
    assert ("[-20" in shown, "{+35" in shown) == (True, True)
    [changed] = line.json("effects", draft["id"])["golden"]["changed"]
    assert ("20元" in changed["before"]["text"], "35元" in changed["after"]["text"]) == (True, True)
    assert "1 of 1 golden questions would be answered otherwise" in line.run("effects", draft["id"]).stdout
    scheduled = line.json("publish", draft["id"], "--on", "2099-01-01")
    assert (scheduled["state"], scheduled["publish_on"]) == ("scheduled", "2099-01-01")
    assert line.json("publish", draft["id"])["state"] == "published"
    assert "35元" in line.json("ask", QUESTION)["text"]
    assert line.json("golden", "run", code=1)["failed"] == 1
    [document] = line.json("documents")
    assert line.json("roll-back", document["id"])["version"]["number"] == 1
    assert "20元" in line.json("ask", QUESTION)["text"]
    again = line.run("roll-back", document["id"])
    assert (again.returncode, "没有更早的版本" in again.stderr) == (1, True)
    [question] = line.json("golden", "list")
    assert line.json("golden", "remove", question["id"]) == {"removed": True}
    assert line.run("golden", "remove", question["id"]).returncode == 1


def test_a_running_service_does_it_for_the_commands_and_held_files_wait(
    line: Line, write: Callable[..., str], tmp_path: Path
) -> None:
    listed = write("list.md", more="\n## 三、名单\n\n王某，身份证号码11010519491231002X。\n")
    with running(tmp_path / "home", "serve", **{"LAOFASHI_PORT": line.env["LAOFASHI_PORT"]}):
        report = line.json("index", write(), listed, code=1)
        assert report["added"] == 1
        [held] = report["held"]
        assert (held["file"], "110105************" in held["reasons"][0]) == ("list.md", True)
        said = line.run("index", listed)
        assert (said.returncode, f"laofashi release {held['version']}" in said.stderr) == (1, True)
        refused = line.run("publish", held["version"])
        assert (refused.returncode, "放行" in refused.stderr) == (1, True)
        released = line.json("release", held["version"], "--reason", "公示名单，本人同意。")
        assert (released["state"], released["kind"]) == ("draft", "new")
        assert line.json("publish", held["version"])["state"] == "published"
        assert len(line.json("documents")) == 2
        [other] = line.json("index", write("third.md", fee=50), "--draft")["drafts"]
        assert "[-20-]{+50+}" in line.run("difference", other).stdout, "the same 文号: a new version of that one"
        assert line.json("withdraw", other)["state"] == "withdrawn"
        published = {each["file"]: each["document_id"] for each in line.json("versions", "--state", "published")}
        assert line.json("remove", published["list.md"]) == {"removed": True}
        assert line.json("roll-back", published["list.md"])["version"]["number"] == 1
        unknown = line.run("difference", "nothing")
        assert (unknown.returncode, "没有找到这个版本" in unknown.stderr) == (1, True)


def test_a_second_person_has_to_agree_on_the_command_line_too(line: Line, write: Callable[..., str]) -> None:
    line.env["LAOFASHI_APPROVAL"] = "second_person"
    report = line.json("index", write())
    assert line.json("documents") == []
    [waiting] = report["drafts"]
    done = line.run("approve", waiting)
    assert (done.returncode, "不能自己审核" in done.stderr) == (1, True)
    assert line.json("publish", waiting)["awaits_approval"]
    assert line.json("documents") == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["versions", "--state", "odd"], "--state odd is not a state"),
        (["golden", "add", "甲"], "say what is expected"),
        (["golden", "add", "甲", "--refused", "--words", "乙"], "say what is expected"),
        (["publish", "x", "--on", "tomorrow"], "tomorrow"),
        (["release", "x"], "reason"),
    ],
)
def test_wrong_usage_is_exit_2(line: Line, arguments: list[str], sentence: str) -> None:
    done = line.run(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
