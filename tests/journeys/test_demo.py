"""`laofashi demo` as a user meets it: a file goes in and is answered from; killed in the middle, nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx

from tests.support.people import Asker, Staff, one_time_password
from tests.support.program import running
from tests.support.serving import free_port

RULE = """# 江湾区犬只登记办法

第一条 养犬人应当在犬龄满三个月之日起30日内到居住地派出所办理犬只登记。

第二条 犬只登记每只每年收费160元，绝育的犬只减半收取。

第三条 本办法自2026年3月1日起施行。
"""
QUESTION = "犬只登记每年收费多少钱？"
# In processor time of importing the program: the second start is 1.5 to 2 of it, and 6 if all is embedded again.
STARTED = 4.0


def many(number: int) -> bytes:
    articles = (f"第{n}条 第{number}号船舶泊位的第{n}项事务，应当在{n + 5}个工作日内办结。" for n in range(1, 120))
    return (f"# 江湾区第{number}号泊位办法\n\n" + "\n\n".join(articles)).encode()


def killed_in_the_middle(process: Any, chief: Staff) -> None:
    """Files being published and another being taken in, and then nothing any more."""
    names = [chief.upload(f"泊位{number}.md", many(number)).json()["file"] for number in range(12)]
    chief.upload("没有读.md", many(99))

    def put_in() -> None:
        for version in chief.index(*names)["drafts"]:
            chief.publish(version)

    works = (put_in, lambda: chief.post("/admin/files", params={"name": "大.md"}, content=slow()))
    for work in works:
        threading.Thread(target=broken_off, args=(work,), daemon=True).start()
    while not any("泊位办法" in each["title"] for each in chief.get("/admin/documents/list").json()["documents"]):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def slow() -> Iterator[bytes]:
    for _ in range(600):
        yield b"# x\n" * 1000
        time.sleep(0.05)


def broken_off(work: Any) -> None:
    try:
        work()
    except httpx.HTTPError:
        return


def processor_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def import_seconds() -> float:
    """Processor time of a process that imports the program and does nothing else."""
    before = os.times()
    subprocess.run([sys.executable, "-c", "import bot.web"], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def test_killed_in_the_middle_it_is_back_at_once_with_everything(tmp_path: Path) -> None:
    port = str(free_port())
    with ExitStack() as people:
        with running(tmp_path, "demo", LAOFASHI_PORT=port) as (url, process, printed):
            assert process.stdout is not None
            printed += process.stdout.readline() + process.stdout.readline()
            people.enter_context(closing(Staff(url, "laofashi", one_time_password(printed, "laofashi"))))
            chief = people.enter_context(closing(Staff(url, "admin", one_time_password(printed, "admin"))))
            asker = people.enter_context(closing(Asker(url)))
            assert "160元" not in asker.asked(QUESTION)["text"]
            report = chief.index(chief.upload("犬只登记.md", RULE.encode()).json()["file"])
            chief.publish(*report["drafts"])
            assert report["seconds"] < 10
            knows(asker)
            before = asker.messages()
            killed_in_the_middle(process, chief)
        began = time.monotonic()
        with running(tmp_path, "demo", LAOFASHI_PORT=port) as (url, process, _):
            took, worked = time.monotonic() - began, processor_seconds(process.pid)
            floor = import_seconds()
            print(f"second start: {took:.1f} s, {worked:.1f} s of the processor, {floor:.1f} s for importing alone")
            assert worked < STARTED * floor
            assert asker.messages() == before
            knows(asker)
            files = [each["file"] for each in chief.get("/admin/documents/list").json()["documents"]]
            assert "大.md" not in files
            assert [each["file"] for each in chief.get("/admin/files/waiting").json()["files"]] == ["没有读.md"]
            shown_by_itself(chief, next(file for file in files if file.startswith("泊位")))


def knows(asker: Asker) -> None:
    answer = asker.asked(QUESTION)
    assert "160元" in answer["text"]
    assert answer["body"]["citations"][0]["title"] == "江湾区犬只登记办法"


def shown_by_itself(chief: Staff, file: str) -> None:
    """What was published when the service was killed is shown without anybody's doing."""
    question = f"江湾区第{file[2:-3]}号泊位办法：第{file[2:-3]}号船舶泊位的第7项事务应当在几个工作日内办结？"
    for _ in range(240):
        tried = chief.post("/admin/trial/ask", json={"question": question}).json()
        if any("泊位" in each["heading"] for each in tried["passages"]):
            return
        time.sleep(0.5)
    raise AssertionError("what was published is never shown")
