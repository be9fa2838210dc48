"""`chargelore watch`: a person starts it, a charger breaks, a line appears, Ctrl-C ends it with a summary."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from datetime import timedelta
from typing import Any

import pytest
from fake_watch import NOON, FakeWatch
from peers import csms, echo
from register_server import real_server, serving
from rogue import device, sends
from shell import chargelore
from watching import ended, line_of, watching
from websockets.asyncio.client import connect

from chargelore.engine.demo.wallbox import SimWallbox
from chargelore.engine.infer import Standing
from chargelore.kb.loadmap import load_map
from chargelore.kb.store import Store
from chargelore.tui.cli.ledger import Ledger

TRIP = [
    [2, "1", "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"}],
    [2, "2", "StatusNotification", {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}],
]


@pytest.mark.parametrize("form", ["json", "table", "csv"])
async def test_a_ground_fault_on_the_wire_is_a_line_on_the_screen(form: str) -> None:
    async with (
        csms(echo) as upstream,
        watching("--tap", "127.0.0.1:0", "--upstream", upstream, "--format", form) as process,
    ):
        address = re.findall(r"ws://[\d.:]+", await line_of(process.stderr))[0]
        if form == "csv":
            assert (await line_of(process.stdout)).startswith("at,event,case,charger")
        async with connect(f"{address}/CP-9", subprotocols=None, proxy=None) as charger:
            for frame in TRIP:
                await charger.send(json.dumps(frame))
                await charger.recv()
            told = await line_of(process.stdout)
        summary = await ended(process)
    assert "CP-9" in told
    assert "opened" in told
    if form == "json":
        assert json.loads(told)["hypotheses"][0]["fault"] == "ground-fault-trip"
    assert "1 connection" in summary
    assert "1 case" in summary
    assert "Traceback" not in summary
    assert process.returncode == 1


async def test_a_watch_that_is_started_again_goes_on_where_it_was() -> None:
    """The plug-in before the restart and the trip after it are one symptom, of one case that is not told twice."""
    async with csms(echo) as upstream:
        asked = ("--tap", "127.0.0.1:0", "--upstream", upstream, "--format", "json")
        said = [await _watched_once(asked, frames) for frames in (TRIP[:1], TRIP[1:], TRIP[1:])]
        anew = await _watched_once((*asked, "--anew"), TRIP[1:])
    lines, asides = zip(*said, anew, strict=True)
    symptom = "ground-fault-at-plug-in"
    first, second, again, fresh = lines  # the same trip once more may change nothing that is worth a line
    assert [symptom in each[0]["symptoms"] for each in (first, second, fresh)] == [False, True, False]
    assert {each["case"] for told in lines for each in told} == {"CP-9-1"}
    assert {each["event"] for each in (*second, *again)} == {"changed"}
    assert ["goes on with 1 charger and 1 case" in each for each in asides] == [False, True, True, False]


async def _watched_once(asked: tuple[str, ...], frames: list[list[object]]) -> tuple[list[dict[str, Any]], str]:
    async with watching(*asked) as process:
        said = ""
        while not (found := re.findall(r"ws://[\d.:]+", said)):
            said += await line_of(process.stderr)
        async with connect(f"{found[0]}/CP-9", subprotocols=None, proxy=None) as charger:
            for frame in frames:
                await charger.send(json.dumps(frame))
                await charger.recv()
        process.send_signal(signal.SIGINT)
        told, more = await asyncio.wait_for(process.communicate(), 60)
    return [json.loads(line) for line in told.splitlines()], said + more.decode()


async def test_what_a_charger_says_is_remembered_for_its_model_when_the_watch_ends() -> None:
    about = {"chargePointVendor": "Acme", "chargePointModel": "Wall", "firmwareVersion": "2.1"}
    async with csms(echo) as upstream, watching("--tap", "127.0.0.1:0", "--upstream", upstream) as process:
        address = re.findall(r"ws://[\d.:]+", await line_of(process.stderr))[0]
        async with connect(f"{address}/SN-4711", subprotocols=None, proxy=None) as charger:
            for frame in ([2, "0", "BootNotification", about], *TRIP):
                await charger.send(json.dumps(frame))
                await charger.recv()
            await line_of(process.stdout)
        await ended(process)
    with Store.open() as store:
        (body,) = store.heard()
    assert body["charger"] == {"vendor": "Acme", "model": "Wall", "firmware": "2.1"}
    assert body["counts"]["status.status=Faulted"][0] >= 1  # this management system says all again
    assert set(body["layers"]) == {"ocpp"}
    assert "4711" not in json.dumps(body)


async def test_a_modbus_charger_is_watched_too_and_nothing_found_is_exit_0() -> None:
    async with SimWallbox() as box:
        await box.shows(0, 16, 25)
        async with watching("--modbus", f"127.0.0.1:{box.port}", "--map", "demo-wallbox") as process:
            assert "Wallbox M" in await line_of(process.stderr)
            while not box.asked:
                await asyncio.sleep(0.05)
            summary = await ended(process)
    assert "0 cases" in summary
    assert process.returncode == 0


async def test_a_charger_that_does_not_answer_is_told_at_once_and_is_no_connection() -> None:
    async with watching("--modbus", "127.0.0.1:1", "--map", "abl-em4") as process:
        assert "reading" in await line_of(process.stderr)
        assert "nothing answers at 127.0.0.1:1" in await line_of(process.stderr)
        summary = await ended(process)
    assert "0 connections" in summary
    assert "nothing answers" not in summary


async def test_two_chargers_behind_a_serial_gateway_have_a_case_each() -> None:
    registers = load_map("smartevse-3")
    broken = next(each for each in registers.samples if each.codes)
    async with real_server(registers, broken, units=(1, 4), framer="rtu") as server:
        port = server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # a TCP server's
        place = f"rtu://127.0.0.1:{port}"
        asked = ("--modbus", place, "--map", registers.map, "--unit", "1", "--unit", "4", "--format", "json")
        async with watching(*asked) as process:
            told = [json.loads(await line_of(process.stdout)) for _ in range(2)]
            said = await ended(process)
    assert {each["charger"]["id"] for each in told} == {f"{place}/1", f"{place}/4"}
    assert f"at {place}, units 1, 4" in said
    assert "2 connections" in said


async def test_a_device_that_answers_for_another_unit_is_told_once_and_counted() -> None:
    asked = ("--map", "smartevse-3", "--unit", "3")
    async with device(sends(1, unit=7)) as port, watching("--modbus", f"127.0.0.1:{port}", *asked) as process:
        assert "reading SmartEVSE" in await line_of(process.stderr)
        assert "unit 7 answers for unit 3" in await line_of(process.stderr)
        summary = await ended(process)
    assert "1 request in vain: 1 x unit 7 answers for unit 3" in summary


async def test_a_fault_that_stands_in_a_register_opens_a_case_of_that_maker() -> None:
    registers = load_map("sigenergy-ac")
    async with serving(registers, registers.samples[1]) as port:
        asked = ("--modbus", f"127.0.0.1:{port}", "--map", registers.map, "--format", "json")
        async with watching(*asked) as process:
            told = json.loads(await line_of(process.stdout))
            said = await ended(process)
    assert (told["charger"]["vendor"], told["charger"]["model"]) == ("Sigenergy", "AC Charger")
    assert {each["fault"] for each in told["codes"]} >= {"ground-fault-trip"}
    assert "cannot use state at 32000: refused" in said


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--tap", "127.0.0.1:0"),
        ("--tap", "127.0.0.1:0", "--upstream", "ws://127.0.0.1:1", "--modbus", "127.0.0.1:1"),
        ("--tap", "nowhere", "--upstream", "ws://127.0.0.1:1"),
        ("--tap", "127.0.0.1:0", "--upstream", "csms"),
        ("--modbus", "127.0.0.1:1", "--map", "no-such-map"),
        ("--modbus", "127.0.0.1:1", "--map", "demo-wallbox", "--connector", "2"),
        ("--modbus", "::1", "--map", "demo-wallbox"),
    ],
)
def test_a_wrong_use_is_one_sentence(arguments: tuple[str, ...]) -> None:
    said = chargelore("watch", *arguments)
    assert said.code == 2
    assert len(said.err.strip().splitlines()) == 1


def test_each_restart_of_inference_is_told_once_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    watch = FakeWatch()
    ledger = Ledger(watch, "json")
    for second, restarts in enumerate((0, 1, 1, 2)):
        watch.standing = Standing("durable", restarts=restarts, why="ended by SIGSEGV" if restarts else "")
        ledger.takes([], NOON + timedelta(seconds=second))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "chargelore: inference child restarted once (last: ended by SIGSEGV)",
        "chargelore: inference child restarted 2 times (last: ended by SIGSEGV)",
    ]
