"""One thing has one concept in every language and spelling; no phrase, cue or fault is out of reach."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.checks.issue import Check
from chargelore.kb.checks.vocabulary import VOCABULARY_CHECKS, unreachable
from chargelore.kb.concepts import concepts
from chargelore.kb.cues import cued
from chargelore.kb.glued import apart
from chargelore.kb.load import shipped
from chargelore.kb.model import FaultId
from chargelore.kb.said import said
from chargelore.kb.vocabulary import language


@pytest.mark.parametrize("check", VOCABULARY_CHECKS)
def test_the_shipped_vocabulary_has_no_complaint(check: Check) -> None:
    assert [*check(shipped())] == []


@pytest.mark.parametrize(
    ("texts", "concept"),
    [
        (("OTP", "over_temp", "OverTemperature", "Überhitzung", "过温", "surchauffe", "sobretemperatura"), "overtemp"),
        (("RELAY", "Schütz", "接触器", "接觸器", "contacteur", "contattore", "relais"), "contactor"),
        (("Fehlerstrom", "漏电", "漏電流", "courant de fuite", "fuga a tierra", "aardlek"), "residual"),
        (("E-Stop", "e_stop", "Not-Aus", "急停", "arrêt d'urgence", "noodstop", "parada de emergencia"), "estop"),
        (("state E", "Status E", "STATE_E"), "statee"),
        (("CAN timeout",), "comm"),
    ],
)
def test_one_thing_has_one_concept_in_every_spelling(texts: tuple[str, ...], concept: str) -> None:
    assert [text for text in texts if concept not in concepts(text)] == []


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Kabelverriegelung", {"cable", "lock"}),
        ("Pilotspannungsfehler", {"pilot", "fault"}),
        ("Lüfterdefekt", {"fan", "fault"}),
        ("gunovertemp", {"gun", "overtemp"}),
        ("laadkabelvergrendeling", {"cable", "lock"}),
    ],
)
def test_glued_words_are_taken_apart(word: str, parts: set[str]) -> None:
    assert parts <= {*concepts(word)}


def test_a_word_that_is_known_or_wholly_unknown_stays_whole() -> None:
    assert concepts("disconnected") == ("offline",)
    assert apart("qwertzuiop", frozenset({"stecker"})) == ()


@settings(deadline=None)
@given(st.text("abenskrtl", min_size=8, max_size=400))
def test_no_word_takes_long_to_take_apart_and_no_letter_is_lost(word: str) -> None:
    parts = apart(word, frozenset({"aaa", "aaaa", "bbb", "kabel", "stern", "erbse"}))
    assert len("".join(parts)) <= len(word)


def test_a_state_is_not_the_past_of_to_state_and_can_is_no_bus_as_a_verb() -> None:
    assert "stated" not in concepts("STATE_IDLE")
    assert "comm" not in concepts("it can charge")


def test_what_is_too_high_in_any_order_of_words_is_over() -> None:
    assert FaultId("input-overvoltage") in cued(concepts("Voltage of the grid is much too high"))
    assert FaultId("evse-overtemperature-stop") in cued(concepts("high value of board temperature"))


@pytest.mark.parametrize(
    "text", ["residual current fault cleared", "Erdschluss behoben", "漏电故障恢复", "RCD ok again"]
)
def test_what_is_over_is_no_fault(text: str) -> None:
    best = max(cued(concepts(text)).values(), key=lambda cue: cue.worth)
    assert best.fault == "no-fault"


def test_a_phrase_that_another_concept_holds_is_told() -> None:
    issues = [*unreachable({"overtemp": ("fan", "the")})]
    assert [issue.what for issue in issues] == ["`fan` says fan", "`the` says nothing"]


def test_every_language_speaks_of_the_concepts_of_the_english_file() -> None:
    assert [concept for concept, listed in language().phrases.items() if not listed[0].isascii()] == []


def test_what_travels_beside_a_text_is_not_taken_for_it() -> None:
    told = said("OtherError", '{"module":"modem","msg":"SIM not detected"}', "ocpp.info")
    assert "module" not in told.concepts
    assert told.ocpp_error == ""
    assert said("GroundFailure", "34 mA", "ocpp.info").ocpp_error == "GroundFailure"


def test_lights_have_no_words() -> None:
    assert said("red flash x3", "Contact stuck", "display.led").concepts == {"contact", "welded"}


def test_a_channel_tells_the_place_where_it_has_one() -> None:
    assert said("7", "timeout", "can.bms").place == {"bms"}
    assert said("7", "timeout", "modbus:1000").place == frozenset()
