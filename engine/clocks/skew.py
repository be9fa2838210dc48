"""Skew: how far the clocks of a charger and its management system are from that of what wrote the log. Pure, bounded.

Each dated message is a pair: what its clock said, and when the source heard it. A charger that was offline tells what
it queued long after it happened, so old pairs say nothing of its clock; what it tells at once stands at the upper end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Literal, NamedTuple

from chargelore.engine.decode.clock import payload_time
from chargelore.engine.signal import EXCERPT, Signal

FEWEST = 3  # pairs below which nothing is said
MOST = 128  # pairs of a clock that are kept; of more every second, fourth, … is
FIRST_YEAR = 2010  # clocks that nobody set begin in 1970, 1980 or 2000
OFTEN = 8  # pairs up to which every one is looked at, then every so many, then fewer
RIGHT = 10.0  # seconds: logs print whole seconds, and messages travel
NEAR = 60.0  # seconds between neighbours of one group of offsets
TIGHT = 5.0  # seconds by which those of a clock that was set anew differ before and after
UNSTEADY = 300.0
AGE = 600  # seconds; how finely the waiting of queued messages is counted
LATE = 3_600.0  # seconds that a message waited before it counts as queued
MOST_AGES = 1_000  # about a week, so that no charger fills memory; what waited longer is counted there
DAY = 86_400.0
MOST_DRIFT = 1_800.0  # seconds a day; what changes faster is no clock that drifts

# The source had no time of its own: that of neighbours, or of the messages themselves, proves nothing about a clock.
NO_TIME = frozenset({"no-time", "payload-time", "payload-date", "no-date", EXCERPT})
_LAYERS = frozenset({"ocpp", "modbus"})
CLOCKS = frozenset({"clock", "ClockCtrlr.DateTime", "RealTimeClock.DateTime"})  # readings that hold a charger's time
_ANSWERS = frozenset({"answer", "orphan"})
_NO_MESSAGE = frozenset({*_ANSWERS, "unanswered", "command"})
_ODD_ZONES = (3.5, 4.5, 5.5, 6.5, 9.5, 10.5, 5.75, 8.75, 12.75, -3.5, -9.5)
ZONES = tuple(3_600.0 * hours for hours in (*range(-12, 0), *range(1, 15), *_ODD_ZONES))

Whose = Literal["charger", "csms"]
Looks = Literal["right", "ahead", "behind", "time-zone", "never-set", "drifts", "unsteady"]
Pair = tuple[float, float]  # when the source heard it in seconds since 1970, and by how many its clock was ahead
NO_AGES: Mapping[int, int] = {}


class Ticks(NamedTuple):
    """What one clock said so far. `ages` counts pairs by offset in steps of ten minutes, `unset` those of a start date.

    `sample` holds every `every`-th pair, `least` is the offset of the message that waited longest.
    """

    pairs: int = 0
    sample: tuple[Pair, ...] = ()
    every: int = 1
    ages: Mapping[int, int] = NO_AGES
    least: float = 0.0
    unset: int = 0
    year: int = 0


class State(NamedTuple):
    """The clocks of one charger and of what it talks to; `open` is when the frame at hand was heard and its date."""

    charger: Ticks = Ticks()
    csms: Ticks = Ticks()
    frame: tuple[int, str] = (0, "")
    open: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """How a clock stands against that of the source; seconds, positive where it is ahead.

    `ahead` and `spread` (of nine in ten pairs) are None where it was never set. `was` is what `ahead` was before the
    clock was set anew, `drift` how much it gains a day. `unset` counts messages dated by a clock that began in `year`,
    `queued` those told an hour or more after they happened (to within ten minutes), `oldest` how long one waited.
    """

    clock: Whose
    looks: Looks
    pairs: int
    ahead: float | None = None
    spread: float | None = None
    drift: float | None = None
    was: float | None = None
    unset: int = 0
    year: int = 0
    queued: int = 0
    oldest: float | None = None


START = State()


def heard(state: State, signal: Signal) -> State:
    """Take one signal of a charger; what has no time of its own, or says none, changes nothing."""
    own = own_date(signal)
    if own is None or signal.at is None:
        return state
    at = signal.at if signal.at.tzinfo else signal.at.replace(tzinfo=UTC)
    if at.year < FIRST_YEAR:
        return state
    whose, said = own
    if whose == "csms":
        return state._replace(csms=_told(state.csms, at, said))
    if signal.kind == "reading":
        return state._replace(charger=_told(state.charger, at, said))
    return _dated(state, (signal.line, str(signal.fields.get("uid"))), at, said)


def own_date(signal: Signal) -> tuple[Whose, datetime] | None:
    """Whose clock a signal tells, and what that clock said; None where it tells none, or the source had no time."""
    if signal.layer not in _LAYERS or signal.at is None or not NO_TIME.isdisjoint(signal.marks):
        return None
    if signal.kind == "reading":
        return _said("charger", _in_a_register(signal)) if signal.fields.get("name") in CLOCKS else None
    if signal.kind in _ANSWERS and "currentTime" in signal.fields:
        return _said("csms", signal.fields["currentTime"])
    if "timestamp" in signal.fields and signal.kind not in _NO_MESSAGE and signal.fields.get("from") == "charger":
        return _said("charger", signal.fields["timestamp"])
    return None


def _said(whose: Whose, told: object) -> tuple[Whose, datetime] | None:
    said = payload_time(told)
    return None if said is None else (whose, said)


def _in_a_register(signal: Signal) -> str | None:
    """The charger's time in a register or a value of an interface: seconds since 1970, or a date."""
    value = signal.fields.get("value")
    return value if isinstance(value, str) else f"{value:.0f}" if value else None


