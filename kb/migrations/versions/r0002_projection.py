"""The projection beside the log: nodes, edges, counts, keys of codes; and who owns the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROJECTION = ("pack_event", "node", "edge", "alias", "finding", "edge_stat", "code_key")


def upgrade() -> None:
    """To this revision; the projection stays empty until it is filled from the log."""
    op.add_column("chargelore_schema", sa.Column("owner", sa.String(200), nullable=False, server_default=""))
    op.add_column("chargelore_schema", sa.Column("folded", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "pack_event",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("kind", sa.String(200), nullable=False, index=True),
        sa.Column("subject", sa.String(200), nullable=False, index=True),
        sa.Column("hlc", sa.String(200), nullable=False, index=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    _statements()
    _counts()


def _statements() -> None:
    op.create_table(
        "node",
        *_stated(),
        sa.Column("kind", sa.String(20), nullable=False, index=True),
        sa.Column("label", sa.Text(), nullable=False),
    )
    op.create_table(
        "edge",
        *_stated(),
        sa.Column("src", sa.String(200), nullable=False, index=True),
        sa.Column("rel", sa.String(20), nullable=False),
        sa.Column("dst", sa.String(200), nullable=False, index=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
    )
    op.create_table(
        "alias", sa.Column("id", sa.String(200), primary_key=True), sa.Column("into", sa.Text(), nullable=False)
    )


def _stated() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("attrs", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("created", sa.String(200), nullable=False),
        sa.Column("updated", sa.String(200), nullable=False),
        sa.Column("event", sa.String(26), nullable=False),
    )


def _counts() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("topic", sa.String(26), nullable=False, index=True),
        sa.Column("hlc", sa.String(200), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "edge_stat",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("what", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("a", "b", "c")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("yes", "no")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("cases", "held")),
    )
    op.create_table(
        "code_key",
        sa.Column("node", sa.String(200), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("vendor", "model", "firmware", "channel")),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("value", sa.String(400), nullable=False, index=True),
    )


def downgrade() -> None:
    """To the one before: the log stays as it is."""
    for name in PROJECTION:
        op.drop_table(name)
    with op.batch_alter_table("chargelore_schema") as table:
        table.drop_column("folded")
        table.drop_column("owner")
