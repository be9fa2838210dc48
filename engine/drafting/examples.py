"""Examples: a match made of the real evidence, reduced to what is tested, and near misses that differ in one thing.

Each is run before it is kept, so that none is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chargelore.engine.drafting.rounding import plain_number
from chargelore.engine.drafting.session import Session
from chargelore.engine.drafting.tryout import firings
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.condition import Condition, OtherField, Pattern, number, value_of
from chargelore.engine.grammar.operators import Absent, Count, Sustained
from chargelore.engine.grammar.operators import Sequence as InOrder
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.grammar.rulefile import Example, Expect
from chargelore.engine.proving.exercise import exercise
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.units import spelt, unit_of

AROUND = 24  # characters of a text on either side of what is looked for
MOST_SHOWN = 20  # signals of one example
LONGEST_SHOWN = 200  # characters of a text that a pattern looks at
_LONG_NUMBER = re.compile(r"\d[\d.:-]{3,}\d|\b(?=\w*\d)[0-9a-f]{6,}\b", re.IGNORECASE)
MADE_UP: Mapping[str, tuple[str, ...]] = {
    "fault": ("unspecified-fault", "ground-fault-trip"), "status": ("Available", "Charging"),
    "errorCode": ("NoError", "OtherError"),
}  # fmt: skip
FILLERS = ("heartbeat", "authorize", "connected")
Moment = dict[str, Any]


def matching(rule: SignalRule, sessions: Iterable[Session], name: str) -> Example | None:
    """The first firing that makes a short story in which the rule fires again."""
    for session in sessions:
        for firing in firings([rule], session)[rule.id][:3]:
            made = Example(name=name, expect="match", given=tuple(story(rule, firing)))
            if does(rule, made):
                return made
    return None


def story(rule: SignalRule, firing: Firing) -> list[Moment]:
    """The signals behind a firing with the fields that the rule tests, at seconds from the first."""
    evidence = firing.signals[:MOST_SHOWN]
    begin = min((each.at for each in evidence if each.at), default=None)
    shown = [_moment(rule, each, (each.at - begin) if each.at and begin else timedelta()) for each in evidence]
    return [*(each for each in shown if each), *until(rule, len(shown))]


def _moment(rule: SignalRule, signal: Signal, at: timedelta) -> Moment:
    for name, pattern in rule.patterns.items():
        if pattern.matches(signal):
            return {"at": spelt(at), name: tested(pattern, signal)}
    return {}


def tested(pattern: Pattern, signal: Signal) -> dict[str, Scalar]:
    """The values of a signal that a pattern measures or reads; what must be equal goes without saying."""
    shown: dict[str, Scalar] = {}
    for each in pattern.conditions:
        value = value_of(signal, each.field)
        if each.op in ("==", "present", "in") or value is None:
            continue
        shown[each.field] = shown_value(each, value, signal.charger)
        if isinstance(each.limit, OtherField):
            shown[each.limit.field] = shown_value(each, value_of(signal, each.limit.field))
    return shown


def shown_value(test: Condition, value: Scalar, charger: str = "") -> Scalar:
    """A value as an example writes it: a number with its unit, a text cut to what surrounds the words looked for.

    In a text the charger's name and longer numbers, which may name somebody, are left out; a pattern that looks for
    them needs the text as it is.
    """
    amount = number(value)
    if amount is not None and not isinstance(value, str):
        unit = unit_of(test.field)
        return f"{plain_number(amount)} {unit}" if unit else int(amount) if amount.is_integer() else round(amount, 6)
    if test.op == "matches":
        return excerpt(str(value)[:LONGEST_SHOWN])
    return excerpt(_nameless(str(value), charger), str(test.limit) if test.op in ("contains", "startswith") else "")


def _nameless(text: str, charger: str) -> str:
    if charger:
        text = re.sub(re.escape(charger), "…", text, flags=re.IGNORECASE)
    return _LONG_NUMBER.sub("…", text)


def excerpt(text: str, wanted: str | None = None) -> str:
    """A short part of a text around some words, all of it where none are given, free of what cannot be printed."""
    if wanted is None:
        return " ".join("".join(each if each.isprintable() else " " for each in text).split())
    place = max(0, text.casefold().find(wanted.casefold()))
    begin = max(0, place - AROUND) if place else 0
    part = text[begin : place + len(wanted) + AROUND]
    plain = "".join(each if each.isprintable() else " " for each in part)
    return " ".join(plain.split())


def until(rule: SignalRule, shown: int, since: timedelta = timedelta()) -> Iterator[Moment]:
    """Time goes by until what must last or stay away, since some time of the story, has done so.

    `shown` is how many signals the story has already: two samples tell by themselves how long something held.
    """
    span = rule.when.span if isinstance(rule.when, Sustained | Absent) else None
    kinds = {kind for pattern in rule.patterns.values() for kind in pattern.kinds}
    filler = next((each for each in FILLERS if each not in kinds), "data-transfer")
    if span is not None and shown < 2:
        yield {"at": spelt(since + span + timedelta(seconds=1)), "signal": {"kind": filler}}


def just_in_time(rule: SignalRule, kept: Example) -> Iterator[Example]:
    """For a sequence the same story at nine tenths of its span."""
    if isinstance(rule.when, InOrder):
        late = spelt(rule.when.within * 0.9)
        given = (kept.given[0], {**kept.given[-1], "at": late})
        made = Example(name="just in time", expect="match", given=given)
        yield from [made] if does(rule, made) else []


def near_misses(rule: SignalRule, negatives: Sequence[Session], kept: Example) -> Iterator[Example]:
    """Stories close to the match in which the rule stays silent, the nearest to real evidence first."""
    for name, given in (*_in_time(rule, kept), *_in_value(rule, negatives, kept)):
        made = Example(name=name, expect="no match", given=tuple(given))
        if does(rule, made):
            yield made


def _in_time(rule: SignalRule, kept: Example) -> Iterator[tuple[str, list[Moment]]]:
    """Too few, too late, too short, or it came after all."""
    when, first = rule.when, dict(kept.given[0])
    if isinstance(when, Count):
        yield "one time fewer", [dict(each) for each in kept.given[: when.at_least - 1]]
    if isinstance(when, InOrder):
        late = spelt(when.within + max(when.within / 4, timedelta(seconds=1)))
        yield "too late for it", [first, {**kept.given[-1], "at": late}]
    if isinstance(when, Absent):
        yield "it comes in time", [first, {"at": spelt(_half(when.span)), when.name: {}}, dict(kept.given[-1])]
    if isinstance(when, Sustained):
        ended = _other_values(rule.patterns[when.name], ())
        yield "it ends in time", [first, *({"at": spelt(_half(when.span)), when.name: each} for each in ended)][:2]


def _half(span: timedelta) -> timedelta:
    return max(timedelta(seconds=int(span.total_seconds() / 2)), timedelta(seconds=1))


def _in_value(rule: SignalRule, negatives: Sequence[Session], kept: Example) -> Iterator[tuple[str, list[Moment]]]:
    """The same story, but in one signal one tested value is what it is where nothing is wrong."""
    for place, moment in reversed(list(enumerate(kept.given))):
        name = next(each for each in moment if each != "at")
        if name == "signal":
            continue
        for values in _other_values(rule.patterns[name], negatives):
            changed = {"at": moment["at"], name: {**moment[name], **values}}
            given = [*map(dict, kept.given[:place]), changed, *map(dict, kept.given[place + 1 :])]
            yield f"another {' and '.join(values)} in {name}", given


def _other_values(pattern: Pattern, negatives: Sequence[Session]) -> Iterator[dict[str, Scalar]]:
    """For each test a value that does not meet it: one from a negative session, else one that nobody uses."""
    for each in reversed(pattern.conditions):
        rest = replace(pattern, conditions=tuple(other for other in pattern.conditions if other is not each))
        found = [signal for session in negatives for signal in session.signals if rest.matches(signal)]
        if isinstance(each.limit, OtherField):
            yield _other_share(each, each.limit, found)
            continue
        real = nearest(each, found)
        yield {each.field: real if real is not None else _made_up(each)}


def _other_share(test: Condition, other: OtherField, signals: Iterable[Signal]) -> dict[str, Scalar]:
    """Two fields in a share that does not meet the test, as some signal has them."""
    real = next((each for each in signals if test.is_about(each) and not test.holds(each)), None)
    if real is not None:
        return {name: shown_value(test, value_of(real, name)) for name in (test.field, other.field)}
    return {test.field: "100" if test.op.startswith("<") else "0", other.field: "100"}


def nearest(test: Condition, signals: Iterable[Signal]) -> Scalar:
    """The value of some signal that comes closest to meeting a test and does not; None where there is none."""
    values = [value for each in signals if (value := value_of(each, test.field)) is not None and not test.holds(each)]
    if not values:
        return None
    if test.op in ("<", "<=", ">", ">="):
        amounts = [amount for value in values if (amount := number(value)) is not None]
        best: Scalar = (min if test.op in ("<", "<=") else max)(amounts, default=None)
        return shown_value(test, best) if best is not None else None
    if test.op in ("contains", "startswith", "matches"):
        wanted = set(str(test.limit).casefold().split())
        closest = max(map(str, values), key=lambda text: len(wanted & set(text.casefold().split())))
        return excerpt(_nameless(closest, ""), "")
    return next((each for each in values if isinstance(each, str | int) and len(str(each)) <= AROUND * 2), None)


def _made_up(test: Condition) -> Scalar:
    """A value that cannot meet the test."""
    if test.op in ("<", "<=", ">", ">="):
        limit = number(test.limit) or 0.0  # type: ignore[arg-type]  # ordered, and no other field: a number
        return shown_value(test, limit + 1 if test.op.startswith("<") else limit - 1)
    return next((each for each in MADE_UP.get(test.field, ()) if each != test.limit), "something else")


def does(rule: SignalRule, example: Example) -> bool:
    """Whether the rule does as the example says."""
    try:
        (outcome,) = exercise(Rules(signal_rules=(replace(rule, examples=(example,)),)))
    except Exception:  # noqa: BLE001  # a story that cannot be told is none
        return False
    return outcome.passed


def written(example: Example) -> dict[str, Any]:
    """The example as a rule's file holds it."""
    expect: Expect = example.expect
    return {"name": example.name, "expect": expect, "given": [dict(each) for each in example.given]}
