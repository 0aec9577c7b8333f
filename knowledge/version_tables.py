"""Tables of publishing: every version of every document, and the golden questions asked before one is published."""

from sqlalchemy import JSON, Column, Date, Index, Integer, LargeBinary, String, Table, Text

from knowledge.database import UtcDateTime, metadata

versions = Table(
    "versions",  # outlives its document: taking one out can be undone
    metadata,
    Column("id", String(32), primary_key=True),
    Column("document_id", String(32), index=True),  # of the live document it is, was or is to be a version of
    Column("successor_of", String(32), index=True),  # the document whose text it follows from a day on
    Column("number", Integer, nullable=False),  # documents.version while it is live; 0 before it first was
    Column("state", String(16), nullable=False, index=True),
    Column("file", Text, nullable=False),
    Column("source", Text, nullable=False, index=True),
    Column("media_type", String(128), nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),
    Column("original", Text, nullable=False, index=True),  # name in the folder of originals, "" where none was kept
    Column("title", Text, nullable=False),
    Column("clause_count", Integer, nullable=False),
    Column("content", LargeBinary),  # the parsed document, compressed JSON; NULL once withdrawn unpublished
    Column("decided", JSON(none_as_null=True)),  # the metadata an administrator set, where he did
    Column("confirmed", JSON(none_as_null=True)),  # what was set of its document when it stopped being live
    Column("proposal", JSON(none_as_null=True)),  # which document it seems to be a new version of, and why
    Column("confirmed_by", Text, nullable=False),  # who said what it is a version of, "" while nobody has
    Column("holds", JSON, nullable=False),  # what stops it: kind, where, the masked words
    Column("released_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("edited_by", JSON, nullable=False),  # whoever changed it after that
    Column("asked_by", Text, nullable=False),  # who wants it published and waits for a second person
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
    Column("results", JSON, nullable=False),  # failures, ids of what was right, version; once a list of failures
    sqlite_autoincrement=True,
)
