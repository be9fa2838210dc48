"""Network: all rules compiled; one signal of one charger in, symptoms out. State is a plain value for each charger."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from chargelore.engine.case import Charger
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.condition import Pattern
from chargelore.engine.grammar.operators import Absent, Count, Not, Sequence, Sustained, When
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.grammar.rulefile import ANYWHERE
from chargelore.engine.matching.alpha import AlphaIndex
from chargelore.engine.matching.concern import Concern, concern
from chargelore.engine.matching.moment import NONE, Evidence, Memory, Moment
from chargelore.engine.matching.relief import excess, most_kept, relieved, size
from chargelore.engine.matching.sitewide import heard
from chargelore.engine.matching.window import advance, connector_of, due
from chargelore.engine.nameplate import LONGEST_NAME, short
from chargelore.engine.places import NO_PLACES, Places
from chargelore.engine.scope import Spot
from chargelore.engine.signal import QUEUED, Signal

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the time of signals until a charger tells its first
RUNNING = frozenset({"stable", "shadow"})
# A clock that is set wrong and set right again must not age every wait. What lies outside these bounds of the last
# time is taken at the last time; the third in a row is believed, and what was open under the old clock is dropped.
FORWARD, BACK = timedelta(days=31), timedelta(days=1)
BELIEVED = 3

MOST_CONCERNS = 65_536  # answers that are not worked out again

NOBODY = Charger(id="")
NO_NAMES: frozenset[str] = frozenset()


class Windows(NamedTuple):
    """What rules remember, by rule id and version; when each must be looked at; which rules failed, and how.

    `kept` is how many signals they keep, within a bound; `evicted` how many each rule had to give up for that.
    """

    memories: Mapping[str, Memory] = {}
    deadlines: Mapping[str, datetime] = {}
    next_due: datetime | None = None
    failed: Mapping[str, str] = {}
    kept: int = 0
    evicted: Mapping[str, int] = {}


class State(NamedTuple):
    """What the rules know of one charger; picklable. `strays` counts signals in a row whose time was not believed."""

    charger: Charger = NOBODY
    last_at: datetime | None = None
    strays: int = 0
    windows: Windows = Windows()


START = State()


def identified(state: State, vendor: str, model: str, firmware: str) -> State:
    """The charger said who it is; rules with a scope apply from now on."""
    return state._replace(charger=Charger(id=state.charger.id, vendor=vendor, model=model, firmware=firmware))


def compile_rules(rules: Rules, statuses: frozenset[str] = RUNNING, places: Places = NO_PLACES) -> Network:
    """The network of all rules in these states; drafts and deprecated rules stay out.

    Where places are known it also hears the parts of rules over a site or feeder; `Neighbours` puts them together.
    """
    running = (rule for rule in rules.signal_rules if rule.status in statuses)
    return Network(tuple(each for rule in running for each in heard(rule, placed=bool(places))), places)


class Network:
    """The compiled rules. Holds nothing of any charger: `step` is a pure function of state and signal."""

    def __init__(self, rules: tuple[SignalRule, ...], places: Places = NO_PLACES) -> None:
        self._rules, self._places = rules, places
        self._concerns: dict[tuple[int, str, str, str, Spot, int | None], Concern] = {}
        shapes: dict[When, int] = {}
        self._compiled = tuple(_compiled(rule, shapes) for rule in rules)
        self._numbers = {each.key: number for number, each in enumerate(self._compiled)}
        self._alpha = AlphaIndex(
            (number, pattern) for number, rule in enumerate(rules) for pattern in rule.patterns.values()
        )
        self._most = most_kept(len(rules))
        self._watchers = _watchers(self._compiled)
        self._runs = frozenset(key for watchers in self._watchers.values() for _, key in watchers)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns of all rules."""
        return tuple(pattern for rule in self._rules for pattern in rule.patterns.values())

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of signal that any rule asks for."""
        return frozenset(kind for pattern in self.patterns for kind in pattern.kinds)

    def has_runs(self, state: State) -> bool:
        """Whether a rule waits for something to end, which any signal of its kind may do."""
        return bool(self._runs) and not self._runs.isdisjoint(state.windows.memories)

    def step(self, state: State, signal: Signal) -> tuple[State, tuple[Firing, ...]]:
        """Take one signal; the new state and the symptoms that it completed."""
        state, at = _timed(state, signal)
        if signal.kind == "boot" or signal.charger != state.charger.id:
            signal = named(signal)
            state = _heard(state, signal)
        late: tuple[Firing, ...] = ()
        if state.windows.next_due is not None and state.last_at is not None:
            state, late = self._overdue(state, state.last_at, including=False)
        matched = self._alpha.matching(signal)
        watching = self._watching(state, signal)
        if not matched and not watching:
            return state, late
        numbers = sorted(matched.keys() | watching if watching else matched)
        state, new = self._advanced(state, numbers, matched, signal, at)
        return state, (*late, *new)

    def close(self, state: State, at: datetime) -> tuple[State, tuple[Firing, ...]]:
        """Event time reached `at` without a further signal."""
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return self._overdue(state, at, including=True)

    def adopted(self, state: State, *, is_heard: bool = True) -> State:
        """A state that other rules, or these long ago, left: without what is not loaded any more.

        With `is_heard=False` nobody listened since, so that it is also without what silence would complete.
        """
        windows = state.windows
        gone = {key for key in windows.memories if key not in self._numbers}
        left = _without(state, gone if is_heard else gone | windows.deadlines.keys())
        memories = left.windows.memories
        kept = sum(size(self._compiled[self._numbers[key]].rule.when, memory) for key, memory in memories.items())
        return left._replace(windows=left.windows._replace(kept=kept))

    def _watching(self, state: State, signal: Signal) -> set[int]:
        """Rules with an open run, which a signal of this kind may end."""
        memories = state.windows.memories
        if not memories:
            return set()
        return {number for number, key in self._watchers.get(signal.kind, ()) if key in memories}

    def _overdue(self, state: State, at: datetime, *, including: bool) -> tuple[State, tuple[Firing, ...]]:
        """Look at every rule whose time came, in order of time, as if the clock had struck just then."""
        firings: list[Firing] = []
        while (next_due := state.windows.next_due) is not None and (next_due < at or (including and next_due == at)):
            keys = [key for key, time in state.windows.deadlines.items() if time == next_due]
            numbers = sorted(self._numbers[key] for key in keys if key in self._numbers)
            state = _without(state, [key for key in keys if key not in self._numbers])
            state, new = self._advanced(state, numbers, {}, None, next_due)
            firings += new
        return state, tuple(firings)

    def _advanced(
        self,
        state: State,
        numbers: Iterable[int],
        matched: Mapping[int, frozenset[str]],
        signal: Signal | None,
        at: datetime,
    ) -> tuple[State, tuple[Firing, ...]]:
        memories, deadlines = dict(state.windows.memories), dict(state.windows.deadlines)
        failed, kept, firings = state.windows.failed, state.windows.kept, []
        turn, more = _Turn(at, signal, matched), excess(signal)
        for number in numbers:
            each = self._compiled[number]
            before = memories.get(each.key)
            where = self._concern(number, state.charger, signal) if each.is_scoped else "here"
            if where == "elsewhere":
                continue
            if where == "nowhere":
                memory, evidence = None, NONE
            else:
                memory, evidence, trouble = turn.step(number, each, before)
                failed = {**failed, each.key: trouble} if trouble else failed
            if memory is not before:
                kept += size(each.rule.when, memory) - size(each.rule.when, before) + more
                _keep(memories, each.key, memory)
            if each.waits:
                _keep(deadlines, each.key, due(each.rule.when, memory))
            if evidence:
                firings.append(_firing(each.rule, state.charger.id, at, evidence))
        next_due = min(deadlines.values(), default=None)
        windows = Windows(memories, deadlines, next_due, failed, kept, state.windows.evicted)
        return state._replace(windows=windows if kept <= self._most else self._relieved(windows, at)), tuple(firings)

    def _relieved(self, windows: Windows, at: datetime) -> Windows:
        """The windows within their bound again."""
        whens = {key: self._rules[self._numbers[key]].when for key in windows.memories if key in self._numbers}
        left = relieved(whens, windows.memories, at, self._most)
        dues = {key: due(whens[key], memory) for key, memory in left.memories.items()}
        deadlines = {key: time for key, time in dues.items() if time is not None}
        evicted = dict(Counter(windows.evicted) + Counter(left.evicted))
        next_due = min(deadlines.values(), default=None)
        return Windows(left.memories, deadlines, next_due, windows.failed, left.kept, evicted)

    def _concern(self, number: int, charger: Charger, signal: Signal | None) -> Concern:
        """Whether a rule concerns a charger; worked out once for all chargers of a model in like places."""
        spot, place = self._places.spot(charger), signal.connector if signal is not None else None
        asked = (number, charger.vendor, charger.model, charger.firmware, spot, place)
        found = self._concerns.get(asked)
        if found is None:
            if len(self._concerns) >= MOST_CONCERNS:
                self._concerns.clear()
            found = self._concerns[asked] = concern(self._rules[number], charger, spot, place)
        return found


Stepped = tuple[Memory, Evidence, str]  # the new memory, the signals behind a match, and how the rule failed


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule with what is asked of it at every signal. `waits` when it must be looked at without one.

    Rules of one `shape` have the same operator, which asks for nothing else than its memory and the names that matched;
    0 for a rule that is alone in that.
    """

    rule: SignalRule
    key: str
    is_scoped: bool
    waits: bool
    shape: int

    def step(self, memory: Memory, moment: Moment) -> Stepped:
        """What becomes of the rule's memory."""
        try:
            return *advance(self.rule.when, memory, moment), ""
        except Exception as trouble:  # noqa: BLE001  # one rule's mistake must not silence the others
            return None, NONE, f"{type(trouble).__name__}: {trouble}"[:200]


