"""Explain: why a rule matched a stream of signals, or what it still lacked; the evaluator is the one that runs live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from chargelore.engine.case import Charger
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.condition import Condition, OtherField, Pattern, value_of
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet
from chargelore.engine.heard.silence import Silence
from chargelore.engine.matching.network import EPOCH, START, Network, State, compile_rules
from chargelore.engine.matching.sitewide import Unplaced
from chargelore.engine.neighbours import Neighbours
from chargelore.engine.places import NO_PLACES, Places
from chargelore.engine.proving.exercise import ALL_STATES
from chargelore.engine.reach import Reach
from chargelore.engine.signal import Signal
from chargelore.engine.truth import Silent, Truth, of_rule

MOST_FIRINGS = 20  # kept; more of the same explain nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A signal of the right kind, and the conditions that it does not meet."""

    signal: Signal
    failed: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of one pattern: how often it was met, first by which signal, and what came nearest.

    `silence` says why it cannot be met at all: no charger here is of a model that sends such a signal.
    """

    pattern: Pattern
    met: int = 0
    first: Signal | None = None
    nearest: Miss | None = None
    silence: Silence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of a rule: how often it fired, the first firings, and each of its patterns.

    `truth` is UNKNOWN where only such signals are missing as the model never sends; `withheld` counts firings that
    stood on the silence of a model which never says what was waited for.
    """

    rule: SignalRule
    fired: int
    firings: tuple[Firing, ...]
    asked: tuple[Asked, ...]
    truth: Truth = Truth.NO
    withheld: int = 0
    unplaced: tuple[Unplaced, ...] = ()


@dataclass(slots=True)
class _Run:
    """One rule on its way through signals."""

    reach: Reach
    neighbours: Neighbours
    states: dict[str, State]
    asked: dict[str, Asked]
    firings: list[Firing] = field(default_factory=list)
    withheld: int = 0

    def sound(self, firings: Iterable[Firing]) -> list[Firing]:
        """Firings that stand on what was said; the others are counted."""
        told = tuple(firings)
        kept = [each for each in told if self.reach.is_sound(each, self.charger(each.charger))]
        self.withheld += len(told) - len(kept)
        return kept

    def charger(self, name: str) -> Charger:
        """Who speaks under a name."""
        return self.states.get(name, START).charger

    def hears(self, firings: Iterable[Firing]) -> None:
        """Firings of single chargers, and what those of several amount to together."""
        self.firings += self.sound(self.neighbours.heard(self.sound(firings)))


def explain(
    rule: SignalRule,
    signals: Iterable[Signal],
    known: Iterable[Charger] = (),
    sheet: Sheet = NOTHING_HEARD,
    places: Places = NO_PLACES,
) -> Explanation:
    """Run one rule over signals as rules hear them (see `spoken`); the log ends with each charger's last signal.

    `sheet` tells what the model of each charger never sends, `places` which chargers stand together.
    """
    rules = Rules(signal_rules=(rule,))
    network = compile_rules(rules, ALL_STATES, places)
    run = _Run(
        reach=Reach(rules, sheet, ALL_STATES),
        neighbours=Neighbours(rules, places, ALL_STATES),
        states={each.id: START._replace(charger=each) for each in known},
        asked={name: Asked(pattern=pattern) for name, pattern in rule.patterns.items()},
    )
    for signal in signals:
        run.neighbours.meets(signal.charger)
        state, new = network.step(run.states.get(signal.charger, START), signal)
        run.states[signal.charger] = state
        run.reach.takes(signal, state.charger)
        run.hears(new)
        run.asked = {name: _after(each, signal) for name, each in run.asked.items()}
    _ended(run, network)
    return _told(rule, run)


def _ended(run: _Run, network: Network) -> None:
    """The log ends with each charger's last signal."""
    ends = [(state, state.last_at) for state in run.states.values() if state.last_at]
    late = [each for state, at in ends for each in network.close(state, at)[1]]
    run.hears(sorted(late, key=lambda each: each.at or EPOCH))
    run.firings += run.sound(run.neighbours.end({state.charger.id: at for state, at in ends}))


def _told(rule: SignalRule, run: _Run) -> Explanation:
    silent = _silent(rule, run)
    asked = tuple(replace(each, silence=silent.get(name)) for name, each in run.asked.items())
    once = tuple({each.id: each for each in run.firings}.values())
    return Explanation(
        rule=rule,
        fired=len(once),
        firings=once[:MOST_FIRINGS],
        asked=asked,
        truth=_truth(rule, run, silent),
        withheld=run.withheld,
        unplaced=run.neighbours.unplaced(),
    )


def _truth(rule: SignalRule, run: _Run, silent: Silent) -> Truth:
    """Where nobody said which chargers stand together, a rule over several stays unknown."""
    if run.firings:
        return Truth.YES
    if rule.across and run.neighbours.unplaced():
        return Truth.UNKNOWN
    met = {name for name, each in run.asked.items() if each.met}
    return of_rule(rule.when, met.__contains__, silent)


