"""Between charger and management system the tap changes nothing, also when the engine behind it fails."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NoReturn

import pytest
from peers import charger, csms
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection

from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.tap import Tap

FRAMES = 10_000
Message = str | bytes


def messages(seed: int) -> list[Message]:
    """Every kind of frame that may cross the wire, in a mixed order that a seed fixes."""
    dice = random.Random(seed)  # noqa: S311  # a fixed order, no secret
    return [_message(dice, number) for number in range(FRAMES)]


def _message(dice: random.Random, number: int) -> Message:
    kinds: list[Callable[[], Message]] = [
        lambda: json.dumps([2, f"{number}", "Heartbeat", {}]),
        lambda: json.dumps([2, f"{number}", "StatusNotification", {"connectorId": 1, "info": "ü€😀 \u202e\x00"}]),
        lambda: f'[3,"{number}",{{"status" :  "Accepted"}}]  ',
        lambda: '[2,"cut","MeterVal',
        lambda: "",
        lambda: dice.randbytes(dice.choice((0, 1, 125, 126, 700))),
        lambda: "x" * dice.choice((1, 125, 126, 70_000 if number % 997 == 0 else 4_000)),
    ]
    return dice.choice(kinds)()


async def send(socket: Connection, told: list[Message]) -> None:
    """Send all; every seventh message goes out in fragments."""
    for number, message in enumerate(told):
        if number % 7 == 0 and len(message) > 2:
            await socket.send([message[:2], message[2:]])
        else:
            await socket.send(message)


async def received(socket: Connection, count: int) -> list[Message]:
    return [await socket.recv() for _ in range(count)]


@asynccontextmanager
async def line(
    on_signal: Callable[[Signal], None], now: Callable[[], datetime] = utc_now
) -> AsyncIterator[tuple[Tap, ClientConnection, ServerConnection]]:
    """A tap with a charger at one end and the socket of the management system at the other."""
    arrived: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()

    async def takes(socket: ServerConnection) -> None:
        arrived.set_result(socket)
        await socket.wait_closed()

    async with csms(takes) as upstream, Tap("127.0.0.1:0", upstream, on_signal, now=now) as tap, charger(tap) as socket:
        yield tap, socket, await arrived


async def compared(on_signal: Callable[[Signal], None]) -> Tap:
    up, down = messages(1), messages(2)
    async with line(on_signal) as (tap, charger_end, csms_end):
        _, _, heard_by_csms, heard_by_charger = await asyncio.gather(
            send(charger_end, up), send(csms_end, down), received(csms_end, FRAMES), received(charger_end, FRAMES)
        )
        await tap.drained()
    assert heard_by_csms == up
    assert heard_by_charger == down
    return tap


async def test_ten_thousand_frames_each_way_arrive_byte_for_byte() -> None:
    told: list[Signal] = []
    tap = await compared(told.append)
    assert min(tap.health.from_charger, tap.health.from_csms) >= FRAMES
    assert tap.health.engine_errors == 0
    assert len(told) + tap.health.dropped_copies >= 2 * FRAMES


async def test_the_wire_does_not_notice_an_engine_that_raises_on_every_signal() -> None:
    def raises(_: Signal) -> None:
        raise RuntimeError("engine on fire")

    tap = await compared(raises)
    assert tap.health.engine_errors + tap.health.dropped_copies >= 2 * FRAMES
    assert tap.health.last_error == "RuntimeError: engine on fire"


async def test_the_wire_does_not_notice_a_decoder_that_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chargelore.engine.relay.item.decode_frame", fails)
    async with line(lambda _: None) as ends:
        await passes_while_something_fails(*ends)


async def test_the_wire_does_not_notice_a_clock_that_raises() -> None:
    async with line(lambda _: None, now=fails) as ends:
        await passes_while_something_fails(*ends)


def fails(*_: object, **__: object) -> NoReturn:
    raise ValueError("no")


async def passes_while_something_fails(tap: Tap, charger_end: ClientConnection, csms_end: ServerConnection) -> None:
    await charger_end.send("[2,1]")
    assert await csms_end.recv() == "[2,1]"
    await tap.drained()
    assert tap.health.last_error == "ValueError: no"


async def test_a_slow_engine_costs_copies_and_never_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chargelore.engine.sources.copies.MOST_COPIES", 10)
    told: list[Signal] = []
    async with line(told.append) as (tap, charger_end, csms_end):
        _, heard = await asyncio.gather(send(charger_end, ["[]"] * 2_000), received(csms_end, 2_000))
        await tap.drained()
    assert heard == ["[]"] * 2_000
    assert tap.health.dropped_copies > 0
