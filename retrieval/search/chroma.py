"""Chroma as the vector index: embedded, with a directory for each generation, or as a server."""

import shutil
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import httpx
import numpy as np

from retrieval.embedding.embedder import Vectors
from retrieval.search.vectors import CannotOpen, Near, Unreachable

BATCH = 1000  # rows in one call of Chroma; its own limit is 5 461
_SERVER_SECONDS = 30.0  # for one call of the server
_SEARCHED = 100  # neighbours that HNSW keeps in sight: recall@10 is .986 at 100 000


class ChromaEmbedded:
    """A Chroma directory of its own for each generation, at `home`/NAME/chroma.

    Damaged files can end the process that opens them (SIGSEGV): probe a generation in a child first.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        client = _embedded_client(self._folder(name))
        try:
            for partition, (ids, vectors) in partitions.items():
                _fill(client, partition, ids, vectors)
        finally:
            _close(client)

    def open(self, name: str) -> "ChromaReader":
        folder = self._folder(name)
        if not (folder / "chroma.sqlite3").is_file():
            raise CannotOpen(f"no Chroma directory for {name}")
        try:
            return ChromaReader(_embedded_client(folder), "")
        except Exception as error:  # chromadb raises its own errors, ValueError, and Rust panics as exceptions
            raise CannotOpen(f"{name}: {error}") from error

    def drop(self, name: str) -> None:
        shutil.rmtree(self._folder(name), ignore_errors=True)

    def names(self) -> set[str]:
        return {path.parent.name for path in self._home.glob("*/chroma")}

    def _folder(self, name: str) -> Path:
        return self._home / name / "chroma"


class ChromaServer:
    """Collections NAME-PARTITION on a Chroma server (the Rust one, `chroma run`).

    Chroma has no authentication of its own; the credentials in the URL are for the proxy in front of it.
    """

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        with self._connected() as client:
            for partition, (ids, vectors) in partitions.items():
                _fill(client, f"{name}-{partition}", ids, vectors)

    def open(self, name: str) -> "ChromaReader":
        client = self._client()
        try:
            if not any(each.startswith(f"{name}-") for each in _collections(client)):
                raise CannotOpen(f"no collections for {name} on the Chroma server")
            return ChromaReader(client, f"{name}-")
        except Exception as error:
            _close(client)
            raise _translated(error) from error

    def drop(self, name: str) -> None:
        with self._connected() as client:
            for each in _collections(client):
                if each.startswith(f"{name}-"):
                    client.delete_collection(each)

    def names(self) -> set[str]:
        with self._connected() as client:
            return {each.rsplit("-", 1)[0] for each in _collections(client)}

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        client = self._client()
        try:
            yield client
        except Exception as error:
            raise _translated(error) from error
        finally:
            _close(client)

    def _client(self) -> Any:
        import chromadb

        secure = self._url.scheme == "https"
        port = self._url.port or (443 if secure else 80)
        try:
            client = chromadb.HttpClient(
                str(self._url.hostname), port, secure, headers=_credentials(self._url), settings=_settings()
            )
        except Exception as error:
            raise Unreachable(f"Chroma at {self._url.hostname}:{port}: {error}") from error
        for session in _sessions(client):
            session.timeout = httpx.Timeout(_SERVER_SECONDS)  # chromadb itself waits for ever
        return client


class ChromaReader:
    """Collections whose names begin with `prefix`, through an open client."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._collections: dict[str, tuple[Any, int]] = {}
        for name in _collections(client):
            if name.startswith(prefix):
                collection = client.get_collection(name, embedding_function=None)
                self._collections[name.removeprefix(prefix)] = (collection, collection.count())

    def nearest(self, partition: str, vector: Vectors, k: int) -> Near:
        collection, count = self._collections.get(partition, (None, 0))
        if not count or k < 1:
            return Near([], [])
        query = vector.reshape(1, -1)
        try:
            found = collection.query(query_embeddings=query, n_results=min(k, count), include=["distances"])
        except Exception as error:
            raise _translated(error) from error
        return Near(found["ids"][0], [1 - distance for distance in found["distances"][0]])

    def count(self, partition: str) -> int:
        return self._collections.get(partition, (None, 0))[1]

    def ids(self, partition: str) -> list[str]:
        collection, count = self._collections.get(partition, (None, 0))
        found: list[str] = []
        try:
            for start in range(0, count, BATCH):
                found += collection.get(include=[], limit=BATCH, offset=start)["ids"]
        except Exception as error:
            raise _translated(error) from error
        return found

    def close(self) -> None:
        _close(self._client)


def _fill(client: Any, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
    """Write one collection in batches; without rows, make none.

    HNSW goes to disk at the last row. If rows were left unwritten, each opening would play them back and change files.
    """
    if not len(ids):
        return
    hnsw = {"space": "cosine", "ef_search": _SEARCHED, "sync_threshold": len(ids)}
    made = client.create_collection(collection, embedding_function=None, configuration={"hnsw": hnsw})
    for start in range(0, len(ids), BATCH):
        part = slice(start, start + BATCH)
        made.add(ids=list(ids[part]), embeddings=np.asarray(vectors[part], dtype=np.float32))


def _embedded_client(folder: Path) -> Any:
    import chromadb

    return chromadb.PersistentClient(folder, settings=_settings())


def _sessions(client: Any) -> list[httpx.Client]:
    """Return the HTTP sessions of a server's client; none if embedded. chromadb 1.5 neither offers nor closes them."""
    servers = (client._server, client._admin_client._server)
    return [server._session for server in servers if hasattr(server, "_session")]


def _close(client: Any) -> None:
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def _credentials(url: SplitResult) -> dict[str, str]:
    """Return a URL's `user:password@` as basic authentication (RFC 7617), `:token@` as a bearer token (RFC 6750)."""
    user, password = unquote(url.username or ""), unquote(url.password or "")
    if user:
        return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}
    return {"Authorization": f"Bearer {password}"} if password else {}


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _collections(client: Any) -> list[str]:
    found: list[str] = []
    while page := client.list_collections(limit=100, offset=len(found)):
        found += [each.name for each in page]
    return found


def _translated(error: Exception) -> Exception:
    if isinstance(error, CannotOpen | Unreachable):
        return error
    if isinstance(error, httpx.TransportError | ConnectionError):
        return Unreachable(str(error))
    return CannotOpen(str(error))
