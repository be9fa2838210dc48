"""Rule schema: the JSON Schema of a rule's file, made of the same tables that read it, so that editors can help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from chargelore.engine.grammar.parameter import MOST_PARAMETERS
from chargelore.engine.grammar.rulefile import GROUPS, PLUGS, CaseRuleFile, SignalRuleFile
from chargelore.engine.grammar.ruleparts import MOST_SIGNALS, OPS
from chargelore.engine.grammar.rulewhen import EVERY, KEYS, MOST_COUNTED, MOST_PARTS, OPTIONAL, Shape
from chargelore.engine.places import PlacesFile
from chargelore.engine.signal import KINDS

Schema = dict[str, Any]
REFERENCE = r"^\$[\w-]+$"  # to a parameter
VALUE: Schema = {"type": ["string", "number", "boolean"]}
SHAPES: Mapping[Shape, Schema] = {
    "name": {"type": "string", "description": "the name of a signal of this rule"},
    "names": {"type": "array", "items": {"type": "string"}, "minItems": 2},
    "field": {"type": "string", "pattern": r"^[^.]+\..+$", "description": "signal.field, such as boot.firmware"},
    "span": {
        "type": "string",
        "pattern": rf"^\d+(\.\d+)?\s*(ms|s|sec|m|min|h|d)$|^0$|{REFERENCE}",
        "examples": ["30s", "10m", "2h", "$settle"],
    },
    "whole": {
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_COUNTED}, {"type": "string", "pattern": REFERENCE}]
    },
    "many": {
        "anyOf": [
            {"type": "integer", "minimum": 2, "maximum": MOST_COUNTED},
            {"enum": [EVERY]},
            {"type": "string", "pattern": REFERENCE},
        ],
        "description": "so many different chargers; `all`: every one that the places file names there",
    },
    "parts": {"type": "array", "items": {"$ref": "#/$defs/when"}, "minItems": 2, "maxItems": MOST_PARTS},
    "part": {"$ref": "#/$defs/when"},
    "same": {"enum": ["connector", "charger"]},
}


def schema() -> Schema:
    """The JSON Schema (2020-12) of a signal rule or a case rule."""
    signal, case = _of(SignalRuleFile), _of(CaseRuleFile)
    defs = {**signal.pop("$defs", {}), **case.pop("$defs", {}), "when": _when(), "signal": _signal(), "test": _test()}
    defs["RuleScope"]["properties"] |= {"connector": _connector()}
    defs["Introduced"]["properties"] |= {"connectors": _connectors()}
    defs["parameter"] = _parameter(defs["RuleScope"])
    many = {"type": "object", "additionalProperties": {"$ref": "#/$defs/parameter"}, "maxProperties": MOST_PARAMETERS}
    signal["properties"] |= {"signals": _signals(), "when": {"$ref": "#/$defs/when"}, "parameters": many}
    case["properties"]["all"] = _needs()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Chargelore rule",
        "if": {"required": ["all"]},
        "then": {"$ref": "#/$defs/case-rule"},
        "else": {"$ref": "#/$defs/signal-rule"},
        "$defs": defs | {"signal-rule": signal, "case-rule": case},
    }


def _of(shape: type) -> Schema:
    return TypeAdapter(shape).json_schema(ref_template="#/$defs/{model}")


def _connector() -> Schema:
    word: Schema = {"enum": [*GROUPS, *PLUGS]}
    return {"anyOf": [word, {"type": "array", "items": word}]}


def _connectors() -> Schema:
    """The type of each connector by its number, or one for all."""
    word: Schema = {"enum": [*PLUGS]}
    return {"anyOf": [word, {"type": "object", "additionalProperties": word}]}


def _parameter(scope: Schema) -> Schema:
    value: Schema = {"type": ["string", "number"]}
    one = {**scope, "properties": {**scope["properties"], "value": value}, "required": ["value"]}
    return {
        "type": "object",
        "properties": {"default": value, "by": {"type": "array", "items": one}},
        "required": ["default"],
        "additionalProperties": False,
    }


def places_schema() -> Schema:
    """The JSON Schema (2020-12) of a places file."""
    made = _of(PlacesFile)
    for shape in ("StandFile", "ModelFile"):
        made["$defs"][shape]["properties"] |= {"connectors": _connectors()}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Chargelore places", **made}


def _signals() -> Schema:
    one = {"$ref": "#/$defs/signal"}
    return {"type": "object", "additionalProperties": one, "minProperties": 1, "maxProperties": MOST_SIGNALS}


def _signal() -> Schema:
    """A kind, and any fields with their tests."""
    kind: Schema = {"anyOf": [{"enum": [*KINDS]}, {"type": "array", "items": {"enum": [*KINDS]}}]}
    kind["description"] = "; ".join(f"{word}: {says}" for word, says in KINDS.items())
    fields = {"$ref": "#/$defs/test"}
    return {"type": "object", "properties": {"kind": kind}, "required": ["kind"], "additionalProperties": fields}


def _test() -> Schema:
    """A value, a list of values, or tests by their operator."""
    other = {"type": "object", "properties": {"field": {"type": "string"}, "times": {"type": "number"}}}
    limit = {"anyOf": [VALUE, {"type": "array", "items": VALUE}, other]}
    tests = {"type": "object", "properties": dict.fromkeys(sorted(OPS), limit), "additionalProperties": False}
    return {"anyOf": [VALUE, {"type": "array", "items": VALUE}, tests]}


def _when() -> Schema:
    return {"oneOf": [_operator(word, keys) for word, keys in KEYS.items()]}


def _operator(word: str, keys: Mapping[str, Shape]) -> Schema:
    return {
        "type": "object",
        "properties": {key: SHAPES[shape] for key, shape in keys.items()},
        "required": [key for key in keys if (word, key) not in OPTIONAL],
        "additionalProperties": False,
    }


def _needs() -> Schema:
    symptom = {"type": "string", "description": "an evidence id, or the symptom of another case rule"}
    joined = {"properties": {"symptom": symptom, "same": {"const": "connector"}}, "required": ["symptom"]}
    need = {"anyOf": [symptom, {"type": "object", "additionalProperties": False, **joined}]}
    return {"type": "array", "items": need, "minItems": 1, "maxItems": 8}
