"""A log in a table, as log stores export it: time, perhaps level and source, and the words."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Form

FORM = Form(name="log-table", needs=(frozenset({"time", "text"}), frozenset({"date", "clock", "text"})))
