"""Veil: a charger's own name never leaves the house, whatever stands against it."""

from __future__ import annotations

import pytest

from chargelore.engine.escalating.veil import hiding, name_for

KEY = b"k" * 32
SERIAL = "SN4711XYZ9"


@pytest.mark.parametrize(
    "text", ["unit SN4711XYZ9", "SN4711XYZ9_1 tripped", "log_sn4711xyz9.txt", "ws://host/SN4711XYZ9", "id=SN4711XYZ9;"]
)
def test_a_serial_number_that_is_a_charger_id_is_hidden_wherever_it_stands_by_itself(text: str) -> None:
    hidden = hiding(SERIAL, KEY)(text)
    assert SERIAL.lower() not in hidden.lower()
    assert name_for(SERIAL, KEY) in hidden or "serial:" in hidden


def test_a_word_that_only_contains_the_name_stays() -> None:
    assert hiding("CP-1", KEY)("CP-12 is the neighbour") == "CP-12 is the neighbour"
