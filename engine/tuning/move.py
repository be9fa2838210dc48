"""Move: one change of a rule that might silence false alarms: a test, a limit, a number, an exception or a scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from chargelore.engine.drafting.atom import OF_THE_LOGGER, Atom, Test, atoms, is_one_thing
from chargelore.engine.drafting.candidate import cost, said
from chargelore.engine.drafting.rounding import SECONDS, limit_between, plain_number
from chargelore.engine.drafting.words import phrase_atoms, texts
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.condition import Pattern, number, value_of
from chargelore.engine.grammar.rule import SignalRule, rule_in
from chargelore.engine.grammar.rulesplice import Change, Put, changed
from chargelore.engine.matching.moment import joins
from chargelore.engine.signal import Signal
from chargelore.engine.tuning.recorded import FALSE, Outcome
from chargelore.engine.units import span, spelt, unit_of
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.yamlfile import Document, Trail

SPANS, COUNTS = ("within", "for", "over"), ("at_least", "above")
MOST_COUNTS, MOST_EXCEPTIONS = 30, 12
MOST_FIRINGS = 20  # of one session that are looked behind
LOOKS_BACK = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
EXCEPT = "unless"
FEWEST_OF_MAKER = 3  # true hits before a rule may be narrowed to their maker: it would miss those of all others
OF_TEST, OF_LIMIT, OF_COUNT, OF_SPAN, OF_EXCEPTION, OF_SCOPE = 1.0, 1.5, 2.0, 2.0, 3.0, 6.0
OPPOSITE = {">": max, ">=": max, "<": min, "<=": min}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change, the sentence that it makes, and how much it asks of whoever reads the rule later.

    `family` groups moves along one number, `step` is their order on it. `exception` names the signal that silences.
    """

    says: str
    changes: tuple[Change, ...]
    cost: float
    family: str
    step: float = 0.0
    exception: str = ""

    @property
    def key(self) -> str:
        """What it changes."""
        return json.dumps([[each.trail, each.value] for each in self.changes], sort_keys=True, default=str)

    def rule(self, body: Mapping[str, Any], file: Path) -> SignalRule | None:
        """The rule after the change; None where the language cannot say it."""
        try:
            made = rule_in(Document(file, changed(body, self.changes), {}))
        except ChargeloreError:
            return None
        return made if isinstance(made, SignalRule) else None


def moves(rule: SignalRule, body: Mapping[str, Any], seen: Sequence[Outcome]) -> Iterator[Move]:
    """Every change that is worth a try on these outcomes of the rule as it is."""
    hits = [each for each in seen if each.told == "right"]
    false = [each for each in seen if each.told in FALSE]
    yield from _numbers(body["when"], ("when",))
    for name, pattern in rule.patterns.items():
        yield from _limits(name, pattern, body, (hits, false))
        yield from _tests(name, pattern, (hits, false))
    yield from _exceptions(rule, body, hits, false)
    yield from scopes(rule, body, hits, false)


def _numbers(when: Any, trail: Trail) -> Iterator[Move]:
    """Other spans and counts, wherever in `when` they stand."""
    below = when.items() if isinstance(when, dict) else enumerate(when) if isinstance(when, list) else ()
    for key, value in below:
        here = (*trail, key)
        if key in SPANS and (now := span(value)) is not None:
            yield from (_span(here, now, seconds) for seconds in SECONDS if seconds != now.total_seconds())
        elif key in COUNTS and isinstance(value, int):
            most = min(value * 4, value + MOST_COUNTS)
            yield from (_count(here, value, other) for other in range(value + 1, most + 1))
        else:
            yield from _numbers(value, here)


def _span(trail: Trail, now: timedelta, seconds: float) -> Move:
    new = spelt(timedelta(seconds=seconds))
    says = f"`{trail[-1]}: {new}` instead of {spelt(now)}"
    return Move(says=says, changes=(Put(trail, new),), cost=OF_SPAN, family=str(trail), step=seconds)


def _count(trail: Trail, now: int, new: int) -> Move:
    says = f"`{trail[-1]}: {new}` instead of {now}"
    return Move(says=says, changes=(Put(trail, new),), cost=OF_COUNT, family=str(trail), step=new)


def evidence(pattern: Pattern, outcome: Outcome) -> list[Signal]:
    """The signals behind the firings of a session that met a pattern."""
    return [signal for firing in outcome.firings for signal in firing.signals if pattern.matches(signal)]


Sides = tuple[Sequence[Outcome], Sequence[Outcome]]  # true hits, false alarms


def _limits(name: str, pattern: Pattern, body: Mapping[str, Any], sides: Sides) -> Iterator[Move]:
    """A limit moved into the gap between what true hits and false alarms measured."""
    for test in pattern.conditions:
        written = body["signals"][name].get(test.field)
        if test.op not in OPPOSITE or not isinstance(written, dict) or not isinstance(test.limit, int | float | str):
            continue
        far = OPPOSITE[test.op]
        hits, false = ([_furthest(pattern, test.field, each, far) for each in side] for side in sides)
        here, there = [each for each in hits if each is not None], [each for each in false if each is not None]
        if not here or not there:
            continue
        new = limit_between(max(there), min(here)) if far is max else limit_between(max(here), min(there))
        if new is not None:
            shown = f"{plain_number(new)} {unit_of(test.field)}".strip() if isinstance(written[test.op], str) else new
            says = f"`{name}.{test.field} {test.op} {shown}` instead of {written[test.op]}"
            trail = ("signals", name, test.field, test.op)
            yield Move(says=says, changes=(Put(trail, shown),), cost=OF_LIMIT, family=str(trail))


