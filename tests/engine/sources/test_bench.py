"""The bench drives real charge points of the `ocpp` package, and stays calm with those that do everything wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from charge_points import line, lives, plugged
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chargelore.engine.signal import Signal
from chargelore.engine.sources.bench import running
from chargelore.engine.sources.bench.admission import Admission
from chargelore.engine.sources.bench.bench import Bench
from chargelore.engine.sources.bench.effects import Consent
from chargelore.engine.sources.bench.receiver import Receiver
from chargelore.engine.sources.bench.setup import Setup
from chargelore.engine.sources.copies import LONGEST
from chargelore.kb.errand import errand
from chargelore.kb.errors import SourceError

KEY = b"k" * 32
BOTH = pytest.mark.parametrize("version", ["1.6", "2.0.1"])


@asynccontextmanager
async def bench(told: list[Signal] | None = None, **setup: Any) -> AsyncIterator[Bench]:
    setup = {"seconds": 30.0, "key": KEY} | setup
    async with Bench("127.0.0.1:0", (told if told is not None else []).append, Setup(**setup)) as it:
        yield it


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What must follow an answer is not waited for as long as the answer."""
    monkeypatch.setattr(running, "FOLLOWS", 0.02)
    monkeypatch.setattr(running, "BOOTS", 0.02)


async def asked(it: Bench, text: str, consent: Consent = Consent.NOTHING, charger: str = "CP-1") -> Any:
    return await it.does(charger, errand(text), consent)


async def test_a_charger_is_welcomed_and_known_by_what_it_says() -> None:
    async with bench() as it, plugged(it.address):
        guest = it.guests["CP-1"]
    assert (guest.vendor, guest.model, guest.firmware, guest.version) == ("Acme", "Model One", "5.2", "1.6")
    assert (dict(guest.connectors), guest.is_charging, guest.off_spec) == ({1: "Available"}, False, 0)


async def test_the_configuration_of_a_1_6_charger_is_read_without_its_secrets() -> None:
    told: list[Signal] = []
    async with bench(told) as it, plugged(it.address):
        result = await asked(it, "GetConfiguration")
        await it.drained()
    assert result.verdict == "done"
    assert dict(result.rows)["HeartbeatInterval"] == "300"
    assert "SuperSecret1" not in str(result)
    assert [each.fields["action"] for each in told if each.kind == "command"] == ["GetConfiguration"]
    assert any(each.fields.get("key.WiFiSignalStrength") == "-88" for each in told)


async def test_a_report_of_2_0_1_is_put_together_from_its_parts() -> None:
    async with bench() as it, plugged(it.address, "2.0.1") as box:
        result = await asked(it, "GetConfiguration")
        assert box.asked == ["GetBaseReport ConfigurationInventory"]
    assert result.verdict == "done"
    assert dict(result.rows) == {f"OCPPCommCtrlr.Variable{number}": str(number) for number in range(3)}


async def test_variables_and_monitors_of_2_0_1_are_read() -> None:
    async with bench() as it, plugged(it.address, "2.0.1"):
        variables = await asked(it, "GetVariables DataLink.SignalStrength SecurityCtrlr.BasicAuthPassword A.Unknown")
        monitors = await asked(it, "GetMonitoringReport")
        problems = await asked(it, "GetReport Problem")
    assert dict(variables.rows)["DataLink.SignalStrength"] == "-88"
    assert dict(variables.rows)["A.Unknown"] == "(UnknownVariable)"
    assert "SuperSecret1" not in str(variables)
    assert dict(monitors.rows) == {"Connector.Temperature (monitor 4)": "UpperThreshold 80.0, severity 3"}
    assert problems.text == "It has nothing to report."


@BOTH
async def test_a_triggered_message_counts_once_it_has_come(version: str) -> None:
    async with bench() as it, plugged(it.address, version):
        result = await asked(it, "TriggerMessage StatusNotification connector 1")
    assert (result.verdict, result.text) == ("done", "It sent its StatusNotification.")


@BOTH
@pytest.mark.usefixtures("impatient")
async def test_a_command_that_is_accepted_and_not_done_is_told(version: str) -> None:
    async with bench() as it, plugged(it.address, version, ignores=True):
        trigger = await asked(it, "TriggerMessage StatusNotification connector 1")
        report = await asked(it, "GetBaseReport") if version != "1.6" else trigger
        reset = await asked(it, "Reset Soft", Consent.THE_EFFECT)
    assert {trigger.verdict, report.verdict, reset.verdict} == {"ignored"}
    assert "did not restart" in reset.text


