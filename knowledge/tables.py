"""The database tables of this package: documents, clauses, versions and golden questions."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

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
    Column("repealed_on", Date),  # the earlier of its own day and the day another document sets
    Column("own_repealed_on", Date),  # as the document itself says
    Column("region", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("topics", JSON, nullable=False, server_default="[]"),
    Column("read", JSON),  # the metadata as read, without an administrator's changes
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
    Column("rows", JSON(none_as_null=True)),  # only for a table
    Column("header_rows", Integer, nullable=False, server_default="0"),
    Index("ix_clauses_document_id_ordinal", "document_id", "ordinal", unique=True),
)

document_texts = Table(
    "document_texts",  # the live version's text as read; clauses.start and clauses.end point into it
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
    "names",  # the names of a document in comparable form
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
)

repeals = Table(
    "repeals",  # the documents that a document ends, named in the same form
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
    Column("ends_on", Date),  # first day no longer in force; NULL: the day the repealing document takes effect
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
    "confirmations",  # metadata of a document that an administrator set
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("value", JSON),
    Column("confirmed_by", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
)

amendments = Table(
    "amendments",  # changes to single articles of another document; title and number empty: of the document itself
    metadata,
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ordinal", Integer),  # the clause that makes the change
    Column("title", Text, nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
    Column("article", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("becomes", String(32), nullable=False),
    Column("begins_on", Date),  # NULL: the day the document takes effect
)

clause_standings = Table(
    "clause_standings",  # the few clauses whose days differ from their document's
    metadata,
    Column("clause_id", String(64), primary_key=True),
    Column("document_id", String(32), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("effective_on", Date),
    Column("repealed_on", Date),  # first day no longer in force
    Column("amended_by", String(32)),  # id of the document that replaced or repealed it
)

failures = Table(
    "failures",  # files that could not go in, each with its newest attempt only
    metadata,
    Column("source", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column(
        "content_hash", String(64), nullable=False, server_default=""
    ),  # of the file that failed: an unchanged file is not tried again
    Column("failed_at", UtcDateTime, nullable=False),
)


versions = Table(
    "versions",  # rows outlive their document, so that taking a document out can be undone
    metadata,
    Column("id", String(32), primary_key=True),
    Column("document_id", String(32), index=True),  # the live document of which it is, was or will be a version
    Column("successor_of", String(32), index=True),  # the document whose text it replaces from a day on
    Column("number", Integer, nullable=False),  # documents.version while live; 0 until first published
    Column("state", String(16), nullable=False, index=True),
    Column("file", Text, nullable=False),
    Column("source", Text, nullable=False, index=True),
    Column("media_type", String(128), nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),
    Column("original", Text, nullable=False, index=True),  # name in the folder of originals, "" where none was kept
    Column("title", Text, nullable=False),
    Column("clause_count", Integer, nullable=False),
    Column("content", LargeBinary),  # the parsed document, compressed JSON; NULL once withdrawn unpublished
    Column("decided", JSON(none_as_null=True)),  # the metadata as an administrator set it; NULL: nobody did
    Column("confirmed", JSON(none_as_null=True)),  # its document's confirmations when it stopped being live
    Column("proposal", JSON(none_as_null=True)),  # which document it seems to be a new version of, and why
    Column("confirmed_by", Text, nullable=False),  # who said of which document it is a version, "" while nobody has
    Column("holds", JSON, nullable=False),  # what holds it back: kind, where, the masked words
    Column("released_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("edited_by", JSON, nullable=False),  # everybody who changed it after that
    Column("asked_by", Text, nullable=False),  # who asked for publishing and waits for a second person
    Column("approved_by", Text, nullable=False),
    Column("publish_on", Date),
    Column("published_at", UtcDateTime),
    Column("published_by", Text, nullable=False),
    Column("replaced_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    Index("ix_versions_document_id_number", "document_id", "number"),
)

golden_questions = Table(
    "golden_questions",  # what must be answered, and how, whatever is published
    metadata,
    Column("id", String(32), primary_key=True),
    Column("question", Text, nullable=False),
    Column("as_of", Date),
    Column("expected", JSON, nullable=False),  # document, clause, words, refused
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
)

golden_runs = Table(
    "golden_runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("results", JSON, nullable=False),  # failures, ids of the right ones, version; old rows: failures only
    sqlite_autoincrement=True,
)
