"""CSV: one file a table, with a `datapackage.json` that says what each column holds; no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from chargelore.kb.export.rows import Row
from chargelore.kb.export.tables import SAYS, TABLES, Table, kind
from chargelore.kb.export.text import harmless
from chargelore.kb.export.view import View

TYPES: Mapping[str, str] = {"text": "string", "integer": "integer", "boolean": "boolean", "list": "string"}
BETWEEN = "|"


def render(shown: View) -> dict[str, bytes]:
    """Every table as CSV in UTF-8, and the description of all."""
    files = {f"{table.name}.csv": _csv(table, shown) for table in TABLES}
    return files | {"datapackage.json": as_json(_package(shown))}


def as_json(value: object) -> bytes:
    """JSON for a person to read: sorted keys, two blanks, a line break at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _csv(table: Table, shown: View) -> bytes:
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(table.columns)
    lines.writerows(_cells(table, row) for row in table.rows(shown))
    return out.getvalue().encode()


def _cells(table: Table, row: Row) -> list[str]:
    return [cell(row[column]) for column in table.columns]


def cell(value: object) -> str:
    """A value in a cell: members of a list joined with `|`, and nothing that a spreadsheet would run."""
    if isinstance(value, list):
        return harmless(BETWEEN.join(str(each).replace(BETWEEN, "/") for each in value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else harmless(str(value))


def _package(shown: View) -> dict[str, Any]:
    return {
        "name": "chargelore",
        "title": "What is known about the faults of EV chargers",
        "version": shown.version,
        "profile": "tabular-data-package",
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: Table) -> dict[str, Any]:
    schema = {"fields": [_field(column) for column in table.columns], "primaryKey": list(table.key)}
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "description": table.says,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": schema,
    }


def _field(column: str) -> dict[str, str]:
    field = {"name": column, "type": TYPES[kind(column)]}
    says = SAYS.get(column, "")
    if kind(column) == "list":
        says = f"{says}; several are joined with {BETWEEN}".lstrip("; ")
    return field | ({"description": says} if says else {})
