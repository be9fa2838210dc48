"""A typed filter keeps what a person means: words, words to leave out, and fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.tui.filter import keeps, terms

ROW = {"charger": "CP-7", "status": "Charging", "vendor": "Acme", "time": "12:03:44"}


@pytest.mark.parametrize(
    ("typed", "is_kept"),
    [
        ("", True),
        ("cp-7", True),
        ("cp-8", False),
        ("chargin", True),
        ("chraging", True),
        ("acme charging", True),
        ("acme faulted", False),
        ("!acme", False),
        ("!faulted", True),
        ("!chraging", True),
        ("status:char", True),
        ("vendor:char", False),
        ("!vendor:acme", False),
        ("stat:char", True),
        ("12:03", True),
        ("13:03", False),
        ("status:", True),
        ("!", True),
    ],
)
def test_a_filter_means_what_a_person_types(typed: str, is_kept: bool) -> None:
    assert keeps(terms(typed), ROW) is is_kept


@given(st.text(), st.dictionaries(st.text(max_size=8), st.text(max_size=30)))
def test_any_typed_filter_is_taken(typed: str, words: dict[str, str]) -> None:
    assert keeps(terms(typed), words) in {True, False}


@given(st.text(alphabet="abcdef", min_size=1))
def test_leaving_out_a_word_is_the_opposite_of_wanting_it_exactly(word: str) -> None:
    row = {"text": "abc def"}
    assert keeps(terms(f"!{word}"), row) is (word not in "abc def")
