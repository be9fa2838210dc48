"""A table of OCPP messages, as web pages of management systems show them: whole frames, or their parts in columns."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Columns, Form
from chargelore.engine.decode.scan import START


def _holds(columns: Columns) -> bool:
    bodies, words = columns.get("frame", ()), columns.get("text", ())
    if any(map(START.search, bodies)) or sum(START.search(each) is not None for each in words) * 2 > len(words):
        return True
    return "action" in columns and any(body.startswith("{") for body in bodies)


FORM = Form(name="message-table", needs=(frozenset({"frame"}), frozenset({"text"})), holds=_holds)
