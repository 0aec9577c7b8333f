"""What is in force: confirmed metadata, amendments of single articles, and the standing of clauses.

Revision: 0005, after: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NAMED = ("title", "number")  # of another document, in comparable form


def upgrade() -> None:
    op.add_column("documents", sa.Column("topics", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("documents", sa.Column("read", sa.JSON(), nullable=True))
    op.add_column("repeals", sa.Column("ends_on", sa.Date(), nullable=True))
    _naming_table("extensions", sa.Column("until_on", sa.Date(), nullable=False))
    _naming_table(
        "amendments",
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("article", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("becomes", sa.String(length=32), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
    )
    op.create_table(
        "confirmations",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        _of_a_document("confirmations"),
        sa.PrimaryKeyConstraint("document_id", "field", name=op.f("pk_confirmations")),
    )
    op.create_table(
        "clause_standings",
        sa.Column("clause_id", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("repealed_on", sa.Date(), nullable=True),
        sa.Column("amended_by", sa.String(length=32), nullable=True),
        _of_a_document("clause_standings"),
        sa.PrimaryKeyConstraint("clause_id", name=op.f("pk_clause_standings")),
    )
    op.create_index(op.f("ix_clause_standings_document_id"), "clause_standings", ["document_id"])


def downgrade() -> None:
    for table in ("clause_standings", "confirmations", "amendments", "extensions"):
        op.drop_table(table)
    op.drop_column("repeals", "ends_on")
    op.drop_column("documents", "read")
    op.drop_column("documents", "topics")


def _naming_table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("document_id", sa.String(length=32), nullable=False),
        *(sa.Column(column, sa.Text(), nullable=False) for column in _NAMED),
        *columns,
        _of_a_document(name),
    )
    for column in ("document_id", *_NAMED):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _of_a_document(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["document_id"], ["documents.id"], name=op.f(f"fk_{table}_document_id"), ondelete="CASCADE"
    )
