"""A table of chargers: which there are, of which maker, model and firmware."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Form

FORM = Form(
    name="charger-table", needs=(frozenset({"charger", "maker", "model"}), frozenset({"charger", "model", "firmware"}))
)
