"""What a model never sends is learned from logs, and from then on its silence is told as unknown, not as no."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from shell import Said, chargelore

from chargelore.kb.home import home
from chargelore.kb.label import KEY_BYTES

DAY = datetime(2024, 5, 1, 8, tzinfo=UTC)
SESSIONS = 40


def frames(serial: str, *, has_meter: bool) -> list[tuple[int, str, dict[str, object]]]:
    """A day of a charger: second, action and payload of each request."""
    about = {"chargePointVendor": "Acme", "chargePointModel": "Wall", "firmwareVersion": "2.1"}
    told: list[tuple[int, str, dict[str, object]]] = [
        (0, "BootNotification", {**about, "chargePointSerialNumber": serial})
    ]
    for number in range(SESSIONS):
        at = 60 + number * 600
        told += [
            (at, "StatusNotification", {"connectorId": 1, "status": "Preparing", "errorCode": "NoError"}),
            (at + 9, "StatusNotification", {"connectorId": 1, "status": "Charging", "errorCode": "NoError"}),
            (at + 10, "StartTransaction", {"connectorId": 1, "idTag": "04A2B3C4D5E6F7", "meterStart": 0}),
            (at + 500, "StopTransaction", {"transactionId": number, "meterStop": 9}),
            (at + 510, "StatusNotification", {"connectorId": 1, "status": "Available", "errorCode": "NoError"}),
        ]
        power = [{"sampledValue": [{"value": "7000", "measurand": "Power.Active.Import", "unit": "W"}]}]
        told += [(at + 90, "MeterValues", {"connectorId": 1, "meterValue": power})] if has_meter else []
    return sorted(told, key=lambda each: each[0])


def log(folder: Path, serial: str, *, has_meter: bool = True) -> Path:
    """The log of one charger."""
    lines = (
        f"{DAY + timedelta(seconds=second):%Y-%m-%d %H:%M:%S} {json.dumps([2, f'{serial}-{number}', action, payload])}"
        for number, (second, action, payload) in enumerate(frames(serial, has_meter=has_meter))
    )
    file = folder / f"{serial}.log"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _key() -> None:
    """With this key no two of the chargers here share one of the 256 numbers by which a sheet knows them."""
    home().mkdir(mode=0o700)
    (home() / "pseudonym.key").write_bytes(bytes(KEY_BYTES))


@pytest.fixture
def logs(tmp_path: Path) -> list[Path]:
    return [log(tmp_path, f"SN-{number}") for number in range(4)]


def why_not(rule: str, file: Path) -> Said:
    return chargelore("rules", "why-not", rule, file, "--format", "json")


def test_a_field_that_a_model_never_sends_is_unknown_once_that_was_learned(logs: list[Path]) -> None:
    before = why_not("offer-zero", logs[0])
    assert (before.code, before.json["truth"], before.json["unasked"]) == (1, "no", {})
    assert chargelore("report", "reportability", *logs, "--learn", "--format", "json").code == 0
    after = why_not("offer-zero", logs[0])
    proof = "this model never sent `current.offered`: 0 of 160 meter values of 4 chargers"
    assert (after.code, after.json["truth"]) == (1, "unknown")
    assert list(after.json["unasked"].values()) == [proof]
    assert proof in chargelore("rules", "why-not", "offer-zero", logs[0], "--format", "table").out


def test_one_charger_teaches_nothing_about_its_model(logs: list[Path]) -> None:
    chargelore("report", "reportability", logs[0], "--learn")
    assert why_not("offer-zero", logs[0]).json["truth"] == "no"


def test_the_same_log_is_learned_once_and_names_no_charger(logs: list[Path], tmp_path: Path) -> None:
    first = chargelore("report", "reportability", *logs, "--learn", "--format", "json")
    again = chargelore("report", "reportability", *logs, "--learn")
    assert "1 model told something new" in first.err
    assert "0 models told something new" in again.err
    (kept,) = chargelore("report", "reportability", "--format", "json").json["reports"]
    assert (kept["charger"], kept["chargers"], kept["sent"]["meter"]) == (None, 4, 160)
    stored = b"".join(file.read_bytes() for file in (tmp_path / "home").rglob("events.db*"))
    assert b"SN-" not in stored
    assert b"04A2B3C4D5E6F7" not in stored


def test_triage_takes_the_silence_of_such_a_model_for_no_symptom(tmp_path: Path) -> None:
    mute = [log(tmp_path, f"SN-{number}", has_meter=False) for number in range(4)]
    ill = tmp_path / "ill.log"
    trouble = {"connectorId": 1, "status": "Faulted", "errorCode": "GroundFailure"}
    late = DAY + timedelta(hours=9)
    session = [
        (late, "StartTransaction", {"connectorId": 1, "idTag": "x", "meterStart": 0}),
        *((late + timedelta(minutes=minute), "Heartbeat", {}) for minute in range(1, 40)),
        (late + timedelta(minutes=45), "StatusNotification", trouble),
    ]
    more = (
        f"{at:%Y-%m-%d %H:%M:%S} {json.dumps([2, f'l{n}', what, said])}" for n, (at, what, said) in enumerate(session)
    )
    ill.write_text(mute[0].read_text(encoding="utf-8") + "\n".join(more) + "\n", encoding="utf-8")
    (before,) = chargelore("triage", ill, "--format", "json").json["cases"]
    assert "says-values-missing" in before["symptoms"]
    chargelore("report", "reportability", *mute, "--learn")
    (after,) = chargelore("triage", ill, "--format", "json").json["cases"]
    assert "says-values-missing" not in after["symptoms"]
    assert ("says-values-missing", "meter-values-stay-away") in {
        (each["symptom"], each["rule"]) for each in after["unasked"]
    }
