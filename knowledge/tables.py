"""Tables of the documents and their clauses."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from knowledge.database import UtcDateTime, metadata

documents = Table(
    "documents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("source", Text, nullable=False, unique=True),  # where the file came from: its path or upload name
    Column("file", Text, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("published_on", Date),
    Column("issued_on", Date),
    Column("effective_on", Date),
    Column("expires_on", Date),
    Column("repealed_on", Date),  # by its own word or by another document's, whichever is earlier
    Column("own_repealed_on", Date),  # by its own word
    Column("region", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("topics", JSON, nullable=False, server_default="[]"),
    Column("read", JSON),  # the metadata as read, before anything an administrator set
    Column("repeals", JSON, nullable=False),
    Column("clause_count", Integer, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

clauses = Table(
    "clauses",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("path", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("page", Integer),
    Column("start", Integer, nullable=False, server_default="0"),  # characters of the document's text as read
    Column("end", Integer, nullable=False, server_default="0"),
    Column("rows", JSON(none_as_null=True)),  # of a table
    Column("header_rows", Integer, nullable=False, server_default="0"),
    Index("ix_clauses_document_id_ordinal", "document_id", "ordinal", unique=True),
)

document_texts = Table(
    "document_texts",  # the live version's text as read; clauses have their places in it
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("pages", JSON, nullable=False),  # [[page, start], …]
    Column("headings", JSON, nullable=False),  # [[start, end, depth], …]
)

guides = Table(
    "guides",  # what a service guide says, field by field
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("content", JSON, nullable=False),
)

names = Table(
    "names",  # what a document is called, in comparable form
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
)

repeals = Table(
    "repeals",  # what a document ends, in the same form
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
    Column("ends_on", Date),  # first day no longer in force, where it is not the day its own text takes effect
)

extensions = Table(
    "extensions",  # documents whose validity another one prolongs, and their new last day
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
    Column("until_on", Date, nullable=False),
)

confirmations = Table(
    "confirmations",  # what an administrator set of a document's metadata
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("value", JSON),
    Column("confirmed_by", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
)

amendments = Table(
    "amendments",  # what a document does to single articles of another, or of itself where title and number are empty
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ordinal", Integer),  # of the clause that says so
    Column("title", Text, nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
    Column("article", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("becomes", String(32), nullable=False),
    Column("begins_on", Date),  # where it is not the day the document takes effect
)

clause_standings = Table(
    "clause_standings",  # the few clauses whose days differ from their document's
    metadata,
    Column("clause_id", String(64), primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("effective_on", Date),
    Column("repealed_on", Date),  # first day no longer in force
    Column("amended_by", String(32)),  # the document that replaced or repealed it
)

failures = Table(
    "failures",  # files that could not go in, newest attempt only
    metadata,
    Column("source", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column(
        "content_hash", String(64), nullable=False, server_default=""
    ),  # of what failed: unchanged is not tried again
    Column("failed_at", UtcDateTime, nullable=False),
)
