"""Scope: does a statement about a maker, model or firmware hold for this charger?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Charger
from chargelore.engine.scope import fit
from chargelore.kb.model import Scope
from chargelore.kb.version import in_range

ALFEN = Charger(id="CP-1", vendor="Alfen BV", model="Eve Single", firmware="5.2.1-4040")


def test_a_statement_without_scope_holds_everywhere_in_general() -> None:
    assert fit(Scope(), ALFEN) == "general"


def test_a_makers_legal_form_and_spelling_do_not_matter() -> None:
    assert fit(Scope(vendor="alfen"), ALFEN) == "inside"
    assert fit(Scope(vendor="EV-Box"), Charger(id="x", vendor="EVBOX")) == "inside"


def test_another_maker_is_outside() -> None:
    assert fit(Scope(vendor="ABB"), ALFEN) == "outside"


def test_a_charger_that_has_not_said_its_firmware_leaves_us_unsure() -> None:
    assert fit(Scope(vendor="Alfen", firmware=">=5"), Charger(id="x", vendor="Alfen")) == "unsure"


@pytest.mark.parametrize(
    ("bounds", "version", "holds"),
    [
        (">=5.2,<6", "5.2.1-4040", True),
        (">=5.2,<6", "V6.0.0", False),
        ("<1.10", "1.9", True),
        ("==6.4", "6.4.0", True),
        ("nonsense", "1", False),
    ],
)
def test_a_firmware_range_compares_numbers_and_not_letters(bounds: str, version: str, holds: bool) -> None:
    assert in_range(bounds, version) is holds


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_as_range_and_version_gives_an_answer(bounds: str, version: str) -> None:
    assert in_range(bounds, version) in (True, False)


@pytest.mark.parametrize("limit", [Scope(vendor="Alfen", hardware="B"), Scope(vendor="Alfen", region="NL")])
def test_a_limit_to_hardware_or_region_leaves_us_unsure_as_no_charger_says_them(limit: Scope) -> None:
    assert fit(limit, ALFEN) == "unsure"
