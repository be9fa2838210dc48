"""JSON: all tables in one file with its JSON Schema, and the look-up file that a management system loads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chargelore.kb.codebook import codebook
from chargelore.kb.export.csvs import as_json
from chargelore.kb.export.rows import Row
from chargelore.kb.export.tables import SAYS, TABLES, Table, kind
from chargelore.kb.export.view import View

TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
}
NAME, SCHEMA, LOOKUP = "chargelore.json", "chargelore.schema.json", "lookup.json"


def render(shown: View) -> dict[str, bytes]:
    """The knowledge, the schema that it keeps to, and the look-up."""
    head = {"$schema": SCHEMA, "version": shown.version, "audience": f"TLP:{shown.audience}"}
    lines = [f'"{key}": {_line(value)}' for key, value in head.items()]
    lines += [f'"{table.name}": {_rows(table, shown)}' for table in TABLES]
    return {NAME: ("{\n" + ",\n".join(lines) + "\n}\n").encode(), SCHEMA: as_json(schema()), LOOKUP: _lookup(shown)}


def _lookup(shown: View) -> bytes:
    """The whole look-up of codes, to be loaded as it is."""
    return (_line(codebook(shown.knowledge)) + "\n").encode()


def _rows(table: Table, shown: View) -> str:
    """A line for each row, so that two releases can be compared by eye."""
    lines = [_line({column: row[column] for column in table.columns}) for row in table.rows(shown)]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def _line(value: Row | object) -> str:
    return json.dumps(value, ensure_ascii=False)


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    tables = {table.name: _array(table) for table in TABLES}
    head = {"$schema": {"type": "string"}, "version": {"type": "string"}, "audience": {"type": "string"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Chargelore: what is known about the faults of EV chargers",
        "type": "object",
        "properties": head | tables,
        "required": sorted(head | tables),
        "additionalProperties": False,
    }


def _array(table: Table) -> dict[str, Any]:
    properties = {column: _property(column) for column in table.columns}
    item = {"type": "object", "properties": properties, "required": list(table.columns), "additionalProperties": False}
    return {"description": table.says, "type": "array", "items": item}


def _property(column: str) -> dict[str, Any]:
    said = {"description": SAYS[column]} if column in SAYS else {}
    return dict(TYPES[kind(column)]) | said
