"""Mutants: a rule with sharp examples notices every slip, one with blunt examples does not."""

from __future__ import annotations

from moments import rule

from chargelore.engine.mutate import mutants, survives

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
