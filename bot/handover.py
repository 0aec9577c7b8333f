"""One writer on embedded storage: a running service names itself in a file, and commands hand their work to it."""

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

_CONNECT_SECONDS = 2.0


class AlreadyServing(Exception):
    """Another service runs on this home folder; the text says which."""


class HandoverFailed(Exception):
    """The running service did not do what it was asked to; the text says why."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service as its file describes it; `token` is what its /local routes ask for."""

    pid: int
    url: str
    token: str

    def stream(self, path: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What the service says while it works, one object a line; raises HandoverFailed."""
        timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            with (
                httpx.Client(timeout=timeout, trust_env=False) as client,
                client.stream("POST", f"{self.url}/local/{path}", json=given, headers=headers) as response,
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
        """Whether it answers with its own token: another program may have its process id or its port by now."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            response = httpx.get(f"{self.url}/local/ping", headers=headers, timeout=_CONNECT_SECONDS, trust_env=False)
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
    """Hold the home folder's only service while the body runs. Raises AlreadyServing."""
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
    """The service the file names, alive or not."""
    try:
        return Service(**json.loads(_file(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def running_service(home: Path) -> Service | None:
    """The service that runs on this home folder and answers; None where there is none (a stale file counts as none)."""
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
