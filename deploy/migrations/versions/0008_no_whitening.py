"""Generations have no whitening any more: the shipped model's cosines tell texts apart by themselves.

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("generations", "whitening")


def downgrade() -> None:
    op.add_column("generations", sa.Column("whitening", sa.LargeBinary(), nullable=True))
