"""Backlog: what a charger queued while it was offline is placed at the time when it happened, and marked. Pure.

A charger dates its messages with its own clock. How far that is ahead of the source the messages that are told at once
show: none can be dated later than it is told, so the highest offset heard is theirs. A message dated much earlier than
that waited. When several in a row agree on a lower offset while time goes on, it is the clock that was set back; what
waited comes in a burst, and its offsets run away from each other.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from chargelore.engine.clocks.skew import FEWEST, FIRST_YEAR, NEAR, NO_TIME, TIGHT
from chargelore.engine.decode.clock import payload_time
from chargelore.engine.signal import QUEUED, Scalar, Signal

WAITED = 300.0  # seconds; what is told with less delay happens now
OLDEST = timedelta(days=366).total_seconds()  # no queue is believed to be older
STEADY = 30.0  # seconds over which offsets must agree to be those of a clock, not of a burst
HEARD = "heard "  # mark of a queued signal: when it was told
UNSET = "unset-clock"  # mark of what a clock dated that nobody had set
_NOT_DATED = frozenset({"answer", "orphan", "unanswered", "command"})

Frame = tuple[int, datetime | None, str]
Run = tuple[float, float, int]  # the first of some offsets that agree, when it was heard, and how many they are


class State(NamedTuple):
    """How far the charger's clock is ahead, in seconds; None while nothing was told.

    `run` are the last offsets that agree. `frame` is the message at hand with the marks and the wait of the last date
    in it, for what is made of it and has no date of its own.
    """

    ahead: float | None = None
    run: Run = (0.0, 0.0, 0)
    frame: Frame = (0, None, "")
    waited: float = 0.0
    marks: tuple[str, ...] = ()


START = State()


def step(state: State, signal: Signal) -> tuple[State, Signal]:
    """Take one signal of a charger; it comes out as it is, or queued, at the time when it happened."""
    at = signal.at
    if at is None or signal.layer != "ocpp" or not NO_TIME.isdisjoint(signal.marks):
        return state, signal
    said = _said(signal)
    if said is not None:
        state = _dated(state, signal, at if at.tzinfo else at.replace(tzinfo=UTC), said)
    elif (signal.line, at, signal.raw) != state.frame or signal.kind in _NOT_DATED:
        return state, signal
    return state, _placed(state, signal, at)


def _said(signal: Signal) -> datetime | None:
    fields = signal.fields
    if "timestamp" not in fields or signal.kind in _NOT_DATED or fields.get("from", "charger") != "charger":
        return None
    return payload_time(fields["timestamp"])


def _dated(state: State, signal: Signal, at: datetime, said: datetime) -> State:
    frame = (signal.line, signal.at, signal.raw)
    if said.year < FIRST_YEAR:
        return state._replace(frame=frame, waited=0.0, marks=(UNSET, *_offline(signal.fields.get("offline"))))
    offset, heard_at = (said - at).total_seconds(), at.timestamp()
    ahead, run = followed(state.ahead, state.run, offset, heard_at)
    waited = ahead - offset
    is_queued = WAITED < waited <= OLDEST
    marks = (QUEUED, f"{HEARD}{at.isoformat()}") if is_queued else _offline(signal.fields.get("offline"))
    return State(ahead, run, frame, waited if is_queued else 0.0, marks)


def _offline(said: Scalar) -> tuple[str, ...]:
    """OCPP 2.x says itself that a transaction event was queued; when it happened may still be unknown."""
    return (QUEUED,) if said is True else ()


def followed(ahead: float | None, run: Run, offset: float, heard_at: float) -> tuple[float, Run]:
    """How far a clock is ahead by now: the highest offset, or the one that several in a row agree on."""
    first, since, number = run
    run = (first, since, number + 1) if number and abs(offset - first) <= NEAR else (offset, heard_at, 1)
    is_steady = run[2] >= FEWEST and heard_at - run[1] >= STEADY
    return (offset if ahead is None or offset > ahead or is_steady else ahead), run


def _placed(state: State, signal: Signal, at: datetime) -> Signal:
    if not state.marks:
        return signal
    marks = tuple(dict.fromkeys((*signal.marks, *state.marks)))
    if not state.waited:
        return replace(signal, marks=marks)
    return replace(signal, at=at - timedelta(seconds=state.waited), marks=marks, slack=TIGHT)
