"""Exercise: every example of every rule, run through the same network and inference as live signals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chargelore.engine.condition import Condition, OtherField, Pattern
from chargelore.engine.infer import Chain, Inference
from chargelore.engine.infer.fact import Fact
from chargelore.engine.network import EPOCH, START, Network, compile_rules, identified
from chargelore.engine.rule import CaseRule, Rules, SignalRule
from chargelore.engine.rulefile import Example
from chargelore.engine.signal import KINDS, Scalar, Signal
from chargelore.engine.units import quantity, span, unit_of
from chargelore.kb.errors import RuleError
from chargelore.kb.model import EvidenceId, Layer
from chargelore.kb.version import in_range

ALL_STATES = frozenset({"draft", "shadow", "stable", "deprecated"})
SPOKEN: Mapping[str, Layer] = {"observation": "field", "log": "firmware", "reading": "modbus"}
FACT = "write a symptom, or `{symptom: name, connector: 1}`"
NUDGE = 1.0  # how far beyond a limit an example goes that names no value


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One example of one rule: what it expects and what happened."""

    rule: str
    place: str
    example: str
    expected: bool
    fired: bool

    @property
    def passed(self) -> bool:
        """Whether the rule did what its example says."""
        return self.expected == self.fired


def exercise(rules: Rules, *engines: Inference) -> Iterator[Outcome]:
    """The outcome of every example. Each signal rule runs alone, so that no other rule can help it.

    Case rules run in the plain chainer and in the engines given; an example passes only where all of them agree.
    """
    for rule in rules.signal_rules:
        network = compile_rules(Rules(signal_rules=(rule,)), ALL_STATES)
        yield from (_outcome(rule, example, _fires(network, rule, example)) for example in rule.examples)
    asked = (Chain(rules.case_rules), *engines)
    for case_rule in rules.case_rules:
        yield from (_outcome(case_rule, each, _concludes(asked, case_rule, each)) for each in case_rule.examples)


def _outcome(rule: SignalRule | CaseRule, example: Example, fired: bool) -> Outcome:  # the result itself
    return Outcome(
        rule=rule.id, place=rule.place, example=example.name, expected=example.expect == "match", fired=fired
    )


def _concludes(engines: Sequence[Inference], rule: CaseRule, example: Example) -> bool:
    """Whether the rule holds; where engines differ, the opposite of what the example expects."""
    facts = [_fact(rule, each) for each in example.given]
    held = {any(conclusion.rule == rule.id for conclusion in engine.conclude(facts)) for engine in engines}
    return held.pop() if len(held) == 1 else example.expect != "match"


def _fact(rule: CaseRule, given: Any) -> Fact:
    if isinstance(given, str):
        return Fact(EvidenceId(given))
    if not isinstance(given, dict) or set(given) - {"connector"} != {"symptom"}:
        raise RuleError("an example's fact is no symptom", where=rule.place, mend=FACT)
    try:
        return Fact(given["symptom"], given.get("connector"))
    except RuleError as error:
        raise RuleError(f"an example: {error.what}", where=rule.place, mend=FACT) from error


def _fires(network: Network, rule: SignalRule, example: Example) -> bool:
    scope = rule.applies_to
    vendor, model = (each.replace("*", "x") for each in (scope.vendor, scope.model))
    state = identified(START, vendor, model, _some_version(scope.firmware))
    signals = given(rule, example)
    fired = False
    for signal in signals:
        state, firings = network.step(state, signal)
        fired = fired or bool(firings)
    _, late = network.close(state, max((signal.at for signal in signals if signal.at), default=EPOCH))
    return fired or bool(late)


def _some_version(bounds: str) -> str:
    """A firmware inside the range: one that it names, one just above, or the lowest of all."""
    named = re.findall(r"[\w.+-]*\d[\w.+-]*", bounds)
    tries = (*named, *(f"{each}.0.1" for each in named), "0.0.1")
    return next((each for each in tries if in_range(bounds, each)), "") if named else ""


