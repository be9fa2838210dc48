"""The JSON Schema that editors use says yes to what ships, and no where loading says no."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chargelore.engine.grammar.rule import SHIPPED
from chargelore.engine.ruleschema import schema
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse

GOOD: dict[str, Any] = {
    "id": "r", "title": "T", "signals": {"a": {"kind": "status", "status": "Faulted"}}, "when": {"signal": "a"},
}  # fmt: skip


@pytest.fixture(scope="module")
def editor() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def test_every_shipped_rule_is_valid_for_an_editor(editor: Draft202012Validator) -> None:
    complaints = {
        file.name: error.message
        for file in SHIPPED.rglob("*.yaml")
        for error in editor.iter_errors(parse(file, RuleError).value)
    }
    assert complaints == {}


@pytest.mark.parametrize(
    "slip",
    [
        {"colour": "red"},
        {"status": "nearly"},
        {"signals": {}},
        {"signals": {"a": {"status": "Faulted"}}},
        {"signals": {"a": {"kind": "smell"}}},
        {"signals": {"a": {"kind": "meter", "current": {"~": 3}}}},
        {"when": {"count": "a", "at_least": 0, "within": "1m"}},
        {"when": {"count": "a", "within": "1m"}},
        {"when": {"sustained": "a", "for": "a while"}},
        {"when": {"signal": "a", "within": "1m"}},
    ],
)
def test_what_loading_refuses_an_editor_underlines(editor: Draft202012Validator, slip: dict[str, Any]) -> None:
    assert editor.is_valid(GOOD)
    assert not editor.is_valid(GOOD | slip)


def test_the_page_for_authors_names_every_operator() -> None:
    page = (Path(SHIPPED) / "README.md").read_text(encoding="utf-8")
    assert all(f"{{{word}: " in page for word in ("signal", "sequence", "count", "rate", "sustained", "absent", "all"))
