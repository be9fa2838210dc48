"""No one sees the whole: what the wire, the registers, the log and the meter say of a charger meets in one case."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from pathlib import Path
from typing import Any

from peers import csms, echo
from register_server import real_server, serving
from shell import chargelore
from watching import watching
from websockets.asyncio.client import connect

from chargelore.kb.loadmap import load_map
from chargelore.kb.registermap import RegisterMap, Sample

EVSE = load_map("smartevse-3")
PLUGGED = [2, "1", "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"}]
TRIP = [2, "2", "StatusNotification", {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}]


async def line_with(stream: asyncio.StreamReader | None, words: str) -> str:
    assert stream is not None
    async with asyncio.timeout(120):
        while words not in (line := (await stream.readline()).decode()):
            assert line, f"it ended without a word of {words}"
    return line


def healthy(registers: RegisterMap) -> Sample:
    return next(each for each in registers.samples if not each.codes)


async def test_four_slices_of_one_charger_are_one_case(tmp_path: Path) -> None:
    log, file = tmp_path / "charger.log", tmp_path / "sources.yaml"
    log.write_text("", encoding="utf-8")
    async with csms(echo) as upstream, real_server(EVSE, healthy(EVSE), units=(1, 4)) as server:
        port = server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # a TCP server's
        file.write_text(
            "sources:\n"
            f"  - {{tap: '127.0.0.1:0', upstream: '{upstream}'}}\n"
            f"  - {{modbus: '127.0.0.1:{port}', map: smartevse-3, unit: 1, charger: CP-9}}\n"
            f"  - {{meter: '127.0.0.1:{port}', map: smartevse-3, unit: 4, chargers: [CP-9]}}\n"
            "  - {follow: charger.log, charger: CP-9, format: plain-text}\n",
            encoding="utf-8",
        )
        async with watching("--sources", str(file), "--format", "json") as process:
            address = re.findall(r"ws://[\d.:]+", await line_with(process.stderr, "chargers connect"))[0]
            async with connect(f"{address}/CP-9", proxy=None) as charger:
                await asyncio.sleep(2)  # the registers are read, the log is looked at
                with log.open("a", encoding="utf-8") as out:
                    out.write("contactor opened\n")
                await asyncio.sleep(2)
                for frame in (PLUGGED, TRIP):
                    await charger.send(json.dumps(frame))
                    await charger.recv()
                told = json.loads(await line_with(process.stdout, "ground-fault-trip"))
            process.send_signal(signal.SIGINT)
            _, said = await asyncio.wait_for(process.communicate(), 120)
    assert told["charger"]["id"] == "CP-9"
    assert told["charger"]["model"] == EVSE.model
    assert set(told["layers"]["seen"]) == {"ocpp", "modbus", "grid", "firmware"}
    assert set(told["layers"]["last"]) == {"ocpp", "modbus", "grid", "firmware"}
    assert "missing" not in said.decode()
    reported = chargelore("report", "layers", "--format", "json").json["chargers"]
    (one,) = [each for each in reported if each["charger"] == "CP-9"]
    assert set(one["layers"]) == {"ocpp", "modbus", "grid", "firmware"}
    assert one["missing"] == ["csms", "vehicle", "field"]


async def test_a_slice_that_is_missing_is_told_when_the_watch_ends(tmp_path: Path) -> None:
    asked = (
        "--modbus",
        "127.0.0.1:1",
        "--map",
        "smartevse-3",
        "--charger",
        "CP-9",
        "--follow",
        str(tmp_path / "no.log"),
    )
    async with watching(*asked) as process:
        await line_with(process.stderr, "nothing answers at CP-9")
        await asyncio.sleep(1)
        process.send_signal(signal.SIGINT)
        _, said = await asyncio.wait_for(process.communicate(), 120)
    assert "missing: modbus of CP-9: it takes no connection" in said.decode()
    assert f"missing: log {tmp_path / 'no.log'} (firmware): it is not there yet" in said.decode()


def test_a_log_on_standard_input_is_watched_to_its_end() -> None:
    lines = [
        f"2031-05-01T10:00:0{second}Z CP-9 received {json.dumps(frame)}\n"
        for second, frame in enumerate((PLUGGED, TRIP))
    ]
    said = chargelore("watch", "--follow", "-", "--charger", "CP-9", "--format", "json", stdin="".join(lines).encode())
    told: list[Any] = [json.loads(line) for line in said.out.splitlines()]
    assert {each["charger"]["id"] for each in told} == {"CP-9"}
    assert "ground-fault-trip" in said.out
    assert "has come to its end" in said.err
    assert said.code == 1


async def test_the_log_and_the_registers_of_one_charger_are_options_too(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_text("2031-05-01T10:00:00Z relay clicked\n", encoding="utf-8")
    broken = next(each for each in EVSE.samples if each.codes)
    async with serving(EVSE, broken) as port:
        asked = ("--modbus", f"127.0.0.1:{port}", "--map", "smartevse-3", "--charger", "CP-9", "--follow", str(log))
        async with watching(*asked, "--from-start", "--format", "json") as process:
            told = json.loads(await line_with(process.stdout, "opened"))
            process.send_signal(signal.SIGINT)
            await asyncio.wait_for(process.communicate(), 120)
    assert told["charger"]["id"] == "CP-9"