def given(rule: SignalRule, example: Example) -> list[Signal]:
    """The signals of an example. RuleError where one cannot be read."""
    return [_signal(rule, item) for item in example.given]


def _signal(rule: SignalRule, item: Any) -> Signal:
    if not isinstance(item, dict) or (at := span(item.get("at", "0s"))) is None:
        raise RuleError("an example's signal has no time", where=rule.place, mend="write `{at: 12s, name: {}}`")
    names = [name for name in item if name != "at"]
    if len(names) != 1 or not isinstance(item[names[0]], dict):
        raise RuleError(
            "an example's signal names no signal", where=rule.place, mend="write `{at: 12s, name: {field: value}}`"
        )
    fields = item[names[0]]
    if names[0] == "signal" and "signal" not in rule.patterns:
        return _made(str(fields.get("kind")), fields, at, rule)
    pattern = rule.patterns.get(names[0])
    if pattern is None:
        raise RuleError(
            f"{names[0]} is not among the signals", where=rule.place, mend=f"use {', '.join(rule.patterns)}"
        )
    return _made(str(fields.get("kind", pattern.kinds[0])), {**_implied(pattern, fields), **fields}, at, rule)


def _made(kind: str, fields: Mapping[str, Any], at: timedelta, rule: SignalRule) -> Signal:
    if kind not in KINDS:
        raise RuleError(f"{kind} is no kind of signal", where=rule.place, mend="see engine/signal.py for the kinds")
    rest = {name: _value(name, value) for name, value in fields.items() if name not in ("kind", "connector", "layer")}
    connector = fields.get("connector")
    if any(isinstance(value, dict | list) for value in rest.values()) or not isinstance(connector, int | None):
        raise RuleError("an example's field holds no value", where=rule.place, mend="write `{field: value}`")
    when: datetime = EPOCH + at
    return Signal(
        layer=fields.get("layer") or SPOKEN.get(kind, "ocpp"),
        kind=kind,
        charger="example",
        connector=connector,
        at=when,
        fields=rest,
        raw=str(rest.get("text", "")),
    )


def _value(field: str, value: Any) -> Scalar:
    """A value as a signal would carry it: `32 A` as 32.0."""
    if not isinstance(value, str) or not unit_of(field):
        return value  # type: ignore[no-any-return]  # YAML scalars are the scalars of a signal
    found = quantity(value)
    return found[0] if found is not None else value


def _implied(pattern: Pattern, said: Mapping[str, Any]) -> dict[str, Scalar]:
    """Values that meet the pattern's conditions where an example does not name its own."""
    fields: dict[str, Scalar] = {}
    for condition in pattern.conditions:
        if condition.field not in said:
            fields.update(_meeting(condition, {**fields, **said}))
    return fields


def _meeting(condition: Condition, known: Mapping[str, Any]) -> dict[str, Scalar]:
    limit = condition.limit
    if condition.op == "present":
        return {condition.field: "x"} if limit else {}
    if isinstance(limit, tuple):
        return {condition.field: limit[0]}
    if condition.op in ("<", "<=", ">", ">="):
        return _beyond(condition, known)
    if condition.op in ("!=", "matches"):
        return {} if condition.op == "matches" else {condition.field: f"not {limit}"}
    return {condition.field: limit if not isinstance(limit, OtherField) else known.get(limit.field)}


def _beyond(condition: Condition, known: Mapping[str, Any]) -> dict[str, Scalar]:
    limit, more = condition.limit, {}
    if isinstance(limit, OtherField):
        other = float(_value(limit.field, known.get(limit.field, 10.0)) or 0)
        more, limit = {limit.field: other}, other * limit.times
    step = NUDGE if condition.op.startswith(">") else -NUDGE
    return {**more, condition.field: float(limit) + step}  # type: ignore[arg-type]  # an ordered limit is a number