def _furthest(pattern: Pattern, field: str, outcome: Outcome, far: Any) -> float | None:
    values = (number(value_of(each, field)) for each in evidence(pattern, outcome))
    found: float | None = far((each for each in values if each is not None), default=None)
    return found


def _tests(name: str, pattern: Pattern, sides: Sides) -> Iterator[Move]:
    """A further test of a signal: a value that all true hits have, or one that no true hit has."""
    hits, false = ([_values(evidence(pattern, each)) for each in side] for side in sides)
    known = {test.field for test in pattern.conditions} | {"kind"}
    common = set.intersection(*hits) if hits else set()
    right = {test for side in hits for test in side}
    wrong = {test for side in false for test in side}
    told = {field for field, _, _ in right} - known
    for field, _, value in sorted(common - wrong, key=str):
        if field not in known:
            yield _test(name, (field, "==", value))
    for field, _, value in sorted(wrong - right, key=str):
        if field in told:
            yield _test(name, (field, "!=", value))


def _values(signals: Iterable[Signal]) -> set[Test]:
    """The plain values that signals hold, each as a test."""
    found = (test for signal in signals for atom in atoms(signal) for test in atom.tests if test[1] == "==")
    return {test for test in found if not is_one_thing(test[0]) and test[0] not in OF_THE_LOGGER}


def _test(name: str, test: Test) -> Move:
    field, op, value = test
    trail = ("signals", name, field)
    written = value if op == "==" else {op: value}
    says = f"`{name}` must {'' if op == '==' else 'not '}have {field} {value}"
    return Move(says=says, changes=(Put(trail, written),), cost=OF_TEST + (op != "==") / 2, family=f"{trail} {op}")


def _exceptions(
    rule: SignalRule, body: Mapping[str, Any], hits: Sequence[Outcome], false: Sequence[Outcome]
) -> Iterator[Move]:
    """Not when something was seen shortly before that goes before false alarms and not before true hits."""
    for back in LOOKS_BACK:
        counts: dict[Atom, int] = {}
        for outcome in false:
            for atom in _always_before(outcome, back):
                counts[atom] = counts.get(atom, 0) + 1
        usual = [_always_before(outcome, back) for outcome in hits]
        fit = [atom for atom in counts if atom.tests and not atom.vendor and not any(atom in each for each in usual)]
        for atom in sorted(fit, key=lambda each: (-counts[each], cost(each), str(each)))[:MOST_EXCEPTIONS]:
            yield exception(rule, body, atom, back)


def _always_before(outcome: Outcome, back: timedelta) -> set[Atom]:
    """What a session says in a span before each of its firings."""
    told = [_before(outcome, each, back) for each in outcome.firings[:MOST_FIRINGS]]
    return set.intersection(*told) if told else set()


def _before(outcome: Outcome, firing: Firing, back: timedelta) -> set[Atom]:
    """What a session says in a span before a firing, its own evidence left out."""
    found: set[Atom] = set()
    at = firing.at
    for signal in outcome.session.signals:
        if at is None or signal.at is None or signal.charger != firing.charger or signal in firing.signals:
            continue
        if at - back <= signal.at <= at and joins(signal.connector, firing.connector):
            found.update(atoms(signal))
            found.update(atom for field, text in texts(signal) for atom in phrase_atoms(signal, field, text))
    return found


def exception(rule: SignalRule, body: Mapping[str, Any], atom: Atom, back: timedelta) -> Move:
    """Not when something else was seen up to a span before; at least as far back as the rule itself looks."""
    name = next(each for each in (EXCEPT, *(f"{EXCEPT}-{n}" for n in range(2, 99))) if each not in rule.patterns)
    within = max(back, _longest(body["when"]))
    when = {"all": [body["when"], {"not": {"signal": name}}], "within": spelt(within)}
    says = f"not when {said(atom)} was seen up to {spelt(within)} before"
    changes = (Put(("signals", name), atom.body()), Put(("when",), when))
    price = OF_EXCEPTION + cost(atom) / 10
    return Move(says=says, changes=changes, cost=price, family=f"{atom}", step=back.total_seconds(), exception=name)


def _longest(when: Any) -> timedelta:
    """The longest span that `when` names: an exception must reach back as far."""
    below = when.values() if isinstance(when, dict) else when if isinstance(when, list) else ()
    own = [found for key in SPANS if isinstance(when, dict) and (found := span(when.get(key))) is not None]
    return max([timedelta(), *own, *map(_longest, below)])


def scopes(
    rule: SignalRule, body: Mapping[str, Any], hits: Sequence[Outcome], false: Sequence[Outcome]
) -> Iterator[Move]:
    """Only for one maker: where true hits enough are all on its chargers and the false alarms are on others'."""
    makers, others = ({vendor_of(each) for each in side} for side in (hits, false))
    if rule.applies_to.vendor or len(makers) != 1 or "" in makers | others or makers & others:
        return
    if len(hits) < FEWEST_OF_MAKER:
        return
    (maker,) = makers
    says = f"only for chargers of {maker}"
    put = Put(("applies_to", "vendor"), maker) if "applies_to" in body else Put(("applies_to",), {"vendor": maker})
    yield Move(says=says, changes=(put,), cost=OF_SCOPE, family="scope")


def vendor_of(outcome: Outcome) -> str:
    """The maker of the charger on which it fired; empty where nobody says so, or there are several."""
    makers = outcome.session.makers
    return next(iter(makers)) if len(makers) == 1 else ""
