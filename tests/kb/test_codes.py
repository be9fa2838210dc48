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
    return Code(vendor=vendor, code=value, text=value, means=(Meaning(fault=FaultId(fault)),), **more)  # type: ignore[arg-type]


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
