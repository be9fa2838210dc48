"""Env: run by Alembic for each command; works on the connection that the program gave it."""

from __future__ import annotations

from alembic import context

from chargelore.kb.tables import METADATA, REVISION

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=REVISION.name,
    render_as_batch=True,  # SQLite changes a column by making the table anew
    compare_type=True,
    user_module_prefix="sqlmodel.sql.sqltypes.",
)
with context.begin_transaction():
    context.run_migrations()
