"""A rule as a tree of what is true, false and not shown, and how near it came."""

from __future__ import annotations

from moments import rule, signal, status

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import SignalRule
from chargelore.engine.proving.branches import Branch, evidence, standing, tree, walk
from chargelore.engine.proving.explain import Explanation, explain
from chargelore.engine.signal import Signal

HERE = Charger(id="CP-1", vendor="Acme")
PATTERNS = "{a: {kind: status, status: Preparing}, b: {kind: fault, fault: ground-fault-trip, info: x}}"
IN_ORDER = rule(PATTERNS, "{sequence: [a, b], within: 30s}")
BOTH = rule(PATTERNS, "{all: [{signal: a}, {count: b, at_least: 2, within: 10s}], within: 1m}")
EITHER = rule(PATTERNS, "{any: [{signal: a}, {signal: b}]}")
WITHOUT = rule(PATTERNS, "{absent: a, after: b, for: 30s}")


def trip(at: float, fault: str = "ground-fault-trip", info: str = "x") -> Signal:
    return signal(at, "fault", {"fault": fault, "info": info}, connector=1)


def told(one: SignalRule, *signals: Signal) -> Explanation:
    return explain(one, signals)


def grown(one: SignalRule, *signals: Signal) -> Branch:
    return tree(one, lambda each: told(each, *signals), HERE)


def marks(branch: Branch) -> dict[str, str]:
    return {each.text.split(" is ")[0]: each.mark for each in walk(branch)}


def test_each_condition_has_its_mark_whether_the_rule_matched_or_not() -> None:
    found = marks(grown(IN_ORDER, status(0, "Preparing"), signal(5, "fault", {"fault": "input-overvoltage"})))
    assert (found["status"], found["fault"], found["info"]) == ("✓", "✗", "?")
    assert set(marks(grown(IN_ORDER, status(0, "Preparing"), trip(5))).values()) == {"✓"}


def test_what_nobody_has_shown_is_neither_true_nor_false() -> None:
    assert grown(IN_ORDER).below[0].mark == "?"
    assert standing(told(IN_ORDER), HERE).lacks[0].text == "`a`: no signal of kind status"


def test_the_one_condition_that_kept_a_rule_from_matching_is_named() -> None:
    (lack,) = standing(told(IN_ORDER, status(0, "Preparing"), trip(5, "input-overvoltage")), HERE).lacks
    assert lack.text == "`b`: fault is 'input-overvoltage'; wanted == ground-fault-trip"


def test_the_nearer_rule_has_the_lesser_distance() -> None:
    ways = (
        (),
        (status(0, "Faulted"),),
        (status(0, "Preparing"), trip(1, "other", "y")),
        (status(0, "Preparing"), trip(1)),
    )
    far = [standing(told(IN_ORDER, *each), HERE).distance for each in ways]
    assert far == sorted(far, reverse=True)
    assert len(set(far)) == 4


def test_of_two_ways_the_nearer_one_counts() -> None:
    assert sum(each.weight for each in standing(told(EITHER, trip(0, "other", "y")), HERE).lacks) == 2
    assert sum(each.weight for each in standing(told(EITHER, status(0, "Faulted")), HERE).lacks) == 1


def test_what_came_in_the_wrong_order_says_so() -> None:
    assert "not in the order" in standing(told(IN_ORDER, trip(0), status(60, "Preparing")), HERE).lacks[0].text
    assert "not in the order" in grown(IN_ORDER, trip(0), status(60, "Preparing")).below[0].text


def test_a_part_of_several_is_judged_for_itself() -> None:
    one_too_few = grown(BOTH, status(0, "Preparing"), trip(5)).below[0]
    assert [each.mark for each in one_too_few.below] == ["✓", "✗"]
    assert "at least 2 times within 10s" in one_too_few.below[1].text


def test_what_must_stay_away_is_false_when_it_comes() -> None:
    came, stayed = grown(WITHOUT, trip(0), status(9, "Preparing")), grown(WITHOUT, trip(0), status(60, "Faulted"))
    assert [each.mark for each in came.below[0].below] == ["✓", "✗"]
    assert [each.mark for each in stayed.below[0].below] == ["✓", "✓"]
    assert (came.mark, stayed.mark) == ("✗", "✓")


def test_a_rule_of_another_maker_comes_after_all_others() -> None:
    other = rule(PATTERNS, "{signal: a}", more="applies_to: {vendor: Zeta}")
    found = standing(told(other), HERE)
    assert found.is_other
    assert found.distance > standing(told(BOTH), HERE).distance
    assert grown(other).below[0].text == "it is for Zeta; this is Acme"


def test_the_evidence_of_a_tree_stands_in_the_order_of_time() -> None:
    first, second = status(0, "Preparing"), trip(5)
    assert evidence(grown(IN_ORDER, second, first)) == (first, second)
