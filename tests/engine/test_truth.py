"""True, false and unknown: the laws of Kleene, and that what is unknown never contradicts what it turns out to be."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moments import rule, signal, status

from chargelore.engine.grammar.operators import Absent, All, Any_, Changed, Count, Not, One, Sequence, Sustained
from chargelore.engine.heard.silence import Silence
from chargelore.engine.truth import Truth, all_of, any_of, names_of, negated, of_firing, of_rule, truth_of

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
MINUTE = timedelta(minutes=1)
truths, names = st.sampled_from(Truth), st.sampled_from("abc")

leaves = (
    st.builds(One, names)
    | st.builds(Sequence, st.tuples(names, names), st.just(MINUTE))
    | st.builds(Count, names, st.just(3), st.just(MINUTE))
    | st.builds(Sustained, names, st.just(MINUTE))
    | st.builds(Absent, names, names, st.just(MINUTE))
    | st.builds(Changed, names, st.just("x"))
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Any_, st.tuples(inner, inner))
        | st.builds(All, st.tuples(inner, inner | st.builds(Not, inner)), st.just(MINUTE))
    ),
    max_leaves=8,
)


def silence(is_firm: bool = True) -> Silence:
    return Silence(item="meter", occasions=120, words="started transactions", chargers=4, is_firm=is_firm)


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (YES, NO, NO, YES),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, NO, NO, UNKNOWN),
        (NO, NO, NO, NO),
    ],
)
def test_the_tables_are_those_of_kleene(one, other, both, either):
    assert (all_of([one, other]), any_of([one, other])) == (both, either)
    assert (all_of([other, one]), any_of([other, one])) == (both, either)


def test_unknown_stays_unknown_when_it_is_denied():
    assert [negated(each) for each in (NO, UNKNOWN, YES)] == [YES, UNKNOWN, NO]


@given(truths, truths, truths)
def test_the_laws_of_kleene_hold(a, b, c):
    assert negated(negated(a)) == a
    assert negated(all_of([a, b])) == any_of([negated(a), negated(b)])
    assert all_of([a, any_of([b, c])]) == any_of([all_of([a, b]), all_of([a, c])])
    assert all_of([a, all_of([b, c])]) == all_of([all_of([a, b]), c])
    assert all_of([a, any_of([a, b])]) == a == any_of([a, all_of([a, b])])


@given(trees, st.fixed_dictionaries(dict.fromkeys("abc", truths)), st.fixed_dictionaries(dict.fromkeys("abc", truths)))
def test_what_is_known_stays_so_whatever_the_unknown_turns_out_to_be(when, came, gone):
    before = truth_of(when, came.__getitem__, gone.__getitem__)
    open_names = [(table, name) for table in (came, gone) for name in "abc" if table[name] is UNKNOWN]
    for outcome in product((NO, YES), repeat=len(open_names)):
        for (table, name), value in zip(open_names, outcome, strict=True):
            table[name] = value
        after = truth_of(when, came.__getitem__, gone.__getitem__)
        assert after is not UNKNOWN
        assert before in (UNKNOWN, after)


@given(trees, st.frozensets(names))
def test_with_nothing_silent_a_rule_that_did_not_fire_is_false(when, met):
    assert of_rule(when, met.__contains__, {}) is NO


@given(trees, st.frozensets(names), st.frozensets(names))
def test_a_rule_is_unknown_only_for_a_signal_that_it_speaks_of_and_nobody_saw(when, met, silent):
    found = of_rule(when, met.__contains__, {name: silence() for name in silent})
    assert found in (NO, UNKNOWN)
    if found is UNKNOWN:
        assert set(names_of(when)) & (silent - met)


def test_what_is_missing_besides_decides_first():
    both = Sequence(("a", "b"), MINUTE)
    assert of_rule(both, lambda name: name == "a", {"b": silence()}) is UNKNOWN
    assert of_rule(both, lambda _: False, {"b": silence()}) is NO
    assert of_rule(Any_((both, One("c"))), lambda name: name == "a", {"b": silence()}) is UNKNOWN


WAITS = rule("{a: {kind: start}, b: {kind: meter}}", "{absent: b, after: a, for: 5m}")


def test_a_silence_proves_nothing_of_a_model_that_is_always_silent():
    behind = [signal(0, "start")]
    assert of_firing(WAITS.when, WAITS.patterns, behind, {"b": silence()}) is UNKNOWN
    assert of_firing(WAITS.when, WAITS.patterns, behind, {}) is YES


def test_the_silence_of_a_lone_charger_still_counts_as_it_may_be_broken():
    assert of_firing(WAITS.when, WAITS.patterns, [signal(0, "start")], {"b": silence(is_firm=False)}) is YES


def test_a_firing_that_stands_on_another_leg_is_sound():
    either = rule(
        "{a: {kind: start}, b: {kind: meter}, c: {kind: status, status: Faulted}}",
        "{any: [{absent: b, after: a, for: 5m}, {signal: c}]}",
    )
    assert of_firing(either.when, either.patterns, [status(0, "Faulted")], {"b": silence()}) is YES
    assert of_firing(either.when, either.patterns, [signal(0, "start")], {"b": silence()}) is UNKNOWN


def test_what_must_not_come_is_unknown_of_a_model_that_never_sends_it():
    without = rule(
        "{a: {kind: start}, b: {kind: meter}}", "{all: [{signal: a}, {not: {count: b, at_least: 2, within: 1m}}]}"
    )
    assert of_firing(without.when, without.patterns, [signal(0, "start")], {"b": silence()}) is UNKNOWN
