"""A table of charging sessions: when each began and ended, on which charger, and why it stopped."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Form

FORM = Form(
    name="session-table",
    needs=tuple(
        frozenset({"started", "stopped", told})
        for told in ("reason", "transaction", "charger", "evse", "meterstart", "meterstop")
    ),
)
