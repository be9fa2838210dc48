"""A look-up finds what a person meant, says how sure that is, and finds nothing where nothing is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.concepts import concepts
from chargelore.kb.load import shipped
from chargelore.kb.model import Cause, CauseId, Code, Fault, FaultId, Knowledge, Meaning
from chargelore.kb.search import Hit, lookup

TRIP, WELD, HOT, BLOCKED = (FaultId(each) for each in ("earth-trip", "relay-welded", "too-hot", "tripping-hazard"))


def fault(name: FaultId, label: str, *, german: str = "", mrec: str = "") -> Fault:
    labels = {"de": german} if german else {}
    return Fault(id=name, label=label, domain="safety", definition="", responsible=("cso",), labels=labels, mrec=mrec)


def bit(place: int, text: str, model: str, means: FaultId) -> Code:
    return Code(
        vendor="Volta", model=model, code=f"bit {place}", text=text, kind="bit", channel="api:warnings", table=model,
        means=(Meaning(fault=means, confidence="high"),),
    )  # fmt: skip


CODES = (
    Code(vendor="Acme", code="E7", text="Earth leakage detected", means=(Meaning(fault=TRIP, confidence="high"),)),
    Code(vendor="Acme", code="0x1A", text="Relay contact welded", means=(Meaning(fault=WELD, relation="close"),)),
    Code(vendor="Acme", code="40", text="Heat sink overtemperature", firmware="<2", means=(Meaning(fault=HOT),)),
    Code(vendor="Bolt", code="26", text="Lid open"),
    Code(vendor="Bolt", code="ERR_PUMP_DRY", text="Coolant pump runs dry", means=(Meaning(fault=HOT),)),
    bit(3, "Sticking relay", "One", WELD),
    bit(4, "Hot", "One", HOT),
    bit(3, "Earth leak", "Two", TRIP),
    Code(vendor="OCPP 1.6", code="GroundFailure", text="Ground-fault interrupter", means=(Meaning(fault=TRIP),)),
)  # fmt: skip
CAUSE = Cause(id=CauseId("wet"), fault=TRIP, label="Water in the plug", words=("puddle", "rain", "Pfütze"))
KNOWN = Knowledge(
    sources={},
    faults={
        each.id: each
        for each in (
            fault(TRIP, "Ground fault tripped", german="Erdschluss ausgelöst", mrec="CX002"),
            fault(WELD, "Contactor welded"),
            fault(HOT, "Charger too hot"),
            fault(BLOCKED, "Cable lies in the way"),
        )
    },
    codes=CODES,
    evidence={},
    causes={CAUSE.id: CAUSE},
    steps={},
    vendor_aliases={"acme charging gmbh": "Acme", "acme": "Acme", "bolt": "Bolt", "volta": "Volta"},
)


def found(query: str, **scope: str) -> tuple[Hit, ...]:
    return lookup(query, KNOWN, **scope)  # type: ignore[arg-type]  # the scope is four texts


def codes(query: str, **scope: str) -> list[str]:
    return [hit.code for hit in found(query, **scope) if hit.match != "similar"]


@pytest.mark.parametrize(
    "query", ["E7", "e7", "E07", "E-7", "E 7", "error E7", "Fehler E7!", "it shows E007", "acme e7"]
)
def test_a_code_is_found_however_it_is_spelt(query: str) -> None:
    assert codes(query)[:1] == ["E7"]


@pytest.mark.parametrize("query", ["0x1A", "0X1a", "26", "026", "1Ah", "0x001A", "Ox1A", "#1a", "error 26", "E26"])
def test_a_number_of_a_maker_is_found_in_every_notation(query: str) -> None:
    assert codes(query, vendor="Acme Charging GmbH") == ["0x1A"]


def test_the_letter_o_is_read_as_a_zero() -> None:
    assert codes("4O", vendor="Acme") == ["40"]


def test_a_number_means_what_its_maker_says_and_the_hit_tells_of_the_others() -> None:
    (own,) = found("26", vendor="bolt")
    assert (own.text, own.fault) == ("Lid open", None)
    assert own.also == ("Acme: Relay contact welded",)


def test_without_a_maker_a_number_has_all_its_meanings() -> None:
    assert {hit.vendor for hit in found("26")} == {"Acme", "Bolt"}


def test_a_number_of_another_maker_is_no_answer() -> None:
    assert found("26", vendor="Volta") == ()
    assert found("26", vendor="a maker nobody knows") == ()


def test_a_number_in_a_sentence_is_no_code() -> None:
    assert codes("stops after 26 minutes") == []


def test_a_sum_of_bits_is_taken_apart_within_the_model() -> None:
    hits = found("24", vendor="Volta", model="One")
    assert [(hit.match, hit.text) for hit in hits[:2]] == [("mask", "Sticking relay"), ("mask", "Hot")]
    assert found("8", vendor="Volta", model="Two")[0].fault == TRIP


def test_a_standard_word_is_found_for_every_maker_and_is_not_called_strange() -> None:
    first = found("GroundFailure", vendor="Bolt")[0]
    assert (first.vendor, first.fault, first.note) == ("OCPP 1.6", TRIP, "")


@pytest.mark.parametrize("query", ["GroundFalure", "Earth leekage", "Eart leakage", "earth_leakage", "leakage earth"])
def test_typing_errors_are_forgiven_and_shown_as_similar(query: str) -> None:
    assert found(query)[0].fault == TRIP


@pytest.mark.parametrize(
    "query", ["Erdschluss", "Fehlerstrom", "puddle", "Pfütze", "CX002", "earth-trip", "RCD hat ausgelöst"]
)
def test_words_of_people_lead_to_the_fault(query: str) -> None:
    assert found(query)[0].fault == TRIP


def test_part_of_a_message_finds_the_code() -> None:
    assert found("pump dry")[0].code == "ERR_PUMP_DRY"


def test_what_is_only_similar_is_never_trusted_highly() -> None:
    similar = [hit for hit in found("relay welded contact") if hit.match == "similar"]
    assert similar
    assert all(hit.confidence != "high" and hit.likeness <= 1 for hit in similar)


def test_the_firmware_a_code_belongs_to_is_told() -> None:
    assert found("40", vendor="Acme")[0].note == "firmware <2"


@pytest.mark.parametrize("query", ["", "   ", "zzz qqq", "E99", "???", "\0\x1b[31m", "0"])
def test_what_nobody_knows_finds_nothing(query: str) -> None:
    assert found(query) == ()


def test_a_code_is_listed_once_and_the_list_has_an_end() -> None:
    hits = lookup("relay", KNOWN, limit=2)
    assert len(hits) == 2
    assert len({(hit.vendor, hit.model, hit.code, hit.fault) for hit in hits}) == 2


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", "Acme", "nobody"]), st.text(max_size=8))
def test_any_typing_is_answered(query: str, vendor: str, firmware: str) -> None:
    for hit in lookup(query, KNOWN, vendor=vendor, firmware=firmware):
        assert 0 <= hit.likeness <= 1


@given(st.text(max_size=60))
def test_any_text_has_concepts(text: str) -> None:
    assert all(concepts(text))


@pytest.mark.parametrize(
    ("texts", "concept"),
    [
        (("OTP", "over_temp", "Überhitzung", "过温", "temperature is too high", "overTemperature"), "overtemp"),
        (("RCD", "GFCI", "FI-Schalter", "rcmb"), "rcd"),
        (("no response", "keine Kommunikation", "comm"), "comm"),
    ],
)
def test_one_thing_has_one_concept_in_every_language(texts: tuple[str, ...], concept: str) -> None:
    assert all(concept in concepts(text) for text in texts)


def test_the_shipped_knowledge_tells_an_easy_trap_apart() -> None:
    """MREC 3 speaks of derating, the OCPP error code of the same name of a charger that is too hot."""
    by_vendor = {hit.vendor: hit.fault for hit in lookup("HighTemperature", shipped())}
    assert by_vendor["OCPP 1.6"] != by_vendor["ChargeX MREC"]


@pytest.mark.parametrize("asked", ["water-in-coupler", "cause/water-in-coupler"])
def test_a_cause_is_found_by_its_id(asked: str) -> None:
    first = lookup(asked)[0]
    assert (first.fault, first.match) == ("ground-fault-trip", "name")
    assert "water-in-coupler" in first.evidence
