"""Promise: a charger that is pointed to the laptop is read and, once a person agrees, acted on; whatever it does."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority
from charge_points import line, plugged
from on_site import Charger, visit

BOTH = pytest.mark.parametrize("version", ["1.6", "2.0.1"])

READY = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]'


def sound(version: str = "1.6", name: str = "CP-1", **how: Any) -> Charger:
    """A charge point that does what it is asked, unless told otherwise; after a reset it comes back."""

    async def comes(url: str) -> None:
        async with plugged(url, version, name, **how) as box:
            await box.restarted.wait()

    return comes


def charging(version: str, **how: bool) -> Charger:
    async def comes(url: str) -> None:
        async with plugged(url, version, **how) as box:
            await box.charges()
            await box.restarted.wait()

    return comes


def raw(*messages: str | bytes, name: str = "CP-1", answers: str = "") -> Charger:
    """A charger that says this, and gives every request that answer, `?` being its id."""

    async def comes(url: str) -> None:
        async with line(f"{url}/{name}") as socket:
            for each in messages:
                await socket.send(each)
            async for message in socket:
                heard = json.loads(message)
                if heard[0] == 2 and answers:
                    await socket.send(answers.replace("?", heard[1]))

    return comes


@BOTH
async def test_a_charger_is_taken_through_reading_and_acting(version: str, tmp_path: Path) -> None:
    steps = [
        "GetConfiguration", "TriggerMessage StatusNotification connector 1", "GetDiagnostics", "ClearCache",
        "ChangeAvailability Inoperative", "ChangeAvailability Operative", "UnlockConnector connector 1", "Reset Soft",
    ]  # fmt: skip
    told = await visit(
        "--yes", "--uploads", str(tmp_path / "logs"), *(part for each in steps for part in ("--do", each)),
        chargers=(sound(version),),
    )  # fmt: skip
    assert [each["verdict"] for each in told.did.values()] == ["done"] * len(steps), told.out
    assert not [each for each in told.cases if "link-closed-at-once" in each["symptoms"]]  # it was told to restart
    read = told.lines[0]["rows"]
    assert read.get("HeartbeatInterval") == "300" or read.get("OCPPCommCtrlr.Variable2") == "2"
    assert b"relay stuck" in Path(told.lines[2]["file"]).read_bytes()
    assert "its operator does not see it" in told.err
    assert told.err.rstrip().endswith("point CP-1 back to its own management system")


async def test_what_is_read_goes_into_the_diagnosis() -> None:
    async def trips(url: str) -> None:
        async with plugged(url) as box:
            await box.is_now("Preparing")
            await box.is_now("Faulted", "GroundFailure")
            await asyncio.Event().wait()

    told = await visit("--do", "GetConfiguration", "--do", "Reset Soft", "--yes", chargers=(trips,))
    assert told.code == 1
    assert told.cases[0]["hypotheses"][0]["fault"].startswith("ground-fault")
    assert "says-weak-reception" in told.cases[0]["symptoms"]
    assert told.did["Reset Soft"]["verdict"] == "held"
    assert "somebody must look at the charger" in told.did["Reset Soft"]["text"]


async def test_an_event_of_the_device_model_opens_a_case() -> None:
    async def trips(url: str) -> None:
        async with plugged(url, "2.0.1") as box:
            await box.trips()
            await asyncio.Event().wait()

    told = await visit("--do", "GetConfiguration", chargers=(trips,))
    assert told.did["GetBaseReport ConfigurationInventory"]["verdict"] == "done"
    assert told.cases[0]["hypotheses"][0]["domain"] == "safety"


@BOTH
async def test_yes_is_not_enough_for_a_hard_reset_while_a_vehicle_charges(version: str) -> None:
    held = await visit("--do", "Reset Hard", "--yes", chargers=(charging(version),))
    assert held.lines[0]["verdict"] == "held"
    assert "A yes is not enough" in held.lines[0]["text"]
    assert "A vehicle is charging." in held.lines[0]["text"]
    sent = await visit("--do", "Reset Hard", "--even-while-charging", chargers=(charging(version),))
    assert sent.lines[0]["verdict"] == "done"


async def test_a_step_of_a_plan_that_is_a_message_is_run_by_its_name() -> None:
    told = await visit("--do", "read-list-of-keys", "--do", "clear-the-cache", "--yes", chargers=(sound(),))
    assert [each["verdict"] for each in told.did.values()] == ["done", "done"]
    assert list(told.did) == ["GetConfiguration", "ClearCache"]
    other = await visit("--do", "dry-the-coupler", chargers=())
    assert (other.code, other.out) == (2, "")


async def test_without_a_person_nothing_acts_that_was_not_agreed_to() -> None:
    told = await visit("--do", "ClearCache", chargers=())
    assert told.code == 2
    assert "say --yes" in told.err


@BOTH
async def test_a_charger_that_refuses_makes_a_finding(version: str) -> None:
    told = await visit("--do", "TriggerMessage Heartbeat", chargers=(sound(version, refuses=True),))
    assert (told.code, told.lines[0]["verdict"]) == (1, "refused")


async def test_a_charger_that_never_answers_is_told_after_one_patience() -> None:
    told = await visit("--do", "GetConfiguration", chargers=(raw(READY),), seconds="1s")
    assert (told.code, told.lines[0]["text"]) == (1, "It gave no answer within 1 s.")


@pytest.mark.parametrize(
    "answer", ['[3,"?",7]', '[4,"?","NotImplemented","",{}]', '[3,"?",{"configurationKey":"\x1b"}]']
)
async def test_a_charger_that_answers_with_garbage_is_told_and_prints_nothing_of_it_raw(answer: str) -> None:
    answer = json.dumps(json.loads(answer, strict=False))
    told = await visit("--do", "GetConfiguration", chargers=(raw(READY, answers=answer),))
    assert told.lines[0]["verdict"] in {"garbled", "error"}
    assert "\x1b" not in told.out + told.err


async def test_a_charger_that_floods_does_not_keep_the_other_from_being_read() -> None:
    async def floods(url: str) -> None:
        async with line(f"{url}/LOUD") as socket:
            while True:
                await socket.send('[2,"1","Heartbeat",{}]')

    told = await visit("--charger", "CP-1", "--do", "GetConfiguration", chargers=(floods, sound()))
    assert told.did["GetConfiguration"]["verdict"] == "done"
    assert "Traceback" not in told.err


async def test_two_chargers_with_one_id_are_told() -> None:
    told = await visit("--do", "Reset Soft", "--yes", chargers=(sound(ignores=True), sound(ignores=True)), seconds="1s")
    assert "CP-1 came a second time while its line stood; the newer line counts" in told.err


async def test_an_id_with_slashes_and_an_escape_is_one_charger() -> None:
    told = await visit("--charger", "site/7\x1b", "--do", "GetConfiguration", chargers=(sound(name="site%2F7%1B"),))
    assert told.lines[0]["charger"] == "site/7\x1b"
    assert "\x1b" not in told.err + told.out


async def test_a_charger_that_does_not_come_is_told_with_what_to_check() -> None:
    told = await visit("--charger", "CP-9", "--do", "GetConfiguration", chargers=(sound(name="CP-1"),), seconds="1s")
    assert told.code == 2
    assert "CP-9 did not come within 10 s; CP-1 did" in told.err
    assert "check the address that the charger was given" in told.err


async def test_only_who_knows_the_password_comes_in_and_it_is_printed_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_text("CP-1:open-sesame-and-more\n")

    async def guesses(url: str) -> None:
        async with line(f"{url.replace('//', '//CP-1:guess@')}/CP-1"):
            raise AssertionError

    async def knows(url: str) -> None:
        await asyncio.sleep(1.5)  # the one who guesses comes first
        await sound()(url.replace("//", "//CP-1:open-sesame-and-more@"))

    told = await visit("--password-file", str(file), "--do", "GetConfiguration", chargers=(guesses, knows))
    assert told.did["GetConfiguration"]["verdict"] == "done"
    assert "CP-1 was turned away" in told.err
    assert "sesame" not in told.out + told.err
    assert "guess" not in told.out + told.err


# Logs that a charger sends, TLS, and OCPP 2.1.


@pytest.mark.parametrize(
    ("version", "how", "says"),
    [
        ("1.6", {"sends_by": "FTP"}, "Its file is here, asked for by FTP."),
        ("1.6", {"sends_by": "HTTP"}, "It said yes to FTP, and it tells that the upload failed (UploadFailed)."),
        ("2.0.1", {"sends_by": "FTP"}, "It said yes to HTTP, and it tells that the upload failed (UploadFailure)."),
    ],
)
async def test_a_log_comes_by_whatever_protocol_the_charger_speaks(
    version: str, how: dict[str, str], says: str, tmp_path: Path
) -> None:
    told = await visit(
        "--uploads", str(tmp_path), "--do", "GetDiagnostics", chargers=(sound(version, **how),)
    )  # fmt: skip
    assert told.lines[0]["verdict"] == "done", told.out
    assert told.lines[0]["text"].startswith(says)
    assert b"relay stuck" in Path(told.lines[0]["file"]).read_bytes()
    assert "ftp://" not in told.out + told.err


async def test_a_charger_comes_by_tls_and_shows_its_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    ours, its = authority.signs("127.0.0.1"), authority.signs("CP-1")
    trust = ssl.create_default_context(cafile=authority.file)
    known = ssl.create_default_context(cafile=authority.file)
    known.load_cert_chain(its.certificate, its.key)

    async def strange(url: str) -> None:
        async with plugged(url.replace("ws:", "wss:"), name="CP-2", tls=trust):
            raise AssertionError

    async def comes(url: str) -> None:
        await asyncio.sleep(1.5)  # the one without a certificate comes first
        async with plugged(url.replace("ws:", "wss:"), tls=known) as box:
            await box.restarted.wait()

    told = await visit(
        "--tls-cert", str(ours.certificate), "--tls-key", str(ours.key), "--client-ca", str(authority.file),
        "--do", "GetConfiguration", "--do", "Reset Soft", "--yes", chargers=(strange, comes),
    )  # fmt: skip
    assert [each["verdict"] for each in told.did.values()] == ["done", "done"], told.out + told.err
    assert {each["charger"] for each in told.did.values()} == {"CP-1"}
    assert "wss://127.0.0.1" in told.err
    assert "CP-2" not in told.out


async def test_a_station_of_2_1_is_read_and_acted_on(tmp_path: Path) -> None:
    steps = [
        "GetVariables DataLink.SignalStrength", "GetBaseReport", "GetMonitoringReport", "GetLog DiagnosticsLog",
        "TriggerMessage StatusNotification connector 1", "UnlockConnector connector 1",
        "ChangeAvailability Inoperative", "Reset OnIdle",
    ]  # fmt: skip
    told = await visit(
        "--yes", "--uploads", str(tmp_path), *(part for each in steps for part in ("--do", each)),
        chargers=(sound("2.1"),),
    )  # fmt: skip
    assert [each["verdict"] for each in told.did.values()] == ["done"] * len(steps), told.out
    assert "with OCPP 2.1" in told.err
    assert told.lines[0]["rows"] == {"DataLink.SignalStrength": "-88"}
    assert b"relay stuck" in Path(told.did["GetLog DiagnosticsLog"]["file"]).read_bytes()
