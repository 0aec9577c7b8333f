"""Finds what is wrong with this machine or these settings, and names the cure."""

import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Engine, text

from bot.handover.service import running_service
from bot.settings import Settings
from knowledge.database import reading
from knowledge.formats import office
from retrieval.embedding.obtain import DEFAULT_MODEL, present

HUB = "https://huggingface.co"
_WAIT = 3.0  # seconds that a server has to answer
_LEAST_SPACE = 2_000_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `state` is ok, warn (it works, with a limit) or fail."""

    state: str
    what: str
    found: str
    cure: str = ""

    @property
    def plain(self) -> dict[str, str]:
        return {"state": self.state, "what": self.what, "found": self.found, "cure": self.cure}


@dataclass(frozen=True, slots=True)
class Machine:
    """The parts that the doctor examines. The engine is made at its first use, and that may fail."""

    settings: Settings
    engine: Callable[[], Engine]
    index_state: Callable[[], str]


def examine(machine: Machine) -> list[Finding]:
    """Check everything the service needs. A check that breaks is itself a finding."""
    return [finding for check in _CHECKS for finding in _tried(check, machine)]


def _tried(check: "Check", machine: Machine) -> list[Finding]:
    try:
        return list(check(machine))
    except Exception as error:  # the doctor must finish whatever he finds
        what = (check.__doc__ or check.__name__).rstrip(".")
        return [Finding("fail", what, f"{type(error).__name__}: {error}".splitlines()[0], "see the message")]


def _python(machine: Machine) -> Iterator[Finding]:
    """Python."""
    yield Finding("ok", "Python", sys.version.split()[0])


def _database(machine: Machine) -> Iterator[Finding]:
    """database."""
    url = urlsplit(machine.settings.database)
    where = f"{url.scheme} at {url.hostname}:{url.port or 5432}" if url.hostname else f"SQLite {sqlite3.sqlite_version}"
    try:
        with reading(machine.engine()) as connection:
            connection.execute(text("SELECT 1"))
    except Exception as error:
        cure = "start the server or correct DATABASE_URL; empty means SQLite in LAOFASHI_HOME"
        yield Finding("fail", "database", f"{where}: {_first_line(error)}", cure)
        return
    yield Finding("ok", "database", where)
    yield from _schema(machine)


def _schema(machine: Machine) -> Iterator[Finding]:
    from bot.operations import migrations

    now, wanted = migrations.revision(machine.engine()), migrations.newest()
    state, cure = ("ok", "") if now == wanted else ("warn", "`laofashi migrate`; serve and index do it by themselves")
    yield Finding(state, "schema", f"revision {now or 'none'}", cure)


def _space(machine: Machine) -> Iterator[Finding]:
    """disk space."""
    free = shutil.disk_usage(machine.settings.home).free
    state, cure = ("ok", "") if free > _LEAST_SPACE else ("warn", "free at least 2 GB, or set LAOFASHI_HOME elsewhere")
    yield Finding(state, "disk space", f"{free / 1e9:.1f} GB free at {machine.settings.home}", cure)


def _model(machine: Machine) -> Iterator[Finding]:
    """embedding model."""
    name, folder = machine.settings.embedding_model, machine.settings.models_dir
    if there := present(name, folder):
        yield Finding("ok", "embedding model", f"{name} in {there}")
        return
    hub = "" if _reaches(HUB) else "not "
    cure = f"the first `laofashi index` gets {name}; {DEFAULT_MODEL} needs no hub"
    yield Finding("warn", "embedding model", f"{name} is not in {folder}; the model hub is {hub}reachable", cure)


def _ready(machine: Machine) -> bool:
    return present(machine.settings.embedding_model, machine.settings.models_dir) is not None


def _index(machine: Machine) -> Iterator[Finding]:
    """index."""
    service = running_service(machine.settings.home)
    if service is not None:
        report = httpx.get(f"{service.url}/health", timeout=_WAIT, trust_env=False).json()
        state = "ok" if report["index"] == "ok" else "warn"
        yield Finding(state, "index", f"served by {service.url}: {report['index']}", "" if state == "ok" else _INDEX)
        return
    found = machine.index_state() if _ready(machine) else "not looked at: there is no embedding model yet"
    yield Finding("ok" if found == "ok" else "warn", "index", found, "" if found == "ok" else _INDEX)


_INDEX = "`laofashi index FOLDER` puts documents in and publishes"


def _bus(machine: Machine) -> Iterator[Finding]:
    """bus."""
    url = urlsplit(machine.settings.bus)
    if url.scheme == "memory":
        yield Finding("ok", "bus", "in this process")
    else:
        yield _port("bus", url.hostname or "", url.port or 6379, "start Redis or correct BUS_URL; empty means none")


def _chroma(machine: Machine) -> Iterator[Finding]:
    """Chroma."""
    url = urlsplit(machine.settings.chroma_url)
    if not url.scheme:
        yield Finding("ok", "Chroma", "embedded")
    else:
        cure = "start `chroma run` or correct CHROMA_URL; empty means embedded"
        yield _port("Chroma", url.hostname or "", url.port or 8000, cure)


def _telegram(machine: Machine) -> Iterator[Finding]:
    """Telegram."""
    if not machine.settings.telegram_token.get_secret_value():
        yield Finding("ok", "Telegram", "off; LAOFASHI_TELEGRAM_TOKEN turns it on")
        return
    settings = machine.settings
    token = settings.telegram_token.get_secret_value()
    try:
        response = httpx.get(f"{settings.telegram_api.rstrip('/')}/bot{token}/getMe", timeout=_WAIT)
    except httpx.HTTPError as error:
        cure = "check the network or LAOFASHI_TELEGRAM_API; the service starts without and keeps trying"
        yield Finding("warn", "Telegram", f"not reachable: {type(error).__name__}", cure)
        return
    if response.status_code != 200:
        yield Finding("fail", "Telegram", f"the token is refused ({response.status_code})", "copy it from @BotFather")
        return
    how = "webhook" if settings.telegram_by_webhook else "polling"
    yield Finding("ok", "Telegram", f"@{response.json()['result'].get('username', '?')} by {how}")


def _chat_model(machine: Machine) -> Iterator[Finding]:
    """chat model."""
    settings, key = machine.settings, machine.settings.llm_key.get_secret_value()
    if not settings.llm_url:
        yield Finding("ok", "chat model", "none: answers are the clauses' own words; LAOFASHI_LLM_URL names one")
        return
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        response = httpx.get(f"{settings.llm_url.rstrip('/')}/models", headers=headers, timeout=_WAIT, trust_env=False)
        known = sorted(str(each["id"]) for each in response.raise_for_status().json()["data"])
    except httpx.HTTPStatusError as error:
        cure = "correct LAOFASHI_LLM_URL or LAOFASHI_LLM_KEY; the clauses' own words answer meanwhile"
        yield Finding("fail", "chat model", f"{settings.llm_url} answers {error.response.status_code}", cure)
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        cure = "start the server or correct LAOFASHI_LLM_URL (it ends in /v1); the clauses' own words answer meanwhile"
        yield Finding("warn", "chat model", f"no list of models at {settings.llm_url}: {type(error).__name__}", cure)
    else:
        opinion = "with" if settings.llm_second_opinion else "without"
        found = f"{settings.llm_model} at {settings.llm_url}, {opinion} a second opinion"
        there = settings.llm_model in known
        cure = "" if there else f"set LAOFASHI_LLM_MODEL to one it has: {', '.join(known[:5])}"
        yield Finding("ok" if there else "fail", "chat model", found if there else f"no {found}", cure)


def _office(machine: Machine) -> Iterator[Finding]:
    """LibreOffice."""
    found = office.program()
    if found is None:
        cure = "only needed for DOC, WPS, XLS, ET, RTF and ODT: install libreoffice-writer and libreoffice-calc"
        yield Finding("warn", "LibreOffice", "not installed: old office files are refused", cure)
    else:
        yield Finding("ok", "LibreOffice", f"{found} reads old office files")


def _service(machine: Machine) -> Iterator[Finding]:
    """service."""
    settings = machine.settings
    running = running_service(settings.home)
    if running is not None:
        yield Finding("ok", "service", f"running at {running.url} (process {running.pid})")
    elif _answers(settings.host, settings.port):
        found = f"not running, and something else listens on port {settings.port}"
        yield Finding("warn", "service", found, "set LAOFASHI_PORT to a free port")
    else:
        yield Finding("ok", "service", "not running")


def _port(what: str, host: str, port: int, cure: str) -> Finding:
    answers = _answers(host, port)
    return Finding("ok" if answers else "fail", what, f"{host}:{port}", "" if answers else f"no answer: {cure}")


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), _WAIT).close()
    except OSError:
        return False
    return True


def _reaches(url: str) -> bool:
    try:
        return httpx.head(url, timeout=_WAIT, follow_redirects=True).status_code < 500
    except httpx.HTTPError:
        return False


def _first_line(error: Any) -> str:
    return str(getattr(error, "orig", error)).strip().splitlines()[0]


Check = Callable[[Machine], Iterator[Finding]]
_CHECKS: tuple[Check, ...] = (
    _python, _database, _space, _model, _index, _bus, _chroma, _chat_model, _telegram, _office, _service,
)  # fmt: skip
