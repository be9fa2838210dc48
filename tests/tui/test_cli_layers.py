"""`chargelore report layers`: which slices of each charger were heard, which are missing, what its firmware changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shell import chargelore

from chargelore.engine.case import Charger
from chargelore.engine.heard.layered import Layering
from chargelore.engine.signal import Signal

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)


def line(second: int, action: str, payload: dict[str, Any]) -> str:
    at = NOON + timedelta(seconds=second)
    return (
        f"{at:%Y-%m-%d %H:%M:%S},000 INFO ocpp CP-1: receive message {json.dumps([2, f'm{second}', action, payload])}"
    )


def boot(second: int, firmware: str) -> str:
    return line(
        second,
        "BootNotification",
        {"chargePointVendor": "Acme", "chargePointModel": "One", "firmwareVersion": firmware},
    )


def status(second: int, error: str = "NoError") -> str:
    word = "Available" if error == "NoError" else "Faulted"
    return line(second, "StatusNotification", {"connectorId": 1, "errorCode": error, "status": word})


def log(folder: Path) -> Path:
    lines = [boot(0, "1.0"), *(status(second) for second in range(1, 30)), boot(40, "1.1"), status(41, "GroundFailure")]
    lines.append("2031-05-01 12:00:50,000 INFO CP-1 modem signal weak")
    file = folder / "charger.log"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_layers_heard_and_missing_and_what_the_firmware_changed_are_told(tmp_path: Path) -> None:
    said = chargelore("report", "layers", log(tmp_path), "--format", "json")
    (one,) = [each for each in said.json["chargers"] if each["charger"] == "CP-1"]
    assert (one["vendor"], one["firmware"]) == ("Acme", "1.1")
    assert one["layers"]["ocpp"]["last_at"] == "2031-05-01T12:00:41+00:00"
    assert {"modbus", "grid", "vehicle", "field"} <= set(one["missing"])
    changed = one["changed"]
    assert (changed["before"], changed["now"], changed["at"]) == ("1.0", "1.1", "2031-05-01T12:00:40+00:00")
    assert "status.errorCode!=NoError" in changed["new"]
    assert changed["faults"]["ground-fault-trip"] == {"before": 0, "since": 1}
    assert {"boot", "status"} <= set(one["sent"])


def test_the_table_and_the_csv_say_the_same(tmp_path: Path) -> None:
    file = log(tmp_path)
    table = chargelore("report", "layers", file, "--format", "table").out
    assert "CP-1: Acme One 1.1" in table
    assert "1.1 since 2031-05-01 12:00, before it 1.0" in table
    assert "ground-fault-trip: 1 since, 0 before" in table
    rows = chargelore("report", "layers", file, "--format", "csv").out.splitlines()
    assert rows[0].startswith("charger,vendor,model,firmware,layer,state")
    assert any(",modbus,missing,0" in row for row in rows)


def test_without_a_file_it_is_what_watches_captured(tmp_path: Path) -> None:
    assert "No charger was heard" in chargelore("report", "layers", "--format", "table").out
    text = log(tmp_path).read_bytes()
    watched = chargelore("watch", "--follow", "-", "--charger", "CP-7", "--format", "json", stdin=text)
    assert watched.code in (0, 1)
    (told,) = chargelore("report", "layers", "--format", "json").json["chargers"]
    assert (told["charger"], told["firmware"], set(told["layers"])) == ("CP-7", "1.1", {"ocpp", "firmware"})


def test_registers_that_do_not_answer_do_not_show_their_layer() -> None:
    layering, charger = Layering(), Charger(id="CP-1")
    silent = {"name": "silent", "part": "charger", "value": 3.0}
    for fields in (silent, {"name": "silent", "part": "meter", "value": 3.0}):
        layering.takes(Signal(layer="modbus", kind="reading", charger="CP-1", at=NOON, fields=fields), charger)
    (one,) = layering.layered()
    assert one.voices["modbus"].signals == 1
