"""One clock: recordings of one charger by loggers whose clocks differ are put on the clock of the first of them.

What they have in common is the charger's own clock, with which it dates its messages: each recording shows how far that
is ahead of its own, and the difference is how far the recordings are apart. A log or a meter without such messages is
held against what happened once and is told by both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, islice
from statistics import median
from typing import NamedTuple

from msgspec.structs import replace

from chargelore.engine.clocks import coincidence, skew
from chargelore.engine.signal import Signal

LOOKED_AT = 2_000  # signals of each recording, from which its clock is told
LEAST = 1.0  # second; what is closer is one clock
CLOSE = 3_600.0  # seconds between two recordings that may be compared
WRITTEN = "written "  # mark of a signal that was put on another clock: what its own recording said
_STEADY = frozenset({"right", "ahead", "behind", "time-zone"})


class Move(NamedTuple):
    """What is added to the times of a recording, and by how much that may be off; in seconds."""

    by: float
    slack: float


NO_MOVE = Move(0.0, 0.0)


class OneClock(NamedTuple):
    """Recordings on one clock, and by how many seconds each of those that stood otherwise was moved."""

    recordings: Mapping[str, Iterable[Signal]]
    moved: Mapping[str, float]


def on_one_clock(recordings: Mapping[str, Iterable[Signal]]) -> OneClock:
    """Move recordings that hear the same charger and differ by more than the spread of its dates; each is read once.

    Nothing is moved where no charger is named in two recordings of the same time, or its clock drifts, jumps or cannot
    be told.
    """
    if len(recordings) < 2:
        return OneClock(recordings, {})
    begun = {name: iter(signals) for name, signals in recordings.items()}
    heads = {name: list(islice(signals, LOOKED_AT)) for name, signals in begun.items()}
    clocks = {name: _clocks(head) for name, head in heads.items()}
    moved = _moves(clocks)
    moved |= _by_what_both_tell(heads, clocks, moved)
    whole = {name: chain(heads[name], begun[name]) for name in recordings}
    aligned = {name: moved_by(each, moved.get(name, NO_MOVE)) for name, each in whole.items()}
    return OneClock(aligned, {name: move.by for name, move in moved.items()})


class _Heard(NamedTuple):
    """A charger's clock in one recording: how far ahead, within what, and from when to when by that clock itself."""

    ahead: float
    spread: float
    begin: float
    end: float


def _clocks(head: Iterable[Signal]) -> dict[str, _Heard]:
    """The clock of each named charger, where it stands still against the recording."""
    states: dict[str, skew.State] = {}
    for signal in head:
        if signal.charger:
            states[signal.charger] = skew.heard(states.get(signal.charger, skew.START), signal)
    told = ((charger, _heard(state)) for charger, state in states.items())
    return {charger: each for charger, each in told if each is not None}


def _heard(state: skew.State) -> _Heard | None:
    known = next((each for each in skew.skews(state) if each.clock == "charger"), None)
    if known is None or known.looks not in _STEADY or known.was is not None:
        return None
    said = [at + ahead for at, ahead in state.charger.sample]
    return _Heard(known.ahead or 0.0, known.spread or 0.0, min(said), max(said))


def _moves(clocks: Mapping[str, Mapping[str, _Heard]]) -> dict[str, Move]:
    """Seconds to add to the times of a recording; each is held against those before it."""
    moves: dict[str, Move] = {}
    known: dict[str, _Heard] = {}
    for name, told in clocks.items():
        both = [(each, known[charger]) for charger, each in told.items() if charger in known]
        both = [(one, other) for one, other in both if _are_of_one_time(one, other)]
        by = round(median(one.ahead - other.ahead for one, other in both), 3) if both else 0.0
        slack = max((LEAST, *(one.spread + other.spread for one, other in both)))
        if abs(by) > slack:
            moves[name] = Move(by, slack)
        for charger, each in told.items():
            known.setdefault(charger, each._replace(ahead=each.ahead - moves.get(name, NO_MOVE).by))
    return moves


def _by_what_both_tell(
    heads: Mapping[str, Sequence[Signal]], clocks: Mapping[str, Mapping[str, _Heard]], moved: Mapping[str, Move]
) -> dict[str, Move]:
    """Of recordings that tell nothing of the charger's clock: held against the first, by what happened once."""
    (first, begin), *others = heads.items()
    known = coincidence.moments(moved_by(begin, moved.get(first, NO_MOVE)))
    also = [-each.ahead for each in clocks[first].values()]
    found: dict[str, Move] = {}
    for name, head in others:
        if clocks[name] or not _may_be_of_one(begin, head):
            continue
        fit = coincidence.apart(known, coincidence.moments(head), also)
        if fit is not None:
            found[name] = Move(fit.by, max(LEAST, fit.within))
    return found


def _may_be_of_one(one: Iterable[Signal], other: Iterable[Signal]) -> bool:
    """Whether two recordings may tell of the same charger, as one names none or both name the same."""
    ours, theirs = ({signal.charger for signal in each if signal.charger} for each in (one, other))
    return not ours or not theirs or not ours.isdisjoint(theirs)


def _are_of_one_time(one: _Heard, other: _Heard) -> bool:
    """A clock that was off in March may be right in May: what lies far apart proves nothing."""
    return max(one.begin, other.begin) - min(one.end, other.end) <= CLOSE


def moved_by(signals: Iterable[Signal], move: Move) -> Iterator[Signal]:
    """The signals at the times of another clock; each keeps as a mark what its own recording said."""
    by = timedelta(seconds=move.by)
    for signal in signals:
        if not move.by or signal.at is None:
            yield signal
        else:
            marks = (*signal.marks, f"{WRITTEN}{signal.at.isoformat()}")
            yield replace(signal, at=signal.at + by, marks=marks, slack=max(signal.slack, move.slack))
