"""Conversation: what a charger and its management system say to each other, and the `ocpp` package saying it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ocpp.exceptions
import ocpp.v16
import ocpp.v21
import ocpp.v201
from ocpp.charge_point import ChargePoint, camel_to_snake_case, remove_nones, snake_to_camel_case
from ocpp.routing import on
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

NODE = Path(__file__).parent.parent / "node"
WORDS = {"ocpp1.6": ocpp.v16, "ocpp2.0.1": ocpp.v201, "ocpp2.1": ocpp.v21}
GOODBYE = (1000, "enough for today")
ARE_YOU_THERE = "still there?"
QUIET = logging.getLogger("chargelore.peers")
QUIET.propagate, QUIET.disabled = False, True  # refusals belong to the conversation

Ask = tuple[str, dict[str, Any], dict[str, Any]]  # action, request, answer; the answer {"error": CODE} is a refusal


@dataclass(frozen=True)
class Conversation:
    """Requests with their answers: those of the charger, and those of the management system."""

    protocol: str
    file: Path
    asks: list[Ask]
    commands: list[Ask]


@dataclass
class Report:
    """What one end was asked, what it was answered, and how the connection ended for it."""

    heard: list[list[Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    closed: dict[str, Any] = field(default_factory=dict)


def conversation(protocol: str) -> Conversation:
    """The conversation of a protocol version; the peers under node/ read the same file."""
    file = NODE / ("ocpp1.json" if protocol == "ocpp1.6" else "ocpp2.json")
    told = json.loads(file.read_text(encoding="utf-8"))
    return Conversation(protocol, file, told["asks"], told["commands"])


def _refused(code: str) -> Exception:
    return next(each for each in ocpp.exceptions.OCPPError.__subclasses__() if each.code == code)()


def _speaker(protocol: str, prepared: list[Ask], report: Report, answered: Callable[[], None]) -> type[ChargePoint]:
    """A class of the `ocpp` package that answers as prepared; `answered` hears of every answer that has been sent."""
    words = WORDS[protocol]

    async def sends(speaker: ChargePoint, message: str) -> None:
        await words.ChargePoint._send(speaker, message)
        if not message.startswith("[2"):
            answered()

    answers = {action: answer for action, _, answer in prepared}
    handlers = {f"on_{action}": _handler(words, action, answer, report) for action, answer in answers.items()}
    return type("Speaker", (words.ChargePoint,), {"_send": sends} | handlers)


def _handler(words: Any, action: str, answer: dict[str, Any], report: Report) -> Callable[..., Any]:
    def hears(_: ChargePoint, **payload: Any) -> Any:
        report.heard.append([action, snake_to_camel_case(payload)])
        if "error" in answer:
            raise _refused(answer["error"])
        return getattr(words.call_result, action)(**camel_to_snake_case(answer))

    hears.__name__ = f"on_{action}"  # the package finds handlers by the names of their methods
    return on(action)(hears)


async def _says(speaker: ChargePoint, protocol: str, asks: list[Ask], report: Report) -> None:
    for action, payload, _ in asks:
        request = getattr(WORDS[protocol].call, action)(**camel_to_snake_case(payload))
        try:
            answer = await speaker.call(request, suppress=False)
            report.answers.append(snake_to_camel_case(remove_nones(vars(answer))))
        except ocpp.exceptions.OCPPError as refused:
            report.answers.append({"error": refused.code})


async def charger_of_ocpp(told: Conversation, url: str) -> Report:
    """The charger of the `ocpp` package: it says its part, hears all commands and leaves."""
    report, left, commanded = Report(), iter(told.commands[1:]), asyncio.Event()

    def counts() -> None:
        if next(left, None) is None:
            commanded.set()

    options: dict[str, Any] = {"subprotocols": [Subprotocol(told.protocol)], "compression": None, "proxy": None}
    async with connect(url, **options) as socket:
        await socket.ping(ARE_YOU_THERE)
        speaker = _speaker(told.protocol, told.commands, report, counts)("CP-1", socket, logger=QUIET)
        listening = asyncio.create_task(speaker.start())
        await _says(speaker, told.protocol, told.asks, report)
        await commanded.wait()
        await socket.close(*GOODBYE)
        with suppress(ConnectionClosed):
            await listening
    report.closed = {"code": socket.close_code, "reason": socket.close_reason}
    return report


@asynccontextmanager
async def csms_of_ocpp(told: Conversation) -> AsyncIterator[tuple[str, Awaitable[Report]]]:
    """The management system of the `ocpp` package; yields its address and what one charger will have said."""
    done: asyncio.Future[Report] = asyncio.get_running_loop().create_future()

    async def talks(socket: ServerConnection) -> None:
        report, booted = Report(), asyncio.Event()
        await socket.ping(ARE_YOU_THERE)
        speaker = _speaker(told.protocol, told.asks, report, booted.set)("CP-1", socket, logger=QUIET)
        listening = asyncio.create_task(speaker.start())
        await booted.wait()
        await _says(speaker, told.protocol, told.commands, report)
        with suppress(ConnectionClosed):
            await listening
        report.closed = {"code": socket.close_code, "reason": socket.close_reason}
        done.set_result(report)

    options: dict[str, Any] = {"subprotocols": [Subprotocol(told.protocol)], "compression": None}
    async with serve(talks, "127.0.0.1", 0, **options) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", done
