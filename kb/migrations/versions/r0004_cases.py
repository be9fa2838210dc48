"""Of which case a finding is, so that its author's later one on it counts in its place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision; the projection is filled from the log anew."""
    op.add_column("finding", sa.Column("trouble", sa.String(26), nullable=False, server_default=""))
    op.create_index("ix_finding_trouble", "finding", ["trouble"])


def downgrade() -> None:
    """To the one before: the log stays as it is."""
    op.drop_index("ix_finding_trouble", "finding")
    with op.batch_alter_table("finding") as table:
        table.drop_column("trouble")
