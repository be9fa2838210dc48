"""What rules remember of a charger is a plain value: as JSON it can be put away, and it goes on where it was."""

from __future__ import annotations

import json

import pytest
from drawn import ALL, plausible, signals
from hypothesis import given, settings
from hypothesis import strategies as st
from moments import network, rule, run, signal

from chargelore.engine.matching.network import START
from chargelore.engine.stored import state_json, state_of
from chargelore.kb.errors import EngineError

MORE = network(
    rule("{a: {kind: status}, b: {kind: fault}}", "{any: [{sequence: [a, b], within: 1m}, {signal: b}]}", name="any"),
    rule("{a: {kind: status}, b: {kind: stop}}", "{all: [{count: a, at_least: 2, within: 1m}, {not: {signal: b}}]}"),
)


@pytest.mark.parametrize("compiled", [ALL, MORE])
@settings(max_examples=100, deadline=None)
@given(before=st.lists(plausible | signals, max_size=30), after=st.lists(plausible, min_size=1, max_size=10))
def test_a_state_that_was_put_away_as_json_goes_on_where_it_was(compiled, before, after):
    state, _ = run(compiled, before)
    again = state_of(state_json(state))
    assert state_json(again) == state_json(state)
    for each in after:
        state, straight = compiled.step(state, each)
        again, resumed = compiled.step(again, each)
        assert resumed == straight
    assert state_json(again) == state_json(state)


def test_json_of_a_state_is_json_that_any_reader_takes():
    odd = {"power": float("nan"), "text": "\ud800 ü", "status": 10**30}
    state, _ = run(MORE, [signal(0, "status", odd), signal(1, "status", odd)])
    told = json.loads(state_json(state), parse_constant=pytest.fail)
    assert told["layout"] == 1
    assert state_json(state_of(json.dumps(told))) == state_json(state)


def test_a_signal_that_many_rules_remember_is_written_once():
    rules = [rule("{a: {kind: status}}", "{count: a, at_least: 9, within: 1h}", name=f"r{at}") for at in range(20)]
    state, _ = run(network(*rules), [signal(0, "status", {"info": "written once"})])
    assert state_json(state).count("written once") == 1


GOOD = state_json(run(ALL, [signal(0, "start"), signal(1, "boot", {"firmware": "1"})])[0])


@pytest.mark.parametrize(
    "text",
    [
        "", "[", "{}", "[]", "null", "7", GOOD[:-1], GOOD.replace('"layout": 1', '"layout": 99'),
        GOOD.replace("last_at", "lost_at"), GOOD.replace('"~": "network.State"', '"~": "os.system"'),
        GOOD.replace('"~": "at"', '"~": "span"'), json.dumps(json.loads(GOOD) | {"value": None}),
        json.dumps(json.loads(GOOD) | {"once": []}), "[" * 100_000, b"\xff\xfe",
    ],
)  # fmt: skip
def test_json_that_is_no_state_is_told_in_a_sentence(text):
    with pytest.raises(EngineError, match=r"what was remembered .* — begin without it"):
        state_of(text)


def test_the_start_is_a_state_too():
    assert state_of(state_json(START)) == START
