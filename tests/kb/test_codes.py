"""Codes: a number alone means nothing; with its maker, model and channel it does. The traps of the standards."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.kb.codes import Codes, is_null, key
from chargelore.kb.load import shipped
from chargelore.kb.model import Code, FaultId, Knowledge, Meaning

SHIPPED = Codes(shipped())


def code(vendor: str, value: str, fault: str, **more: str) -> Code:
    return Code(vendor=vendor, code=value, text=value, means=(Meaning(fault=FaultId(fault)),), **more)  # type: ignore[arg-type]  # a test may set any field


def index(*codes: Code) -> Codes:
    return Codes(
        Knowledge(
            sources={}, faults={}, codes=codes, evidence={}, causes={}, steps={}, vendor_aliases={"acme ag": "Acme"}
        )
    )


def faults(found: Iterable[Code]) -> set[str]:
    return {means.fault for each in found for means in each.means}


ACME = index(
    code("Acme", "0x04", "ground-fault-trip", kind="bit", channel="ocpp"),
    code("Acme", "8", "emergency-stop-active", kind="bit", channel="ocpp"),
    code("Acme", "8", "clock-not-synchronised", channel="modbus"),
    code("Acme", "E12", "cooling-system-fault"),
    code("Other", "4", "connector-lock-failure"),
    code("Other", "4", "water-ingress", model="Pro"),
)


@pytest.mark.parametrize("written", ["4", "0x4", "0x0004", "004", "04h", " 4 "])
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    assert faults(ACME.meanings(written, "Acme")) == {"ground-fault-trip"}


def test_the_same_number_means_something_else_at_another_maker_and_nothing_at_none() -> None:
    assert faults(ACME.meanings("4", "Other")) == {"connector-lock-failure", "water-ingress"}
    assert faults(ACME.meanings("4", "Other", "Pro 22")) == {"water-ingress"}
    assert ACME.meanings("4") == ()


def test_a_sum_of_bits_is_taken_apart_only_when_every_bit_is_known() -> None:
    assert faults(ACME.meanings("12", "Acme", channel="ocpp.vendorErrorCode")) == {
        "ground-fault-trip",
        "emergency-stop-active",
    }
    assert ACME.meanings("44", "Acme") == ()


def test_the_channel_decides_between_two_meanings_of_one_value() -> None:
    assert faults(ACME.meanings("8", "Acme", channel="modbus:107")) == {"clock-not-synchronised"}


def test_a_maker_is_known_under_its_other_names() -> None:
    assert faults(ACME.meanings("e12", "ACME AG")) == faults(ACME.meanings("E-12", "acme GmbH")) != set()


def test_several_codes_in_one_text_are_taken_apart() -> None:
    assert faults(ACME.meanings("E12; 4", "Acme")) == {"cooling-system-fault", "ground-fault-trip"}


@pytest.mark.parametrize("nothing", ["", "0", "0,0,0,0", "null", "NoError", "none", "0x0000", "[0, 0]"])
def test_codes_that_say_nothing_are_no_fault(nothing: str) -> None:
    assert is_null(nothing)
    assert SHIPPED.meanings(nothing, "Zaptec") == ()


def test_cx001_is_the_vehicles_lock_and_everests_own_lock_error_the_chargers() -> None:
    assert faults(SHIPPED.meanings("CX001")) >= {"connector-lock-failure"}
    assert "connector-lock-failure" in faults(SHIPPED.meanings("connector_lock/MREC1ConnectorLockFailure"))


def test_cx003_means_less_power_and_ocpps_high_temperature_too_hot() -> None:
    assert "evse-overtemperature-derate" in faults(SHIPPED.meanings("CX003"))
    first = SHIPPED.meanings("HighTemperature", channel="ocpp.ChargePointErrorCode")[0]
    assert first.means[0].fault == "evse-overtemperature-stop"


def test_ocpp_words_are_understood_without_a_maker() -> None:
    assert "ground-fault-trip" in faults(SHIPPED.meanings("GroundFailure", "Nobody", channel="ocpp.errorCode"))


def test_codes_of_ten_makers_and_more_are_known() -> None:
    assert len({each.vendor for each in shipped().codes}) >= 40


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_as_code_and_maker_gives_an_answer(value: str, vendor: str) -> None:
    assert isinstance(SHIPPED.meanings(value, vendor), tuple)
    assert key(f" {value.upper()} ") == key(value.upper())


def test_a_maker_without_a_table_is_known_by_the_names_that_its_chargers_tell() -> None:
    assert {shipped().vendor_aliases.get(each.casefold()) for each in ("Alfen", "Alfen BV", "Alfen N.V.")} == {"Alfen"}


def test_cx001_under_everests_name_is_the_lock_of_the_charger() -> None:
    assert SHIPPED.meanings("CX001")[0].vendor == "ChargeX MREC"
    assert "charger" in SHIPPED.meanings("CX001", "EVerest")[0].text


def test_cx003_is_not_the_high_temperature_of_ocpp_even_by_its_name() -> None:
    named_by_chargex = SHIPPED.meanings("HighTemperature", "https://chargex.inl.gov")[0]
    assert named_by_chargex.means[0].fault == "evse-overtemperature-derate"
    assert SHIPPED.meanings("HighTemperature")[0].vendor == "OCPP 1.6"


@pytest.mark.parametrize(("mrec", "fault"), [("CX005", "output-overvoltage"), ("CX006", "output-undervoltage")])
def test_cx005_and_cx006_speak_of_the_voltage_at_the_vehicle_only(mrec: str, fault: str) -> None:
    assert faults(SHIPPED.meanings(mrec)) == {fault}
    grid = "input-overvoltage" if mrec == "CX005" else "input-undervoltage"
    assert shipped().faults[FaultId(grid)].mrec == ""


def test_a_word_of_chargex_that_ocpp_does_not_have_is_understood_as_chargex_means_it() -> None:
    assert SHIPPED.meanings("NoInternet") == SHIPPED.meanings("CX013") != ()


def test_evgo_joins_codes_with_commas_and_chargex_with_semicolons() -> None:
    assert [each.code for each in SHIPPED.meanings("F000,A001", "com.evgo.mrec")] == ["F000", "A001"]
    assert [each.code for each in SHIPPED.meanings("CX014;CX023", "https://chargex.inl.gov")] == ["CX014", "CX023"]


def test_a_short_code_of_evgo_says_nothing_about_another_maker() -> None:
    assert SHIPPED.meanings("A001", "Acme") == ()


def test_everests_second_report_of_a_fault_says_what_caused_it() -> None:
    assert faults(SHIPPED.meanings("caused_by:evse_board_support/MREC14PilotFault")) == faults(
        SHIPPED.meanings("CX014", "EVerest")
    ) - {"control-pilot-short", "control-pilot-diode-fault"}


@pytest.mark.parametrize("edition", ["DIN 70121", "ISO 15118-2", "ISO 15118-20"])
def test_answers_of_iso_15118_are_known_by_name_because_numbers_differ(edition: str) -> None:
    assert faults(SHIPPED.meanings("FAILED_WrongChargeParameter", edition)) == {"charge-parameter-mismatch"}
    assert SHIPPED.meanings("15", edition) == ()


def test_one_bit_means_two_things_on_two_models_of_one_maker() -> None:
    assert faults(SHIPPED.meanings("128", "Zaptec", "Zaptec Go", channel="ocpp.vendorErrorCode")) == {
        "control-supply-fault"
    }
    assert faults(SHIPPED.meanings("128", "Zaptec", "Zaptec Pro")) == {"evse-contactor-welded"}


def test_one_number_means_two_things_in_two_firmwares() -> None:
    assert faults(SHIPPED.meanings("12", "go-e", "Gemini", "60.3")) == {"connector-lock-failure"}
    assert faults(SHIPPED.meanings("12", "go-e", "Gemini", "055.7")) == {"unspecified-fault"}


def test_on_a_channel_of_bit_numbers_a_number_is_a_bit_and_not_a_sum() -> None:
    assert SHIPPED.meanings("10", "Besen", channel="api:errors_bit")[0].code == "bit 10"
    assert SHIPPED.meanings("1024", "Besen", channel="api:errors_bit")[0].code == "bit 10"


def test_a_normal_stop_among_faults_is_no_fault() -> None:
    assert not SHIPPED.meanings("0x41", "Yunkuaichong")[0].is_fault
    assert SHIPPED.meanings("0x50", "Yunkuaichong")[0].is_fault


def test_a_long_word_of_another_maker_is_understood_where_makers_agree() -> None:
    assert faults(SHIPPED.meanings("RCD triggered", "Walther")) == {"ground-fault-trip"}
    quarrel = index(*(code(f"Maker {n}", "Strange thing", f"fault-{n}") for n in range(5)))
    assert quarrel.meanings("strange_thing", "Walther") == ()


def test_every_code_of_every_maker_is_found_again_under_its_own_name() -> None:
    lost = [
        f"{each.vendor} {each.code}"
        for each in shipped().codes
        if not is_null(each.code)
        and each not in SHIPPED.meanings(each.code, each.vendor, each.model.split("/")[0], "", each.channel)
    ]
    assert lost == []
