"""Coverage: what a rule detects, only a code makes visible, and nobody sees, is told as it is."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shell import chargelore

from chargelore.engine.coverage.heatmap import STATES, heat_map, recognised
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.kb.load import shipped as knowledge
from chargelore.kb.model import Layer

LAYERS = st.sets(st.sampled_from(get_args(Layer)))


def test_without_rules_only_codes_tell() -> None:
    found = heat_map(knowledge(), Rules())
    tally = found.tally(found.faults, found.makers)
    assert tally["detects"] == 0
    assert tally["visible"] == sum(found.cell(*pair).codes > 0 for pair in found.cells)


def test_every_pair_of_a_fault_and_a_maker_stands_somewhere() -> None:
    found = heat_map(knowledge(), rules())
    assert sum(found.tally(found.faults, found.makers).values()) == len(found.faults) * len(found.makers)


@settings(max_examples=8)
@given(LAYERS, LAYERS)
def test_more_layers_never_show_less(some: set[Layer], more: set[Layer]) -> None:
    few, many = (heat_map(knowledge(), rules(), layers=each) for each in (some, some | more))
    for pair in few.cells:
        assert STATES.index(many.cell(*pair).state) <= STATES.index(few.cell(*pair).state)


def test_what_detects_a_fault_is_a_symptom_of_the_layers_asked_for() -> None:
    for symptoms in recognised(knowledge(), frozenset({"grid"})).values():
        assert {knowledge().evidence[each].layer for each in symptoms} <= {"grid", None}


def test_one_maker_is_told_fault_by_fault() -> None:
    told = chargelore("report", "coverage", "--maker", "zaptec", "--domain", "thermal", "--format", "json")
    rows = told.json["coverage"]
    assert {row["maker"] for row in rows} == {"Zaptec"}
    assert {row["domain"] for row in rows} == {"thermal"}
    assert all(row["symptoms"] for row in rows if row["state"] == "detects")


@pytest.mark.parametrize("form", ["table", "csv"])
def test_coverage_is_told_in_every_form(form: str) -> None:
    told = chargelore("report", "coverage", "--layer", "ocpp", "--format", form)
    assert told.code == 0
    assert "detects" in told.out
    if form == "table":
        assert max(map(len, told.out.splitlines())) <= 80


def test_a_maker_that_nobody_knows_is_named_with_what_to_do() -> None:
    told = chargelore("report", "coverage", "--maker", "Nosuchmaker")
    assert told.code == 2
    assert "Nosuchmaker" in told.err
