"""What each operator of the rule language means in event time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import NOON, beat, network, rule, run, seconds, signal, status
from msgspec.structs import replace

from chargelore.engine.matching import chains
from chargelore.engine.matching.network import START

PLUG, TRIP = "{kind: status, status: Preparing}", "{kind: fault, fault: ground-fault-trip}"
TWO = f"{{a: {PLUG}, b: {TRIP}}}"


def plug(at, connector=1):
    return status(at, "Preparing", connector)


def trip(at, connector=1):
    return signal(at, "fault", {"fault": "ground-fault-trip"}, connector=connector)


SEQUENCE = network(rule(TWO, "{sequence: [a, b], within: 30s}"))


@pytest.mark.parametrize(
    ("story", "fired"),
    [
        ([plug(0), trip(30)], [30]),
        ([plug(0), trip(31)], []),
        ([trip(0), plug(5)], []),
        ([plug(0, 1), trip(5, 2)], []),
        ([plug(0, 1), trip(5, None)], [5]),
        ([plug(0, 1), trip(5, 0)], [5]),
        ([plug(0), trip(5), trip(6)], [5]),
        ([plug(0), plug(1), trip(5), trip(6)], [5]),
        ([plug(0), trip(5), plug(10), trip(15)], [5, 15]),
        ([plug(0), trip(0)], [0]),
        ([trip(9), plug(2)], [9 - 7]),  # the plug came late, and is told at the time that it bears
        ([plug(0, 1), plug(1, 2), trip(5, 2), trip(6, 1)], [5, 6]),
    ],
)
def test_a_sequence_is_an_order_in_time_on_one_connector(story, fired):
    _, firings = run(SEQUENCE, story)
    assert seconds(firings) == fired


def test_a_sequence_carries_the_signals_that_made_it():
    _, (firing,) = run(SEQUENCE, [plug(0), plug(3), trip(5)])
    assert [each.at for each in firing.signals] == [plug(3).at, trip(5).at]
    assert firing.connector == 1
    assert firing.symptom == "r"


def test_a_sequence_may_join_connectors_when_it_says_so():
    joined = network(rule(TWO, "{sequence: [a, b], within: 30s, same: charger}"))
    _, firings = run(joined, [plug(0, 1), trip(5, 2)])
    assert len(firings) == 1


def test_a_storm_of_the_second_signal_does_not_push_the_first_out_of_memory():
    three = network(rule(f"{{a: {PLUG}, b: {TRIP}, c: {{kind: stop}}}}", "{sequence: [a, b, c], within: 10m}"))
    storm = [trip(1 + number / 10) for number in range(500)]
    _, firings = run(three, [plug(0), *storm, signal(60, "stop", connector=1)])
    assert seconds(firings) == [60]


COUNT = network(rule(f"{{a: {TRIP}}}", "{count: a, at_least: 3, within: 10m}"))


@pytest.mark.parametrize(
    ("story", "fired"),
    [
        ([trip(0), trip(300), trip(600)], [600]),
        ([trip(0), trip(300), trip(601)], []),
        ([trip(0, 1), trip(1, 2), trip(2, 1)], []),
        ([trip(0, 1), trip(1, None), trip(2, 1)], [2]),
        ([trip(0), trip(600), trip(300)], [300]),  # the middle one came late
        ([trip(0), trip(1), trip(2), trip(3), trip(4), trip(5)], [2]),
    ],
)
def test_a_count_is_so_many_within_a_span(story, fired):
    _, firings = run(COUNT, story)
    assert seconds(firings) == fired


def test_a_count_fires_once_a_window_in_a_storm():
    _, firings = run(COUNT, [trip(number) for number in range(3_000)])
    assert len(firings) == 5
    assert all(len(each.signals) == 3 for each in firings)


def test_a_rate_is_more_than_so_many():
    compiled = network(rule(f"{{a: {TRIP}}}", "{rate: a, over: 1h, above: 5}"))
    _, firings = run(compiled, [trip(number * 60) for number in range(6)])
    assert seconds(firings) == [300]


IDLE = network(rule('{a: {kind: meter, power: {"<": 60 W}}}', "{sustained: a, for: 2m}"))


def meter(at, power=None, connector=1, **more):
    fields = {**more} if power is None else {"power": power, **more}
    return signal(at, "meter", fields, connector=connector)


@pytest.mark.parametrize(
    ("story", "fired"),
    [
        ([meter(0, 0.0), meter(60, 1.0), meter(120, 0.0)], [120]),
        ([meter(0, 0.0), meter(60, 7000.0), meter(120, 0.0)], []),
        ([meter(0, 0.0), meter(60, 7000.0, 2), meter(120, 0.0)], [120]),
        ([meter(0, 0.0), meter(60, energy=5.0), meter(120, 0.0)], [120]),  # says nothing on power
        ([meter(0, 0.0), beat(600)], []),  # a sample must be seen again
        ([meter(0, 0.0), meter(7200, 0.0)], []),  # two hours apart say nothing of the time between
        ([meter(0, 0.0), meter(130, 0.0), meter(260, 0.0), meter(9999, 0.0)], [130]),
        ([meter(0, 0.0), meter(130, 0.0), meter(140, 900.0), meter(150, 0.0), meter(280, 0.0)], [130, 280]),
    ],
)
def test_sustained_samples_hold_as_long_as_each_of_them_does(story, fired):
    _, firings = run(IDLE, story)
    assert seconds(firings) == fired


def test_a_status_stands_until_the_next_one():
    compiled = network(rule("{a: {kind: status, status: Faulted}}", "{sustained: a, for: 10m}"))
    _, firings = run(compiled, [status(0, "Faulted"), beat(601)])
    assert seconds(firings) == [600]
    _, firings = run(compiled, [status(0, "Faulted"), status(300, "Available"), beat(900)])
    assert firings == []
    _, firings = run(compiled, [status(0, "Faulted"), status(300, "Available", 2), beat(900), beat(9000)])
    assert seconds(firings) == [600]


STAYS = network(rule("{a: {kind: start}, b: {kind: status, status: Charging}}", "{absent: b, after: a, for: 5m}"))


def start(at, connector=1):
    return signal(at, "start", connector=connector)


@pytest.mark.parametrize(
    ("story", "fired"),
    [
        ([start(0), beat(301)], [300]),
        ([start(0), beat(300)], []),
        ([start(0), status(200, "Charging"), beat(900)], []),
        ([start(0), status(300, "Charging"), beat(900)], []),
        ([start(0), status(200, "Charging", 2), beat(900)], [300]),
        ([start(0), status(200, "Charging", None), beat(900)], []),
        ([start(0), start(100), start(200), beat(900)], [300]),
        ([start(0), beat(900), start(1000), beat(2000)], [300, 1300]),
        ([status(200, "Charging"), start(100), beat(900)], []),  # the start came late, its answer is there
        ([status(0, "Charging"), start(100), beat(900)], [400]),
    ],
)
def test_absent_fires_when_the_time_is_over(story, fired):
    _, firings = run(STAYS, story)
    assert seconds(firings) == fired


def test_the_end_of_a_log_ends_a_wait():
    state, firings = run(STAYS, [start(0)])
    assert firings == []
    _, late = STAYS.close(state, NOON.replace(minute=4))
    assert late == ()
    _, late = STAYS.close(state, NOON.replace(minute=5))
    assert seconds(late) == [300]


def test_a_change_is_another_value_than_the_last_time():
    compiled = network(rule("{a: {kind: boot}}", "{changed: a.firmware}"))
    story = [signal(at, "boot", {"firmware": said}) for at, said in ((0, "1.0"), (10, "1.0"), (20, "1.1"), (30, None))]
    _, firings = run(compiled, story)
    assert seconds(firings) == [20]
    assert [each.fields["firmware"] for each in firings[0].signals] == ["1.0", "1.1"]


def test_all_parts_come_true_in_any_order_on_one_connector():
    compiled = network(rule(TWO, "{all: [{signal: a}, {signal: b}], within: 10m}"))
    assert seconds(run(compiled, [trip(0), plug(600)])[1]) == [600]
    assert seconds(run(compiled, [trip(0), plug(601)])[1]) == []
    assert seconds(run(compiled, [trip(0, 1), trip(1, 2), plug(5, 1), plug(6, 2)])[1]) == [5, 6]
    assert seconds(run(compiled, [trip(0, 1), plug(5, 2)])[1]) == []


def test_a_part_that_must_not_come_true_blocks_the_rest():
    compiled = network(rule(TWO, "{all: [{signal: b}, {not: {signal: a}}], within: 10m}"))
    assert seconds(run(compiled, [trip(0)])[1]) == [0]
    assert seconds(run(compiled, [plug(0), trip(5), trip(100)])[1]) == []
    assert seconds(run(compiled, [plug(0, 2), trip(5)])[1]) == [5]
    assert seconds(run(compiled, [plug(0), trip(601)])[1]) == [601]


def test_any_part_is_enough_and_parts_nest():
    nested = "{any: [{count: b, at_least: 2, within: 1m}, {all: [{signal: a}, {absent: b, after: a, for: 1m}]}]}"
    compiled = network(rule(TWO, nested))
    assert seconds(run(compiled, [trip(0), trip(30)])[1]) == [30]
    assert seconds(run(compiled, [plug(0), beat(100)])[1]) == [60]


def test_a_signal_without_time_takes_the_last_time_of_its_charger():
    _, firings = run(SEQUENCE, [plug(0), trip(None)])
    assert seconds(firings) == [0]
    _, firings = run(COUNT, [trip(None), trip(None), trip(None)])
    assert len(firings) == 1


def test_a_wrong_clock_that_is_set_right_ages_no_wait():
    stale = signal(None, "start", connector=1)
    boot_clock = [status(-1_700_000_000, "Available"), start(-1_700_000_000)]
    right = [beat(0), beat(1), beat(2), beat(3)]
    assert run(STAYS, [*boot_clock, *right])[1] == []
    assert run(STAYS, [stale, *right])[1] == []
    assert seconds(run(STAYS, [beat(0), beat(900_000_000), start(5), beat(400)])[1]) == [305]


def test_naive_times_are_taken_as_utc():
    naive = [plug(0), trip(5)]
    bare = [_naive(each) for each in naive]
    assert seconds(run(SEQUENCE, bare)[1]) == [5]
    SEQUENCE.close(START, NOON.replace(tzinfo=None))


def _naive(one):
    return replace(one, at=one.at.replace(tzinfo=None))


ABC = network(
    rule("{a: {kind: start}, b: {kind: stop}, c: {kind: boot}}", "{sequence: [a, b, c], within: 60s}", name="own"),
    rule(
        "{a: {kind: start}, b: {kind: stop}, c: {kind: boot}}",
        "{sequence: [a, b, c], within: 60s, same: charger}",
        name="joint",
    ),
    rule("{a: {kind: start}}", "{count: a, at_least: 5, within: 60s}", name="counted"),
)
drawn = st.builds(
    lambda kind, connector: (kind, connector),
    st.sampled_from(["start", "stop"] * 4 + ["boot"]),
    st.sampled_from([None, 1, 2]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(drawn, max_size=80))
def test_what_is_forgotten_to_save_memory_is_never_missed(story):
    told = [signal(number / 2, kind, connector=place, line=number) for number, (kind, place) in enumerate(story)]
    _, firings = run(ABC, told)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "IN_A_ROW", 10_000)
        patch.setattr(chains, "MOST_OPEN", 10_000)
        _, all_kept = run(ABC, told)
    assert [each.id for each in firings] == [each.id for each in all_kept]
