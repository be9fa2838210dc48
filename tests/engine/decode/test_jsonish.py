"""Lenient JSON: what is valid is read as it is, what is broken is mended and marked, nothing is invented."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.jsonish import MAX_DEPTH, mended, strict

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
CONTAINERS = st.lists(VALUES, max_size=5) | st.dictionaries(st.text(max_size=8), VALUES, max_size=5)


@given(CONTAINERS)
def test_valid_json_is_read_as_json_reads_it(value: object) -> None:
    text = json.dumps(value)
    found = mended(text)
    assert found is not None
    assert found.value == value
    assert found.end == len(text)
    assert found.marks == ()


@given(CONTAINERS, st.data())
def test_json_cut_anywhere_keeps_its_beginning_and_is_marked(value: object, data: st.DataObject) -> None:
    text = json.dumps(value)
    found = mended(text[: data.draw(st.integers(1, len(text) - 1))])
    assert found is not None
    assert "cut" in found.marks
    assert type(found.value) is type(value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    mended("[" + text)
    strict(text)


@given(st.text(alphabet="[]{}\"'\\,:.ae1 ", max_size=60))
def test_any_heap_of_brackets_and_quotes_is_read_or_refused(text: str) -> None:
    mended("{" + text)


def test_python_literals_become_json() -> None:
    found = mended("{'a': True, 'b': None, 'c': 'it\\'s \"so\"'}")
    assert found is not None
    assert found.value == {"a": True, "b": None, "c": 'it\'s "so"'}
    assert found.marks == ("python-literal",)


def test_a_bare_nan_is_no_number() -> None:
    found = mended('{"value": nan}')
    assert found is not None
    assert found.value == {"value": None}
    assert found.marks == ("nan",)


def test_a_forgotten_bracket_is_closed_by_the_outer_one() -> None:
    found = mended('{"a": [1, {"b": 2}')
    assert found is not None
    assert found.value == {"a": [1, {"b": 2}]}


def test_a_number_at_the_cut_is_left_out_as_it_may_have_lost_digits() -> None:
    found = mended('{"meterStart": 10, "meterStop": 112')
    assert found is not None
    assert found.value == {"meterStart": 10}


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_nesting_deeper_than_any_message_is_refused(depth: int) -> None:
    assert mended("[" * depth) is None
    assert mended('{"a":' * depth) is None


def test_a_number_of_ten_thousand_digits_is_a_text() -> None:
    found = mended("[" + "9" * 10_000 + ", 1]")
    assert found is not None
    assert found.value == ["9" * 10_000, 1]
