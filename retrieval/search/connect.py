"""Opens the vector index that the settings name."""

from pathlib import Path
from urllib.parse import urlsplit

from retrieval.search.exact import Exact
from retrieval.search.vectors import VectorGenerations


def connect_vectors(url: str | None, home: Path) -> VectorGenerations:
    """Open the vector index at `url`. Raises ValueError for a URL that is not supported.

    None means embedded Chroma in folders under `home`, `http(s)://host:port` a Chroma server, and `exact:` no index.
    """
    if url == "exact:":
        return Exact(home)
    from retrieval.search.chroma import ChromaEmbedded, ChromaServer

    if not url:
        return ChromaEmbedded(home)
    if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname:
        return ChromaServer(url)
    raise ValueError(f"CHROMA_URL {url!r} is not supported: use http://host:port or https://host:port")
