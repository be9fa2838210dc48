"""Arrival: a log that is followed while it is written is put on the clock of whoever reads it. Pure, bounded.

What a logger prints at once arrives at once; so the offset at which its lines keep arriving is that of its clock.
History that is read first arrives in a burst and proves nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from chargelore.engine.clocks.backlog import STEADY, Run, followed
from chargelore.engine.clocks.oneclock import WRITTEN
from chargelore.engine.clocks.skew import DAY, NO_TIME, OFTEN, RIGHT, TIGHT
from chargelore.engine.signal import Signal

ARRIVED = "arrival-time"  # mark of what says no time of its own and was heard just now
FURTHEST = DAY + 3_600.0  # seconds; a clock further off is no clock, but an old log that somebody plays


class State(NamedTuple):
    """How far the log's clock is ahead of the reader's, the last arrivals that agree, what is added to its times."""

    ahead: float | None = None
    run: Run = (0.0, 0.0, 0)
    move: float = 0.0


START = State()


def step(state: State, signal: Signal, arrived: datetime) -> tuple[State, Signal]:
    """Take one signal of a log and when it arrived; it comes out at the reader's time once that is known.

    A log whose clock is right within ten seconds, jumps, or is more than a day off is left as it is.
    """
    at = signal.at
    if at is None or ARRIVED in signal.marks or not NO_TIME.isdisjoint(signal.marks):
        return state, signal
    state = _seen(state, at if at.tzinfo else at.replace(tzinfo=UTC), arrived)
    if not state.move:
        return state, signal
    marks = (*signal.marks, f"{WRITTEN}{at.isoformat()}")
    return state, replace(signal, at=at + timedelta(seconds=state.move), marks=marks, slack=max(signal.slack, TIGHT))


def _seen(state: State, at: datetime, arrived: datetime) -> State:
    heard_at = arrived.timestamp()
    ahead, run = followed(state.ahead, state.run, (at - arrived).total_seconds(), heard_at)
    state = state._replace(ahead=ahead, run=run)
    is_sure = run[2] >= OFTEN and heard_at - run[1] >= STEADY
    move = -ahead if RIGHT < abs(ahead) <= FURTHEST else 0.0
    return state._replace(move=round(move, 3)) if is_sure and abs(move - state.move) > TIGHT else state
