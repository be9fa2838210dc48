"""An explanation says why a rule fired, or what it still lacked."""

from __future__ import annotations

from moments import beat, rule, signal, status

from chargelore.engine.case import Charger
from chargelore.engine.proving.explain import explain, lines, why_not

RULE = rule(
    "{a: {kind: status, status: [Preparing, Occupied]}, b: {kind: fault, fault: ground-fault-trip}}",
    "{sequence: [a, b], within: 30s}",
)


def trip(at, fault="ground-fault-trip", line=0):
    return signal(at, "fault", {"fault": fault}, connector=1, line=line)


def test_a_firing_names_its_signals():
    told = list(lines(explain(RULE, [status(0, "Preparing"), trip(5, line=7)])))
    assert told[1:3] == [
        "It fired once.",
        "  2024-05-01 12:00:05+00:00, connector 1: status at 2024-05-01 12:00:00+00:00, fault in line 7",
    ]


def test_what_was_never_met_is_shown_with_the_nearest_miss():
    told = list(lines(explain(RULE, [status(0, "Preparing"), status(1, "Available"), trip(5, "input-overvoltage", 9)])))
    assert told[1:] == [
        "It did not fire.",
        "`a` was met once, first by status at 2024-05-01 12:00:00+00:00.",
        "  ✓ status is 'Preparing'; wanted in Preparing or Occupied",
        "`b` was never met; the nearest is fault in line 9:",
        "  ✗ fault is 'input-overvoltage'; wanted == ground-fault-trip",
    ]


def test_signals_in_the_wrong_order_are_told_so():
    told = list(lines(explain(RULE, [trip(0), status(60, "Preparing"), status(61, "Preparing")])))
    assert "`a` was met twice, first by status at 2024-05-01 12:01:00+00:00." in told
    assert told[-1] == "Every signal was seen, but not in the order, number or time that `when` asks for."


def test_a_kind_that_never_came_is_told():
    assert "`b` was never met: no signal of kind fault." in list(lines(explain(RULE, [beat(0)])))


def test_limits_are_told_with_the_other_field():
    hungry = rule('{a: {kind: meter, current: {">": {field: current.offered, times: 1.1}}}}', "{signal: a}")
    told = list(lines(explain(hungry, [signal(0, "meter", {"current": 16, "current.offered": 16})])))
    assert told[-1] == "  ✗ current is '16'; wanted > 1.1 × current.offered"


def test_what_a_signal_says_nothing_of_is_marked_apart_from_what_it_denies():
    told = list(why_not(explain(RULE, [status(0, "Preparing"), signal(1, "fault", {})])))
    assert told[1:] == [
        "`b` was never met; the nearest is fault at 2024-05-01 12:00:01+00:00:",
        "  ? fault is not there; wanted == ground-fault-trip",
    ]


def test_why_not_of_a_rule_that_fired_says_so():
    assert list(why_not(explain(RULE, [status(0, "Preparing"), trip(5)])))[1].startswith("It fired once")


def test_the_end_of_the_signals_ends_a_wait_and_a_scope_is_known_beforehand():
    waits = rule("{a: {kind: start}, b: {kind: stop}}", "{absent: b, after: a, for: 1m}", "applies_to: {vendor: Acme}")
    story = [signal(0, "start"), beat(60)]
    assert explain(waits, story, [Charger(id="C1", vendor="Acme")]).fired == 1
    assert explain(waits, story).fired == 0
