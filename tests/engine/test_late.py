"""Signals that come late are put in order of event time before rules hear them; what is later still is taken, too."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import NOON, beat, network, rule, run, seconds, signal, status

from chargelore.engine.grammar.rule import shipped as shipped_rules
from chargelore.engine.matching import late
from chargelore.engine.matching.late import MOST_HELD, START, in_order
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge

ALLOWED = timedelta(seconds=30)
ALL = network(
    rule("{a: {kind: start}, b: {kind: status, status: Charging}}", "{absent: b, after: a, for: 15s}", name="absent"),
    rule("{a: {kind: status, status: [Faulted, Unavailable]}}", "{sustained: a, for: 20s}", name="standing"),
    rule('{a: {kind: meter, power: {"<": 60 W}}}', "{sustained: a, for: 20s}", name="sampled"),
    rule("{a: {kind: boot}}", "{changed: a.firmware}", name="changed"),
    rule("{a: {kind: start}, b: {kind: stop}}", "{sequence: [a, b], within: 30s}", name="sequence"),
    rule("{a: {kind: stop}}", "{count: a, at_least: 3, within: 1m}", name="count"),
    rule("{a: {kind: start}, b: {kind: stop}}", "{all: [{signal: a}, {not: {signal: b}}], within: 20s}", name="all"),
    rule("{a: {kind: stop}, b: {kind: boot}}", "{any: [{count: a, at_least: 2, within: 9s}, {signal: b}]}", name="any"),
)

kinds = st.sampled_from(
    [
        ("start", {}),
        ("stop", {}),
        ("status", {"status": "Charging"}),
        ("status", {"status": "Faulted"}),
        ("status", {"status": "Available"}),
        ("meter", {"power": 0}),
        ("meter", {"power": 7000}),
        ("boot", {"firmware": "1"}),
        ("boot", {"firmware": "2"}),
        ("heartbeat", {}),
    ]
)
told = st.tuples(
    st.integers(0, 300), kinds, st.sampled_from([None, 1, 2]), st.sampled_from(["C1", "C2"]), st.integers(0, 30)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(told, max_size=60))
def test_any_order_of_delivery_within_the_allowed_lateness_gives_the_same_firings(story):
    """The last number of each is by how many seconds it is delivered late."""
    made = [
        (at + delay, signal(at, kind, fields, connector=place, charger=who, line=line))
        for line, (at, (kind, fields), place, who, delay) in enumerate(story)
    ]
    shuffled = [each for _, each in sorted(made, key=lambda one: one[0])]
    for who in ("C1", "C2"):
        ordered = sorted((each for each in shuffled if each.charger == who), key=lambda one: (one.at, one.line))
        state, expected = run(ALL, ordered)
        state_too, found = run(ALL, [each for each in in_order(shuffled, ALLOWED) if each.charger == who])
        assert found == expected
        assert ALL.close(state_too, NOON.replace(hour=20)) == ALL.close(state, NOON.replace(hour=20))


@pytest.mark.parametrize(
    ("rule_name", "shuffled", "in_time"),
    [
        ("absent", [signal(0, "start", connector=1), beat(20), status(10, "Charging"), beat(40)], []),
        ("standing", [status(0, "Faulted"), status(10, "Faulted"), status(5, "Available"), beat(40)], [30]),
        ("changed", [signal(at, "boot", {"firmware": said}) for at, said in ((0, 1), (9, 1), (5, 2))], [5, 9]),
    ],
)
def test_rules_on_what_stands_and_stays_away_need_the_order_that_the_buffer_gives(rule_name, shuffled, in_time):
    def fired(signals):
        return seconds(each for each in run(ALL, signals)[1] if each.rule == rule_name)

    assert fired(shuffled) != in_time
    assert fired(in_order(shuffled, ALLOWED)) == in_time


def fed(signals: list[Signal], lateness: timedelta = ALLOWED) -> tuple[late.Buffer, list[Signal]]:
    buffer, out = START, []
    for each in signals:
        buffer, ready = late.step(buffer, each, lateness)
        out += ready
    return buffer, out


def test_what_is_later_than_allowed_is_taken_at_once_marked_and_counted():
    buffer, out = fed([beat(0), beat(100), beat(60)])
    assert [each.marks for each in out if each.at == beat(60).at] == [("late",)]
    assert (buffer.late, buffer.worst) == (1, timedelta(seconds=40))
    assert [each.at for each in late.close(buffer)[1]] == [beat(100).at]


def test_a_signal_without_a_time_stays_behind_what_came_before_it():
    mute = signal(None, "log", {"text": "x"})
    assert fed([mute])[1] == [mute]
    assert list(in_order([beat(0), beat(5), mute, beat(3)], ALLOWED)) == [beat(0), beat(3), beat(5), mute]


def test_signals_of_one_line_keep_their_order():
    twins = [signal(5, "status", {"status": str(number)}, line=7) for number in range(5)]
    assert list(in_order([beat(9), *twins], ALLOWED))[:5] == twins


def test_a_storm_holds_back_no_more_than_its_bound_and_loses_nothing():
    storm = [signal(number / 1e6, "log", line=number) for number in range(3 * MOST_HELD)]
    buffer, out = fed(storm)
    assert len(buffer.held) == MOST_HELD
    assert buffer.hurried == 2 * MOST_HELD
    assert [*out, *late.close(buffer)[1]] == storm


def test_a_clock_that_jumps_is_believed_the_third_time_and_nothing_is_lost():
    years = 10 * 365 * 86_400
    story = [beat(0), beat(years), beat(1), *(beat(-years + at) for at in range(3)), beat(-years + 1)]
    buffer, out = fed(story)
    assert sorted([*out, *late.close(buffer)[1]], key=repr) == sorted(story, key=repr)
    assert buffer.newest == beat(-years + 2).at
    assert buffer.late == 0


def test_time_at_its_very_ends_does_no_harm():
    ends = [Signal(layer="ocpp", kind="log", at=at) for at in (NOON.min, NOON.max, NOON.min, NOON.min, NOON, NOON.max)]
    assert len(list(in_order(ends, ALLOWED))) == len(ends)


def test_a_buffer_is_a_plain_value():
    buffer, _ = fed([beat(0), beat(5), beat(3)])
    assert pickle.loads(pickle.dumps(buffer)) == buffer  # noqa: S301  # our own bytes


def test_a_watch_lets_go_of_what_it_held_when_time_passes_and_when_the_log_ends():
    trip = signal(0, "fault", {"fault": "ground-fault-trip"}, connector=1)
    with Watch(knowledge(), shipped_rules(), lateness=ALLOWED) as watch:
        watch.feed(trip)
        assert watch.chargers["C1"].signals == 0
        watch.tick(NOON + timedelta(seconds=29))
        assert watch.chargers["C1"].signals == 0
        watch.tick(NOON + timedelta(seconds=31))
        assert watch.chargers["C1"].signals == 1
        watch.feed(signal(60, "heartbeat"))
        watch.end()
        assert watch.chargers["C1"].signals == 2
        watch.feed(signal(10, "heartbeat"))
        assert watch.strain.late == 1
