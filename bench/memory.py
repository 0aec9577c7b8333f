"""Measures the memory of a service that holds a hundred thousand clauses, over some hundreds of questions."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.houses import clause_count, environment, opened
from bench.questions import Turns
from bot.handover.requests import AskRequest
from bot.handover.service import Service, running_service

LIMIT_MB = 900
_START_SECONDS = 300
_AT_ONCE = 4  # conversations that ask at the same time


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of the service and its children, in MB: just started, the most seen, and at the end.

    `anonymous_mb` is the memory at the end that no file backs. The rest is libraries and the mapped index, which the
    kernel may drop.
    """

    clauses: int
    chunks: int
    questions: int
    started_mb: float
    peak_mb: float
    end_mb: float
    anonymous_mb: float
    processes: int


def memory(home: Path, questions: Sequence[Turns]) -> Memory:
    """Serve `home` in a process of its own and ask it all the questions, a few at a time."""
    with opened(home) as helpdesk:
        clauses, chunks = clause_count(helpdesk), helpdesk.index.published.chunk_count
    with _serving(home) as (service, process):
        _ask(service, questions[:1])  # opens the index
        seen = [_resident(process)]
        size = -(-len(questions) // (5 * _AT_ONCE))
        parts = [questions[start : start + size] for start in range(0, len(questions), size)]
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            for _ in threads.map(lambda part: _ask(service, part), parts):
                seen.append(_resident(process))
        shared = sum(getattr(each.memory_info(), "shared", 0) for each in _tree(process)) / 1e6
        anonymous = seen[-1] - shared
        return Memory(clauses, chunks, len(questions), seen[0], max(seen), seen[-1], anonymous, len(_tree(process)))


def _tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _resident(process: psutil.Process) -> float:
    return float(sum(each.memory_info().rss for each in _tree(process)) / 1e6)


def _ask(service: Service, questions: Sequence[Turns]) -> None:
    given = AskRequest([list(turns) for turns in questions])
    answered = sum("outcome" in line for line in service.stream("ask", given))
    if answered != len(questions):
        raise RuntimeError(f"{len(questions)} questions were asked and {answered} answered")


@contextmanager
def _serving(home: Path) -> Iterator[tuple[Service, psutil.Process]]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAOFASHI_")}
    for url in ("DATABASE_URL", "BUS_URL", "CHROMA_URL"):
        kept.pop(url, None)
    more = environment(home, LAOFASHI_PORT=str(port), LAOFASHI_LOG_LEVEL="warning")
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
    with subprocess.Popen(command, env=kept | more, stdout=subprocess.DEVNULL) as child:  # noqa: S603
        try:
            yield _started(home, child), psutil.Process(child.pid)
        finally:
            child.terminate()


def _started(home: Path, child: subprocess.Popen[bytes]) -> Service:
    end = time.monotonic() + _START_SECONDS
    while child.poll() is None and time.monotonic() < end:
        service = running_service(home)
        if service and service.pid == child.pid:
            return service
        time.sleep(0.2)
    raise RuntimeError(f"the service did not start within {_START_SECONDS} s (exit status {child.poll()})")
