"""First tables.

Revision: 0001, after:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "applicants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicants")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_applicants_channel_key")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object", sa.String(length=128), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_object"), "audit", ["object"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("repealed_on", sa.Date(), nullable=True),
        sa.Column("own_repealed_on", sa.Date(), nullable=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("repeals", sa.JSON(), nullable=False),
        sa.Column("clause_count", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("source", name=op.f("uq_documents_source")),
    )
    op.create_index(op.f("ix_documents_content_hash"), "documents", ["content_hash"], unique=False)
    op.create_table(
        "failures",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_failures")),
    )
    op.create_table(
        "generations",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_generations")),
    )
    op.create_table(
        "index_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("generation", sa.String(length=64), nullable=True),
        sa.Column("model", sa.String(length=128), nullable=True),
        sa.Column("chunk_count", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_state")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_subject"), "sign_in_failures", ["subject"], unique=False)
    op.create_table(
        "vectors",
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "model", name=op.f("pk_vectors")),
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("document_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("clause_id", sa.String(length=64), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_chunks_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "document_version", name=op.f("pk_chunks")),
    )
    op.create_index(op.f("ix_chunks_content_hash"), "chunks", ["content_hash"], unique=False)
    op.create_index("ix_chunks_document_id", "chunks", ["document_id"], unique=False)
    op.create_table(
        "clauses",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_clauses_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clauses")),
    )
    op.create_index("ix_clauses_document_id_ordinal", "clauses", ["document_id", "ordinal"], unique=True)
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("applicant_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f("fk_conversations_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(
        "uq_conversations_open_applicant",
        "conversations",
        ["applicant_id"],
        unique=True,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_table(
        "indexed",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("staged", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_indexed_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_indexed")),
    )
    op.create_table(
        "names",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_names_document_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_names_document_id"), "names", ["document_id"], unique=False)
    op.create_index(op.f("ix_names_number"), "names", ["number"], unique=False)
    op.create_index(op.f("ix_names_title"), "names", ["title"], unique=False)
    op.create_table(
        "repeals",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_repeals_document_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_repeals_document_id"), "repeals", ["document_id"], unique=False)
    op.create_index(op.f("ix_repeals_number"), "repeals", ["number"], unique=False)
    op.create_index(op.f("ix_repeals_title"), "repeals", ["title"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("applicant_id", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=16), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivery", sa.String(length=16), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f("fk_messages_applicant_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("applicant_id", "external_id", name=op.f("uq_messages_applicant_id_external_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_messages_attention",
        "messages",
        ["id"],
        unique=False,
        sqlite_where=sa.text("delivery IN ('unknown', 'failed')"),
        postgresql_where=sa.text("delivery IN ('unknown', 'failed')"),
    )
    op.create_index("ix_messages_conversation_id_id", "messages", ["conversation_id", "id"], unique=False)
    op.create_index(
        "ix_messages_undelivered",
        "messages",
        ["id"],
        unique=False,
        sqlite_where=sa.text("delivery IN ('pending', 'sending')"),
        postgresql_where=sa.text("delivery IN ('pending', 'sending')"),
    )
    op.create_index(
        "ix_messages_unhandled",
        "messages",
        ["id"],
        unique=False,
        sqlite_where=sa.text("sender = 'applicant' AND handled_at IS NULL"),
        postgresql_where=sa.text("sender = 'applicant' AND handled_at IS NULL"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("priority_reason", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_tickets_conversation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_tickets_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_claimed_at"), "tickets", ["claimed_at"], unique=False)
    op.create_index(op.f("ix_tickets_conversation_id"), "tickets", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_tickets_state"), "tickets", ["state"], unique=False)
    op.create_index(
        "uq_tickets_live_conversation",
        "tickets",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'claimed', 'waiting_for_applicant')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed', 'waiting_for_applicant')"),
    )
    op.create_table(
        "screenshare_sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ticket_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("specialist_token_hash", sa.String(length=64), nullable=False),
        sa.Column("applicant_token_hash", sa.String(length=64), nullable=False),
        sa.Column("meeting_url", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_screenshare_sessions_conversation_id")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_screenshare_sessions_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screenshare_sessions")),
        sa.UniqueConstraint("applicant_token_hash", name=op.f("uq_screenshare_sessions_applicant_token_hash")),
        sa.UniqueConstraint("specialist_token_hash", name=op.f("uq_screenshare_sessions_specialist_token_hash")),
    )
    op.create_index(op.f("ix_screenshare_sessions_ticket_id"), "screenshare_sessions", ["ticket_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_screenshare_sessions_ticket_id"), table_name="screenshare_sessions")
    op.drop_table("screenshare_sessions")
    op.drop_index(
        "uq_tickets_live_conversation",
        table_name="tickets",
        sqlite_where=sa.text("state IN ('queued', 'claimed', 'waiting_for_applicant')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed', 'waiting_for_applicant')"),
    )
    op.drop_index(op.f("ix_tickets_state"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_conversation_id"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_claimed_at"), table_name="tickets")
    op.drop_table("tickets")
    op.drop_index(
        "ix_messages_unhandled",
        table_name="messages",
        sqlite_where=sa.text("sender = 'applicant' AND handled_at IS NULL"),
        postgresql_where=sa.text("sender = 'applicant' AND handled_at IS NULL"),
    )
    op.drop_index(
        "ix_messages_undelivered",
        table_name="messages",
        sqlite_where=sa.text("delivery IN ('pending', 'sending')"),
        postgresql_where=sa.text("delivery IN ('pending', 'sending')"),
    )
    op.drop_index("ix_messages_conversation_id_id", table_name="messages")
    op.drop_index(
        "ix_messages_attention",
        table_name="messages",
        sqlite_where=sa.text("delivery IN ('unknown', 'failed')"),
        postgresql_where=sa.text("delivery IN ('unknown', 'failed')"),
    )
    op.drop_table("messages")
    op.drop_table("sign_ins")
    op.drop_index(op.f("ix_repeals_title"), table_name="repeals")
    op.drop_index(op.f("ix_repeals_number"), table_name="repeals")
    op.drop_index(op.f("ix_repeals_document_id"), table_name="repeals")
    op.drop_table("repeals")
    op.drop_index(op.f("ix_names_title"), table_name="names")
    op.drop_index(op.f("ix_names_number"), table_name="names")
    op.drop_index(op.f("ix_names_document_id"), table_name="names")
    op.drop_table("names")
    op.drop_table("indexed")
    op.drop_index(
        "uq_conversations_open_applicant",
        table_name="conversations",
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.drop_table("conversations")
    op.drop_index("ix_clauses_document_id_ordinal", table_name="clauses")
    op.drop_table("clauses")
    op.drop_index("ix_chunks_document_id", table_name="chunks")
    op.drop_index(op.f("ix_chunks_content_hash"), table_name="chunks")
    op.drop_table("chunks")
    op.drop_table("vectors")
    op.drop_index(op.f("ix_sign_in_failures_subject"), table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_table("index_state")
    op.drop_table("generations")
    op.drop_table("failures")
    op.drop_index(op.f("ix_documents_content_hash"), table_name="documents")
    op.drop_table("documents")
    op.drop_index(op.f("ix_audit_object"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("applicants")
    op.drop_table("accounts")
