"""Rules over a site or feeder: what several chargers do together fires once, and says so to each of them."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import NOON, rule, seconds, signal, status
from small_world import AT_PLUG_IN, WET, knowledge

from chargelore.engine.case import Charger
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.matching.crowd import Crowd
from chargelore.engine.matching.moment import MOST_OPEN
from chargelore.engine.matching.network import START, State, compile_rules
from chargelore.engine.neighbours import Neighbours
from chargelore.engine.places import NO_PLACES, Places, members
from chargelore.engine.proving.backtest import Heard, verdict
from chargelore.engine.scope import Spot
from chargelore.engine.signal import Signal
from chargelore.kb.errors import RuleError

LOW = "{low: {kind: meter, voltage: {'<': 200}}}"


def placed(feeders: Mapping[str, str], site: str = "depot") -> Places:
    spots = {charger: Spot(site, feeder) for charger, feeder in feeders.items()}
    return Places(exact=spots, members=members(spots), file="places.yaml")


HERE = placed({"A": "f1", "B": "f1", "C": "f1", "D": "f2"})


def low(at: float, charger: str, volts: float = 190.0, connector: int = 1) -> Signal:
    return signal(at, "meter", {"voltage": volts}, connector=connector, charger=charger)


def across(when: str, signals: str = LOW, share: str = "feeder") -> SignalRule:
    return rule(signals, when, f"across: {share}\n")


def heard(made: SignalRule, signals: Iterable[Signal], places: Places = HERE) -> tuple[list[Firing], Neighbours]:
    """All firings once each, and the neighbours afterwards; the story ends with its last signal."""
    rules, states = Rules(signal_rules=(made,)), dict[str, State]()
    network, neighbours = compile_rules(rules, places=places), Neighbours(rules, places)
    told: list[Firing] = []
    for each in signals:
        states[each.charger], firings = network.step(states.get(each.charger, START), each)
        told += neighbours.heard(firings)
    end = max(state.last_at or NOON for state in states.values())
    late = [each for state in states.values() for each in network.close(state, end)[1]]
    told += neighbours.heard(sorted(late, key=lambda each: each.at or NOON))
    return [*told, *neighbours.close(end)], neighbours


def once(firings: Iterable[Firing]) -> list[Firing]:
    return list({each.id: each for each in firings}.values())


TWO = across("{chargers: {signal: low}, at_least: 2, within: 60s}")


def test_two_chargers_of_one_feeder_fire_once_with_the_signals_of_each() -> None:
    told, _ = heard(TWO, [low(0, "A"), low(30, "B")])
    (fired,) = once(told)
    assert [each.charger for each in fired.signals] == ["A", "B"]
    assert (fired.place, fired.connector) == ("depot / f1", None)
    assert [each.charger for each in told] == ["A", "B"]


@pytest.mark.parametrize(
    "signals",
    [
        [low(0, "A"), low(30, "A")],
        [low(0, "A"), low(30, "D")],
        [low(0, "A"), low(61, "B")],
        [low(0, "A"), low(30, "B", 210)],
        [low(0, "A"), low(30, "stranger")],
    ],
    ids=["one charger twice", "another feeder", "too late", "healthy", "stands nowhere"],
)
def test_what_is_not_two_chargers_of_a_feeder_within_the_span_is_silent(signals: list[Signal]) -> None:
    assert heard(TWO, signals)[0] == []


def test_one_charger_that_says_it_a_hundred_times_does_not_hide_the_other() -> None:
    told, _ = heard(TWO, [*(low(number / 10, "A") for number in range(100)), low(20, "B")])
    assert len(once(told)) == 1


def test_a_charger_that_does_the_same_while_it_rests_joins_what_fired() -> None:
    told, _ = heard(TWO, [low(0, "A"), low(10, "B"), low(20, "C"), low(25, "C")])
    assert len(once(told)) == 1
    assert [each.charger for each in told] == ["A", "B", "C"]


def test_it_fires_again_after_its_span() -> None:
    told, _ = heard(TWO, [low(0, "A"), low(10, "B"), low(80, "A"), low(90, "B")])
    assert seconds(once(told)) == [10, 90]


def test_what_must_last_on_each_charger_is_asked_of_each() -> None:
    lasting = across("{chargers: {sustained: down, for: 30s}, at_least: 2, within: 60s}",
                     "{down: {kind: status, status: Faulted}}")  # fmt: skip
    both = [status(0, "Faulted", charger="A"), status(5, "Faulted", charger="B")]
    assert once(heard(lasting, [*both, status(40, "Faulted", 2, charger="A")])[0])
    recovered = [*both, status(20, "Available", charger="B"), status(90, "Available", charger="A")]
    assert heard(lasting, recovered)[0] == []


def test_all_means_every_charger_that_the_file_names_there() -> None:
    every = across("{chargers: {signal: low}, at_least: all, within: 60s}")
    assert heard(every, [low(0, "A"), low(1, "B")])[0] == []
    assert once(heard(every, [low(0, "A"), low(1, "B"), low(2, "C")])[0])
    alone = placed({"A": "f1", "B": "f2"})
    assert heard(every, [low(0, "A"), low(1, "B")], alone)[0] == []


def test_operators_join_signals_of_different_chargers() -> None:
    signals = "{begins: {kind: start}, low: {kind: meter, voltage: {'<': 200}}}"
    told, _ = heard(
        across("{sequence: [begins, low], within: 30s}", signals),
        [signal(0, "start", charger="A"), low(10, "B", 190, 2)],
    )
    assert [each.charger for each in once(told)[0].signals] == ["A", "B"]
    counted = across("{count: low, at_least: 3, within: 1m}")
    assert once(heard(counted, [low(0, "A"), low(1, "B", connector=2), low(2, "A")])[0])
    both = across("{all: [{signal: begins}, {signal: low}], within: 1m}", signals)
    assert once(heard(both, [low(0, "A"), signal(10, "start", charger="B")])[0])
    silent = across("{absent: begins, after: low, for: 30s}", signals)
    assert once(heard(silent, [low(0, "A"), low(60, "B", 230)])[0])
    assert heard(silent, [low(0, "A"), signal(10, "start", charger="B"), low(60, "B", 230)])[0] == []


def test_a_clock_that_is_years_off_does_not_keep_its_neighbours_from_being_heard() -> None:
    ahead = low(400_000_000, "C")
    assert seconds(once(heard(TWO, [ahead, low(0, "A"), low(1, "B")])[0])) == [1]


def test_without_places_a_rule_over_several_chargers_is_not_asked_and_says_so() -> None:
    told, neighbours = heard(TWO, [low(0, "A"), low(1, "B")], NO_PLACES)
    assert told == []
    (unplaced,) = neighbours.unplaced()
    assert str(unplaced) == "unknown: no places file says which chargers share a feeder"
    assert unplaced.rules == ("r",)
    assert unplaced.mend


def test_what_nobody_could_ask_counts_neither_for_nor_against() -> None:
    rules = Rules(signal_rules=(TWO,))
    (unknown,) = Neighbours(rules).unasked(Charger(id="A"), ())
    assert (unknown.symptom, unknown.why) == ("r", "no places file says which chargers share a feeder")
    assert Neighbours(rules, HERE).unasked(Charger(id="A"), ()) == ()
    (stranger,) = Neighbours(rules, HERE).unasked(Charger(id="X"), ())
    assert stranger.why == "places.yaml does not say on which feeder X stands"
    told, _ = heard(TWO, [low(0, "A"), low(1, "B")])
    assert Neighbours(rules).unasked(Charger(id="A"), told) == ()


def test_a_log_ends_at_each_place_with_the_last_word_of_its_own_chargers() -> None:
    signals = "{begins: {kind: start}, low: {kind: meter, voltage: {'<': 200}}}"
    silent = across("{absent: begins, after: low, for: 30s}", signals)
    rules = Rules(signal_rules=(silent,))
    network, neighbours = compile_rules(rules, places=HERE), Neighbours(rules, HERE)
    assert neighbours.heard(network.step(START, low(0, "A"))[1]) == ()
    later = NOON + timedelta(seconds=60)
    assert neighbours.end({"A": NOON, "D": later}) == ()
    assert [each.charger for each in neighbours.end({"A": NOON, "B": later})] == ["A"]


def test_a_charger_that_the_file_does_not_name_is_told() -> None:
    rules = Rules(signal_rules=(TWO,))
    neighbours = Neighbours(rules, HERE)
    for charger in ("A", "X", "Y"):
        neighbours.meets(charger)
    assert [each.why for each in neighbours.unplaced()] == ["places.yaml does not say where X, Y stands"]


def test_a_rule_on_trial_stays_one_over_several_chargers() -> None:
    both = [low(0, "A"), low(1, "B")]
    assert {each.trial for each in heard(replace(TWO, status="shadow"), both)[0]} == {True}
    assert {each.trial for each in heard(TWO, both)[0]} == {False}


def test_a_site_of_ten_thousand_chargers_in_a_storm_stays_small() -> None:
    depot = placed({f"C{number}": "f" for number in range(10_000)})
    five = across("{chargers: {signal: low}, at_least: 5, within: 1h}", share="site")
    told, neighbours = heard(five, (low(number / 100, f"C{number}") for number in range(10_000)), depot)
    assert len(once(told)) == 1
    (site,) = neighbours.states.values()
    (memory,) = site.memories.values()
    assert isinstance(memory, Crowd)
    assert len(memory.came) <= MOST_OPEN
    assert pickle.loads(pickle.dumps(neighbours.states)) == neighbours.states  # noqa: S301  # our own bytes


moments = st.lists(st.tuples(st.integers(0, 300), st.sampled_from("ABCD"), st.booleans()), min_size=1, max_size=30).map(
    lambda told: [low(at, charger, 190 if bad else 230) for at, charger, bad in sorted(told)]
)


@settings(max_examples=200, deadline=None)
@given(signals=moments)
def test_it_fires_where_a_look_at_all_signals_says_so_and_the_same_again_on_replay(signals: list[Signal]) -> None:
    told, _ = heard(TWO, signals)
    fired = once(told)
    bad = [each for each in signals if each.fields["voltage"] == 190 and each.charger != "D"]
    wanted = any(
        one.charger != other.charger and one.at and other.at and abs(other.at - one.at) <= timedelta(seconds=60)
        for one in bad
        for other in bad
    )
    assert bool(fired) == wanted
    assert all(later - sooner > 60 for sooner, later in pairwise(seconds(fired)))
    assert [each.id for each in heard(TWO, signals)[0]] == [each.id for each in told]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{chargers: {signal: low}, at_least: 1, within: 60s}", "one charger is not several"),
        ("{chargers: {signal: low}, at_least: 2}", "None is no span"),
        ("{chargers: {signal: low}, at_least: few, within: 60s}", "'few' is no count"),
        ("{chargers: low, at_least: 2, within: 60s}", "is no operator"),
        ("{chargers: {not: {signal: low}}, at_least: 2, within: 60s}", "`not` stands alone"),
        ("{sustained: low, for: 60s}", "`sustained` cannot be heard over several chargers"),
        ("{changed: low.voltage}", "`changed` cannot be heard over several chargers"),
        ("{count: low, at_least: 2, within: 60s, same: charger}", "`same` stands in a rule over several chargers"),
    ],
)
def test_what_makes_no_sense_over_several_chargers_is_refused(when: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        across(when)


def test_chargers_are_counted_only_where_several_are_heard() -> None:
    with pytest.raises(RuleError, match="a rule on one charger counts no chargers"):
        rule(LOW, "{chargers: {signal: low}, at_least: 2, within: 60s}")
    with pytest.raises(RuleError, match="`across`"):
        across("{signal: low}", share="street")


def test_a_rule_missed_nothing_where_no_two_chargers_of_a_place_were_heard() -> None:
    small = knowledge()
    spoken = rule(
        LOW, "{chargers: {signal: low}, at_least: 2, within: 60s}", f"across: feeder\nsymptom: {AT_PLUG_IN}\n"
    )
    told = Heard(name="x", cause=WET, layers=frozenset({"ocpp"}))
    assert verdict(spoken, told, small) is None
    assert verdict(spoken, replace(told, placed=True), small) == "missed"
    assert verdict(replace(spoken, across=""), told, small) == "missed"
    neighbours = Neighbours(Rules(signal_rules=(TWO,)), HERE)
    assert [neighbours.stand_together(each) for each in ("AX", "AB", "X")] == [False, True, False]
