"""What the page for rule authors shows can be written, and what can be written is on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from chargelore.engine.case import Charger
from chargelore.engine.grammar.condition import Op
from chargelore.engine.grammar.rule import SHIPPED, CaseRule, Rules, rule_in
from chargelore.engine.grammar.rulefile import CaseRuleFile, Example, RuleScope, SignalRuleFile
from chargelore.engine.grammar.rulewhen import KEYS, MAKERS
from chargelore.engine.lint import explained
from chargelore.engine.places import ModelFile, PlacesFile, StandFile, places_in
from chargelore.engine.proving.exercise import exercise
from chargelore.engine.ruleschema import places_schema, schema
from chargelore.engine.signal import KINDS
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

PAGE = (SHIPPED / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```yaml\n# (\S+)[^\n]*\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("file", "text"), SHOWN)
def test_every_rule_on_the_page_does_as_its_examples_say(file: str, text: str) -> None:
    made = rule_in(parse(Path(file), RuleError, text))
    rules = Rules(case_rules=(made,)) if isinstance(made, CaseRule) else Rules(signal_rules=(made,))
    assert [each.passed for each in exercise(rules)] == [True, True]


ROWS = re.findall(r"^\| (`[^|]+`) \| [^|]* \|(?: `([^`|]+)` \|)?$", PAGE, re.MULTILINE)
KEY_ROWS = [(key.strip("`"), example) for key, example in ROWS if example]
PLAIN = {"id": "r", "title": "T", "signals": {"failed": {"kind": "status"}}, "when": {"signal": "failed"}}
CASE = {"id": "r", "all": ["a"], "conclude": {"cause": "c"}}
SCOPE = {each.name for each in fields(RuleScope)}
EXAMPLE = {each.name for each in fields(Example)}
PARAMETER = {"default", "by"}


def _read(name: str, value: dict[str, Any]) -> None:
    rule_in(parse(Path(f"rules/signals/{name}.yaml"), RuleError, json.dumps(value)))


def _loads(example: dict[str, Any]) -> None:
    """Put what a row shows where its key belongs, and load it."""
    (key,) = example
    if key in SCOPE:
        _read("r", PLAIN | {"applies_to": example})
    elif key in PARAMETER:
        waits = {"sustained": "failed", "for": "$settle"}
        _read("r", PLAIN | {"when": waits, "parameters": {"settle": {"default": "2m"} | example}})
    elif key in EXAMPLE:
        _read("r", PLAIN | {"examples": [{"name": "x", "expect": "match", "given": []} | example]})
    elif key in ("all", "conclude", "why"):
        _read("r", CASE | example)
    elif key == "parameters":
        _read("r", PLAIN | example | {"when": {"sustained": "failed", "for": "$settle"}})
    else:
        _read(str(example.get("id", "r")), PLAIN | example)


@pytest.mark.parametrize(("key", "shown"), KEY_ROWS)
def test_what_a_row_of_the_page_shows_can_be_written(key: str, shown: str) -> None:
    example = parse(Path("shown.yaml"), RuleError, shown).value
    if "{CP-1" in shown or not {"models", "meters"}.isdisjoint(example):
        places_in(parse(Path("places.yaml"), RuleError, shown))
    else:
        _loads(example)
    assert key in shown


def _every_key() -> set[str]:
    shapes = (SignalRuleFile, CaseRuleFile, Example, RuleScope, PlacesFile, StandFile, ModelFile)
    return {each.name for shape in shapes for each in fields(shape)} | PARAMETER


@pytest.mark.parametrize("key", sorted(_every_key()))
def test_every_key_has_a_row_with_an_example(key: str) -> None:
    assert key in {key for key, _ in KEY_ROWS}


def _properties(schema: Any) -> Iterator[str]:
    """Every key that a JSON Schema knows, at any depth."""
    if isinstance(schema, dict):
        known = schema.get("properties")
        if isinstance(known, dict):
            yield from known
        for each in schema.values():
            yield from _properties(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _properties(each)


UNFENCED = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
IN_CODE = " ".join((*re.findall(r"`([^`]+)`", UNFENCED), *re.findall(r"```yaml(.*?)```", PAGE, re.DOTALL)))


@pytest.mark.parametrize("key", sorted({*_properties(schema()), *_properties(places_schema())}))
def test_every_key_that_editors_complete_is_shown_in_use(key: str) -> None:
    assert re.search(rf"""(?<![\w-])["']?{re.escape(key)}["']?: """, IN_CODE), key


OPERATORS = re.findall(r"^\| `(\{[a-z]+: [^`]*\})` \|", PAGE[PAGE.index("## Operators") :], re.MULTILINE)


@pytest.mark.parametrize("shown", [each for each in OPERATORS if not each.startswith("{at:")])
def test_every_operator_of_the_page_can_be_written(shown: str) -> None:
    text = shown.replace("[..]", "[{signal: a}, {signal: b}]").replace("{..}", "{signal: a}")
    when = parse(Path("shown.yaml"), RuleError, text).value
    signals = {"a": {"kind": "boot"}, "b": {"kind": "status"}}
    across = {"across": "feeder"} if "chargers" in when else {}
    _read("r", {"id": "r", "title": "T", "signals": signals, "when": when, **across})


def test_the_page_shows_every_operator_with_all_its_keys() -> None:
    assert {word for word in KEYS if f"{{{word}: " not in PAGE} == set()
    assert {key for keys in KEYS.values() for key in keys if f"{key}: " not in PAGE} == set()


def test_the_places_file_of_the_page_can_be_read() -> None:
    (text,) = re.findall(r"```yaml\n(chargers:.*?)```", PAGE, re.DOTALL)
    places = places_in(parse(Path("places.yaml"), RuleError, text))
    assert places.spot(Charger(id="CP-22")).feeder == "B"
    assert places.key("CP-1", "feeder") == ("depot", "A")


def test_both_kinds_of_rule_are_shown() -> None:
    assert {file.split("/")[1] for file, _ in SHOWN} == {"signals", "cases"}


@pytest.mark.parametrize(
    "word",
    [
        *KINDS,
        *MAKERS,
        *get_args(Op),
        *(each.name for shape in (SignalRuleFile, CaseRuleFile) for each in fields(shape)),
    ],
)
def test_every_key_kind_operator_and_test_is_on_the_page(word: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", PAGE), word


def test_the_checks_on_the_page_are_those_of_lint() -> None:
    rows = re.findall(r"^\| (R\d\d) \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [(code, tells.removesuffix(".")) for code, tells in explained()], "run python .ci/tables.py"