@BOTH
async def test_a_charger_that_refuses_is_told(version: str) -> None:
    told: list[Signal] = []
    async with bench(told) as it, plugged(it.address, version, refuses=True):
        trigger = await asked(it, "TriggerMessage Heartbeat")
        unlock = await asked(it, "UnlockConnector", Consent.THE_EFFECT)
        await it.drained()
    assert (trigger.verdict, trigger.text) == ("refused", "It refuses.")
    assert (unlock.verdict, unlock.text) == ("refused", "It tried to let go of the plug and could not.")
    assert "Rejected" in [each.fields.get("status") for each in told if each.kind == "orphan"]


@BOTH
async def test_a_reset_is_done_once_the_charger_has_booted_again(version: str) -> None:
    async with bench() as it:
        living = asyncio.create_task(lives(it.address, version))
        while "CP-1" not in it.guests or it.guests["CP-1"].is_charging is None:
            await asyncio.sleep(0.01)
        result = await asked(it, "Reset Soft", Consent.THE_EFFECT)
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    assert (result.verdict, result.text) == ("done", "It restarted and is back.")
    assert result.errand == ("Reset Soft" if version == "1.6" else "Reset OnIdle")


async def test_nothing_that_acts_is_sent_without_consent() -> None:
    async with bench() as it, plugged(it.address) as box:
        for text in ("Reset Soft", "UnlockConnector", "ClearCache", "ChangeAvailability Inoperative"):
            assert (await asked(it, text)).verdict == "held"
        assert box.asked == []
        assert (await asked(it, "ClearCache", Consent.THE_EFFECT)).verdict == "done"


@BOTH
@pytest.mark.usefixtures("impatient")
async def test_a_hard_reset_under_a_running_session_wants_more_than_a_yes(version: str) -> None:
    async with bench() as it, plugged(it.address, version, ignores=True) as box:
        await box.charges()
        means = await it.effect("CP-1", errand("Reset Hard"))
        held = await asked(it, "Reset Hard", Consent.THE_EFFECT)
        unlock = await asked(it, "UnlockConnector", Consent.THE_EFFECT)
        assert box.asked == []
        sent = await asked(it, "Reset Hard", Consent.ENDING_A_SESSION)
    assert means.needs is Consent.ENDING_A_SESSION
    assert means.warns[0] == "A vehicle is charging."
    assert (held.verdict, unlock.verdict, sent.verdict) == ("held", "held", "ignored")


async def test_a_session_that_nobody_can_know_of_counts_as_one() -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        await socket.send(json.dumps([2, "1", "Heartbeat", {}]))
        await socket.recv()
        result = await asked(it, "Reset Hard", Consent.THE_EFFECT)
    assert result.verdict == "held"
    assert "Whether a vehicle is charging is not known here." in result.text


async def test_at_a_safety_fault_no_reset_goes_out_whatever_was_agreed() -> None:
    async def danger(_: str) -> str:
        return "Ground fault trip"

    async with bench(danger=danger) as it, plugged(it.address) as box:
        result = await asked(it, "Reset Soft", Consent.ENDING_A_SESSION)
        back = await asked(it, "ChangeAvailability Operative", Consent.ENDING_A_SESSION)
        assert box.asked == []
        assert (await asked(it, "ChangeAvailability Inoperative", Consent.THE_EFFECT)).verdict == "done"
    assert (result.verdict, back.verdict) == ("held", "held")
    assert "somebody must look at the charger" in result.text


async def test_what_a_version_does_not_have_is_told_in_a_sentence() -> None:
    async with bench() as it, plugged(it.address):
        result = await asked(it, "GetMonitoringReport")
    assert result.verdict == "impossible"
    assert "OCPP 1.6 has no such message" in result.text


@BOTH
async def test_a_log_that_the_charger_uploads_is_kept_for_its_owner_alone(version: str, tmp_path: Path) -> None:
    async with (
        Receiver(tmp_path / "files", "127.0.0.1") as uploads,
        bench(uploads=uploads) as it,
        plugged(it.address, version),
    ):
        result = await asked(it, "GetDiagnostics")
    assert result.verdict == "done"
    file = Path(result.file)
    assert b"relay stuck" in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_without_a_folder_no_log_is_asked_for() -> None:
    async with bench() as it, plugged(it.address) as box:
        result = await asked(it, "GetDiagnostics")
        assert box.asked == []
    assert result.verdict == "impossible"


