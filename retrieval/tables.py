"""Tables of the index: chunks, their vectors, and which generation serves."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from knowledge.database import UtcDateTime, metadata

chunks = Table(
    "chunks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("document_version", Integer, nullable=False),
    Column("clause_id", String(64), nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),
    Index("ix_chunks_document_id", "document_id"),
)

vectors = Table(
    "vectors",  # embedding of heading + text, by what was embedded and by which model; float16, little-endian
    metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("model", String(128), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

generations = Table(
    "generations",  # at most one row is published
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),  # directory or collection name
    Column("model", String(128), nullable=False),
    Column("chunk_count", Integer, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("built_at", UtcDateTime, nullable=False),
)
