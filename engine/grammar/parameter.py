"""Parameter: a span, count or limit of a rule that goes by the model of the charger; `$name` stands for it.

`settle: {default: 30s, by: [{vendor: X, model: "Y*", value: 90s}]}`. A reference is put in before the rule is read, so
that a value is checked like one that stands there itself; nothing is calculated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from math import prod
from typing import Any

from chargelore.engine.grammar.rulefile import ANYWHERE, RuleScope, check_scope
from chargelore.engine.units import quantity
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import Document, Trail, checked

MOST_PARAMETERS = 8
MOST_BINDINGS = 32  # combinations of values that one rule may have
SIGN = "$"
CLOSE = 0.75  # a reference so like a parameter is a slip, and no field of a signal

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Choice:
    """The value for the chargers of a scope."""

    scope: RuleScope
    value: Value


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value of a rule: one for all chargers, and others for some."""

    name: str
    default: Value
    by: tuple[Choice, ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """The default, then the value of each choice."""
        return (self.default, *(each.value for each in self.by))


Chosen = tuple[int, ...]  # for each parameter the place of its value; 0 is the default


def parameters(written: Mapping[str, Any], document: Document) -> tuple[Parameter, ...]:
    """The parameters of a rule. RuleError for what is no value, has another unit than the default, or stands twice."""
    trail: Trail = ("parameters",)
    if len(written) > MOST_PARAMETERS:
        what = f"has {len(written)} parameters"
        raise RuleError(what, where=document.place(trail), mend=f"keep it to {MOST_PARAMETERS}")
    found = tuple(_parameter(name, body, document, (*trail, name)) for name, body in written.items())
    if prod(len(each.values) for each in found) > MOST_BINDINGS:
        what = f"its parameters have more than {MOST_BINDINGS} combinations of values"
        raise RuleError(what, where=document.place(trail), mend="name fewer values, or split the rule")
    return found


def _parameter(name: str, body: Any, document: Document, trail: Trail) -> Parameter:
    if not str(name).replace("_", "").replace("-", "").isalnum():
        raise RuleError(
            f"`{name}` is no name", where=document.place(trail), mend="write one plain word, such as settle"
        )
    if not isinstance(body, dict) or "default" not in body:
        mend = 'write `{default: 30s, by: [{vendor: X, model: "Y*", value: 90s}]}`'
        raise RuleError(f"`{name}` has no default", where=document.place(trail), mend=mend)
    for key in body:
        if key not in ("default", "by"):
            raise RuleError(f"`{key}` does not belong here", where=document.place((*trail, key)),
                            mend="the keys are default, by")  # fmt: skip
    default = _value(body["default"], document, (*trail, "default"))
    by = body.get("by", [])
    if not isinstance(by, list):
        raise RuleError(
            "`by` is no list", where=document.place((*trail, "by")), mend="write `[{vendor: X, value: 90s}]`"
        )
    choices = tuple(_choice(each, default, document, (*trail, "by", place)) for place, each in enumerate(by))
    _refuse_twins(choices, document, (*trail, "by"))
    return Parameter(str(name), default, choices)


def _choice(body: Any, default: Value, document: Document, trail: Trail) -> Choice:
    if not isinstance(body, dict) or "value" not in body:
        raise RuleError("names no value", where=document.place(trail), mend="write `{vendor: X, value: 90s}`")
    limits = {key: each for key, each in body.items() if key != "value"}
    scope: RuleScope = checked(RuleScope, limits, document, trail, RuleError)
    check_scope(scope, document, trail)
    if scope == ANYWHERE:
        raise RuleError("is for no charger in particular", where=document.place(trail), mend="name vendor, model, "
                        "firmware, connector or site; what is for all is the `default`")  # fmt: skip
    value = _value(body["value"], document, (*trail, "value"))
    if _unit(value) != _unit(default):
        what = f"{value!r} has another unit than the default {default!r}"
        raise RuleError(what, where=document.place((*trail, "value")), mend="give both in one unit")
    return Choice(scope, value)


def _value(value: Any, document: Document, trail: Trail) -> Value:
    if (
        isinstance(value, bool)
        or not isinstance(value, str | int | float)
        or (isinstance(value, str) and value.startswith(SIGN))
    ):
        what = f"{str(value)[:60]!r} is no value"
        raise RuleError(what, where=document.place(trail), mend="write a number, a number with its unit, or a span")
    return value


def _unit(value: Value) -> str | None:
    return (quantity(value) or (0, None))[1] if isinstance(value, str) else ""


def _refuse_twins(choices: tuple[Choice, ...], document: Document, trail: Trail) -> None:
    for place, each in enumerate(choices):
        if each.scope in (other.scope for other in choices[:place]):
            mend = "keep one of the two"
            raise RuleError("stands for the same chargers as one before", where=document.place((*trail, place)),
                            mend=mend)  # fmt: skip


def bindings(known: tuple[Parameter, ...]) -> Iterator[tuple[Chosen, dict[str, Value]]]:
    """Every combination of values, by parameter; the one of all defaults comes first."""
    for chosen in product(*(range(len(each.values)) for each in known)):
        yield chosen, {each.name: each.values[place] for each, place in zip(known, chosen, strict=True)}


def bound(tree: Any, values: Mapping[str, Value]) -> Any:
    """A tree of YAML with each reference to a parameter replaced by its value; other references stay."""
    if isinstance(tree, dict):
        return {key: bound(each, values) for key, each in tree.items()}
    if isinstance(tree, list):
        return [bound(each, values) for each in tree]
    if isinstance(tree, str) and tree.startswith(SIGN):
        return values.get(tree[1:], tree)
    return tree


def check_references(known: tuple[Parameter, ...], signals: Any, when: Any, document: Document) -> None:
    """RuleError for a reference to no parameter, and for a parameter that nothing refers to."""
    names = [each.name for each in known]
    used = {*_references(signals, ("signals",)), *_references(when, ("when",))}
    for name, trail in sorted(used, key=str):
        close = get_close_matches(name, names, n=1, cutoff=CLOSE)
        if name not in names and (trail[0] == "when" or close):
            mend = f"did you mean ${close[0]}?" if close else f"declare it: `parameters: {{{name}: {{default: 30s}}}}`"
            raise RuleError(f"no parameter is called {name}", where=document.place(trail), mend=mend)
    for name in names:
        if name not in {each for each, _ in used}:
            mend = f"write `${name}` where its value belongs, or remove it"
            raise RuleError(f"the parameter {name} is not used", where=document.place(("parameters", name)), mend=mend)


def _references(tree: Any, trail: Trail) -> Iterator[tuple[str, Trail]]:
    if isinstance(tree, dict):
        for key, each in tree.items():
            yield from _references(each, (*trail, key))
    elif isinstance(tree, list):
        for place, each in enumerate(tree):
            yield from _references(each, (*trail, place))
    elif isinstance(tree, str) and tree.startswith(SIGN):
        yield tree[1:], trail