# Chargers that do it wrong.


async def test_a_charger_that_never_answers_costs_one_patience_and_its_late_answer_is_counted() -> None:
    async with bench(seconds=0.2) as it, line(f"{it.address}/CP-1") as socket:
        first = asyncio.create_task(asked(it, "GetConfiguration"))
        request = json.loads(await socket.recv())
        assert (await first).verdict == "silent"
        await socket.send(json.dumps([3, request[1], {"configurationKey": []}]))
        await socket.send(json.dumps([3, "never-asked", {}]))
        await said(socket)
        guest = it.guests["CP-1"]
    assert guest.off_spec == 2
    assert guest.last_error == "an answer to nothing that was asked"


async def test_a_second_request_waits_until_the_first_is_answered() -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        both = [asyncio.create_task(asked(it, text)) for text in ("GetConfiguration", "GetLocalListVersion")]
        request = json.loads(await socket.recv())
        assert request[2] == "GetConfiguration"
        await said(socket)  # it is served meanwhile, and no second request comes between
        await socket.send(json.dumps([3, request[1], {}]))
        request = json.loads(await socket.recv())
        await socket.send(json.dumps([3, request[1], {"listVersion": 0}]))
        texts = [(await each).text for each in both]
    assert texts == ["It answered.", "Its local list is empty."]


async def said(socket: Any) -> Any:
    """A Heartbeat and its answer: by then everything sent before has been dealt with."""
    await socket.send(json.dumps([2, "beat", "Heartbeat", {}]))
    answer = json.loads(await socket.recv())
    assert answer[:2] == [3, "beat"]
    return answer


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ([4, "?", "NotImplemented", "no", {}], "error"),
        ([3, "?", "yes"], "garbled"),
        ([3, "?", {"status": 7}], "garbled"),
        ([3, "?", {}], "garbled"),
        ([3, "?", {"status": "Perhaps"}], "refused"),
    ],
)
async def test_an_answer_that_is_garbage_is_a_result_too(answer: list[Any], verdict: str) -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        result = asyncio.create_task(asked(it, "TriggerMessage Heartbeat"))
        answer[1] = json.loads(await socket.recv())[1]
        await socket.send(json.dumps(answer))
        assert (await result).verdict == verdict


GARBAGE: tuple[str | bytes, ...] = (
    "", "[", "{}", "[]", "[2]", "[9,\"1\",{}]", "[" * 100_000, '["\\ud83d"]', b"\x00\xff", "[2,[],\"Heartbeat\",{}]",
    '[3,"1",{}]', '[4,"1"]', "NaN", '[2,null,null,null]',
)  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_is_counted_and_the_charger_served_on(garbage: str | bytes) -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        await socket.send(garbage)
        await said(socket)
        assert it.guests["CP-1"].off_spec == 1


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (["MakeCoffee", {}], "NotImplemented"),
        (["../../etc/passwd", {}], "NotImplemented"),
        (["TransactionEvent", {}], "NotImplemented"),
        (["StatusNotification", []], "FormationViolation"),
        (["StatusNotification", {}], "OccurenceConstraintViolation"),
        (["StatusNotification", {"connectorId": "1", "errorCode": "NoError", "status": "Available"}], "TypeConstraint"),
    ],
)
async def test_a_request_that_cannot_be_used_is_answered_with_the_error_that_ocpp_has(
    request_: list[Any], error: str
) -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        await socket.send(json.dumps([2, 7, *request_]))
        answer = json.loads(await socket.recv())
        assert it.guests["CP-1"].off_spec == 1
    assert answer[:2] == [4, 7]  # the id as it came
    assert answer[2].startswith(error)


async def test_an_id_that_is_no_character_goes_back_as_it_came() -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        await socket.send('[2,"\\ud83d","Heartbeat",{}]')
        assert json.loads(await socket.recv())[:2] == [3, "\ud83d"]


async def test_a_boot_with_odd_fields_is_welcome_all_the_same() -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        await socket.send(json.dumps([2, "1", "BootNotification", {"chargePointVendor": 7, "extra": [1]}]))
        answer = json.loads(await socket.recv())
        assert it.guests["CP-1"].off_spec == 1
    assert answer[2]["status"] == "Accepted"