def _compiled(rule: SignalRule, shapes: dict[When, int]) -> _Compiled:
    waits = any(isinstance(each, Absent | Sustained) for each in _operators(rule.when))
    is_scoped = rule.applies_to != ANYWHERE or bool(rule.parameters)
    shape = shapes.setdefault(rule.when, len(shapes) + 1) if isinstance(rule.when, Sequence | Count) else 0
    return _Compiled(rule, rule.key, is_scoped, waits, shape)


@dataclass(slots=True)
class _Turn:
    """One signal's round through the rules. Where many wait for the same next thing, their step is taken once."""

    at: datetime
    signal: Signal | None
    matched: Mapping[int, frozenset[str]]
    taken: dict[tuple[int, int, frozenset[str]], Stepped] = field(default_factory=dict)

    def step(self, number: int, each: _Compiled, memory: Memory) -> Stepped:
        """What becomes of a rule's memory; shared by those of one shape whose memory is the very same value."""
        names = self.matched.get(number, NO_NAMES)
        alike = (each.shape, id(memory), names)
        found = self.taken.get(alike)
        if found is None:
            found = each.step(memory, Moment(self.at, names, self.signal, each.rule.patterns))
            if each.shape:
                self.taken[alike] = found
        return found


def _timed(state: State, signal: Signal) -> tuple[State, datetime]:
    """The state at the time of the signal, and that time: the charger's last where it has none to be believed."""
    last = state.last_at
    if signal.at is None:
        return state, last or EPOCH
    at = signal.at if signal.at.tzinfo else signal.at.replace(tzinfo=UTC)
    if QUEUED in signal.marks:  # history, told now: time does not go back for it
        return state, at
    if last is None:
        return state._replace(last_at=at, windows=_emptied(state.windows)), at
    if -BACK <= at - last <= FORWARD:
        return state._replace(last_at=at if at > last else last, strays=0), at
    if state.strays + 1 < BELIEVED:
        return state._replace(strays=state.strays + 1), last
    return state._replace(last_at=at, strays=0, windows=_emptied(state.windows)), at


