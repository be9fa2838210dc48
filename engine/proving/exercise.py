"""Exercise: every example of every rule, run through the same network and inference as live signals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import CaseRule, Rules, SignalRule
from chargelore.engine.grammar.rulefile import Example
from chargelore.engine.infer import Chain, Inference
from chargelore.engine.infer.fact import Fact
from chargelore.engine.matching.network import EPOCH, START, compile_rules, identified
from chargelore.engine.neighbours import Neighbours
from chargelore.engine.proving.cast import cast as cast_of
from chargelore.engine.proving.story import given
from chargelore.engine.units import span, spelt
from chargelore.kb.errors import RuleError
from chargelore.kb.model import EvidenceId

MOST_TOLD = 5  # times of firings in a sentence
ALL_STATES = frozenset({"draft", "shadow", "stable", "deprecated"})
FACT = "write a symptom, or `{symptom: name, connector: 1}`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One example of one rule: what it expects and what happened.

    `at` are the spans from the start of the story at which a signal rule fired; a case rule has none. `wanted` is how
    often it must fire, or when; None where the example does not say.
    """

    rule: str
    place: str
    example: str
    expected: bool
    fired: bool
    at: tuple[timedelta, ...] = ()
    wanted: int | tuple[timedelta, ...] | None = None

    @property
    def passed(self) -> bool:
        """Whether the rule did what its example says."""
        if self.expected != self.fired:
            return False
        return self.wanted in (None, self.at) if not isinstance(self.wanted, int) else self.wanted == len(self.at)

    def __str__(self) -> str:
        """What happened, and what had to: `fired at 12s, but must at 9s`."""
        did = f"fired{_times(self.at)}" if self.fired else "did not fire"
        return did if self.passed else f"{did}, but {_must(self)}"


def _must(outcome: Outcome) -> str:
    if not outcome.expected:
        return "must not"
    if isinstance(outcome.wanted, int):
        return f"must {outcome.wanted} times"
    return f"must{_times(outcome.wanted or ())}"


def _times(at: tuple[timedelta, ...]) -> str:
    told = ", ".join(spelt(each) for each in at[:MOST_TOLD])
    return f" at {told}{' …' if len(at) > MOST_TOLD else ''}" if at else ""


def exercise(rules: Rules, *engines: Inference) -> Iterator[Outcome]:
    """The outcome of every example. Each signal rule runs alone, so that no other rule can help it.

    Case rules run in the plain chainer and in the engines given; an example passes only where all of them agree.
    """
    for rule in rules.signal_rules:
        yield from (_played(rule, example) for example in rule.examples)
    asked = (Chain(rules.case_rules), *engines)
    for case_rule in rules.case_rules:
        yield from (_joined(asked, case_rule, example) for example in case_rule.examples)


def _played(rule: SignalRule, example: Example) -> Outcome:
    at = tuple((firing.at or EPOCH) - EPOCH for firing in _fires(rule, example))
    return Outcome(
        rule=rule.id, place=rule.place, example=example.name, expected=example.expect == "match",
        fired=bool(at), at=at, wanted=_wanted(rule, example),
    )  # fmt: skip


def _joined(engines: Sequence[Inference], rule: CaseRule, example: Example) -> Outcome:
    if example.fires is not None:
        raise RuleError("a case rule holds or does not", where=rule.place, mend="`fires` is for signal rules")
    fired = _concludes(engines, rule, example)
    return Outcome(
        rule=rule.id, place=rule.place, example=example.name, expected=example.expect == "match", fired=fired
    )


def _wanted(rule: SignalRule, example: Example) -> int | tuple[timedelta, ...] | None:
    """How often or when the rule must fire; RuleError for what says neither."""
    fires, is_match = example.fires, example.expect == "match"
    if fires is None or (isinstance(fires, int) and fires > 0 and is_match):
        return fires
    told = (fires,) if isinstance(fires, str) else () if isinstance(fires, int) else fires
    spans = tuple(each for each in map(span, told) if each is not None)
    if not told or len(spans) < len(told) or not is_match:
        mend = "write `fires: 2`, `fires: 12s` or `fires: [12s, 5m]` beside `expect: match`"
        raise RuleError(f"the example `{example.name}` fires {fires!r}", where=rule.place, mend=mend)
    return spans


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


def _fires(rule: SignalRule, example: Example) -> tuple[Firing, ...]:
    """What fires while the chargers of the example speak; its last signal ends the story."""
    cast, rules = cast_of(rule, example), Rules(signal_rules=(rule,))
    network, neighbours = compile_rules(rules, ALL_STATES, cast.places), Neighbours(rules, cast.places, ALL_STATES)
    states = {name: identified(START, who.vendor, who.model, who.firmware) for name, who in cast.chargers.items()}
    signals = given(rule, example)
    fired: list[Firing] = []
    for signal in signals:
        states[signal.charger], firings = network.step(states[signal.charger], signal)
        fired += neighbours.heard(firings)
    last = max((signal.at for signal in signals if signal.at), default=EPOCH)
    late = [firing for state in states.values() for firing in network.close(state, last)[1]]
    fired += neighbours.heard(sorted(late, key=lambda each: each.at or EPOCH))
    return tuple({each.id: each for each in (*fired, *neighbours.close(last))}.values())