async def test_a_charger_that_floods_does_not_silence_its_neighbour() -> None:
    async with bench() as it, line(f"{it.address}/LOUD") as loud, plugged(it.address, name="CP-2"):

        async def floods() -> None:
            while True:
                await loud.send(json.dumps([2, "1", "Heartbeat", {}]))

        flood = asyncio.create_task(floods())
        results = [await asked(it, "GetConfiguration", charger="CP-2") for _ in range(3)]
        while not it.guests["LOUD"].off_spec:
            await asyncio.sleep(0.01)
        flood.cancel()
        await asyncio.gather(flood, return_exceptions=True)
        assert "messages in a second" in it.guests["LOUD"].last_error
        loud.transport.abort()
    assert {each.verdict for each in results} == {"done"}


async def test_of_two_chargers_with_one_id_the_newer_line_wins_and_it_is_told() -> None:
    told: list[str] = []
    async with bench(tells=told.append) as it, line(f"{it.address}/CP-1") as older:
        await said(older)
        pending = asyncio.create_task(asked(it, "GetConfiguration"))
        await older.recv()
        async with plugged(it.address):
            with pytest.raises(ConnectionClosed) as closed:
                await older.recv()
            assert (await pending).verdict == "gone"
            assert (await asked(it, "GetConfiguration")).verdict == "done"
            assert it.guests["CP-1"].is_here
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.reason == "a newer line has this id"
    assert any("the newer line counts" in each for each in told)


@pytest.mark.parametrize(
    ("path", "name"), [("a%2Fb", "a/b"), ("x%20y", "x y"), ("ocpp/CP-9/", "CP-9"), ("%1B[31m", "\x1b[31m")]
)
async def test_an_id_with_escapes_is_read_as_it_is_meant(path: str, name: str) -> None:
    async with bench() as it, line(f"{it.address}/{path}") as socket:
        await said(socket)
        assert list(it.guests) == [name]


async def test_a_charger_that_leaves_while_it_is_asked_is_told() -> None:
    async with bench() as it, line(f"{it.address}/CP-1") as socket:
        result = asyncio.create_task(asked(it, "GetConfiguration"))
        await socket.recv()
        socket.transport.abort()
        assert (await result).verdict == "gone"
        assert (await asked(it, "GetConfiguration")).text == "It is not connected."
    assert (await asked(it, "GetConfiguration", charger="NOBODY")).text == "It never connected."


async def test_a_message_beyond_all_size_ends_its_line_and_nothing_else() -> None:
    told: list[Signal] = []
    async with bench(told) as it, plugged(it.address, name="CP-2"):
        async with line(f"{it.address}/CP-1") as socket:
            await socket.send("x" * (LONGEST + 1))
            with pytest.raises(ConnectionClosed):
                await socket.recv()
        assert (await asked(it, "GetConfiguration", charger="CP-2")).verdict == "done"
        await it.drained()
    assert "disconnected" in [each.kind for each in told if each.charger == "CP-1"]


# Who may connect.


async def test_with_a_password_only_chargers_that_know_it_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chargelore.engine.sources.bench.reception.AFTER_A_WRONG_PASSWORD", 0)
    told: list[str] = []
    admission = Admission({"*": "0123456789abcdef0123"})
    async with bench(admission=admission, tells=told.append) as it:
        host = it.address.removeprefix("ws://")
        for wrong in ("", "CP-1:guess@", "CP-2:0123456789abcdef0123@"):
            with pytest.raises(InvalidStatus) as refused:
                async with line(f"ws://{wrong}{host}/CP-1"):
                    pass
            assert refused.value.response.status_code == 401
        async with line(f"ws://CP-1:0123456789abcdef0123@{host}/CP-1") as socket:
            await said(socket)
        assert it.health.refused == 3
    assert "guess" not in str(told)


async def test_a_charger_that_offers_another_protocol_is_told_what_is_spoken() -> None:
    told: list[str] = []
    async with bench(tells=told.append) as it:
        with pytest.raises(InvalidStatus) as refused:
            async with line(f"{it.address}/CP-1", "ocpp1.5"):
                pass
    assert refused.value.response.status_code == 400
    assert "it offers ocpp1.5" in told[0]


async def test_a_place_where_somebody_listens_already_is_told() -> None:
    async with bench() as it:
        with pytest.raises(SourceError, match="cannot listen"):
            async with Bench(it.address.removeprefix("ws://"), [].append):
                pass
