"""Publishes in a process of its own, to be killed: `index_publisher.py DATABASE HOME`; or, naively, `… naive HOME`.

Says each step on standard output, so that a test can kill it between any two.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from retrieval.embedding.embedder import connect_embedder


def publish(database: str, home: str) -> None:
    import desk.tables  # noqa: F401
    import knowledge.tables  # noqa: F401
    import retrieval.tables  # noqa: F401
    from knowledge.database import connect_database
    from knowledge.store.documents import DocumentStore
    from retrieval.index.index import Index

    store = DocumentStore(connect_database(database), _clock)
    index = Index(store, connect_embedder(announce=_quiet), Path(home), lambda: _clock().date())
    index.publish(lambda *step: print(*step, flush=True), full=True)
    print("published", flush=True)


def publish_naively(home: str, texts: list[str]) -> None:
    """What is commonly done: empty the collection that serves, and fill it again."""
    import chromadb

    vectors = connect_embedder(announce=_quiet).embed_passages(texts)
    client = chromadb.PersistentClient(home)
    if "naive" in [each.name for each in client.list_collections()]:
        client.delete_collection("naive")
    collection = client.create_collection("naive", embedding_function=None)
    for i, text in enumerate(texts):
        collection.add(ids=[str(i)], embeddings=[vectors[i]], documents=[text])
        print("added", i, flush=True)
    client.close()
    print("published", flush=True)


def _quiet(_text: str) -> None:
    pass


def _clock() -> datetime:
    return datetime(2026, 11, 19, 1, 0, tzinfo=UTC)


if __name__ == "__main__":
    if sys.argv[1] == "naive":
        publish_naively(sys.argv[2], sys.argv[3:])
    else:
        publish(*sys.argv[1:])
