"""Vectors by generation: exact scan, embedded Chroma, or a Chroma server, behind one port."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
import numpy as np
import numpy.typing as npt

from retrieval.embedding import Vectors

BATCH = 1000  # rows in one call of Chroma; its own limit is 5 461
_SERVER_SECONDS = 30.0  # for one call of the server
_SEARCHED = 100  # neighbours HNSW keeps in sight: recall@10 .986 at 100 000
_Stored = tuple[npt.NDArray[np.str_], Vectors]
_NONE: _Stored = (np.empty(0, dtype="U16"), np.empty((0, 0), dtype=np.float32))


class CannotOpen(Exception):
    """A generation is missing or damaged: it has to be built again."""


class Unreachable(Exception):
    """The vector server does not answer; the generation itself may be fine."""


@dataclass(frozen=True, slots=True)
class Near:
    """Chunk ids, nearest first, with their cosines."""

    ids: list[str]
    cosines: list[float]


class VectorReader(Protocol):
    """One open generation, read-only; safe to use from several threads."""

    def nearest(self, partition: str, vector: Vectors, k: int) -> Near:
        """At most `k` of a partition; none of an empty or unknown one. Raises CannotOpen or Unreachable."""

    def count(self, partition: str) -> int:
        """How many vectors a partition holds. Raises CannotOpen or Unreachable."""

    def close(self) -> None: ...


class VectorGenerations(Protocol):
    """Generations by name. A generation is written once, by one process, before anyone reads it."""

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        """Write a new generation: for each partition the chunk ids and their vectors (n, dimensions); not all empty."""

    def open(self, name: str) -> VectorReader:
        """Raises CannotOpen where there is none or it is damaged, Unreachable where the server is away."""

    def drop(self, name: str) -> None:
        """Remove a generation nobody reads; nothing happens if there is none."""

    def names(self) -> set[str]:
        """The generations there are, half-built ones too."""


def connect_vectors(url: str | None, home: Path) -> VectorGenerations:
    """None: embedded Chroma in folders under `home`; `http(s)://host:port`: a Chroma server; `exact:`: no index."""
    if not url:
        return ChromaEmbedded(home)
    if url == "exact:":
        return Exact(home)
    if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname:
        return ChromaServer(url)
    raise ValueError(f"CHROMA_URL {url!r} is not supported: use http://host:port or https://host:port")


class Exact:
    """Compares with every vector: always right, a few milliseconds for 100 000, everything in memory."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        for partition, (ids, vectors) in partitions.items():
            folder = self._home / name / "exact"
            folder.mkdir(parents=True, exist_ok=True)
            np.savez(folder / f"{partition}.npz", ids=np.array(ids, dtype="U16"), vectors=vectors)

    def open(self, name: str) -> "ExactReader":
        loaded = {}
        try:
            for path in sorted((self._home / name / "exact").iterdir()):
                with np.load(path) as stored:
                    loaded[path.stem] = (stored["ids"], np.asarray(stored["vectors"], dtype=np.float32))
        except Exception as error:  # zipfile, numpy and OS errors alike
            raise CannotOpen(f"{name}: {error}") from error
        return ExactReader(loaded)

    def drop(self, name: str) -> None:
        shutil.rmtree(self._home / name / "exact", ignore_errors=True)

    def names(self) -> set[str]:
        return {path.parent.name for path in self._home.glob("*/exact")}


class ExactReader:
    """Partitions in memory."""

    def __init__(self, partitions: Mapping[str, _Stored]) -> None:
        self._partitions = partitions

    def nearest(self, partition: str, vector: Vectors, k: int) -> Near:
        ids, vectors = self._partitions.get(partition, _NONE)
        if not len(ids):
            return Near([], [])
        cosines = vectors @ vector
        best = np.argsort(-cosines)[: max(k, 0)]
        return Near([str(each) for each in ids[best]], [float(each) for each in cosines[best]])

    def count(self, partition: str) -> int:
        return len(self._partitions.get(partition, _NONE)[0])

    def close(self) -> None:
        self._partitions = {}


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
        except Exception as error:  # chromadb raises its own, ValueError and Rust panics turned into exceptions
            raise CannotOpen(f"{name}: {error}") from error

    def drop(self, name: str) -> None:
        shutil.rmtree(self._folder(name), ignore_errors=True)

    def names(self) -> set[str]:
        return {path.parent.name for path in self._home.glob("*/chroma")}

    def _folder(self, name: str) -> Path:
        return self._home / name / "chroma"


class ChromaServer:
    """Collections NAME-PARTITION on a Chroma server (the Rust one, `chroma run`)."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def build(self, name: str, partitions: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
        client = self._client()
        try:
            for partition, (ids, vectors) in partitions.items():
                _fill(client, f"{name}-{partition}", ids, vectors)
        finally:
            _close(client)

    def open(self, name: str) -> "ChromaReader":
        client = self._client()
        try:
            if not any(each.startswith(f"{name}-") for each in _collections(client)):
                raise CannotOpen(f"no collections for {name} on the Chroma server")
            return ChromaReader(client, f"{name}-")
        except BaseException:
            _close(client)
            raise

    def drop(self, name: str) -> None:
        client = self._client()
        try:
            for each in _collections(client):
                if each.startswith(f"{name}-"):
                    client.delete_collection(each)
        finally:
            _close(client)

    def names(self) -> set[str]:
        client = self._client()
        try:
            return {each.rsplit("-", 1)[0] for each in _collections(client)}
        finally:
            _close(client)

    def _client(self) -> Any:
        import chromadb

        secure = self._url.scheme == "https"
        port = self._url.port or (443 if secure else 80)
        try:
            client = chromadb.HttpClient(str(self._url.hostname), port, secure, settings=_settings())
        except Exception as error:
            raise Unreachable(f"Chroma at {self._url.hostname}:{port}: {error}") from error
        for session in _sessions(client):
            session.timeout = httpx.Timeout(_SERVER_SECONDS)  # chromadb waits for ever
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

    def close(self) -> None:
        _close(self._client)


def _fill(client: Any, collection: str, ids: Sequence[str], vectors: Vectors) -> None:
    """One collection in batches, none for no rows; HNSW goes to disk at the last row.

    What is not written by then would be played back, and its files changed, at each opening.
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
    """The HTTP sessions of a server's client, which chromadb 1.5 neither offers nor closes; none if embedded."""
    servers = (client._server, client._admin_client._server)
    return [server._session for server in servers if hasattr(server, "_session")]


def _close(client: Any) -> None:
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _collections(client: Any) -> list[str]:
    found: list[str] = []
    while page := client.list_collections(limit=100, offset=len(found)):
        found += [each.name for each in page]
    return found


def _translated(error: Exception) -> Exception:
    if isinstance(error, httpx.TransportError | ConnectionError):
        return Unreachable(str(error))
    return CannotOpen(str(error))
