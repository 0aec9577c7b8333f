"""Starts a peer's process, asks it with a time limit, measures its memory, and ends it."""

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

_LOOK_SECONDS = 0.25  # between two looks at its memory while waiting for a reply


class Failed(Exception):
    """A peer cannot go on. The message says why."""


class PeerProcess:
    """A child process that answers lines of JSON, together with all processes that it starts."""

    def __init__(self, command: Sequence[str], cwd: Path, errors: Path) -> None:
        self._errors = errors
        with errors.open("wb") as file:
            self._child = subprocess.Popen(  # noqa: S603
                command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=file, start_new_session=True
            )
        self._replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.peak_mb = 0.0

    def call(self, message: dict[str, Any], limit: float, tick: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """Send a message and return the reply, within `limit` seconds. `tick` is called while waiting.

        Raises Failed where the peer says that it failed, ends, says something else, or is late. A late peer is killed.
        """
        with suppress(OSError):  # the process has ended; reading the reply will show that
            self._write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        end = time.monotonic() + limit
        while (line := self._next()) is None:
            self._weigh()
            tick()
            if time.monotonic() > end:
                self.close()
                raise Failed(f"no reply within {limit:g} s")
        self._weigh()
        return self._read_reply(line)

    def close(self) -> None:
        """End the process and all processes that it started."""
        with suppress(OSError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._reader.join()
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(OSError):  # closing flushes what the process has not read
                pipe.close()  # type: ignore[union-attr]

    def _write(self, line: bytes) -> None:
        assert self._child.stdin
        self._child.stdin.write(line)
        self._child.stdin.flush()

    def _read(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            self._replies.put(line)
        self._replies.put(b"")

    def _next(self) -> bytes | None:
        """Return the next line; None where there is none yet, b"" where there will be none."""
        try:
            return self._replies.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            return None

    def _read_reply(self, line: bytes) -> dict[str, Any]:
        if not line:
            raise Failed(f"its process ended with status {self._child.wait()}: {self._last_words()}")
        try:
            reply: dict[str, Any] = json.loads(line)
        except ValueError:
            raise Failed(f"its process wrote something else than JSON: {line[:80]!r}") from None
        if "error" in reply:
            raise Failed(str(reply["error"]))
        return reply

    def _last_words(self) -> str:
        lines = self._errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _weigh(self) -> None:
        """Update the peak of the resident memory of the process and its children, in MB."""
        with suppress(psutil.Error):
            parent = psutil.Process(self._child.pid)
            family = [parent, *parent.children(recursive=True)]
            self.peak_mb = max(self.peak_mb, sum(each.memory_info().rss for each in family) / 1e6)
