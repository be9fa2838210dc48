"""Rule parts: `signals:` of a rule as written become patterns, their kinds, tests and units checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

from chargelore.engine.grammar.condition import Condition, Limit, Op, OtherField, Pattern, number, steps
from chargelore.engine.signal import KINDS, Scalar
from chargelore.engine.units import quantity, unit_of
from chargelore.kb.errors import RuleError
from chargelore.kb.yamlfile import Document, Trail

LONGEST_REGEX = 4_000
MOST_SIGNALS = 8
OPS = frozenset(get_args(Op))
ORDERED = frozenset({"<", "<=", ">", ">="})
_A_NUMBER = re.compile(r"[-+]?\d")


def patterns(signals: Mapping[str, Any], document: Document) -> dict[str, Pattern]:
    """The patterns of a rule by their names."""
    if not 1 <= len(signals) <= MOST_SIGNALS:
        raise RuleError(
            f"names {len(signals)} signals", where=document.place(("signals",)), mend=f"name 1 to {MOST_SIGNALS}"
        )
    return {name: _pattern(name, body, document) for name, body in signals.items()}


def _pattern(name: str, body: Any, document: Document) -> Pattern:
    trail: Trail = ("signals", name)
    if not isinstance(body, dict) or "kind" not in body:
        raise RuleError(f"`{name}` has no kind", where=document.place(trail), mend="write `{kind: status, …}`")
    kinds = body["kind"] if isinstance(body["kind"], list) else [body["kind"]]
    for kind in kinds or [[]]:
        if not isinstance(kind, str) or kind not in KINDS:
            raise RuleError(
                f"{kind} is no kind of signal",
                where=document.place((*trail, "kind")),
                mend=f"use one of {', '.join(KINDS)}",
            )
    tests = (
        each for field, value in body.items() if field != "kind" for each in _conditions(field, value, document, trail)
    )
    return Pattern(name, tuple(kinds), tuple(tests))


def _conditions(field: str, value: Any, document: Document, trail: Trail) -> Iterator[Condition]:
    place = (*trail, field)
    if isinstance(value, list):
        _refuse_empty(value, document, place)
        yield Condition(field, "in", tuple(_scalar(field, each, document, place) for each in value))
        return
    if not isinstance(value, dict):
        yield Condition(field, "==", _limit(field, value, document, place))
        return
    for op, limit in value.items():
        if op not in OPS:
            raise RuleError(
                f"{op} is no test", where=document.place((*place, op)), mend=f"use one of {' '.join(sorted(OPS))}"
            )
        yield _condition(field, cast(Op, op), limit, document, (*place, op))


def _condition(field: str, op: Op, limit: Any, document: Document, place: Trail) -> Condition:
    if op == "matches":
        _check_regex(limit, document, place)
        return Condition(field, op, limit)
    if op == "in":
        if not isinstance(limit, list):
            raise RuleError("`in` needs a list", where=document.place(place), mend="write `[a, b]`")
        _refuse_empty(limit, document, place)
        return Condition(field, op, tuple(_scalar(field, each, document, place) for each in limit))
    if op == "present" and not isinstance(limit, bool):
        raise RuleError(f"`present` is {limit!r}", where=document.place(place), mend="write `true` or `false`")
    made = Condition(field, op, _limit(field, limit, document, place))
    if op in ORDERED and not isinstance(made.limit, OtherField) and number(made.limit) is None:  # type: ignore[arg-type]  # no list here
        raise RuleError(f"{limit!r} is no number", where=document.place(place), mend="write a number, with its unit")
    return made


def _refuse_empty(values: list[Any], document: Document, place: Trail) -> None:
    if not values:
        raise RuleError("an empty list is met by nothing", where=document.place(place), mend="write `[a, b]`")


def _check_regex(pattern: object, document: Document, place: Trail) -> None:
    if not isinstance(pattern, str) or len(pattern) > LONGEST_REGEX:
        size = f"is {len(pattern)} characters long" if isinstance(pattern, str) else "is no text"
        mend = f"write a pattern of at most {LONGEST_REGEX} characters in quotes"
        raise RuleError(size, where=document.place(place), mend=mend)
    try:
        steps(pattern)
    except Exception as cause:  # re2 raises its own error class, which some builds do not export
        told = cause.args[0] if cause.args else ""
        why = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
        raise RuleError(
            f"is no pattern that RE2 knows: {why}",
            where=document.place(place),
            mend="no look-around, no back references, smaller repeats",
        ) from cause


def _limit(field: str, value: Any, document: Document, place: Trail) -> Limit:
    if isinstance(value, dict) and "field" in value:
        return _other_field(value, document, place)
    if isinstance(value, str) and value.startswith("$"):
        return OtherField(value[1:])
    if value is None:
        raise RuleError("is empty", where=document.place(place), mend="write a value, or `{present: false}`")
    if isinstance(value, dict | list):
        raise RuleError(
            "is no value", where=document.place(place), mend="write a word, a number with its unit, or `$field`"
        )
    return _measured(field, value, document, place) if isinstance(value, str) else value


def _other_field(value: dict[str, Any], document: Document, place: Trail) -> OtherField:
    times = value.get("times", 1)
    if not set(value) <= {"field", "times"} or not isinstance(value["field"], str) or number(times) is None:
        mend = "write `{field: current.offered, times: 1.1}`"
        raise RuleError("names no other field", where=document.place(place), mend=mend)
    return OtherField(value["field"], float(times))


def _scalar(field: str, value: Any, document: Document, place: Trail) -> Scalar:
    """A plain value; a list holds no references to other fields."""
    found = _limit(field, value, document, place)
    if isinstance(found, OtherField | tuple):
        raise RuleError("a list holds plain values only", where=document.place(place), mend="write words or numbers")
    return found


def _measured(field: str, value: str, document: Document, place: Trail) -> Scalar:
    """A number with a unit in the unit that the field carries; any other text as it is."""
    unit = unit_of(field)
    if not unit or not _A_NUMBER.match(value):
        return value
    found = quantity(value)
    if found is None or found[1] not in ("", unit):
        raise RuleError(f"{value!r} is no value for {field}", where=document.place(place), mend=f"give it in {unit}")
    return found[0]
