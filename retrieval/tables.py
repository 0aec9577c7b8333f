"""Database tables of the index: chunks, their vectors, and which version of each document a search shows."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from knowledge.database import UtcDateTime, metadata

chunks = Table(
    "chunks",  # chunks of each document's shown version and, while a publish is under way, of the next one
    metadata,
    Column("id", String(16), primary_key=True),
    Column("document_version", Integer, primary_key=True, autoincrement=False),
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("clause_id", String(64), nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),
    Index("ix_chunks_document_id", "document_id"),
)

indexed = Table(
    "indexed",  # which version of a document is cut into chunks (staged), and which a search shows
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("staged", Integer, nullable=False),
    Column("shown", Integer),
)

vectors = Table(
    "vectors",  # one embedding of heading + text for each content and model; float16, little-endian
    metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("model", String(128), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

index_state = Table(
    "index_state",  # one row: the pointer. A new revision tells every process to look again
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("generation", String(64)),  # the name of the generation that serves
    Column("model", String(128)),
    Column("chunk_count", Integer, nullable=False),
    Column("published_at", UtcDateTime),
)

generations = Table(
    "generations",  # all that were begun or built and not removed yet, so that half-built ones are known
    metadata,
    Column("name", String(64), primary_key=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("model", String(128)),
)
