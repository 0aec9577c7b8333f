"""The program in a process of its own, as people start it, for the suites that kill it or look at its command line."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.serving import free_port

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LAOFASHI_", "DATABASE_URL"))}
    return {**kept, "LAOFASHI_HOME": str(home), "COLUMNS": "200", "LAOFASHI_PORT": str(free_port()), **more}


def done(home: Path, *arguments: str, code: int = 0, **more: str) -> "subprocess.CompletedProcess[str]":
    """The program run to its end with these arguments and settings; it must end with `code`, and never by a trace."""
    env = environment(home, **more)
    ended = subprocess.run([*COMMAND, *arguments], env=env, capture_output=True, text=True, timeout=900, check=False)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


@contextmanager
def running(home: Path, *arguments: str, **more: str) -> Iterator[tuple[str, "subprocess.Popen[str]", str]]:
    """A service in a process of its own: its address, the process, and what it printed until it was ready."""
    env = environment(home, **more)
    process = subprocess.Popen([*COMMAND, *arguments], env=env, stdout=subprocess.PIPE, text=True)
    try:
        printed = _until_ready(process, f"http://127.0.0.1:{env['LAOFASHI_PORT']}")
        yield f"http://127.0.0.1:{env['LAOFASHI_PORT']}", process, printed
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _until_ready(process: "subprocess.Popen[str]", url: str) -> str:
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if "/admin" in line:
            break
    for _ in range(100):
        try:
            httpx.get(f"{url}/health")
            return printed
        except httpx.HTTPError:
            assert process.poll() is None, "the service ended"
            time.sleep(0.1)
    raise AssertionError("the service does not answer")
