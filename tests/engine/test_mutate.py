"""Mutants: a rule with sharp examples notices every slip, one with blunt examples does not."""

from __future__ import annotations

from moments import rule

from chargelore.engine.proving.mutate import mutants, survives

SIGNALS = "{hot: {kind: meter, temperature: {'>': 80}}}"
SHARP = """
examples:
  - {name: above, expect: match, given: [{at: 0s, hot: {temperature: 81}}]}
  - {name: at the limit, expect: no match, given: [{at: 0s, hot: {temperature: 79}}]}
"""
BLUNT = """
examples:
  - {name: on fire, expect: match, given: [{at: 0s, hot: {temperature: 900}}]}
  - {name: frozen, expect: no match, given: [{at: 0s, hot: {temperature: -40}}]}
"""


def test_sharp_examples_notice_every_slip() -> None:
    assert [each.what for each in mutants(rule(SIGNALS, "{signal: hot}", SHARP)) if survives(each)] == []


def test_blunt_examples_let_a_moved_limit_pass() -> None:
    alive = [each for each in mutants(rule(SIGNALS, "{signal: hot}", BLUNT)) if survives(each)]
    assert {(each.what, each.where) for each in alive} == {("limit moved", "hot.temperature")}


def test_counts_spans_and_orders_slip_too() -> None:
    both = "{a: {kind: start}, b: {kind: stop}}"
    made = rule(both, "{all: [{count: a, at_least: 3, within: 1m}, {not: {signal: b}}]}")
    assert {each.what for each in mutants(made)} == {"one more", "one less", "span halved", "span doubled"}
    ordered = rule(both, "{sequence: [a, b], within: 1m}")
    assert "order reversed" in {each.what for each in mutants(ordered)}


def test_what_several_chargers_must_share_slips_too() -> None:
    made = rule(SIGNALS, "{chargers: {sustained: hot, for: 1m}, at_least: 3, within: 5m}", "across: feeder\n")
    slips = [each.what for each in mutants(made)]
    assert {"site instead of feeder", "one more", "one less"} <= set(slips)
    assert slips.count("span halved") == 2
    whole = rule(SIGNALS, "{chargers: {signal: hot}, at_least: all, within: 5m}", "across: site\n")
    assert {"two instead of all", "feeder instead of site"} <= {each.what for each in mutants(whole)}
    two = rule(SIGNALS, "{chargers: {signal: hot}, at_least: 2, within: 5m}", "across: site\n")
    assert "one less" not in {each.what for each in mutants(two)}


def test_the_value_of_a_model_is_held_by_an_example_of_that_model_alone() -> None:
    value = "parameters: {limit: {default: 80, by: [{vendor: Acme, value: 95}]}}\n"
    signals = "{hot: {kind: meter, temperature: {'>': $limit}}}"
    blunt = [each for each in mutants(rule(signals, "{signal: hot}", SHARP + value)) if survives(each)]
    assert {each.what for each in blunt} == {"value of a model forgotten", "limit moved"}
    acme = """
  - {name: Acme, expect: match, chargers: {a: {vendor: Acme}}, given: [{at: 0s, hot: {temperature: 96}}]}
  - {name: Acme is cooler, expect: no match, chargers: {a: {vendor: Acme}}, given: [{at: 0s, hot: {temperature: 94}}]}
"""
    sharp = rule(signals, "{signal: hot}", SHARP + acme + value)
    assert [each.what for each in mutants(sharp) if survives(each)] == []
