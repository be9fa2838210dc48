"""A table of meter values: measurand, value and unit in columns, or lists of samples."""

from __future__ import annotations

from chargelore.engine.decode.logs.tables.form import Columns, Form
from chargelore.engine.decode.meter import FACTORS, NAMES


def _holds(columns: Columns) -> bool:
    measurands, units = columns.get("measurand", ()), columns.get("unit", ())
    known = [cell in NAMES for cell in measurands] or [cell.lower() in FACTORS for cell in units]
    return "samples" in columns or sum(known) * 2 >= max(len(known), 1)


FORM = Form(
    name="meter-table",
    needs=(
        frozenset({"time", "measurand", "value"}),
        frozenset({"time", "value", "unit"}),
        frozenset({"time", "samples"}),
    ),
    holds=_holds,
)
