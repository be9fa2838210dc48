"""What a rule may refer to: canonical faults, raw codes with whose they are, fields of every layer, and any phase."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from moments import network, rule, run, signal

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.matching.network import compile_rules
from chargelore.engine.matching.stream import Stream
from chargelore.engine.read import read
from chargelore.engine.signal import Signal
from chargelore.engine.spoken import spoken
from chargelore.kb.codes import Codes
from chargelore.kb.load import shipped

CODES = Codes(shipped())


def heard(tmp_path: Path, signals: Iterable[dict[str, object]], vendor: str = "", model: str = "") -> list[Signal]:
    """The signals of a case file as rules hear them."""
    charger = {"id": "C1", "vendor": vendor, "model": model}
    file = tmp_path / "some.case.json"
    file.write_text(json.dumps({"id": "c", "charger": charger, "signals": list(signals)}), encoding="utf-8")
    reading = read(file)
    return list(spoken(reading, CODES, reading.introduced))


def status(code: str, error: str = "OtherError", vendor_id: str = "") -> dict[str, object]:
    payload = {
        "connectorId": 1,
        "status": "Faulted",
        "errorCode": error,
        "vendorErrorCode": code,
        "vendorId": vendor_id,
    }
    return {"ts": "2024-05-01T12:00:00Z", "channel": "ocpp.cp_to_cs", "raw": [2, "1", "StatusNotification", payload]}


def fires(pattern: str, signals: Iterable[Signal]) -> bool:
    made = rule(f"{{a: {pattern}}}", "{signal: a}")
    return bool(run(network(made), signals)[1])


def test_a_canonical_fault_is_met_by_the_codes_of_the_standard(tmp_path: Path) -> None:
    told = heard(tmp_path, [status("", "GroundFailure")])
    assert fires("{kind: fault, fault: ground-fault-trip}", told)
    assert fires("{kind: fault, fault: ground-fault-trip, namespace: OCPP 1.6}", told)
    assert not fires("{kind: fault, fault: connector-lock-failure}", told)


def own_code() -> tuple[str, str]:
    """A maker and a short code of its own that is a plain word or number."""
    return next((code.vendor, code.code) for code in shipped().codes if code.vendor == "Zaptec" and code.code.isalnum())


def test_a_raw_code_means_something_only_in_its_namespace(tmp_path: Path) -> None:
    maker, code = own_code()
    pattern = f"{{kind: code, namespace: {maker}, code: '{code}'}}"
    assert fires(pattern, heard(tmp_path, [status(code)], vendor=maker))
    assert fires(pattern, heard(tmp_path, [status(code)], vendor=maker.upper()))
    assert not fires(pattern, heard(tmp_path, [status(code)], vendor="Alfen"))
    assert not fires(pattern, heard(tmp_path, [status(code)]))
    assert fires(f"{{kind: code, code: '{code}'}}", heard(tmp_path, [status(code)]))


def test_the_vendor_id_of_a_message_is_a_namespace_where_it_is_known(tmp_path: Path) -> None:
    maker, code = own_code()
    told = heard(tmp_path, [status(code, vendor_id=maker)], vendor="Somebody")
    assert fires(f"{{kind: code, namespace: {maker}, code: '{code}'}}", told)


@pytest.mark.parametrize(
    ("channel", "raw", "pattern"),
    [
        ("modbus.reading", "status = 7", "{kind: reading, layer: modbus, text: {contains: status}}"),
        ("csms.log", "profile sent", "{kind: log, layer: csms, text: {contains: profile}}"),
        ("vehicle.note", "battery full", "{kind: observation, layer: vehicle, text: {contains: full}}"),
        ("grid.meter", "U_L1 = 198 V", "{kind: reading, layer: grid, text: {contains: U_L1}}"),
        ("reporter", "it smells burnt", "{kind: observation, layer: field, text: {contains: burnt}}"),
        (
            "firmware.log",
            "2024-05-01 12:00:00 ERROR pilot error",
            "{kind: log, layer: firmware, text: {contains: pilot}}",
        ),
    ],
)
def test_a_rule_may_speak_of_every_layer(tmp_path: Path, channel: str, raw: str, pattern: str) -> None:
    told = heard(tmp_path, [{"ts": "2024-05-01T12:00:00Z", "channel": channel, "raw": raw}])
    assert fires(pattern, told)
    other = "ocpp" if "layer: ocpp" not in pattern else "grid"
    layer = pattern.split("layer: ")[1].split(",", maxsplit=1)[0]
    assert not fires(pattern.replace(f"layer: {layer}", f"layer: {other}"), told)


def test_a_register_is_compared_as_a_number_in_its_unit() -> None:
    read_value = signal(0, "reading", {"name": "voltage_l1", "value": 198, "unit": "V"})
    assert fires("{kind: reading, name: voltage_l1, value: {'<': 207}}", [read_value])
    assert not fires("{kind: reading, name: voltage_l1, value: {'<': 190}}", [read_value])
    assert not fires("{kind: reading, name: voltage_l2, value: {'<': 207}}", [read_value])


def volts(*phases: float | None) -> Signal:
    fields = {f"voltage.l{number}": value for number, value in enumerate(phases, 1) if value is not None}
    return signal(0, "meter", {**fields, "voltage": max(value for value in phases if value is not None)})


@pytest.mark.parametrize(
    ("test", "phases", "holds"),
    [
        ("{'>': 300}", (231, 305, 229), True),
        ("{'>': 300}", (231, 229, None), False),
        ("{'<': 80}", (231, 229, 12), True),
        ("{'>': 0, '<': 80}", (231, 0, 0), False),
        ("{'>': 0, '<': 80}", (231, 0, 40), True),
        ("[0, 1]", (231, 1, 229), True),
        ("{present: true}", (None, None, 230), True),
    ],
)
def test_any_phase_means_one_and_the_same_phase_for_all_its_tests(
    test: str, phases: tuple[float | None, ...], holds: bool
) -> None:
    assert fires(f"{{kind: meter, voltage.any: {test}}}", [volts(*phases)]) is holds


def test_any_phase_joins_two_fields_of_one_phase() -> None:
    dead = "{kind: meter, voltage.any: {'<': 80}, current.any: {'>': 6}}"
    same = signal(0, "meter", {"voltage.l1": 231, "voltage.l2": 12, "current.l1": 0, "current.l2": 16})
    other = signal(0, "meter", {"voltage.l1": 231, "voltage.l2": 12, "current.l1": 16, "current.l2": 0})
    assert fires(dead, [same])
    assert not fires(dead, [other])
    assert fires(
        "{kind: meter, current.any: {'>': $current.offered}}",
        [signal(0, "meter", {"current.l2": 20, "current.offered": 16})],
    )


def test_a_voltage_that_names_no_phase_is_no_phase() -> None:
    assert not fires("{kind: meter, voltage.any: {'>': 300}}", [signal(0, "meter", {"voltage": 400})])


@pytest.mark.parametrize("value", ["12", "231", "305"])
def test_the_sieve_lets_no_phase_by_that_a_rule_asks_for(value: str) -> None:
    made = rule("{a: {kind: meter, voltage.any: {'>': 300}}, b: {kind: meter, voltage.any: {'<': 80}}}",
                "{any: [{signal: a}, {signal: b}]}")  # fmt: skip
    samples = [{"value": each, "measurand": "Voltage", "phase": phase, "unit": "V"}
               for phase, each in (("L1", "230"), ("L2", "230"), ("L3", value))]  # fmt: skip
    payload = {"connectorId": 1, "meterValue": [{"timestamp": "2024-05-01T12:00:00Z", "sampledValue": samples}]}
    frame = json.dumps([2, "1", "MeterValues", payload]).encode()
    at = signal(0, "heartbeat").at
    assert at is not None
    told = []
    for sift in (True, False):
        stream = Stream(compile_rules(Rules(signal_rules=(made,))), sift=sift)
        stream.take("C1", at, b'[2,"0","Heartbeat",{}]')
        told.append([each.rule for each in stream.take("C1", at, frame)])
    assert told[0] == told[1] == ([] if value == "231" else ["r"])


def test_the_charger_of_a_scope_is_known_by_any_of_its_names() -> None:
    made = rule("{a: {kind: boot}}", "{signal: a}", "applies_to: {vendor: alfen, model: 'eve*'}\n")
    boot = signal(0, "boot", {"vendor": "ALFEN BV", "model": "Eve Single"})
    assert run(network(made), [boot])[1]
    assert Charger(id="x").vendor == ""
