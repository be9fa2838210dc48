"""Other rule engines behind one method, `met(event) -> [number of a pattern, …]`, each as its users would set it up."""

# ruff: noqa: PLC0415  # each engine is imported only in the process that runs it
from __future__ import annotations

import collections
import collections.abc
import ctypes
import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar, Protocol

from engine_stream import Pattern, Plain

Event = dict[str, Any]
# What an event that lacks a field has in its place, for engines that cannot do without: no test holds on it.
LACKING: Event = dict.fromkeys(("status", "vendorErrorCode", "messageId", "type", "idTag", "reason"), "") | {
    "temperature": -1e9,
    "current": -1e9,
    "power": 1e9,
}


class Peer(Protocol):
    """A rule engine with patterns in it."""

    def met(self, event: Event) -> Iterable[int]:
        """The patterns that an event meets."""


class Clips:
    """CLIPS: a fact of one template, a rule for each pattern, asserted, run and retracted."""

    def __init__(self, patterns: list[Pattern]) -> None:
        import clips

        self._environment, self._symbol, self._met = clips.Environment(), clips.Symbol, list[int]()
        self._environment.define_function(self._met.append, name="hit")
        self._environment.build(f"(deftemplate event (slot kind) {' '.join(f'(slot {each})' for each in LACKING)})")
        for number, (kind, tests) in enumerate(patterns):
            slots = " ".join(self._slot(*each) for each in _merged(tests))
            self._environment.build(f"(defrule p{number} (event (kind {kind}) {slots}) => (hit {number}))")
        self._template = self._environment.find_template("event")

    def _slot(self, field: str, tests: list[tuple[str, Any]]) -> str:
        if tests[0][0] == "==":
            return f'({field} "{tests[0][1]}")'
        asked = " ".join(f"({op} ?{field} {limit})" for op, limit in tests)
        return f"({field} ?{field}&:(and (numberp ?{field}) {asked}))"

    def met(self, event: Event) -> Iterable[int]:
        self._met.clear()
        known = {name: event[name] for name in LACKING if name in event}
        fact = self._template.assert_fact(kind=self._symbol(event["kind"]), **known)
        self._environment.run()
        fact.retract()
        return self._met


class Drools:
    """Drools by the adapter that Ansible uses: one rule for each pattern, all that match are told."""

    WORDS: ClassVar = {"==": "EqualsExpression", ">": "GreaterThanExpression", "<": "LessThanExpression"}

    def __init__(self, patterns: list[Pattern]) -> None:
        _load_java()
        os.environ.setdefault("DROOLS_JPY_JVM_LOG", "logFile=System.err,defaultLogLevel=error")
        from drools.ruleset import Ruleset

        rules = [{"Rule": {"name": str(n), "condition": _tree(each), "actions": []}} for n, each in enumerate(patterns)]
        told = {"name": "bench", "hosts": ["all"], "sources": [], "rules": rules, "match_multiple_rules": True}
        ruleset = Ruleset("bench", json.dumps(told))
        self._assert, self._session = ruleset._api.assertEvent, ruleset._session_id

    def met(self, event: Event) -> Iterable[int]:
        told = self._assert(self._session, json.dumps(event))
        return [] if told == "[]" else [int(name) for each in json.loads(told) for name in each]


def _load_java() -> None:
    java = shutil.which("java")
    if java is None:
        raise ImportError("there is no java")
    library = Path(os.path.realpath(java)).parent.parent / "lib/server/libjvm.so"
    ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)


def _tree(pattern: Pattern) -> dict[str, Any]:
    kind, tests = pattern
    leaves = [_leaf(*each) for each in (("kind", "==", kind), *tests)]
    tree = leaves[0]
    for leaf in leaves[1:]:
        tree = {"AndExpression": {"lhs": tree, "rhs": leaf}}
    return {"AllCondition": [tree]}


def _leaf(field: str, op: str, limit: Any) -> dict[str, Any]:
    value = {"String": limit} if isinstance(limit, str) else {"Float": float(limit)}
    return {Drools.WORDS[op]: {"lhs": {"Event": field}, "rhs": value}}


