"""Jumps: where on a timeline the next fault, warning, bookmark, gap, session, hour or day is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from chargelore.engine.signal import Signal
from chargelore.kb.events import checksum
from chargelore.tui.lines.signal import is_fault, is_warning

Marked = frozenset[str]
Jump = Callable[[Sequence[Signal], int, Marked], bool]
SESSION = ("transactionId", "transaction", "sessionId", "uniqueId", "messageId")
LEAST_GAP = timedelta(seconds=30)
LONGER = 5  # times the usual distance
AROUND = 1_000  # signals on either side that say what is usual
BREATH = 100
UNDATED = 50  # signals without a time that may stand between two with one
SECTION = frozenset({"boot", "connected", "start"})  # with these something begins


def ahead(signals: Sequence[Signal], place: int, by: int, what: str, marked: Marked = frozenset()) -> int | None:
    """The next place in that direction that a key of JUMPS means; None where there is none."""
    return next((found for found in looking(signals, place, by, what, marked) if found is not None), None)


def looking(
    signals: Sequence[Signal], place: int, by: int, what: str, marked: Marked = frozenset()
) -> Iterator[int | None]:
    """As `ahead`, with None each so many signals, so that one can do something else before one goes on."""
    means = _meaning(signals, place, what, marked)
    for n in _way(signals, place, by):
        if means(n):
            yield n
            return
        if n % BREATH == 0:
            yield None


def _meaning(signals: Sequence[Signal], place: int, what: str, marked: Marked) -> Callable[[int], bool]:
    """Whether a place is what the key means, as seen from where the cursor stands."""
    if what == "same":
        here = session_of(signals[place]) if 0 <= place < len(signals) else frozenset()
        return lambda n: bool(here & session_of(signals[n]))
    if what == "gap":
        least = usual_gap(signals[max(0, place - AROUND) : place + AROUND])
        return lambda n: silence(signals, n) > least
    if what in LENGTHS:
        return lambda n: begins(signals, n, LENGTHS[what])
    return lambda n: JUMPS[what](signals, n, marked)


def _way(signals: Sequence[Signal], place: int, by: int) -> range:
    return range(place + by, len(signals) if by > 0 else -1, by)


def name_of(signal: Signal) -> str:
    """What a bookmark keeps: the signal itself, also when the case is read anew."""
    return f"{signal.at} {signal.line} {signal.kind} {signal.raw[:200]}"


def pin_name(signal: Signal) -> str:
    """What is kept of evidence to find the signal again: it follows from the signal and tells nothing of it."""
    return checksum(name_of(signal).encode("unicode_escape").decode("ascii"))


def _is_marked(signals: Sequence[Signal], place: int, marked: Marked) -> bool:
    """It bears a bookmark, or is held for evidence."""
    return bool(marked) and (name_of(signals[place]) in marked or pin_name(signals[place]) in marked)


def is_same(one: Signal, other: Signal) -> bool:
    """Whether both tell of one moment on the wire: rules hear more of a signal than stands on the timeline."""
    return (one.at, one.line, one.raw) == (other.at, other.line, other.raw)


def session_of(signal: Signal) -> frozenset[str]:
    """The session, or at least the exchange, that a signal belongs to."""
    found = (signal.fields.get(name) for name in SESSION)
    return frozenset(str(each) for each in found if each not in (None, "", 0))


def silence(signals: Sequence[Signal], place: int) -> timedelta:
    """How long nothing was heard before a signal."""
    at, before = signals[place].at, signals[place - 1].at if place else None
    return at - before if at and before else timedelta()


def begins(signals: Sequence[Signal], place: int, part: str) -> bool:
    """Whether a signal is the first of its hour or day; `part` is how `strftime` writes that."""
    at = signals[place].at
    before = _time_before(signals, place) if at is not None else None
    return at is not None and before is not None and at.strftime(part) != before.strftime(part)


def _time_before(signals: Sequence[Signal], place: int) -> datetime | None:
    """The time of the nearest signal before that has one."""
    behind = (signals[n].at for n in range(place - 1, max(-1, place - 1 - UNDATED), -1))
    return next((at for at in behind if at is not None), None)


def _is_section(signals: Sequence[Signal], place: int, fired: Marked) -> bool:
    """A session or a connection begins, the charger starts, or a rule fired."""
    signal = signals[place]
    return signal.kind in SECTION or (bool(fired) and name_of(signal) in fired)


def usual_gap(signals: Sequence[Signal]) -> timedelta:
    """A silence that is longer than this stands out."""
    spans = [span.total_seconds() for n in range(1, len(signals)) if (span := silence(signals, n)) > timedelta()]
    return max(LEAST_GAP, timedelta(seconds=LONGER * median(spans))) if spans else LEAST_GAP


def _never(_signals: Sequence[Signal], _place: int, _marked: Marked) -> bool:
    """These are looked for with what stands around them, see `ahead`."""
    return False


LENGTHS: Mapping[str, str] = {"hour": "%Y%m%d%H", "day": "%Y%m%d"}
JUMPS: Mapping[str, Jump] = {
    "fault": lambda signals, place, _: is_fault(signals[place]),
    "warning": lambda signals, place, _: is_warning(signals[place]),
    "bookmark": _is_marked,
    "same": _never,
    "gap": _never,
    "hour": _never,
    "day": _never,
    "section": _is_section,
}
NONE_THERE: Mapping[str, str] = {
    "fault": "No further fault that way.",
    "warning": "No further warning that way.",
    "bookmark": "No further bookmark or evidence that way: m sets one.",
    "same": "Nothing further of the same session that way.",
    "gap": "No further gap that way.",
    "hour": "No other hour that way.",
    "day": "No other day that way.",
    "section": "No further session, start or rule that fired that way.",
}