def named(signal: Signal) -> Signal:
    """The signal with an id of its charger that may be kept."""
    if len(signal.charger) <= LONGEST_NAME:
        return signal
    return msgspec.structs.replace(signal, charger=short(signal.charger))


def _heard(state: State, signal: Signal) -> State:
    """Who speaks; at boot a charger says what it is, and what it leaves out stays as it was."""
    known, said = state.charger, signal.fields if signal.kind == "boot" else {}
    charger = Charger(
        id=signal.charger or known.id,
        vendor=str(said.get("vendor") or known.vendor),
        model=str(said.get("model") or known.model),
        firmware=str(said.get("firmware") or known.firmware),
    )
    return state._replace(charger=charger)


def _without(state: State, keys: Iterable[str]) -> State:
    """The state without what rules left behind that are no longer loaded."""
    gone = set(keys)
    if not gone:
        return state
    deadlines = {key: time for key, time in state.windows.deadlines.items() if key not in gone}
    memories = {key: memory for key, memory in state.windows.memories.items() if key not in gone}
    next_due = min(deadlines.values(), default=None)
    return state._replace(windows=state.windows._replace(memories=memories, deadlines=deadlines, next_due=next_due))


def _emptied(windows: Windows) -> Windows:
    """Nothing remembered; what went wrong so far stays told."""
    return Windows(failed=windows.failed, evicted=windows.evicted)


def _keep(kept: dict[str, Any], key: str, value: object) -> None:
    if value is None:
        kept.pop(key, None)
    else:
        kept[key] = value


def _watchers(rules: Iterable[_Compiled]) -> dict[str, tuple[tuple[int, str], ...]]:
    """Rules that must also see signals that do not match: a run ends with the first that fails the pattern."""
    found: dict[str, dict[int, str]] = {}
    for number, each in enumerate(rules):
        for when in _operators(each.rule.when):
            for kind in each.rule.patterns[when.name].kinds if isinstance(when, Sustained) else ():
                found.setdefault(kind, {})[number] = each.key
    return {kind: tuple(numbers.items()) for kind, numbers in found.items()}


def _operators(when: When) -> Iterator[When]:
    """The operator and all that stand in it."""
    yield when
    for part in (*getattr(when, "parts", ()), *([when.part] if isinstance(when, Not) else [])):
        yield from _operators(part)


def _firing(rule: SignalRule, charger: str, at: datetime, evidence: Evidence) -> Firing:
    return Firing(
        id=_firing_id(rule, charger, evidence),
        rule=rule.id,
        version=rule.version,
        symptom=rule.symptom,
        charger=charger,
        connector=connector_of(evidence),
        at=at,
        signals=evidence,
        trial=rule.status == "shadow",
        part=rule.part,
    )


def _firing_id(rule: SignalRule, charger: str, evidence: Evidence) -> str:
    """The same rule, version, charger and signals give the same id on every replay."""
    parts = [rule.id, rule.version, charger]
    parts += [f"{signal.at} {signal.line} {signal.kind} {signal.connector} {signal.raw[:200]}" for signal in evidence]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
