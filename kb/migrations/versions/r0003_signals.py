"""The signals that watches captured."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision; nothing was captured before."""
    op.create_table(
        "signal",
        sa.Column("run", sa.String(60), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("heard", sa.String(32), nullable=False, index=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("charger", sa.String(200), nullable=False),
        sa.Column("connector", sa.Integer(), nullable=True),
        sa.Column("layer", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=True),
    )
    op.create_index("ix_signal_charger", "signal", ["charger", "heard"])


def downgrade() -> None:
    """To the one before: what was captured is dropped, the log stays as it is."""
    op.drop_table("signal")
