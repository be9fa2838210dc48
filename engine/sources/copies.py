"""Copies: what a tap keeps of passing frames: whole messages, handed over without slowing the wire. Fails open.

How a source hands over what it captures: it is given an `OnSignal`, and calls it with each signal that it made itself.
One that passes whole OCPP messages makes `Copies` of them. Where the receiver has a `hears` of its own (the outbox of a
watch, `engine/relay/outbox.py`), messages go there as they are, to be decoded by another process; any other receiver
gets signals, decoded here by `work` between two turns of the wire. Neither ever waits or raises into the wire.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from websockets.frames import Frame, Opcode

from chargelore.engine.relay.item import Heard, Item, Ready, Sender, signals_of
from chargelore.engine.relay.kept import utc
from chargelore.engine.signal import Signal

MOST_COPIES = 4_096
MOST_BYTES = 64 * 2**20  # in all waiting copies together
LONGEST = 2**20  # of one message; the rest of a longer one is left out of the copy and the signal is marked `cut`

CONTROL = frozenset({Opcode.PING, Opcode.PONG, Opcode.CLOSE})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OnSignal = Callable[[Signal], None]
# Subprotocols as OCPP-J names them; a charger that names none speaks 1.6, the last version that allowed it.
VERSIONS = {"ocpp1.6": "1.6", "ocpp2.0": "2.0", "ocpp2.0.1": "2.0.1", "ocpp2.1": "2.1"}


@runtime_checkable
class Hearer(Protocol):
    """A receiver that takes whole messages too. Neither call waits or raises."""

    def __call__(self, signal: Signal) -> None:
        """A signal that a source made."""

    def hears(self, heard: Heard) -> None:
        """A whole message, not decoded."""


@dataclass(slots=True)
class Health:
    """What a source did and what went wrong on our side of it. Counts only grow, but for `open`."""

    connections: int = 0
    open: int = 0
    refused: int = 0
    from_charger: int = 0
    from_csms: int = 0
    dropped_copies: int = 0
    engine_errors: int = 0
    last_error: str = ""
    asked: int = 0  # requests of our own, where we ask
    troubles: Counter[str] = field(default_factory=Counter)  # on the wire, by the reasons of trouble.py
    in_vain: Counter[str] = field(default_factory=Counter)  # those without a usable answer, by the reason

    def failed(self, error: Exception) -> None:
        """Our own side raised; the wire went on."""
        self.engine_errors += 1
        self.last_error = f"{type(error).__name__}: {error}"[:500]


@dataclass(slots=True)
class Line:
    """One charger's connection as the engine sees it. Lives as long as the connection."""

    charger: str
    path: str
    version: str = "1.6"
    messages: int = 0
    begun: dict[Sender, Message] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """A message as far as its fragments came; a little more than LONGEST bytes of it at most."""

    is_binary: bool = False
    payload: bytearray = field(default_factory=bytearray)

    def grows(self, more: bytes | bytearray | memoryview) -> None:
        """A fragment came; what goes far beyond LONGEST is left out."""
        self.payload += more[: LONGEST + 1 - len(self.payload)]

    @property
    def marks(self) -> tuple[str, ...]:
        """What is odd about it."""
        return ("binary",) * self.is_binary + ("cut",) * (len(self.payload) > LONGEST)


