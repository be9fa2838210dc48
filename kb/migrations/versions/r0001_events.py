"""The first layout: the log, and the row that names the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "event",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("kind", sa.String(200), nullable=False, index=True),
        sa.Column("subject", sa.String(200), nullable=False, index=True),
        sa.Column("hlc", sa.String(200), nullable=False, index=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "chargelore_schema",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replica", sa.String(16), nullable=False),
    )


def downgrade() -> None:
    """Before it there was nothing; the log is dropped only by hand."""
    raise NotImplementedError("drop the database by hand: it holds the log")
