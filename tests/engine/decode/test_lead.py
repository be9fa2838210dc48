"""The words in front of a frame: the way it went and the charger it belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.logs.lead import charger_in, charger_on, way_in


@pytest.mark.parametrize(
    ("lead", "way"),
    [
        ("recv CP-A: ", "in"),
        ("CP-A: receive message ", "in"),
        ("sent JSON message to CP-A: ", "out"),
        ("Sending: ", "out"),
        ("Client RX: ", "in"),
        ("<- ", "in"),
        (">>> [CP-A1] ", "out"),
        ("< TEXT '", "in"),
        ("[client->target] ", "charger"),
        ("[target->client-BLOCKED] ", "csms"),
        ("CSMS -> CP001: ", "csms"),
        ("CP001 → Central System: ", "charger"),
        ("message from charger: ", "charger"),
        ('"direction":"out","frame":', "out"),
        ("", ""),
        ("payload ", ""),
    ],
)
def test_the_way_of_a_frame(lead: str, way: str) -> None:
    assert way_in(lead) == way


@pytest.mark.parametrize(
    ("lead", "charger"),
    [
        ("recv CP-A: ", "CP-A"),
        ("CP-A: send ", "CP-A"),
        ("received JSON message from box#7: ", "box#7"),
        ("chargeBoxId=CP_1, Received: ", "CP_1"),
        ("<<< [CP_001] ", "CP_001"),
        ("CP001 -> CSMS: ", "CP001"),
        *((f"2026-05-01T08:00:02Z KA-MITTE {word} ", "KA-MITTE") for word in ("sent", "received", "recv", "->", "<-")),
        ("[INFO] CP_1 sent: ", "CP_1"),
        ("2026-05-01 08:00:02,120 INFO box7 got ", "box7"),
        ("10:00:02 MITTE received ", "MITTE"),
        ("KA-MITTE sent ", "KA-MITTE"),
        ("2026-05-01T08:00:02Z Dispatcher sent ", ""),
        ("2026-05-01T08:00:02Z CSMS sent ", ""),
        ("2026-05-01T08:00:02Z DEBUG received ", ""),
        ("2026-05-01T08:00:02Z thread-7 sent ", ""),
        ("2026-05-01T08:00:02Z ocpp-server sent ", ""),
        ("2026-05-01T08:00:02Z Charge-Point sent ", ""),
        ("Received: ", ""),
        ("receive message ", ""),
        ("[Thread-5] got ", ""),
    ],
)
def test_the_charger_of_a_frame(lead: str, charger: str) -> None:
    assert charger_in(lead) == charger


def test_a_path_ends_in_the_charger() -> None:
    assert charger_on("< GET /ocpp/16/CP-A HTTP/1.1") == "CP-A"
    assert charger_on("connecting to wss://example.org/steve/CP-A") == "CP-A"
    assert charger_on("nothing here") == ""


@given(st.text(max_size=200))
def test_any_words_can_be_asked(text: str) -> None:
    way_in(text)
    charger_in(text)
    charger_on(text)
