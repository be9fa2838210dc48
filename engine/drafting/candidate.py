"""Candidate: a rule that might separate, how simple it is, and the sentence that it makes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from math import log10
from pathlib import Path
from typing import Any

from chargelore.engine.drafting.atom import HEADS, Atom
from chargelore.engine.drafting.rounding import plain_number
from chargelore.engine.grammar.rule import SignalRule, rule_in
from chargelore.engine.units import spelt, unit_of
from chargelore.kb.yamlfile import Document

Body = Mapping[str, Any]
# How much a signal of a kind says by itself of what is wrong; a canonical fault says most.
KIND_COST: Mapping[str, float] = {
    "fault": 0.0, "code": 1.0, "status": 1.0, "security": 1.0, "unanswered": 1.0, "event": 1.0, "meter": 1.0,
    "stop": 1.0, "answer": 1.2, "disconnected": 1.2, "reading": 1.2, "firmware-status": 1.5, "log": 1.5, "orphan": 2.5,
    "diagnostics-status": 1.5, "unreadable": 2.0, "observation": 2.5,
}  # fmt: skip
OTHER_KIND, EACH_TEST, OF_TEXT, OF_NUMBER = 2.0, 0.5, 0.5, 1.0
VAGUE = frozenset({"unspecified-fault", "OtherError", "InternalError", "Faulted"})
OF_VAGUE = 2.0
TROUBLE = re.compile(
    r"reject|fail|fault|error|^not|denied|time.?out|abort|over|under|lost|invalid|unavail|emergency|high|low|weak|stop",
    re.IGNORECASE,
)
TELLING = frozenset({"fault", "code", "security", "unanswered"})  # that they come at all tells something
ALARMING = frozenset({"fault", "unanswered", "disconnected"})
SUCCESS = frozenset({"accepted", "available", "success", "completed", "installed", "idle", "normal"})
OF_TROUBLE, OF_TOPIC, OF_SUCCESS = 0.7, 1.5, 1.0
OF_KIND_ALONE, OF_ROUTINE, OF_TURNED = 1.0, 1.5, 0.3  # turned: trouble first, daily business after it
OPERATOR_COST = {"signal": 0.0, "count": 1.5, "sustained": 1.5, "sequence": 2.0, "absent": 2.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`signals` and `when` as a rule writes them; the lower the cost, the simpler and the more telling it is."""

    signals: Body
    when: Body
    cost: float
    says: str
    vendor: str = ""

    @property
    def key(self) -> str:
        """What it says, whatever its cost."""
        return json.dumps([self.signals, self.when, self.vendor], sort_keys=True, default=str)

    def body(self, name: str) -> dict[str, Any]:
        """The keys of its rule that are known so far."""
        scope = {"applies_to": {"vendor": self.vendor}} if self.vendor else {}
        made = {"id": name, "title": self.says, "status": "draft"}
        return {**made, **scope, "signals": dict(self.signals), "when": dict(self.when)}

    def rule(self, name: str = "draft") -> SignalRule:
        """Its rule. RuleError where the language cannot say it."""
        made = rule_in(Document(Path(f"{name}.yaml"), self.body(name), {}))
        assert isinstance(made, SignalRule)  # noqa: S101  # there is no `all` at the top
        return made


def one(atom: Atom) -> Candidate:
    """The atom is seen."""
    return Candidate(
        signals={"seen": atom.body()}, when={"signal": "seen"}, cost=cost(atom), says=said(atom), vendor=atom.vendor
    )


def counted(atom: Atom, at_least: int, within: timedelta) -> Candidate:
    """The atom is seen so often within a span."""
    when = {"count": "seen", "at_least": at_least, "within": spelt(within)}
    says = f"{said(atom)}, {at_least} times within {spelt(within)}"
    made = _made({"seen": atom}, when, says)
    return replace(made, cost=made.cost + _of_span(within))


def in_order(first: Atom, then: Atom, within: timedelta) -> Candidate:
    """The one, then the other."""
    when = {"sequence": ["first", "then"], "within": spelt(within)}
    made = _made({"first": first, "then": then}, when, f"{said(first)}, then {said(then)} within {spelt(within)}")
    is_turned = _is_trouble(first) and not _is_trouble(then)
    return replace(made, cost=made.cost + _of_span(within) + OF_TURNED * is_turned)


