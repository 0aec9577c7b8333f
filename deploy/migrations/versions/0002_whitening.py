"""Whitening of each generation.

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("generations", sa.Column("model", sa.String(length=128), nullable=True))
    op.add_column("generations", sa.Column("whitening", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("generations", "whitening")
    op.drop_column("generations", "model")
