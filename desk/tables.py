"""Tables of the desk: accounts, applicants, conversations, messages, tickets, screen sharing, words, audit."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from knowledge.database import UtcDateTime, metadata

# The conditions of partial indexes. SQLite uses such an index only for a query that repeats the condition exactly.
OPEN = text("open")
UNHANDLED = text("sender = 'applicant' AND handled_at IS NULL")
UNDELIVERED = text("delivery IN ('pending', 'sending')")
ATTENTION = text("delivery IN ('unknown', 'failed')")
LIVE_TICKET = text("state IN ('queued', 'claimed', 'waiting_for_applicant')")

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("display_name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("must_change_password", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

sign_ins = Table(
    "sign_ins",  # browser sessions; only a hash of the cookie's token is kept
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", String(32), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",  # for rate limiting, by account name and by network address
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(128), nullable=False, index=True),
    Column("failed_at", UtcDateTime, nullable=False),
)

applicants = Table(
    "applicants",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("key", String(128), nullable=False),
    Column("display_name", Text, nullable=False),
    Column("locale", String(8), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "key"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("applicant_id", String(32), ForeignKey("applicants.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("holder", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(
        "uq_conversations_open_applicant",
        "applicant_id",
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("applicant_id", String(32), ForeignKey("applicants.id"), nullable=False),
    Column("sender", String(16), nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("external_id", String(128)),  # the channel's own id of an incoming message: repeats are dropped
    Column("created_at", UtcDateTime, nullable=False),
    Column("handled_at", UtcDateTime),  # of an applicant's message: when the dialogue was done with it
    Column("attempts", Integer, nullable=False, server_default="0"),  # of handling, or of sending
    Column("delivery", String(16), nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("failure", Text, nullable=False, server_default=""),
    UniqueConstraint("applicant_id", "external_id"),
    Index("ix_messages_conversation_id_id", "conversation_id", "id"),
    Index(
        "ix_messages_unhandled",
        "id",
        sqlite_where=UNHANDLED,
        postgresql_where=UNHANDLED,
    ),
    Index(
        "ix_messages_undelivered",
        "id",
        sqlite_where=UNDELIVERED,
        postgresql_where=UNDELIVERED,
    ),
    Index("ix_messages_attention", "id", sqlite_where=ATTENTION, postgresql_where=ATTENTION),
    sqlite_autoincrement=True,  # ids are never reused: clients resume from the last one they saw
)

answer_records = Table(
    "answer_records",  # what a message of the bot rested on; deleted with the message
    metadata,
    Column("message_id", Integer, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("record", JSON, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False, index=True),
    Column("state", String(32), nullable=False, index=True),
    Column("reason", String(16), nullable=False),
    Column("priority", String(16), nullable=False),
    Column("priority_reason", Text, nullable=False),
    Column("owner_id", String(32), ForeignKey("accounts.id")),
    Column("epoch", Integer, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("claimed_at", UtcDateTime, index=True),
    Column("first_reply_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("due_on", Date),
    Column("rating", Integer),
    Column("summary", Text, nullable=False, server_default=""),  # the specialist's own words on how it ended
    Index(
        "uq_tickets_live_conversation",
        "conversation_id",
        unique=True,
        sqlite_where=LIVE_TICKET,
        postgresql_where=LIVE_TICKET,
    ),
)

screenshare_sessions = Table(
    "screenshare_sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ticket_id", String(32), ForeignKey("tickets.id"), nullable=False, index=True),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("specialist_token_hash", String(64), nullable=False, unique=True),
    Column("applicant_token_hash", String(64), nullable=False, unique=True),
    Column("meeting_url", Text, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("consented_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("expires_at", UtcDateTime, nullable=False),
)

word_entries = Table(
    "word_entries",  # a site's own words, shipped ones that are switched off, and proposals that were turned down
    metadata,
    Column("id", String(32), primary_key=True),
    Column("said", JSON, nullable=False),
    Column("written", JSON, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(64), nullable=False),
)

audit = Table(
    "audit",  # append-only: who did what to what; never a message's text or a secret
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),  # account id, "applicant:<id>", "bot", "system"
    Column("action", String(64), nullable=False),
    Column("object", String(128), nullable=False, index=True),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)