class Copies:
    """Puts messages together and hands them over. Nothing in here may slow or fail the wire."""

    def __init__(self, on_signal: OnSignal, now: Callable[[], datetime]) -> None:
        self.health = Health()
        self._now = now
        self._hands: Hearer = on_signal if isinstance(on_signal, Hearer) else DecodedHere(on_signal, self.health)
        self._here = self._hands if isinstance(self._hands, DecodedHere) else None

    def frame(self, line: Line, sender: Sender, frame: Frame) -> None:
        """Keep a copy of a data frame. Never raises, never waits."""
        if frame.opcode in CONTROL:
            return
        try:
            message = _whole(line.begun, sender, frame)
            if message is not None:
                self._hands.hears(_heard(line, sender, message, self._now()))
        except Exception as error:  # noqa: BLE001  # whatever our side raises, the wire goes on
            self.health.failed(error)

    def text(self, line: Line, sender: Sender, payload: bytes) -> None:
        """Keep a copy of a message that came in one frame, and is as it should be. Never raises, never waits."""
        line.messages += 1
        try:
            self._hands.hears(
                Heard(
                    charger=line.charger,
                    sender=sender,
                    version=line.version,
                    at=self._now(),
                    line=line.messages,
                    payload=payload,
                )
            )
        except Exception as error:  # noqa: BLE001  # as above
            self.health.failed(error)

    def event(self, line: Line, kind: str, fields: dict[str, str | int]) -> None:
        """Keep a `connected` or `disconnected` signal in its order among the frames. Never raises, never waits."""
        try:
            self._hands(_event(line, kind, self._now(), fields))
        except Exception as error:  # noqa: BLE001  # as above
            self.health.failed(error)

    async def drained(self) -> None:
        """Wait until every copy that is decoded here is worked off."""
        if self._here is not None:
            await self._here.drained()

    async def work(self) -> None:
        """Decode for ever what is decoded here; between two messages the wire gets its turn."""
        if self._here is not None:
            await self._here.work()


class DecodedHere:
    """Messages and signals that wait, bounded, to be decoded in this process."""

    def __init__(self, on_signal: OnSignal, health: Health) -> None:
        self._on_signal, self._health = on_signal, health
        self._waiting: asyncio.Queue[Item] = asyncio.Queue()
        self._bytes = 0

    def __call__(self, signal: Signal) -> None:
        """A signal that a source made."""
        if self._has_room(0):
            self._waiting.put_nowait(Ready(signal, utc(signal.at, EPOCH)))

    def hears(self, heard: Heard) -> None:
        """A whole message."""
        if self._has_room(len(heard.payload)):
            self._bytes += len(heard.payload)
            self._waiting.put_nowait(heard)

    async def drained(self) -> None:
        """Wait until all that was kept so far is worked off."""
        await self._waiting.join()

    async def work(self) -> None:
        """Turn what waits into signals for ever."""
        while True:
            item = await self._waiting.get()
            self._bytes -= len(item.payload) if isinstance(item, Heard) else 0
            for signal in self._guarded(item):
                self._hand_over(signal)
                await asyncio.sleep(0)
            self._waiting.task_done()

    def _has_room(self, size: int) -> bool:
        if self._waiting.qsize() < MOST_COPIES and self._bytes + size <= MOST_BYTES:
            return True
        self._health.dropped_copies += 1
        return False

    def _guarded(self, item: Item) -> tuple[Signal, ...]:
        try:
            return signals_of(item)
        except Exception as error:  # noqa: BLE001  # whatever our side raises, the wire goes on
            self._health.failed(error)
            return ()

    def _hand_over(self, signal: Signal) -> None:
        try:
            self._on_signal(signal)
        except Exception as error:  # noqa: BLE001  # as above
            self._health.failed(error)


def _whole(begun: dict[Sender, Message], sender: Sender, frame: Frame) -> Message | None:
    """The message that this frame completes; None as long as more fragments of it are to come."""
    message = begun.pop(sender, None) or Message(frame.opcode is Opcode.BINARY)
    message.grows(frame.data)
    if frame.fin:
        return message
    begun[sender] = message
    return None


def _heard(line: Line, sender: Sender, message: Message, at: datetime) -> Heard:
    line.messages += 1
    return Heard(
        charger=line.charger,
        sender=sender,
        version=line.version,
        at=at,
        line=line.messages,
        payload=bytes(message.payload[:LONGEST]),
        marks=message.marks,
    )


def _event(line: Line, kind: str, at: datetime, fields: dict[str, str | int]) -> Signal:
    line.messages += 1
    return Signal(layer="ocpp", kind=kind, charger=line.charger, at=at, fields=dict(fields), line=line.messages)
