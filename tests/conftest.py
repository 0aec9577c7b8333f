"""Fixtures every suite shares: databases, a clock that stands still, Redis, and no network beyond loopback."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

import desk.tables  # noqa: F401  (registers the tables)
import knowledge.tables  # noqa: F401
import retrieval.tables  # noqa: F401
from knowledge.database import connect_database, metadata, writing
from retrieval.embedding.embedder import Embedder, connect_embedder, default_models_dir
from tests.support.clock import Clock

POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/postgres")
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS = os.environ.get("TEST_REDIS", f"redis://127.0.0.1:6379/{9 + WORKER % 7}")  # whose channels are its own
DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def reachable(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def need(what: str, port: int) -> None:
    if reachable(port):
        return
    message = f"{what} is not reachable on 127.0.0.1:{port}"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(autouse=True)
def _loopback_only(socket_enabled: None) -> Iterator[None]:
    import pytest_socket

    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@contextmanager
def postgres_database() -> Iterator[str]:
    """The URL of a database of its own, dropped afterwards."""
    need("PostgreSQL", 5432)
    name = f"laofashi_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield POSTGRES.rsplit("/", 1)[0] + "/" + name
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once SQLite and once PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    with postgres_database() as url:
        yield url


def _with_tables(url: str) -> Iterator[Engine]:
    engine = connect_database(url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine with all tables, once on SQLite and once on PostgreSQL."""
    yield from _with_tables(database_url)


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine with all tables on SQLite."""
    yield from _with_tables(f"sqlite:///{tmp_path}/test.db")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _engine_of_module(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield from _with_tables(f"sqlite:///{tmp_path_factory.mktemp('module')}/test.db")
        return
    with postgres_database() as url:
        yield from _with_tables(url)


@pytest.fixture
def emptied_engine(_engine_of_module: Engine) -> Engine:
    """As `engine`, but one database for all tests of a module, emptied before each: PostgreSQL takes a second to
    make one."""
    with writing(_engine_of_module) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    return _engine_of_module


@pytest.fixture
def clock() -> Clock:
    """Thursday 2026-11-19 09:00 in Shanghai."""
    return Clock(datetime(2026, 11, 19, 1, 0, tzinfo=UTC))


@pytest.fixture
def redis_url() -> str:
    need("Redis", 6379)
    return REDIS


@pytest.fixture
def data() -> Path:
    """The folder of real documents; a test that asks for it is skipped where it is missing."""
    if not DATA.is_dir():
        pytest.skip("the real documents are not beside this checkout (../shared/data)")
    return DATA.resolve()


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where exported models are shared between runs."""
    return default_models_dir()


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """The shipped embedding model."""
    return connect_embedder(models_dir=models_dir, announce=lambda _: None)