def off_by(signal: Signal) -> tuple[Whose, float] | None:
    """Whose clock a signal tells that was not right, and by how many seconds it was ahead; None where none is."""
    own = own_date(signal)
    if own is None or signal.at is None:
        return None
    at = signal.at if signal.at.tzinfo else signal.at.replace(tzinfo=UTC)
    ahead = (own[1] - at).total_seconds()
    return (own[0], ahead) if abs(ahead) > RIGHT else None


def is_due(before: State, now: State) -> bool:
    """Whether a clock said so much more that it is worth a look: often at first, then every so many messages."""
    if now.charger is not before.charger and _is_worth_a_look(now.charger):
        return True
    return now.csms is not before.csms and _is_worth_a_look(now.csms)


def _is_worth_a_look(ticks: Ticks) -> bool:
    count = ticks.pairs + ticks.unset
    every = 1 if count <= OFTEN else OFTEN if count <= MOST // 4 else MOST // 4
    return count >= FEWEST and count % every == 0


def _dated(state: State, frame: tuple[int, str], at: datetime, said: datetime) -> State:
    """Of the dates of one frame the latest counts: what stands before it is history, told again."""
    if frame != state.frame:
        return _closed(state)._replace(frame=frame, open=(at, said))
    return state._replace(open=(at, max(said, state.open[1]) if state.open else said))


def _closed(state: State) -> State:
    if state.open is None:
        return state
    return state._replace(charger=_told(state.charger, *state.open), open=None, frame=(0, ""))


def _told(ticks: Ticks, at: datetime, said: datetime) -> Ticks:
    if said.year < FIRST_YEAR:
        return ticks._replace(unset=ticks.unset + 1, year=said.year)
    return _taken(ticks, (round(at.timestamp(), 3), round((said - at).total_seconds(), 3)))