class Zen:
    """zen-engine: one decision table that collects every line that fits."""

    def __init__(self, patterns: list[Pattern]) -> None:
        import zen

        fields = ("kind", *LACKING)
        inputs = [{"id": f"i{place}", "name": name, "field": name} for place, name in enumerate(fields)]
        rules = [self._line(number, each, fields) for number, each in enumerate(patterns)]
        table = {
            "hitPolicy": "collect",
            "inputs": inputs,
            "outputs": [{"id": "o", "name": "p", "field": "p"}],
            "rules": rules,
        }
        nodes = [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
            {"id": "out", "name": "out", "type": "outputNode"},
        ]
        edges = [
            {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ]
        self._decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def _line(self, number: int, pattern: Pattern, fields: tuple[str, ...]) -> dict[str, str]:
        kind, tests = pattern
        asked = dict(_merged(tests)) | {"kind": [("==", kind)]}
        line = {f"i{place}": self._cell(asked.get(name, [])) for place, name in enumerate(fields)}
        return {"_id": str(number), "o": str(number), **line}

    def _cell(self, tests: list[tuple[str, Any]]) -> str:
        return " and ".join(f'"{limit}"' if op == "==" else f"$ {op} {limit}" for op, limit in tests)

    def met(self, event: Event) -> Iterable[int]:
        result = self._decision.evaluate(LACKING | event)["result"]
        return [int(each["p"]) for each in result or []]


class RuleEngine:
    """rule-engine: one compiled expression for each pattern."""

    def __init__(self, patterns: list[Pattern]) -> None:
        import rule_engine

        self._rules = [rule_engine.Rule(_said(each)) for each in patterns]

    def met(self, event: Event) -> Iterable[int]:
        full = LACKING | event
        return [number for number, rule in enumerate(self._rules) if rule.matches(full)]


def _said(pattern: Pattern) -> str:
    kind, tests = pattern
    return " and ".join(f"{field} {op} {limit!r}" for field, op, limit in (("kind", "==", kind), *tests))


class Experta:
    """experta: a rule for each pattern over one kind of fact."""

    def __init__(self, patterns: list[Pattern]) -> None:
        for name in ("Mapping", "MutableMapping", "Iterable", "Sequence", "Callable"):  # it was written for Python 3.9
            setattr(collections, name, getattr(collections.abc, name))
        import experta

        self._met: list[int] = []
        rules = {f"p{n}": experta.Rule(self._fact(experta, each))(self._hit(n)) for n, each in enumerate(patterns)}
        self._fact_class = experta.Fact
        self._engine = type("Bench", (experta.KnowledgeEngine,), rules)()
        self._engine.reset()

    def _hit(self, number: int) -> Callable[[Any], None]:
        def hit(_engine: Any) -> None:
            self._met.append(number)

        return hit

    def _fact(self, experta: Any, pattern: Pattern) -> Any:
        kind, tests = pattern
        asked: dict[str, Any] = {"kind": kind}
        for field, each in _merged(tests):
            asked[field] = each[0][1] if each[0][0] == "==" else experta.P(_between(each))
        return experta.Fact(**asked)

    def met(self, event: Event) -> Iterable[int]:
        self._met.clear()
        fact = self._engine.declare(self._fact_class(**event))
        self._engine.run()
        self._engine.retract(fact)
        return self._met


def _between(tests: list[tuple[str, Any]]) -> Callable[[Any], bool]:
    return lambda value: all(value > limit if op == ">" else value < limit for op, limit in tests)


def _merged(tests: Iterable[tuple[str, str, Any]]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The tests of a pattern by their fields."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for field, op, limit in tests:
        found.setdefault(field, []).append((op, limit))
    return list(found.items())


class Durable:
    """durable-rules as its manual has it: every event posted, a state for each charger; it orders and counts itself."""

    WORDS: ClassVar = {">": "$gt", "<": "$lt"}

    def __init__(self, rules: tuple[Plain, ...]) -> None:
        import durable_rules_engine as library

        self._library, self._count = library, 0
        self._handle = library.create_ruleset("bench", json.dumps({each.id: self._definition(each) for each in rules}))

    def _definition(self, rule: Plain) -> dict[str, Any]:
        asked = [{f"m{n}": {"$and": self._tests(each)}} for n, each in enumerate(rule.patterns.values())]
        return {"all": asked, **({"count": rule.when[2]} if rule.when[0] == "count" else {})}

    def _tests(self, pattern: Pattern) -> list[dict[str, Any]]:
        kind, tests = pattern
        asked = [{f: v} if op == "==" else {self.WORDS[op]: {f: v}} for f, op, v in tests]
        return [{"kind": kind}, *asked]

    def fired(self, charger: str, event: Event) -> list[str]:
        """The rules that an event completes."""
        self._count += 1
        message = json.dumps({"id": f"e{self._count}", "sid": charger, **event})
        status, state = self._library.assert_event(self._handle, message)
        started = None if status == 1 else self._library.start_action_for_state(self._handle, state)
        action, found = started[1] if started else None, []
        while action:
            found += list(json.loads(action))
            action = self._library.complete_and_start_action(self._handle, state)
        return found


PEERS: dict[str, Callable[[list[Pattern]], Peer]] = {
    "CLIPS (clipspy)": Clips,
    "Drools (drools-jpy)": Drools,
    "zen-engine": Zen,
    "rule-engine": RuleEngine,
    "experta": Experta,
}
