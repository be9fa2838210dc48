"""Story: the signals of an example, from the few words that its author wrote of them.

A moment is `at: 12s`. `at: 0s..5m every 30s` is the same signal again and again; `at: 0s every 30s` with a field such
as `"16+2x10 36x5 _x3 30"` is a series: 16 and ten more, each 2 higher, then 36 and five more, then three samples that
are not sent, then 30.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from msgspec.structs import replace

from chargelore.engine.grammar.condition import ANY, PHASES, Condition, OtherField, Pattern
from chargelore.engine.grammar.rule import SignalRule
from chargelore.engine.grammar.rulefile import Example
from chargelore.engine.matching.network import EPOCH
from chargelore.engine.proving.cast import Cast, cast, names_charger
from chargelore.engine.signal import KINDS, Scalar, Signal
from chargelore.engine.units import quantity, span, unit_of
from chargelore.kb.errors import RuleError
from chargelore.kb.model import Layer

SPOKEN: Mapping[str, Layer] = {"observation": "field", "log": "firmware", "reading": "modbus"}
NUDGE = 1.0  # how far beyond a limit an example goes that names no value
MOST_REPEATS = 2_000  # of one line of an example
MOST_SIGNALS = 10_000  # of a whole one
_WHEN = re.compile(r"(?P<first>[^.\s]+(?:\.\d+\w*)?)(?:\.\.(?P<last>\S+))?(?:\s+every\s+(?P<step>\S+))?")
_NUMBER = r"-?\d+(?:\.\d+)?"
_GAP = r"(?P<gap>_)(?:x(?P<gaps>\d{1,4}))?"
_RUN = re.compile(rf"{_GAP}|(?P<first>{_NUMBER})(?:(?P<step>[+-]\d+(?:\.\d+)?)?x(?P<more>\d{{1,4}}))?")


def given(rule: SignalRule, example: Example) -> list[Signal]:
    """The signals of an example, in the order of their times. RuleError where one cannot be read."""
    chargers = cast(rule, example)
    every = (signal for item in example.given for signal in _said(rule, item, chargers))
    try:
        signals = list(islice(every, MOST_SIGNALS + 1))
    except RuleError as error:
        raise RuleError(f"the example `{example.name}`: {error.what}", where=error.where, mend=error.mend) from error
    if len(signals) > MOST_SIGNALS:
        mend = f"tell it in at most {MOST_SIGNALS} signals"
        raise RuleError(f"the example `{example.name}` is too long", where=rule.place, mend=mend)
    return sorted(signals, key=_time) if any(map(_is_repeated, example.given)) else signals


def _said(rule: SignalRule, item: Any, chargers: Cast) -> Iterator[Signal]:
    """The signals of one line, from the charger that says it."""
    who = chargers.speaker(item)
    line = {key: each for key, each in item.items() if key != "charger"} if names_charger(item) else item
    told = _signals(chargers.as_for(rule, who, _connector(line)), line)
    yield from (replace(each, charger=who) for each in told)


def _connector(line: Any) -> int | None:
    fields = next((each for each in line.values() if isinstance(each, dict)), {}) if isinstance(line, dict) else {}
    place = fields.get("connector")
    return place if isinstance(place, int) else None


def _time(signal: Signal) -> datetime:
    return signal.at or EPOCH


def _is_repeated(item: Any) -> bool:
    return isinstance(item, dict) and " every " in str(item.get("at", ""))


def _signals(rule: SignalRule, item: Any) -> Iterator[Signal]:
    """One line of an example: one signal, or one again and again."""
    if not isinstance(item, dict) or (found := _WHEN.fullmatch(str(item.get("at", "0s")))) is None:
        raise RuleError("an example's signal has no time", where=rule.place, mend="write `{at: 12s, name: {}}`")
    name, fields = _named(rule, item)
    first, last, step = (None if each is None else span(each) for each in found.groups())
    if first is None:
        raise RuleError("an example's signal has no time", where=rule.place, mend="write `{at: 12s, name: {}}`")
    if found["step"] is None and found["last"] is None:
        yield _signal(rule, name, fields, first)
    elif not step or (found["last"] is not None and last is None):
        raise RuleError(f"{item['at']!r} is no run of moments", where=rule.place, mend="write `0s..5m every 30s`")
    else:
        yield from _repeated(rule, (name, fields), first, last, step)


def _repeated(
    rule: SignalRule, said: tuple[str, Mapping[str, Any]], first: timedelta, last: timedelta | None, step: timedelta
) -> Iterator[Signal]:
    name, fields = said
    series = {key: read for key, value in fields.items() if last is None and (read := _series(value, rule)) is not None}
    lengths = {len(each) for each in series.values()} if last is None else {int((last - first) / step) + 1}
    if len(lengths) != 1 or not 1 <= max(lengths) <= MOST_REPEATS:
        mend = f"name an end, `0s..5m every 30s`, or series of one length, at most {MOST_REPEATS}"
        raise RuleError("an example does not say how often a signal comes", where=rule.place, mend=mend)
    for place in range(max(lengths)):
        now = {key: values[place] for key, values in series.items()}
        if None not in now.values():
            yield _signal(rule, name, {**fields, **now}, first + place * step)


def _series(value: Any, rule: SignalRule) -> list[float | None] | None:
    """The numbers of a series, None for a sample that is not sent; None for a text that is no series."""
    runs = [_RUN.fullmatch(part) for part in str(value).split()] if isinstance(value, str) else []
    if not runs or None in runs:
        return None
    told = [(each, int(each["gaps"] or 1) if each["gap"] else int(each["more"] or 0) + 1) for each in runs if each]
    if sum(times for _, times in told) > MOST_REPEATS:
        raise RuleError(f"{value!r} is a long series", where=rule.place, mend=f"keep it to {MOST_REPEATS} samples")
    return [number for each, times in told for number in _run(each, times)]


def _run(found: re.Match[str], times: int) -> list[float | None]:
    if found["gap"]:
        return [None] * times
    return [float(found["first"]) + place * float(found["step"] or 0) for place in range(times)]


def _named(rule: SignalRule, item: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The signal that a line of an example names, and its fields."""
    names = [name for name in item if name != "at"]
    if len(names) != 1 or not isinstance(item[names[0]], dict):
        raise RuleError(
            "an example's signal names no signal", where=rule.place, mend="write `{at: 12s, name: {field: value}}`"
        )
    return names[0], item[names[0]]


def _signal(rule: SignalRule, name: str, fields: Mapping[str, Any], at: timedelta) -> Signal:
    if name == "signal" and "signal" not in rule.patterns:
        return _made(str(fields.get("kind")), fields, at, rule)
    pattern = rule.patterns.get(name)
    if pattern is None:
        raise RuleError(f"{name} is not among the signals", where=rule.place, mend=f"use {', '.join(rule.patterns)}")
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
        if condition.field not in said and not _is_told_of_a_phase(condition, said):
            fields.update(_meeting(condition.on(PHASES[0]), {**fields, **said}))
    return fields


def _is_told_of_a_phase(condition: Condition, said: Mapping[str, Any]) -> bool:
    return condition.field.endswith(ANY) and any(condition.on(phase).field in said for phase in PHASES)


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
