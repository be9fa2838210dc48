"""Network: all rules compiled; one signal of one charger in, symptoms out. State is a plain value for each charger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from chargelore.engine.alpha import AlphaIndex
from chargelore.engine.case import Charger
from chargelore.engine.firing import Firing
from chargelore.engine.operators import Sustained, When
from chargelore.engine.rule import Rules, SignalRule
from chargelore.engine.scope import fit
from chargelore.engine.signal import Signal
from chargelore.engine.window import Evidence, Memory, Moment, advance, due

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RUNNING = frozenset({"stable", "shadow"})


@dataclass(frozen=True, slots=True)
class State:
    """What the rules remember of one charger; picklable. `windows` and `deadlines` are by rule id and version."""

    vendor: str = ""
    model: str = ""
    firmware: str = ""
    charger: str = ""
    last_at: datetime | None = None
    windows: Mapping[str, Memory] = field(default_factory=dict)
    deadlines: Mapping[str, datetime] = field(default_factory=dict)


START = State()


def identified(state: State, vendor: str, model: str, firmware: str) -> State:
    """The charger said who it is; rules with a scope apply from now on."""
    return replace(state, vendor=vendor, model=model, firmware=firmware)


def compile_rules(rules: Rules, statuses: frozenset[str] = RUNNING) -> Network:
    """The network of all rules in these states; drafts and deprecated rules stay out."""
    return Network(tuple(rule for rule in rules.signal_rules if rule.status in statuses))


class Network:
    """The compiled rules. Holds nothing of any charger: `step` is a pure function of state and signal."""

    def __init__(self, rules: tuple[SignalRule, ...]) -> None:
        self._rules = rules
        self._keys = tuple(f"{rule.id}@{rule.version}" for rule in rules)
        self._numbers = {key: number for number, key in enumerate(self._keys)}
        self._alpha = AlphaIndex(
            (number, pattern) for number, rule in enumerate(rules) for pattern in rule.patterns.values()
        )
        self._watchers = _watchers(rules)

    def step(self, state: State, signal: Signal) -> tuple[State, tuple[Firing, ...]]:
        """Take one signal; the new state and the symptoms that it completed."""
        at = signal.at or state.last_at or EPOCH
        latest = at if state.last_at is None else max(at, state.last_at)
        state = replace(state, last_at=latest, charger=signal.charger or state.charger)
        state, late = self._overdue(state, latest)
        matched = self._alpha.matching(signal)
        touched = matched.keys() | {each for each in self._watchers.get(signal.kind, ()) if each not in matched}
        if not touched:
            return state, late
        state, new = self._advanced(state, sorted(touched), matched, signal, at)
        return state, (*late, *new)

    def close(self, state: State, at: datetime) -> tuple[State, tuple[Firing, ...]]:
        """Event time reached `at` without a further signal."""
        return self._overdue(state, at)

    def _overdue(self, state: State, at: datetime) -> tuple[State, tuple[Firing, ...]]:
        if not state.deadlines or min(state.deadlines.values()) >= at:
            return state, ()
        late = [self._numbers[key] for key, time in state.deadlines.items() if time < at and key in self._numbers]
        return self._advanced(state, sorted(late), {}, None, at)

    def _advanced(
        self,
        state: State,
        numbers: Iterable[int],
        matched: Mapping[int, frozenset[str]],
        signal: Signal | None,
        at: datetime,
    ) -> tuple[State, tuple[Firing, ...]]:
        windows, deadlines = dict(state.windows), dict(state.deadlines)
        firings: list[Firing] = []
        charger = Charger(id=state.charger, vendor=state.vendor, model=state.model, firmware=state.firmware)
        for number in numbers:
            rule, key = self._rules[number], self._keys[number]
            if fit(rule.applies_to, charger) not in ("inside", "general"):
                continue
            moment = Moment(at, matched.get(number, frozenset()), signal, rule.patterns)
            windows[key], evidence = advance(rule.when, windows.get(key), moment)
            _keep_deadline(deadlines, key, due(rule.when, windows[key]))
            if windows[key] is None:
                del windows[key]
            if evidence:
                firings.append(_firing(rule, state.charger, at, evidence))
        return replace(state, windows=windows, deadlines=deadlines), tuple(firings)


def _keep_deadline(deadlines: dict[str, datetime], key: str, time: datetime | None) -> None:
    if time is None:
        deadlines.pop(key, None)
    else:
        deadlines[key] = time


def _watchers(rules: tuple[SignalRule, ...]) -> dict[str, tuple[int, ...]]:
    """Rules that must also see signals that do not match: a run ends with the first that fails the pattern."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for name in _sustained_names(rule.when):
            for kind in rule.patterns[name].kinds:
                found.setdefault(kind, []).append(number)
    return {kind: tuple(numbers) for kind, numbers in found.items()}


def _sustained_names(when: When) -> Iterator[str]:
    if isinstance(when, Sustained):
        yield when.name
    for part in (*getattr(when, "parts", ()), *([when.part] if hasattr(when, "part") else [])):
        yield from _sustained_names(part)


def _firing(rule: SignalRule, charger: str, at: datetime, evidence: Evidence) -> Firing:
    connector = next((signal.connector for signal in evidence if signal.connector), None)
    return Firing(
        id=_firing_id(rule, charger, evidence),
        rule=rule.id,
        version=rule.version,
        symptom=rule.symptom,
        charger=charger,
        connector=connector,
        at=at,
        signals=evidence,
    )


def _firing_id(rule: SignalRule, charger: str, evidence: Evidence) -> str:
    """The same rule, version, charger and signals give the same id on every replay."""
    parts = [rule.id, rule.version, charger]
    parts += [f"{signal.at} {signal.line} {signal.kind} {signal.connector} {signal.raw[:200]}" for signal in evidence]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
