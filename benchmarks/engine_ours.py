"""The plain rules of the benchmark, written as authors write ours and read by the loader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine_stream import Pattern, Plain

from chargelore.engine.grammar.rule import CaseRule, SignalRule, rule_in
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import parse


def signal_rule(plain: Plain) -> SignalRule:
    """A plain rule as one of ours."""
    body = {
        "id": plain.id,
        "title": "T",
        "status": "stable",
        "signals": {name: _signal(each) for name, each in plain.patterns.items()},
        "when": _when(plain.when),
    }
    made = rule_in(parse(Path(f"{plain.id}.yaml"), RuleError, json.dumps(body)))
    assert isinstance(made, SignalRule)
    return made


def case_rule(name: str, symptoms: list[str]) -> CaseRule:
    """A rule that joins symptoms into one more."""
    body = {"id": name, "status": "stable", "all": symptoms, "conclude": {"symptom": f"s-{name}"}, "why": "W"}
    made = rule_in(parse(Path(f"{name}.yaml"), RuleError, json.dumps(body)))
    assert isinstance(made, CaseRule)
    return made


def _signal(pattern: Pattern) -> dict[str, Any]:
    kind, tests = pattern
    body: dict[str, Any] = {"kind": kind}
    for field, op, limit in tests:
        if op == "==":
            body[field] = limit
        else:
            body.setdefault(field, {})[op] = limit
    return body


def _when(when: tuple[Any, ...]) -> dict[str, Any]:
    if when[0] == "signal":
        return {"signal": when[1]}
    if when[0] == "sequence":
        return {"sequence": list(when[1:3]), "within": f"{when[3]}s"}
    return {"count": when[1], "at_least": when[2], "within": f"{when[3]}s"}
