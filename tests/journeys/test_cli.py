"""The command line as other programs use it: exit codes, JSON, one clear sentence, hand-over to the running service."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.program import COMMAND, environment, running
from tests.support.serving import free_port

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GUIDE = """# 江湾区宠物登记办事指南

文号：江湾城管〔2026〕7号
发布日期：2026-01-05
施行日期：2026-02-01

## 一、申请材料

（一）饲养人身份证件。

（二）犬只免疫证明。

## 二、办理期限

受理之日起五个工作日内办结。
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `laofashi` on a home folder of the test's own."""

    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        command = [*COMMAND, *arguments]
        env = environment(tmp_path / "home", **more)
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)

    return run


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    file = tmp_path / "files" / "pets.md"
    file.parent.mkdir()
    file.write_text(GUIDE, encoding="utf-8")
    return file


def refused(done: "subprocess.CompletedProcess[str]", code: int, sentence: str) -> None:
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_quick_and_lists_every_command() -> None:
    heavy = "{'torch', 'chromadb', 'onnxruntime', 'sqlalchemy', 'fastapi', 'telegram'}"
    code = f"import sys, bot.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    help_ = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
    for command in ("index", "documents", "remove", "ask", "chat", "serve", "demo", "create-account", "migrate"):
        assert command in help_
    for command in ("evaluate", "doctor", "settings"):
        assert command in help_


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["index", "/nowhere/at/all"], "/nowhere/at/all does not exist"),
        (["ask"], "give a question"),
        (["ask", "甲", "--batch", "乙"], "give a question"),
        (["ask", "--batch", "/nowhere"], "/nowhere cannot be read"),
        (["ask", "甲", "--as-of", "yesterday"], "yesterday"),
        (["create-account", "bob", "--role", "boss"], "--role boss is not a role"),
        (["evaluate", "/nowhere"], "does not exist"),
        (["evaluate", "/nowhere", "--answers", "--precision", "2"], "--precision"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_usage_is_exit_2(run: Run, arguments: list[str], sentence: str) -> None:
    refused(run(*arguments), 2, sentence)


def test_a_mistyped_setting_names_the_right_one(run: Run) -> None:
    refused(run("documents", LAOFASHI_PROT="1"), 2, "did you mean LAOFASHI_PORT?")


def test_a_batch_names_its_bad_line(run: Run, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"question": "甲"}\n{"q": 1}\n', encoding="utf-8")
    refused(run("ask", "--batch", str(batch)), 2, "line 2")


def test_an_unreachable_database_is_one_sentence(run: Run) -> None:
    refused(run("documents", DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/x"), 1, "the database cannot be used")


def test_settings_are_listed_without_secrets(run: Run) -> None:
    done = run("settings", "--json", LAOFASHI_TELEGRAM_TOKEN="1:secret")
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["LAOFASHI_TELEGRAM_TOKEN"]["value"] == "***"
    assert "| `LAOFASHI_PORT` | `8700` |" in run("settings", "--markdown").stdout


def test_the_doctor_names_what_fails_and_its_cure(run: Run) -> None:
    done = run("doctor", "--json", BUS_URL=f"redis://127.0.0.1:{free_port()}")
    findings = {each["what"]: each for each in json.loads(done.stdout)}
    assert done.returncode == 1
    assert findings["bus"]["state"] == "fail"
    assert "BUS_URL" in findings["bus"]["cure"]
    assert findings["database"]["state"] == "ok"


def test_documents_go_in_answer_and_come_out(run: Run, guide: Path) -> None:
    (guide.parent / "empty.pdf").touch()
    done = run("index", str(guide.parent), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1, done.stderr
    assert (report["added"], report["failed"]) == (1, 1)
    assert report["failures"][0]["file"] == "empty.pdf"
    assert json.loads(run("index", str(guide), "--json").stdout)["unchanged"] == 1
    [document] = json.loads(run("documents", "--json").stdout)
    assert document["file"] == "pets.md"
    outcome = json.loads(run("ask", "宠物登记要哪些材料", "--json").stdout)
    assert {"kind", "text", "confidence", "citations", "passages"} <= set(outcome)
    assert run("remove", document["id"]).returncode == 0
    refused(run("remove", document["id"]), 1, "there is no document")
    assert json.loads(run("documents", "--json").stdout) == []


def test_a_dry_run_writes_nothing(run: Run, guide: Path) -> None:
    assert json.loads(run("index", str(guide), "--dry-run", "--json").stdout)["added"] == 1
    assert json.loads(run("documents", "--json").stdout) == []


def test_commands_hand_over_to_the_running_service(run: Run, guide: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home, "serve") as (url, process, _):
        assert (home / "serve.json").stat().st_mode & 0o777 == 0o600
        assert json.loads(run("index", str(guide), "--json").stdout)["added"] == 1
        batch = tmp_path / "batch.jsonl"
        batch.write_text('{"question": "宠物登记要几天"}\n{"question": ["宠物登记", "要几天"]}\n', encoding="utf-8")
        lines = run("ask", "--batch", str(batch), "--json").stdout.splitlines()
        assert [set(json.loads(line)) >= {"kind", "text", "confidence"} for line in lines] == [True, True]
        made = json.loads(run("create-account", "bob", "--json").stdout)
        assert made["role"] == "specialist"
        assert made["password"]
        refused(run("create-account", "bob"), 1, "")
        refused(run("serve"), 1, f"a service at {url} (process {process.pid}) already runs")
        assert httpx.post(f"{url}/local/index", json={"paths": ["/"]}).status_code == 404
        wrong = {"Authorization": "Bearer wrong"}
        assert httpx.get(f"{url}/local/ping", headers=wrong).status_code == 404
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (home / "serve.json").exists(), "a killed service leaves its file behind"
        assert len(json.loads(run("documents", "--json").stdout)) == 1
        assert json.loads(run("index", str(guide), "--json").stdout)["unchanged"] == 1
    with running(home, "serve") as (url, _, _):
        assert httpx.get(f"{url}/health").json()["index"] == "ok"
    assert not (home / "serve.json").exists()


def test_a_port_in_use_is_one_sentence(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused(run("serve", LAOFASHI_PORT=port), 1, f"cannot listen on 127.0.0.1:{port}")


def test_the_demo_tells_its_passwords_once(tmp_path: Path) -> None:
    with running(tmp_path, "demo") as (url, process, printed):
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(2)]
        assert f"{url}/desk" in printed
        assert [re.findall(r"\((\w+)\): (\w+) / \S+", line)[0] for line in told] == [
            ("specialist", "laofashi"),
            ("administrator", "admin"),
        ]
        assert httpx.get(f"{url}/health").json()["status"] == "ok"
    began = time.monotonic()
    with running(tmp_path, "demo") as (_, process, _):
        assert process.stdout is not None
        took = time.monotonic() - began
        assert "--reset" in process.stdout.readline()
    print(f"second start: {took:.1f} s")


def test_a_guide_is_shown_field_by_field(run: Run, guide: Path) -> None:
    assert run("index", str(guide)).returncode == 0
    shown = run("guide", "宠物登记")
    assert shown.returncode == 0, shown.stderr
    assert "事项名称：江湾区宠物登记" in shown.stdout
    assert "  2. 犬只免疫证明" in shown.stdout
    assert "文件没有写明：" in shown.stdout
    answer = run("guide", "宠物登记", "--json")
    said = json.loads(answer.stdout)
    assert (said["limit"]["days"], said["limit"]["kind"]) == (5, "working_days")
    assert [material["name"] for material in said["materials"]] == ["饲养人身份证件", "犬只免疫证明"]
    assert "收费" in said["missing"]
    refused(run("guide", "没有的事项"), 1, "no guide is called")