def lasting(atom: Atom, span: timedelta) -> Candidate:
    """The atom goes on holding."""
    when = {"sustained": "held", "for": spelt(span)}
    return _made({"held": atom}, when, f"{said(atom)} for {spelt(span)}")


def missing(atom: Atom, after: Atom, span: timedelta) -> Candidate:
    """After one the other stays away."""
    when = {"absent": "missing", "after": "begun", "for": spelt(span)}
    says = f"{said(after)}, and no {said(atom)} for {spelt(span)}"
    return _made({"begun": after, "missing": atom}, when, says)


def _of_span(span: timedelta) -> float:
    """What follows soon has more to do with it."""
    return log10(max(1.0, span.total_seconds())) / 10


def _made(atoms: Mapping[str, Atom], when: Body, says: str) -> Candidate:
    return Candidate(
        signals={name: atom.body() for name, atom in atoms.items()},
        when=when,
        cost=sum(map(cost, atoms.values())) + OPERATOR_COST[next(iter(when))] + _of_routine(atoms, when),
        says=says,
        vendor=next((atom.vendor for atom in atoms.values() if atom.vendor), ""),
    )


def _of_routine(atoms: Mapping[str, Atom], when: Body) -> float:
    """Nothing but daily business, in some order or number, separates by chance; what stays away or stands does not."""
    told = any(
        _is_trouble(atom) or any(op in ("<", ">", "contains") for _, op, _ in atom.tests) for atom in atoms.values()
    )
    return 0.0 if told or "absent" in when or "sustained" in when else OF_ROUTINE


def cost(atom: Atom) -> float:
    """How far an atom is from a plain fault."""
    texts = sum(op == "contains" for _, op, _ in atom.tests)
    numbers = sum(op in ("<", ">") for _, op, _ in atom.tests)
    vague = sum(value in VAGUE for _, _, value in atom.tests)
    of_tests = len(atom.tests) * EACH_TEST + texts * OF_TEXT + numbers * OF_NUMBER + vague * OF_VAGUE
    return KIND_COST.get(atom.kind, OTHER_KIND) + of_tests + _of_phrase(atom) + _of_meaning(atom)


def _of_meaning(atom: Atom) -> float:
    """A word of trouble means more than any other, and that something was spoken of at all means least."""
    if _is_trouble(atom):
        return -OF_TROUBLE
    if not atom.tests:
        return OF_KIND_ALONE
    if any(str(value).casefold() in SUCCESS for _, _, value in atom.tests):
        return OF_SUCCESS
    is_topic = atom.kind in HEADS and atom.kind not in TELLING and len(atom.tests) == len(HEADS[atom.kind])
    return OF_TOPIC if is_topic else 0.0


def _is_trouble(atom: Atom) -> bool:
    if atom.kind in ALARMING:
        return True
    told = (value for field, op, value in atom.tests if op == "==" and field != "action" and isinstance(value, str))
    return any(TROUBLE.search(value) for value in told)


def _of_phrase(atom: Atom) -> float:
    """Two words say best what is meant: one is met by chance, three are worded differently the next time."""
    sizes = [len(str(value).split()) for _, op, value in atom.tests if op == "contains"]
    return sum({1: 0.4, 2: 0.0}.get(size, 0.2) for size in sizes)


def said(atom: Atom) -> str:
    """The atom in a few words: `fault ground-fault-trip`, `meter with temperature > 70 C`."""
    if atom.kind in ("fault", "code") and atom.tests:
        return f"{atom.kind} {' '.join(str(value) for _, _, value in atom.tests)}"
    if [field for field, _, _ in atom.tests] == [atom.kind]:
        return f"{atom.kind} {atom.tests[0][2]}"
    tests = ", ".join(_told(field, op, limit) for field, op, limit in atom.tests)
    return f"{atom.kind} with {tests}" if tests else atom.kind


def _told(field: str, op: str, limit: object) -> str:
    if isinstance(limit, tuple):
        return f"{field} {op} {plain_number(limit[1])} x {limit[0]}"
    if isinstance(limit, str) and op == "==":
        return f"{field} {limit}"
    shown = f"{plain_number(limit)} {unit_of(field)}".strip() if isinstance(limit, float) else str(limit)
    return f"{field} {'is' if op == '==' else op} {shown}"
