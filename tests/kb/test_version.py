"""Versions: firmware is compared by its numbers, whatever letters a maker puts around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.version import in_range, is_range, parts


@pytest.mark.parametrize(
    ("bounds", "version", "holds"),
    [
        (">=60", "060.3", True),
        (">=60", "055.7", False),
        (">=5.2,<6", "V5.2.1-4040", True),
        (">=5.2,<6", "6.0", False),
        ("1.10", "1.10.0", True),
        (">1.9", "1.10", True),
        ("!=2.0", "2", False),
    ],
)
def test_numbers_are_compared_as_numbers(bounds: str, version: str, holds: bool) -> None:
    assert in_range(bounds, version) is holds


@pytest.mark.parametrize("bounds", [">=5.2,<6", "1.0", "!=3"])
def test_bounds_with_numbers_are_a_range(bounds: str) -> None:
    assert is_range(bounds)


@pytest.mark.parametrize("bounds", ["", "the newer one", ">=", ">=5 and <6", "5,,6"])
def test_anything_else_is_no_range(bounds: str) -> None:
    assert not is_range(bounds)


@given(st.text(max_size=60), st.text(max_size=400))
def test_any_text_can_be_asked(bounds: str, version: str) -> None:
    assert in_range(bounds, version) in (True, False)
    assert len(parts(version)) <= 8
