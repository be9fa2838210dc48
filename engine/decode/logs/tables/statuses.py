"""A table of states: charger, connector, status and error of a management system's report."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Form, tells_states

_WHO = ("time", "date", "charger", "evse", "connector")

FORM = Form(
    name="status-table",
    needs=tuple(
        frozenset({told, who})
        for told in ("status", "error")
        for who in ("time", "date", "charger", "evse", "connector")
    ),
    holds=tells_states,
)
