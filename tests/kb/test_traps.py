"""The traps of the field: what standards and makers say in ways that mislead, each as one sentence."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Charger
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.translate import fault_signals, seen_codes
from chargelore.kb.codes import Codes, is_null
from chargelore.kb.load import shipped
from chargelore.kb.mask import place_of
from chargelore.kb.model import Code, FaultId
from chargelore.kb.travel import MASKS

CODES = Codes(shipped())
MREC = "https://chargex.inl.gov"
GO = {"vendor": "Zaptec", "model": "Zaptec Go", "channel": "ocpp.vendorErrorCode"}


def said(found: Iterable[Code]) -> list[str]:
    return [each.code for each in found]


def faults(found: Iterable[Code]) -> set[str]:
    return {means.fault for each in found for means in each.means if each.is_fault}


def first(code: str, vendor: str, model: str = "", firmware: str = "", channel: str = "") -> str:
    return CODES.meanings(code, vendor, model, firmware, channel)[0].means[0].fault


def heard(vendor: str = "Nobody", **payload: object) -> set[object]:
    """The faults of one StatusNotification of a charger of this maker."""
    charger = Charger(id="CP-1", vendor=vendor)
    frame = [2, "7", "StatusNotification", {"connectorId": 1, "status": "Faulted", **payload}]
    signals = decode_frame(frame, direction="up", version="1.6", charger="CP-1", at=None, line=1)
    found = (fault_signals(each, seen_codes(each, charger, CODES)) for each in signals if each.kind == "code")
    return {each.fields["fault"] for some in found for each in some}


# -- the standards


def test_cx001_is_the_lock_of_the_vehicle_and_everest_sends_it_for_its_own_lock() -> None:
    assert "vehicle side" in CODES.meanings("CX001", MREC)[0].text
    assert CODES.meanings("CX001", MREC)[0].means[0].relation == "narrow"
    assert "lock of the charger" in CODES.meanings("CX001", "EVerest")[0].text


def test_cx003_is_less_power_and_the_same_name_in_ocpp_is_too_hot() -> None:
    assert first("CX003", MREC) == first("HighTemperature", MREC) == "evse-overtemperature-derate"
    assert first("HighTemperature", "OCPP 1.6") == "evse-overtemperature-stop"
    assert heard(errorCode="HighTemperature") >= {"evse-overtemperature-stop"}


@pytest.mark.parametrize(("mrec", "side"), [("CX005", "output-overvoltage"), ("CX006", "output-undervoltage")])
def test_cx005_and_cx006_are_the_vehicles_side_and_never_the_grids(mrec: str, side: str) -> None:
    assert faults(CODES.meanings(mrec, MREC)) == {side}
    assert not [fault for fault in shipped().faults.values() if fault.mrec == mrec and fault.id.startswith("input")]


def test_cx013_cannot_be_told_live_over_the_link_that_it_describes() -> None:
    (no_internet,) = CODES.meanings("CX013", MREC)
    assert "once the link is back" in no_internet.text
    assert no_internet.means[0].fault == "no-internet"


def test_evgo_joins_with_commas_chargex_with_semicolons_and_charin_never() -> None:
    assert said(CODES.meanings("A001,F006", "com.evgo.mrec")) == ["A001", "F006"]
    assert said(CODES.meanings("A001;F006", "com.evgo.mrec")) == []
    assert said(CODES.meanings("CX002;CX014", MREC)) == ["CX002", "CX014"]
    assert said(CODES.meanings("CX002,CX014", MREC)) == []
    assert said(CODES.meanings("GridPowerLoss", "org.charin.uec.v1")) == ["GridPowerLoss"]
    assert said(CODES.meanings("GridPowerLoss;EVShiftPosition", "org.charin.uec.v1")) == []


@pytest.mark.parametrize("edition", ["DIN 70121", "ISO 15118-2", "ISO 15118-20"])
def test_answers_of_iso_15118_go_by_name_because_their_numbers_differ(edition: str) -> None:
    own = [code for code in shipped().codes if code.vendor == edition]
    assert not [code.code for code in own if code.code.isdigit()]
    assert "v2g-message-error" in faults(CODES.meanings("FAILED_SequenceError", edition))
    assert CODES.meanings("2", edition) == ()


def test_everest_sends_one_fault_twice_and_both_are_the_same_fault() -> None:
    cause = "evse_board_support/MREC17EVSEContactorFault"
    mrec = heard(errorCode="OtherError", vendorId=MREC, vendorErrorCode="CX017")
    other = heard(errorCode="OtherError", vendorId="EVerest", vendorErrorCode=cause, info=f"caused_by:{cause}")
    assert "evse-contactor-fault" in mrec & other


def test_everest_says_in_words_that_an_error_is_over() -> None:
    (over,) = CODES.meanings("Error evse_board_support/MREC14PilotFault resolved", "EVerest")
    assert (over.is_fault, over.means) == (False, ())
    assert said(CODES.cleared(over)) == ["evse_board_support/MREC14PilotFault"]


def test_a_sensor_with_a_problem_is_itself_faulty_and_passed_no_limit() -> None:
    assert "sensor is faulty" in CODES.meanings("component.Problem", "OCPP 2.x device model")[0].text


def test_every_standard_names_its_edition() -> None:
    assert all(maker.editions for maker in shipped().makers.values() if maker.kind == "standard")


# -- what real codes look like


@given(st.sets(st.sampled_from((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 28, 31))))
def test_a_decimal_mask_in_vendor_error_code_is_its_bits(bits: set[int]) -> None:
    found = CODES.meanings(str(sum(1 << bit for bit in bits)), **GO)
    assert {int(each.code) for each in found} == {1 << bit for bit in bits}


@pytest.mark.parametrize(("mask", "maker", "channel", "bit"), [
    ("0x80", "SmartEVSE", "modbus:0x0001", "bit 7"),  # 16 bits, and this one is in no table
    ("0x40", "SmartEVSE", "modbus:0x0001", "64"),
    ("0x8000000", "Suntree", "api:tuya_dp10_bitfield", "0x8000000"),  # 32 bits
    (str(1 << 21), "Bender", "modbus:111-112", "111.5"),  # two registers of 16
])  # fmt: skip
def test_masks_of_all_widths_are_taken_apart(mask: str, maker: str, channel: str, bit: str) -> None:
    known = CODES.meanings(mask, maker, channel=channel)
    # a bit alone that no table knows says nothing; beside a known one it is told
    assert said(known) == ([] if bit == "bit 7" else [bit])
    assert "bit 7" in said(CODES.meanings("0x81", "SmartEVSE", channel="modbus:0x0001"))


def test_packed_bytes_are_read_byte_by_byte() -> None:
    assert said(CODES.meanings("0x30", "Split DC charger", channel="can:0x4300.0")) == ["0x4300.0.4", "0x4300.0.5"]
    assert said(CODES.meanings("6", "Infypower", channel="can.status1")) == ["status1.1", "status1.2"]


def test_one_mask_of_two_registers_is_read_alike_by_bender_and_by_its_sister_brand() -> None:
    bender = CODES.meanings("32", "Bender", channel="modbus:112")
    mennekes = CODES.meanings("0x20", "Mennekes", channel="modbus:105-108")
    assert faults(bender) == faults(mennekes) == {"ground-fault-trip"}


def test_a_delta_mask_does_not_say_that_missing_bits_are_over() -> None:
    before, now = CODES.meanings("4097", **GO), CODES.meanings("4096", **GO)
    assert len(before) == 2
    assert CODES.ended(before, now) == ()


def test_a_whole_mask_says_that_missing_bits_are_over() -> None:
    on = {"vendor": "Mennekes", "channel": "modbus:105-108"}
    before, now = CODES.meanings("0x21", **on), CODES.meanings("0x20", **on)
    assert said(CODES.ended(before, now)) == ["0x1"]


@pytest.mark.parametrize("text", ["RCD reconnected", "Contactor weld resolved", "MCB type 2 reconnected"])
def test_the_text_that_clears_is_no_fault_and_names_the_text_that_raised(text: str) -> None:
    (over,) = CODES.meanings(text, "Bender", "CC613", channel="ocpp.info")
    (raised,) = CODES.cleared(over)
    assert not over.is_fault
    assert raised.is_fault
    assert heard("Bender", errorCode="NoError", status="Available", info=text) == set()


@pytest.mark.parametrize(
    ("code", "vendor"),
    [("EmergencyPressed", "Unnamed DC site"), ("ERR_RCD_TRIGGERED", "Bender"), ("rcd1Fault", "Split DC charger"),
     ("CRITICAL_TEMPERATURE", "GARO"), ("rcd_triggered", "Pionix"), ("APP_TEMP/0x0004", "chargebyte"),
     ("VendorError/temperature 1 over-temperature", "chargebyte"), ("DiodeFault/", "EVerest"),
     ("urn:somebody:errors:ERR_RCD_TRIGGERED", "Bender")],
)  # fmt: skip
def test_names_are_known_in_every_shape(code: str, vendor: str) -> None:
    assert faults(CODES.meanings(code, vendor))


def test_a_subtype_does_not_turn_a_type_into_a_number_of_another_table() -> None:
    assert said(CODES.meanings("APP_NONE/0x0004", "chargebyte")) in ([], ["APP_NONE/0x0004"])


def test_a_misspelling_that_is_part_of_the_wire_text_is_known_as_it_is() -> None:
    assert first("humitdtyAlarm", "Split DC charger") == first("0x4300.2.4", "Split DC charger")


@pytest.mark.parametrize(
    ("seen", "vendor", "model", "fault"),
    [("LED blinks red four times", "Circutor", "eHome", "control-pilot-diode-fault"),
     ("beeps 3 times", "Enel X Way", "JuiceBox", "ground-fault-trip"),
     ("rot, blinkt viermal", "Absina", "", "ground-fault-trip")],
)  # fmt: skip
def test_lights_and_tones_are_known_by_what_one_sees_and_hears(seen: str, vendor: str, model: str, fault: str) -> None:
    assert fault in faults(CODES.meanings(seen, vendor, model))


def test_one_number_changes_its_meaning_with_the_firmware() -> None:
    assert first("13", "go-e", "Gemini", "60.2", "api:err") != first("13", "go-e", "Gemini", "055.5", "api:err")


def test_one_bit_means_two_things_on_two_models_of_one_maker() -> None:
    assert first("bit 7", "Zaptec", "Zaptec Pro") == "evse-contactor-welded"
    assert first("128", **GO) == "control-supply-fault"


def test_brands_of_one_platform_number_the_same_bits_otherwise() -> None:
    on = "api:tuya_dp10_bitfield"
    assert len({first("0x2", brand, channel=on) for brand in ("Suntree", "Afyeev", "Ampbolt")}) == 3


def test_a_normal_stop_stands_among_the_faults() -> None:
    stops = [code for code in shipped().codes if code.vendor == "YKC protocol" and not code.is_fault]
    assert {"0x40", "0x45"} <= {code.code for code in stops}
    assert CODES.meanings("0x45", "YKC")[0].means[0].fault == "normal-stop"
    assert first("0x50", "YKC") == "emergency-stop-active"


def test_codes_of_a_table_that_may_not_be_shipped_are_unknown() -> None:
    assert not {"Alpitronic", "Kathrein", "NRGkick", "Etrel", "EVtec"} & set(shipped().makers)
    assert not [code for code in shipped().codes if code.vendor == "YKC protocol" and int(code.code, 16) < 0x40]


def test_an_error_code_outside_the_list_of_ocpp_is_kept_and_known_at_its_maker() -> None:
    assert heard("Legrand", errorCode="Error", connectorId=0) == {"unspecified-fault"}
    assert heard("Somebody", errorCode="MadeUp") == set()


def test_faulted_with_no_error_has_no_code_to_translate() -> None:
    assert heard(errorCode="NoError") == set()


@pytest.mark.parametrize("nothing", ["null", "0,0,0,0", "0x0000", "NoError", "[0, 0]", "0;0"])
def test_words_for_nothing_are_no_fault_at_any_maker(nothing: str) -> None:
    assert is_null(nothing)
    assert not [maker for maker in shipped().makers if CODES.meanings(nothing, maker)]


def test_json_in_info_whose_reason_is_none_says_that_nothing_is_wrong() -> None:
    assert heard("LG Electronics", errorCode="NoError", status="Available", info='{"reason":"None","cpv":5}') == set()
    found = CODES.meanings('{"reason":"None","cpv":100,"rv":11}', "LG Electronics", channel="ocpp.info")
    assert [each.is_fault for each in found] == [False]


def test_a_grid_voltage_of_a_maker_is_not_the_voltage_at_the_vehicle() -> None:
    grid = CODES.meanings("32012.0", "Sigenergy")[0].means[0].fault
    assert grid == FaultId("input-overvoltage")


def test_all_bits_of_every_word_of_every_mask_are_read_together() -> None:
    words: dict[tuple[str, str, str, str], list[tuple[int, Code]]] = {}
    for code in shipped().codes:
        place = place_of(code) if code.travel.carries in MASKS else None
        if place is not None:
            channel = f"{code.channel.partition(':')[0]}:{place[0]}" if place[0] else code.channel
            words.setdefault((code.vendor, code.model, code.table, channel), []).append((place[1], code))
    for (vendor, model, _, channel), bits in words.items():
        mask = str(sum(1 << bit for bit, _ in bits))
        found = CODES.meanings(mask, vendor, model.split("/")[0], channel=channel)
        assert set(said(found)) == {code.code for _, code in bits}
