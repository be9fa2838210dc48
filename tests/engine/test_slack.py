"""What was put on another clock may be off by a little: windows widen by that, and never by more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from moments import beat, network, rule, run, signal
from msgspec.structs import replace

from chargelore.engine.matching import late
from chargelore.engine.signal import Signal

PLUG_THEN_TRIP = "{a: {kind: start}, b: {kind: stop}}", "{sequence: [a, b], within: 30s}"
BOTH = "{a: {kind: start}, b: {kind: stop}}", "{all: [{signal: a}, {signal: b}], within: 30s}"
COUNT = "{a: {kind: stop}}", "{count: a, at_least: 2, within: 30s}"
WAIT = "{a: {kind: start}, b: {kind: stop}}", "{absent: b, after: a, for: 30s}"


def fired(written: tuple[str, str], *told: Signal) -> int:
    _, found = run(network(rule(*written)), [*told, beat(4_000)])
    return len(found)


def start(at: float, slack: float = 0.0) -> Signal:
    return replace(signal(at, "start"), slack=slack)


def stop(at: float, slack: float = 0.0) -> Signal:
    return replace(signal(at, "stop"), slack=slack)


@pytest.mark.parametrize(
    ("rule_written", "told", "without", "with_slack"),
    [
        (PLUG_THEN_TRIP, lambda slack: (start(100), stop(96, slack)), 0, 1),
        (PLUG_THEN_TRIP, lambda slack: (stop(96, slack), start(100)), 0, 1),
        (PLUG_THEN_TRIP, lambda slack: (start(100), stop(136, slack)), 0, 1),
        (PLUG_THEN_TRIP, lambda slack: (start(100), stop(60, slack)), 0, 0),
        (PLUG_THEN_TRIP, lambda slack: (start(100), stop(145, slack)), 0, 0),
        (BOTH, lambda slack: (start(100), stop(136, slack)), 0, 1),
        (BOTH, lambda slack: (start(100), stop(145, slack)), 0, 0),
        (COUNT, lambda slack: (stop(100), stop(136, slack)), 0, 1),
        (COUNT, lambda slack: (stop(100), stop(145, slack)), 0, 0),
        (WAIT, lambda slack: (stop(96, slack), start(100)), 1, 0),
        (WAIT, lambda slack: (start(100, slack), stop(136)), 1, 0),
        (WAIT, lambda slack: (start(100, slack), stop(145)), 1, 1),
    ],
)
def test_a_window_widens_by_what_a_clock_may_be_off(rule_written, told, without, with_slack):
    assert fired(rule_written, *told(0.0)) == without
    assert fired(rule_written, *told(10.0)) == with_slack


def test_a_wild_clock_widens_no_window_beyond_half_a_minute():
    assert fired(PLUG_THEN_TRIP, start(100), stop(158, 1e9)) == 1
    assert fired(PLUG_THEN_TRIP, start(100), stop(165, 1e9)) == 0
    assert fired(BOTH, start(100), stop(165, 1e9)) == 0
    assert fired(COUNT, stop(100), stop(165, 1e9)) == 0


def test_two_signals_of_one_other_clock_are_not_apart_by_its_slack():
    assert fired(COUNT, stop(100, 10.0), stop(136, 10.0)) == 0


def test_a_signal_of_another_clock_may_be_so_much_later():
    buffer, _ = late.step(late.START, signal(100, "start"), timedelta(seconds=5))
    assert late.step(buffer, signal(90, "stop"), timedelta(seconds=5))[0].late == 1
    assert late.step(buffer, stop(90, 10.0), timedelta(seconds=5))[0].late == 0
