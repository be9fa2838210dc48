"""Foreign chargers and management systems talk through the tap, and each hears just what the other one said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from conversation import ARE_YOU_THERE, GOODBYE, Conversation, Report, charger_of_ocpp, conversation, csms_of_ocpp
from node_peers import charger_of, csms_of, needs_node, running, said
from recorder import Recorder, WireFrame, body, frames, head, recorded

from chargelore.engine.signal import Signal
from chargelore.engine.sources.dial import OF_ONE_LEG
from chargelore.engine.sources.tap import Tap

EVERY_VERSION = ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")
LIBRARIES = {
    "ocpp1.6": ("ocpp", "ocpp-rpc", "ocpp-ts"),
    "ocpp2.0.1": ("ocpp", "ocpp-rpc"),
    "ocpp2.1": ("ocpp", "ocpp-rpc"),
}
PAIRS = [
    pytest.param(version, charger, csms, id=f"{version}: {charger} to {csms}")
    for version in EVERY_VERSION
    for charger in LIBRARIES[version]
    for csms in LIBRARIES[version]
]
PATIENCE = 60  # seconds after which a frame that never came is a failure and not a wait for ever

PING, PONG = (WireFrame(first, ARE_YOU_THERE.encode()) for first in (0x89, 0x8A))


def csms(library: str, told: Conversation) -> AbstractAsyncContextManager[tuple[str, Awaitable[Report]]]:
    return csms_of_ocpp(told) if library == "ocpp" else csms_of(library, told)


async def charger(library: str, told: Conversation, url: str) -> Report:
    return await (charger_of_ocpp(told, url) if library == "ocpp" else charger_of(library, told, url))


@asynccontextmanager
async def between(upstream: str, signals: list[Signal]) -> AsyncIterator[tuple[Recorder, Recorder]]:
    """A tap with a recorder before and behind it."""
    async with (
        recorded(upstream) as behind,
        Tap("127.0.0.1:0", f"{behind.address}/ocpp", signals.append) as tap,
        recorded(tap.address) as before,
    ):
        yield before, behind
        await before.lines[0].ended.wait()
        await behind.lines[0].ended.wait()
        await tap.drained()


@pytest.mark.parametrize(("version", "charger_library", "csms_library"), PAIRS)
async def test_a_foreign_pair_talks_as_if_there_were_no_tap(
    version: str, charger_library: str, csms_library: str
) -> None:
    if (charger_library, csms_library) != ("ocpp", "ocpp"):
        needs_node()
    told, signals = conversation(version), list[Signal]()
    async with (
        asyncio.timeout(PATIENCE),
        csms(csms_library, told) as (upstream, reporting),
        between(upstream, signals) as (before, behind),
    ):
        at_charger = await charger(charger_library, told, f"{before.address}/CP-1")
        at_csms = await reporting
    each_heard_the_other(told, at_charger, at_csms)
    nothing_changed(before, behind)
    the_engine_heard_it_too(told, signals)


def each_heard_the_other(told: Conversation, at_charger: Report, at_csms: Report) -> None:
    assert at_csms.heard == [[action, payload] for action, payload, _ in told.asks]
    assert at_charger.heard == [[action, payload] for action, payload, _ in told.commands]
    assert at_charger.answers == [answer for *_, answer in told.asks]
    assert at_csms.answers == [answer for *_, answer in told.commands]
    assert (at_csms.closed["code"], at_csms.closed["reason"]) == GOODBYE


def nothing_changed(before: Recorder, behind: Recorder) -> None:
    """Every byte of either end left the tap as it came: masks, opcodes, payloads; text, ping, pong and close."""
    (near,), (far,) = before.lines, behind.lines
    assert frames(near.up) == frames(far.up)  # first what a person can read
    assert frames(near.down) == frames(far.down)
    assert body(near.up) == body(far.up)
    assert near.down == far.down
    assert all(PING in frames(each) and PONG in frames(each) for each in (near.up, near.down))
    asked, passed = head(near.up), head(far.up)
    assert passed[""] == asked[""].replace("/CP-1", "/ocpp/CP-1")
    assert _of_both_legs(asked) == _of_both_legs(passed)


def _of_both_legs(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name and name not in OF_ONE_LEG}


def the_engine_heard_it_too(told: Conversation, signals: list[Signal]) -> None:
    assert {each.charger for each in signals} == {"CP-1"}
    assert (signals[0].kind, signals[-1].kind) == ("connected", "disconnected")
    assert (signals[-1].fields["code"], signals[-1].fields["reason"]) == GOODBYE
    raw = "".join(each.raw for each in signals)
    assert all(f'"{action}"' in raw for action, *_ in (*told.asks, *told.commands))


MESSAGES = 300  # each way, and one last
ENDS = [("1000", 1000), ("3007", 3007), ("closes", 1005), ("terminates", 1006)]


@pytest.mark.parametrize(("end", "code"), ENDS)
@pytest.mark.parametrize("leaves_first", ["charger", "csms"])
async def test_fragments_pings_and_goodbyes_of_another_websocket_pass_as_sent(
    leaves_first: str, end: str, code: int
) -> None:
    first, second = (end, "waits") if leaves_first == "charger" else ("waits", end)
    async with asyncio.timeout(PATIENCE), running("frames.mjs", "7", str(MESSAGES), second) as csms:
        upstream = f"ws://127.0.0.1:{(await said(csms))['port']}"
        async with between(upstream, []) as (before, behind):
            arguments = ("frames.mjs", "8", str(MESSAGES), first, f"{before.address}/CP-1")
            async with running(*arguments) as charger:
                reports = await asyncio.gather(said(charger), said(csms))
    is_cut = end == "terminates"  # what it had not sent yet is lost with it, and what is under way has nowhere to go
    leaver, left = reports if leaves_first == "charger" else reversed(reports)
    assert leaver["received"] == MESSAGES + 1
    assert is_cut or left["received"] == MESSAGES + 1
    assert {each["code"] for each in reports} == {code}
    (near,), (far,) = before.lines, behind.lines
    assert same(near.up, far.up, is_cut=is_cut)
    assert same(far.down, near.down, is_cut=is_cut)


def same(sent: bytes, came: bytes, *, is_cut: bool) -> bool:
    """Whether the same bytes came after the head; where the line was cut, the first of them."""
    return body(sent).startswith(body(came)) if is_cut else body(sent) == body(came)