def _taken(ticks: Ticks, pair: Pair) -> Ticks:
    sample, every = ticks.sample, ticks.every
    if ticks.pairs % every == 0:
        sample = (*sample, pair)
        if len(sample) > MOST:
            sample, every = sample[::2], every * 2
    age = max(-MOST_AGES, min(MOST_AGES, int(pair[1] // AGE)))
    ages = {**ticks.ages, age: ticks.ages.get(age, 0) + 1}
    least = min(ticks.least, pair[1]) if ticks.pairs else pair[1]
    return ticks._replace(pairs=ticks.pairs + 1, sample=sample, every=every, ages=ages, least=least)


def skews(state: State) -> tuple[Skew, ...]:
    """What is known of the clocks; nothing of one that said too little."""
    told = _skew("charger", _closed(state).charger), _skew("csms", state.csms)
    return tuple(each for each in told if each is not None)


def _skew(clock: Whose, ticks: Ticks) -> Skew | None:
    if ticks.unset >= FEWEST and ticks.unset > ticks.pairs:
        return Skew(clock=clock, looks="never-set", pairs=ticks.pairs, unset=ticks.unset, year=ticks.year)
    if ticks.pairs < FEWEST:
        return None
    before, now = _before_and_now(ticks.sample)
    if len(now) < FEWEST:
        return None  # all but two were queued, or no two agree
    drift = _drift(now)
    present = _thirds(now)[-1] if drift is not None else now
    ahead, spread = _middle(present), _spread(present)
    was = _middle(before) if before else None
    queued, oldest = _queued(ticks, ahead if was is None else min(ahead, was))
    return Skew(
        clock=clock, looks=_looks(ahead, spread, drift), pairs=ticks.pairs, ahead=ahead, spread=spread, drift=drift,
        was=was, unset=ticks.unset, year=ticks.year, queued=queued, oldest=oldest,
    )  # fmt: skip


def _looks(ahead: float, spread: float, drift: float | None) -> Looks:
    if drift is not None:
        return "drifts"
    if spread > UNSTEADY:
        return "unsteady"
    if abs(ahead) <= RIGHT:
        return "right"
    if zone_of(ahead) is not None:
        return "time-zone"
    return "ahead" if ahead > 0 else "behind"


def zone_of(ahead: float) -> float | None:
    """The offset of a time zone from UTC, in seconds, that is as good as this one; None where there is none."""
    nearest = min(ZONES, key=lambda zone: abs(zone - ahead))
    return nearest if abs(nearest - ahead) <= NEAR else None


def _before_and_now(sample: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The live pairs as they are now, and where the clock was set anew meanwhile those from before."""
    groups = _groups(sample)
    upper = sorted(sample, key=lambda each: each[1])[int(0.75 * (len(sample) - 1))]
    live = next(group for group in groups if upper in group)
    large = sorted(filter(lambda each: _is_a_clock(each, len(sample)), groups), key=lambda each: each[0])
    if len(large) == 2 and live in large and large[0][-1][0] <= large[1][0][0]:
        return large[0], large[1]
    return [], live


def _groups(sample: Iterable[Pair]) -> list[list[Pair]]:
    """Pairs whose offsets lie close together, each group in order of time."""
    groups: list[list[Pair]] = []
    last = float("-inf")
    for pair in sorted(sample, key=lambda each: each[1]):
        if pair[1] - last > NEAR:
            groups.append([])
        groups[-1].append(pair)
        last = pair[1]
    return [sorted(group) for group in groups]


def _is_a_clock(group: Sequence[Pair], pairs: int) -> bool:
    """Queued messages wait for different times and are fewer; as many that agree are a clock that stood otherwise."""
    return len(group) >= FEWEST and 3 * len(group) >= pairs and _noise(group) <= TIGHT


def _drift(live: Sequence[Pair]) -> float | None:
    """Seconds that the clock gains a day, where it moves one way all the time."""
    if len(live) < 3 * FEWEST:
        return None
    first, second, third = _thirds(live)
    change, days = _middle(third) - _middle(first), (_time(third) - _time(first)) / DAY
    noise = max(_noise(each) for each in (first, second, third))
    if days < 1 / 24 or abs(change) <= max(2.0, 3 * noise) or abs(change / days) > MOST_DRIFT:
        return None
    part = (_middle(second) - _middle(first)) / change
    return round(change / days, 3) if 0.2 <= part <= 0.8 else None


def _thirds(live: Sequence[Pair]) -> tuple[Sequence[Pair], Sequence[Pair], Sequence[Pair]]:
    size = len(live) // 3
    return live[:size], live[size : len(live) - size], live[len(live) - size :]


def _middle(pairs: Iterable[Pair]) -> float:
    return round(median(ahead for _, ahead in pairs), 3)


def _time(pairs: Iterable[Pair]) -> float:
    return median(at for at, _ in pairs)


def _noise(pairs: Sequence[Pair]) -> float:
    middle = _middle(pairs)
    return median(abs(ahead - middle) for _, ahead in pairs)


def _spread(pairs: Sequence[Pair]) -> float:
    """Between the lowest and the highest of nine in ten pairs that were told at once."""
    middle, reach = _middle(pairs), max(TIGHT, 6 * _noise(pairs))
    near = sorted(ahead for _, ahead in pairs if abs(ahead - middle) <= reach)
    edge = len(near) // 20
    return round(near[-1 - edge] - near[edge], 3)


def _queued(ticks: Ticks, ahead: float) -> tuple[int, float | None]:
    """How many messages were told long after they happened, and how long the oldest had waited."""
    if abs(ahead) >= MOST_AGES * AGE:
        return 0, None  # so far off that the count of what waited says nothing
    queued = sum(number for age, number in ticks.ages.items() if (age + 0.5) * AGE <= ahead - LATE)
    return queued, round(ahead - ticks.least, 3) if queued else None
