"""Finds the one writer on embedded storage: a running service names itself in a file, and commands call it."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import TypeAdapter

_CONNECT_SECONDS = 2.0
_PING_SECONDS = 20.0  # a service that is busy is no dead one: a second writer beside it would do harm
_PLAIN = TypeAdapter(Any)


class AlreadyServing(Exception):
    """Another service runs on this home folder. The text says which one."""


class HandoverFailed(Exception):
    """The running service did not do what it was asked to do. The text says why."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service as its file describes it. Its /local routes require `token`."""

    pid: int
    url: str
    token: str

    def stream(self, path: str, given: object) -> Iterator[dict[str, Any]]:
        """Send a request of bot/handover/requests.py; yield each line of the reply. Raises HandoverFailed."""
        timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            with (
                httpx.Client(timeout=timeout, trust_env=False) as client,
                client.stream(
                    "POST", f"{self.url}/local/{path}", json=_PLAIN.dump_python(given, mode="json"), headers=headers
                ) as response,
            ):
                if response.status_code != 200:
                    raise HandoverFailed(_refusal(response))
                for line in response.iter_lines():
                    yield _checked(json.loads(line))
        except httpx.HTTPError as error:
            raise HandoverFailed(
                f"the service at {self.url} (process {self.pid}) broke off: {type(error).__name__}; look at its log"
            ) from error

    def alive(self) -> bool:
        """Say whether it accepts its own token. By now another program may have its process id or its port."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            response = httpx.get(f"{self.url}/local/ping", headers=headers, timeout=_PING_SECONDS, trust_env=False)
        except httpx.HTTPError:
            return False
        return response.status_code == 200


def _refusal(response: httpx.Response) -> str:
    response.read()
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"the running service answered {response.status_code}"


def _checked(line: dict[str, Any]) -> dict[str, Any]:
    if "error" in line:
        raise HandoverFailed(str(line["error"]))
    return line


def _file(home: Path) -> Path:
    return home / "serve.json"


@contextmanager
def announced(home: Path, url: str) -> Iterator[Service]:
    """Be the home folder's only service while the body runs. Raises AlreadyServing."""
    service = Service(os.getpid(), url, secrets.token_urlsafe(32))
    with (home / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyServing(_who(home)) from error
        _file(home).unlink(missing_ok=True)
        with os.fdopen(os.open(_file(home), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(service), file)
        try:
            yield service
        finally:
            _file(home).unlink(missing_ok=True)


def _who(home: Path) -> str:
    service = stored(home)
    who = f" at {service.url} (process {service.pid})" if service else ""
    return f"a service{who} already runs on {home}: stop it first, or set LAOFASHI_HOME to another folder"


def stored(home: Path) -> Service | None:
    """Return the service that the file names, alive or not; None where there is no readable file."""
    try:
        return Service(**json.loads(_file(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def running_service(home: Path) -> Service | None:
    """Return the service that runs on this home folder and answers; else None. A stale file counts as none."""
    service = stored(home)
    return service if service is not None and _exists(service.pid) and service.alive() else None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
