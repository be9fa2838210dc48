"""Branches: what became of a rule as a tree: what is true, what is false, what nobody has shown, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from chargelore.engine.case import Case, Charger
from chargelore.engine.grammar.operators import (
    Absent,
    All,
    Any_,
    Changed,
    Chargers,
    Count,
    Not,
    Sequence,
    Sustained,
    When,
)
from chargelore.engine.grammar.rule import AnyRule, CaseRule, SignalRule
from chargelore.engine.proving.explain import Asked, Explanation, place_of, times, values
from chargelore.engine.scope import fit_at
from chargelore.engine.signal import Signal
from chargelore.engine.truth import Truth, names_of
from chargelore.engine.units import spelt
from chargelore.kb.model import EvidenceId

Mark = Literal["✓", "✗", "?"]
Put = Callable[[SignalRule], Explanation]  # a rule put to the signals of one case
NOT_SO = "everything was seen, but not in the order, number or time that `when` asks for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A part of a rule: ✓ true, ✗ false, ? not shown by anybody. `signal` is what says so."""

    mark: Mark
    text: str
    signal: Signal | None = None
    below: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """What a rule lacks, in a sentence, and how many conditions that is."""

    text: str
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How near a rule came in a case: ✓ it matched, ✗ it lacks something, ? nobody can tell.

    `is_other` says that it is a rule of other chargers.
    """

    rule: AnyRule
    mark: Mark
    lacks: tuple[Lack, ...] = ()
    is_other: bool = False

    @property
    def distance(self) -> tuple[bool, int]:
        """The nearest rule has the least."""
        return self.is_other, sum(each.weight for each in self.lacks)


def standing(told: Explanation, charger: Charger) -> Standing:
    """How near a signal rule came on the signals of a charger."""
    is_other = fit_at(told.rule.applies_to, charger) == "outside"
    if told.fired:
        return Standing(rule=told.rule, mark="✓", is_other=is_other)
    lacks = short_of(told.rule.when, _by_name(told)) or (Lack(NOT_SO),)
    return Standing(rule=told.rule, mark=_truth(told.truth), lacks=lacks, is_other=is_other)


def short_of(when: When, asked: Mapping[str, Asked]) -> tuple[Lack, ...]:
    """What is missing until everything that `when` speaks of was seen; of an `any` what the nearest part lacks."""
    match when:
        case Any_():
            return min((short_of(part, asked) for part in when.parts), key=lambda some: sum(one.weight for one in some))
        case All():
            return tuple(each for part in when.parts for each in short_of(part, asked))
        case Not():
            return ()
        case Chargers():
            return short_of(when.part, asked)
        case Absent():
            return tuple(_lacks(asked[when.after]))
        case _:
            return tuple(each for name in dict.fromkeys(names_of(when)) for each in _lacks(asked[name]))


def _lacks(asked: Asked) -> Iterator[Lack]:
    if asked.met:
        return
    name = asked.pattern.name
    if asked.nearest is None:
        told = f"`{name}`: no signal of kind {' or '.join(asked.pattern.kinds)}"
        yield Lack(told, len(asked.pattern.conditions) + 1)
        return
    failed = replace(asked.pattern, conditions=asked.nearest.failed)
    yield from (Lack(f"`{name}`: {text}") for _, text in values(failed, asked.nearest.signal))


def tree(rule: SignalRule, put: Put, charger: Charger) -> Branch:
    """A signal rule as a tree; parts that are operators themselves are put to the same signals."""
    told = put(rule)
    scope = _scope(rule, charger)
    mark: Mark = "✓" if told.fired else _truth(told.truth)
    fired = f"it matched {times(told.fired)}" if told.fired else "it did not match"
    return Branch(mark=mark, text=f"{rule.title}: {fired}", below=(*scope, _of(rule.when, told, put)))


def _scope(rule: SignalRule, charger: Charger) -> Iterator[Branch]:
    """For which chargers it is, where it is not for all."""
    wanted = " ".join(filter(None, (rule.applies_to.vendor, rule.applies_to.model, rule.applies_to.firmware)))
    if wanted:
        fits = fit_at(rule.applies_to, charger)
        here = " ".join(filter(None, (charger.vendor, charger.model, charger.firmware))) or "not known"
        mark: Mark = "✗" if fits == "outside" else "?" if fits == "unsure" else "✓"
        yield Branch(mark=mark, text=f"it is for {wanted}; this is {here}")


def _of(when: When, told: Explanation, put: Put) -> Branch:
    """One operator with what stands below it."""
    asked = _by_name(told)
    match when:
        case All() | Any_():
            below = tuple(_part(part, told, put) for part in when.parts)
        case Absent():
            below = (_pattern(asked[when.after]), _away(asked[when.name]))
        case _:
            below = tuple(_pattern(asked[name]) for name in dict.fromkeys(names_of(when)))
    says = _says(when)
    if not says and len(below) == 1 and (told.fired or below[0].mark != "✓"):
        return below[0]
    mark = _whole(when, below, is_met=bool(told.fired))
    is_all_seen = mark == "✗" and all(each.mark == "✓" for each in below)
    return Branch(mark=mark, text=f"{says or 'seen'}{': ' + NOT_SO if is_all_seen else ''}", below=below)


def _part(part: When, told: Explanation, put: Put) -> Branch:
    """A part of `all` or `any`, run for itself by the evaluator that runs live."""
    if isinstance(part, Not):
        inner = _part(part.part, told, put)
        mark: Mark = "?" if inner.mark == "?" else "✗" if inner.mark == "✓" else "✓"
        return Branch(mark=mark, text="not, within its span", below=(inner,))
    return _of(part, put(replace(told.rule, when=part, variants=())), put)


def _whole(when: When, below: Iterable[Branch], *, is_met: bool) -> Mark:
    marks = {each.mark for each in below}
    if is_met:
        return "✓"
    if isinstance(when, Any_):
        return "?" if "?" in marks else "✗"
    return "?" if "?" in marks and "✗" not in marks else "✗"


SAYS: Mapping[type, Callable[[Any], str]] = {
    Sequence: lambda when: f"in this order within {spelt(when.within)}",
    Count: lambda when: f"at least {when.at_least} times within {spelt(when.within)}",
    Sustained: lambda when: f"it lasts {spelt(when.span)}",
    Absent: lambda when: f"`{when.name}` stays away for {spelt(when.span)} after `{when.after}`",
    Changed: lambda when: f"{when.field} changes",
    Chargers: lambda when: f"on {when.at_least or 'all'} chargers within {spelt(when.within)}",
    All: lambda when: f"all of these within {spelt(when.within)}",
    Any_: lambda _: "one of these",
}


def _says(when: When) -> str:
    """What an operator asks for, in a few words; nothing where a signal alone is enough."""
    told = SAYS.get(type(when))
    return told(when) if told else ""


def _pattern(asked: Asked) -> Branch:
    """A signal that the rule waits for, and each test of it on the signal that came nearest."""
    name, signal = asked.pattern.name, asked.first or (asked.nearest.signal if asked.nearest else None)
    if signal is None:
        why = f"; {asked.silence}" if asked.silence else ""
        return Branch(mark="?", text=f"`{name}`: no signal of kind {' or '.join(asked.pattern.kinds)}{why}")
    below = tuple(Branch(mark=mark, text=text, signal=signal) for mark, text in values(asked.pattern, signal))
    if asked.met:
        told = f"`{name}` was met {times(asked.met)}, first by {place_of(signal)}"
        return Branch(mark="✓", text=told, signal=signal, below=below)
    mark: Mark = "✗" if any(each.mark == "✗" for each in below) else "?"
    return Branch(mark=mark, text=f"`{name}` was never met; the nearest is {place_of(signal)}", signal=signal,
                  below=below)  # fmt: skip


def _away(asked: Asked) -> Branch:
    """A signal that must stay away: that it never came is what the rule waits for."""
    seen = _pattern(asked)
    if asked.met:
        return replace(seen, mark="✗", text=f"{seen.text}; it must stay away")
    firm = asked.silence is not None and asked.silence.is_firm
    text = f"`{asked.pattern.name}` stayed away"
    return Branch(mark="?" if firm else "✓", text=f"{text}; {asked.silence}" if firm else text)


def of_needs(rule: CaseRule, case: Case, detected: Iterable[EvidenceId]) -> tuple[Standing, Branch]:
    """How near a case rule came, and each symptom that it needs; `detected` are those that some rule looks for."""
    held, looked_for = any(each.rule == rule.id for each in case.conclusions), frozenset(detected)
    below = tuple(_need(each.symptom, case, looked_for) for each in rule.needs)
    lacks = tuple(Lack(each.text) for each in below if each.mark != "✓")
    no = any(each.mark == "✗" for each in below)
    mark: Mark = "✓" if held else "?" if lacks and not no else "✗"
    found = Standing(rule=rule, mark=mark, lacks=() if held else lacks or (Lack("not on one and the same connector"),))
    says = f"speaks for {rule.conclude.cause or rule.conclude.symptom}"
    return found, Branch(mark=mark, text=f"{says}: it {'holds' if held else 'does not hold'}", below=below)


def _need(symptom: EvidenceId, case: Case, detected: frozenset[EvidenceId]) -> Branch:
    firing = next((each for each in case.firings if each.symptom == symptom), None)
    if firing is not None:
        below = tuple(Branch(mark="✓", text=place_of(each), signal=each) for each in firing.signals)
        return Branch(mark="✓", text=f"{symptom}, by the rule {firing.rule}", below=below)
    if any(each.symptom == symptom for each in case.conclusions):
        return Branch(mark="✓", text=f"{symptom}, which other symptoms amount to")
    if symptom in case.answers:
        return Branch(mark="✗", text=f"{symptom}: a person answered {case.answers[symptom]}")
    if symptom in detected:
        return Branch(mark="✗", text=f"{symptom}: no rule saw it in this case")
    return Branch(mark="?", text=f"{symptom}: nobody looked")


def walk(branch: Branch) -> Iterator[Branch]:
    """A branch and all below it."""
    yield branch
    for each in branch.below:
        yield from walk(each)


def evidence(branch: Branch) -> tuple[Signal, ...]:
    """The signals that a tree stands on, by time; those without one come first."""
    found = {(each.signal.at, each.signal.line, each.signal.raw, each.signal.kind): each.signal
             for each in walk(branch) if each.signal is not None}  # fmt: skip
    return tuple(sorted(found.values(), key=lambda each: (each.at is not None, each.at, each.line or 0)))


def _by_name(told: Explanation) -> Mapping[str, Asked]:
    return {each.pattern.name: each for each in told.asked}


def _truth(truth: Truth) -> Mark:
    return {Truth.YES: "✓", Truth.UNKNOWN: "?"}.get(truth, "✗")  # type: ignore[return-value]  # both are marks