def _silent(rule: SignalRule, run: _Run) -> Silent:
    """The signals that no charger of this log can send, as far as is known of the models of all of them."""
    chargers = [run.reach.silent(state.charger).get(rule.id, {}) for state in run.states.values()]
    first, *others = chargers or [{}]
    return {name: each for name, each in first.items() if all(name in other for other in others)}


def _after(asked: Asked, signal: Signal) -> Asked:
    if signal.kind not in asked.pattern.kinds:
        return asked
    failed = tuple(each for each in asked.pattern.conditions if not each.holds(signal))
    if not failed:
        return replace(asked, met=asked.met + 1, first=asked.first or signal)
    if asked.nearest is not None and len(asked.nearest.failed) <= len(failed):
        return asked
    return replace(asked, nearest=Miss(signal=signal, failed=failed))


def lines(told: Explanation) -> Iterator[str]:
    """The explanation in sentences, one a line."""
    yield f"{told.rule.id}: {told.rule.title}"
    yield f"It fired {times(told.fired)}." if told.fired else _did_not_fire(told)
    yield from (f"? {each}; {each.mend}." for each in told.unplaced)
    for firing in told.firings:
        place = f", connector {firing.connector}" if firing.connector else f", {firing.place}" if firing.place else ""
        who = "{0.charger}: " if firing.place else ""
        yield f"  {_time(firing.at)}{place}: {', '.join(who.format(each) + place_of(each) for each in firing.signals)}"
    yield from (line for each in told.asked for line in _of_pattern(each))
    yield from _withheld(told)
    if not told.fired and all(each.met for each in told.asked):
        yield "Every signal was seen, but not in the order, number or time that `when` asks for."


def why_not(told: Explanation) -> Iterator[str]:
    """What is missing until the rule fires, value by value; one line when it did fire."""
    yield f"{told.rule.id}: {told.rule.title}"
    if told.fired:
        yield f"It fired {times(told.fired)}; `rules explain` says why."
        return
    if told.truth is Truth.UNKNOWN:
        yield _did_not_fire(told)
    yield from (f"? {each}; {each.mend}." for each in told.unplaced)
    missing = [each for each in told.asked if not each.met]
    yield from (line for each in missing for line in _of_pattern(each))
    yield from _withheld(told)
    if not missing:
        yield "Every signal was seen, but not in the order, number or time that `when` asks for:"
        yield from (line for each in told.asked for line in _of_pattern(each))


def _did_not_fire(told: Explanation) -> str:
    if told.truth is not Truth.UNKNOWN:
        return "It did not fire."
    return "It did not fire, and nobody can tell whether it should: it asks for what this model never sends."


def _withheld(told: Explanation) -> Iterator[str]:
    if told.withheld:
        yield f"What it waits for stayed away {times(told.withheld)}; of this model that proves nothing."


def marked(pattern: Pattern, signal: Signal) -> Iterator[str]:
    """Each test of a pattern on a signal: ✓ it holds, ✗ it does not, ? the signal says nothing of it."""
    yield from (f"  {mark} {text}" for mark, text in values(pattern, signal))


def values(pattern: Pattern, signal: Signal) -> Iterator[tuple[Literal["✓", "✗", "?"], str]]:
    """The same as marks and sentences."""
    for condition in pattern.conditions:
        value = value_of(signal, condition.field)
        given = "is not there" if value is None else f"is {str(value)[:80]!r}"
        mark: Literal["✓", "✗", "?"] = "✓" if condition.holds(signal) else "✗" if condition.is_about(signal) else "?"
        yield mark, f"{condition.field} {given}; wanted {condition.op} {_limit(condition)}"


def _of_pattern(asked: Asked) -> Iterator[str]:
    if asked.met and asked.first is not None:
        yield f"`{asked.pattern.name}` was met {times(asked.met)}, first by {place_of(asked.first)}."
        yield from marked(asked.pattern, asked.first)
        return
    if asked.silence is not None:
        yield f"? `{asked.pattern.name}` cannot be met: {asked.silence}."
    if asked.nearest is None:
        yield f"`{asked.pattern.name}` was never met: no signal of kind {' or '.join(asked.pattern.kinds)}."
    else:
        yield f"`{asked.pattern.name}` was never met; the nearest is {place_of(asked.nearest.signal)}:"
        yield from marked(asked.pattern, asked.nearest.signal)


def _limit(condition: Condition) -> str:
    limit = condition.limit
    if isinstance(limit, OtherField):
        return f"{limit.times:g} × {limit.field}"
    return " or ".join(str(each) for each in limit) if isinstance(limit, tuple) else str(limit)


def place_of(signal: Signal) -> str:
    """A signal by its kind and its line, or its time."""
    return f"{signal.kind} in line {signal.line}" if signal.line else f"{signal.kind} at {_time(signal.at)}"


def _time(at: datetime | None) -> str:
    return at.isoformat(sep=" ", timespec="seconds") if at else "no known time"


def times(number: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
