"""What people get wrong, at a running service: each mistake has its clear sentence, and nothing else is disturbed."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pypdf import PdfWriter

from tests.support.fakes.bot_api import TOKEN, BotApi
from tests.support.people import Asker, Staff
from tests.support.program import COMMAND, environment, running
from tests.support.serving import free_port

LONG = "长" * 100_000
LIMIT = 200_000_000  # bytes of an upload
CHAT = 42
RULE = "# 江湾区渔具登记办法\n\n第一条 渔具登记每年收费35元。\n\n第二条 本办法自2026年1月1日起施行。\n"
QUESTION = "江湾区渔具登记每年收费多少钱？"
SENTENCES = {  # file -> what its refusal says
    "空.md": "文件是空的",
    "程序.pdf": "这是一个程序文件，不是文档",
    "程序.txt": "这是一个程序文件，不是文档",
    "加密.pdf": "密码",
    "巨大.txt": "超过 300 万字的上限",
}


@dataclass
class Site:
    """A service in its own process, with Telegram's far end, and the folder of bad files."""

    url: str
    process: "subprocess.Popen[str]"
    env: dict[str, str]
    telegram: BotApi
    files: Path
    chief: Staff
    asker: Asker

    def run(self, *arguments: str, typed: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
        command, env = [*COMMAND, *arguments], {**self.env, **env}
        return subprocess.run(command, env=env, input=typed, capture_output=True, text=True, timeout=300, check=False)

    def webhook(self, update: dict[str, object], secret: str) -> httpx.Response:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return httpx.post(f"{self.url}/telegram/webhook", json=update, headers=headers)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("bad")
    with ExitStack() as stack:
        telegram = stack.enter_context(BotApi())
        port = free_port()
        env = environment(
            folder / "home",
            LAOFASHI_PORT=str(port),
            LAOFASHI_PUBLIC_URL=f"http://127.0.0.1:{port}",
            LAOFASHI_TELEGRAM_TOKEN=TOKEN,
            LAOFASHI_TELEGRAM_API=telegram.url,
            LAOFASHI_TELEGRAM_WEBHOOK_SECRET="s3cret",
        )
        given = {name: value for name, value in env.items() if name.startswith("LAOFASHI_") and name != "LAOFASHI_HOME"}
        url, process, _ = stack.enter_context(running(folder / "home", "serve", **given))
        made = subprocess.run(
            [*COMMAND, "create-account", "shen", "--role", "administrator", "--json"],
            env=env,
            capture_output=True,
            check=True,
        )
        chief = stack.enter_context(closing(Staff(url, "shen", json.loads(made.stdout)["password"])))
        asker = stack.enter_context(closing(Asker(url)))
        yield Site(url, process, env, telegram, bad_files(folder / "files"), chief, asker)


def bad_files(folder: Path) -> Path:
    folder.mkdir()
    (folder / "空.md").touch()
    shutil.copyfile(sys.executable, folder / "程序.pdf")
    shutil.copyfile(sys.executable, folder / "程序.txt")
    (folder / "加密.pdf").write_bytes(encrypted())
    (folder / "国标.txt").write_bytes(RULE.encode("gb18030"))
    line = "第一条 这份文件只有一句话，说了又说，没有尽头，谁也读不完，最后也没有说出什么事来。\n".encode()
    with (folder / "巨大.txt").open("wb") as file:
        for _ in range(LIMIT // (len(line) * 1000)):
            file.write(line * 1000)
    return folder


def encrypted() -> bytes:
    writer, stored = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=200, height=200)
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(stored)
    return stored.getvalue()


@pytest.fixture(autouse=True)
def _undisturbed(site: Site) -> Iterator[None]:
    """After each mistake the same process answers as before."""
    yield
    assert site.process.poll() is None
    health = httpx.get(f"{site.url}/health").json()
    assert (health["database"], health["bus"], health["telegram"]) == ("ok", "ok", "ok")
    assert httpx.get(f"{site.url}/").status_code == 200


def test_files_by_the_command_line(site: Site) -> None:
    done = site.run("index", str(site.files), "--json")
    report = json.loads(done.stdout)
    reasons = {each["file"]: each["reason"] for each in report["failures"]}
    assert done.returncode == 1
    assert {name for name, words in SENTENCES.items() if words in reasons.get(name, "")} == set(SENTENCES), reasons
    assert (report["added"], report["failed"]) == (1, len(SENTENCES))
    assert "35元" in json.loads(site.run("ask", QUESTION, "--json").stdout)["text"]
    again = site.run("index", str(site.files / "空.md"))
    assert (again.returncode, "空.md: 文件是空的" in again.stderr) == (1, True)
    assert "Traceback" not in done.stderr + again.stderr


def test_files_by_the_upload_page(site: Site) -> None:
    for name, words in SENTENCES.items():
        kept = site.chief.upload(name, site.files / name).json()["file"]
        (failed,) = site.chief.index(kept)["failed"]
        assert (failed["file"], words in failed["reason"]) == (name, True), failed
    for name in ("../" * 40 + "etc/穿越.txt", "..\\..\\穿越.txt", "/etc/穿越.txt"):
        assert site.chief.upload(name, site.files / "国标.txt").json() == {"file": "穿越.txt"}
    assert site.chief.upload("../" * 60, b"x").json() == {"file": "未命名"}
    assert site.chief.index("穿越.txt")["failed"] == []
    home = site.files.parent / "home"
    assert [path for path in site.files.parent.rglob("穿越*") if path.parent != home / "uploads"] == []


def test_an_upload_above_the_limit(site: Site) -> None:
    large = site.files / "更大.bin"
    with large.open("wb") as file:
        file.truncate(LIMIT + 1)
    answer = site.chief.upload("更大.txt", large)
    assert (answer.status_code, answer.json()["message"]) == (413, "文件太大：不能超过 200 MB。")
    streamed = site.chief.post("/admin/files", params={"name": "更大.txt"}, content=megabytes(201))
    assert streamed.status_code == 413
    assert list((site.files.parent / "home" / "uploads").glob(".*.part")) == []
    done = site.run("index", str(large))
    assert "超过 200 MB 的上限" in done.stderr
    large.unlink()


def megabytes(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(1_000_000)


def test_a_message_of_100_000_characters(site: Site) -> None:
    refused = site.asker.say(LONG)
    assert (refused.status_code, refused.json()["reason"]) == (422, "too_long")
    assert "这条消息太长了（100000 字）" in refused.json()["text"]
    chat = site.run("chat", typed=f"{LONG}\n/quit\n")
    assert (chat.returncode, "消息太长" in chat.stdout) == (0, True), chat.stdout[:2000] + chat.stderr
    assert "太长" in site.run("ask", LONG[:30_000]).stdout
    site.telegram.say(CHAT, LONG)
    assert site.webhook(site.telegram.answer("getUpdates", {})[0], "s3cret").status_code == 200
    site.telegram.wait(lambda: any("这条消息太长了（100000 字）" in text for text in site.telegram.texts(CHAT)))


def test_an_unknown_command(site: Site) -> None:
    said = site.asker.asked("/nonsense")["text"]
    assert said == "没有“/nonsense”这个指令。请直接输入您的问题，或者点“转人工”。"
    assert "没有“/nonsense”这个指令" in site.run("chat", typed="/nonsense\n/quit\n").stdout
    done = site.run("indx", "x")
    assert done.returncode == 2
    assert "No such command 'indx'" in done.stderr
    assert "index" in done.stderr


def test_a_wrong_token(site: Site) -> None:
    update = {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
    for secret in ("", "guess", "s3cre"):
        refused = site.webhook(update, secret)
        assert (refused.status_code, refused.json()["error"]) == (403, "您不能做这个操作。")
    assert site.webhook({"nonsense": True}, "s3cret").json() == {"ok": False}
    header = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
    assert httpx.post(f"{site.url}/telegram/webhook", content=b"{", headers=header).status_code == 400
    bearer = {"Authorization": "Bearer guess"}
    assert httpx.post(f"{site.url}/local/index", json={"paths": ["/"]}, headers=bearer).status_code == 404


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"LAOFASHI_PROT": "1"}, "LAOFASHI_PROT is not a setting: did you mean LAOFASHI_PORT?"),
        ({"LAOFASHI_PORT": "eighty"}, "LAOFASHI_PORT=eighty is wrong"),
        ({"LAOFASHI_WORKERS": "2"}, "set DATABASE_URL (postgresql://…), BUS_URL (redis://…), CHROMA_URL (http://…)"),
    ],
)
def test_a_mistyped_setting(site: Site, settings: dict[str, str], sentence: str) -> None:
    for command in (["serve"], ["doctor"], ["index", "/tmp"]):  # noqa: S108
        done = site.run(*command, **settings)
        assert (done.returncode, done.stdout) == (2, "")
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
