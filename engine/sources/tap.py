"""Tap: stands between chargers and their management system. It passes every byte on as it came, and listens along."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from websockets.frames import Frame

from chargelore.engine.relay.item import Sender
from chargelore.engine.sources.address import Address, charger_in, listening_at
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.copies import VERSIONS, Copies, Health, Line, OnSignal
from chargelore.engine.sources.dial import Upstream, dialled
from chargelore.engine.sources.gate import Gate
from chargelore.engine.sources.head import Head
from chargelore.engine.sources.hearing import Ear
from chargelore.engine.sources.legs import CLOSE_TIMEOUT, Leg
from chargelore.engine.sources.splitting import CLOSE, Piece, farewell, goodbye
from chargelore.engine.sources.trouble import Refused, Trouble
from chargelore.kb.errors import SourceError

GOING_AWAY, ABNORMAL = 1001, 1006


@dataclass(frozen=True, slots=True)
class Security:
    """TLS towards chargers and towards the management system; None: without, and as this machine trusts."""

    listening: ssl.SSLContext | None = None
    dialling: ssl.SSLContext | None = None


@dataclass(slots=True)
class Tapped:
    """One open line: its two sockets, what the engine knows of it, and who ended it how, once somebody did."""

    line: Line
    charger: Leg
    csms: Leg
    ended: dict[str, str | int] | None = None


class Tap:
    """Listens for chargers and opens for each its own line to the management system. Lives as long as its `async with`.

    `listen` is `host:port` (port 0: any free one); the path of `upstream` is put before the path a charger asks for.
    With TLS it needs Python's own loop (loop.py says why).
    Signals carry the time that `now` says when a frame passes; `on_trouble` is told of all that goes wrong.
    Raises SourceError when it cannot listen there or when `upstream` is no WebSocket address.
    """

    def __init__(  # noqa: PLR0913  # where, what for, and how it is secured
        self,
        listen: str,
        upstream: str,
        on_signal: OnSignal,
        *,
        now: Callable[[], datetime] = utc_now,
        security: Security = Security(),
        on_trouble: Callable[[Trouble], None] = lambda _: None,
    ) -> None:
        self._listen, self._upstream = Address.read(listen), Upstream.read(upstream, security.dialling)
        self._tls, self._on_trouble = security.listening, on_trouble
        self._copies = Copies(on_signal, now)
        self._gate = Gate(self._tls, self._opens)
        self._server: asyncio.Server | None = None
        self._work: asyncio.Task[None] | None = None
        self._lines: dict[Leg, Tapped] = {}
        self._named = Counter[str]()  # how many lines of each charger are open

    @property
    def health(self) -> Health:
        """The counters."""
        return self._copies.health

    @property
    def address(self) -> str:
        """Where chargers can connect, as `ws://host:port` or `wss://…`; empty until the tap listens."""
        return listening_at(self._server, is_secure=self._tls is not None)

    async def drained(self) -> None:
        """Wait until the engine has been told all that passed so far."""
        await self._copies.drained()

    async def __aenter__(self) -> Tap:
        try:
            self._server = await self._gate.stands(self._listen)
        except OSError as error:
            raise SourceError(
                f"cannot listen: {error.strerror or error}",
                where=str(self._listen),
                mend="choose another address or port",
            ) from error
        self._work = asyncio.create_task(self._copies.work())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._server is None or self._work is None:
            return
        self._server.close()
        await self._gate.shuts()
        for tapped in list(self._lines.values()):
            self._says_goodbye(tapped)
        await self._gate.is_empty(2 * CLOSE_TIMEOUT)
        self._work.cancel()
        with suppress(asyncio.CancelledError):
            await self._work

    # how a line comes about

    async def _opens(self, charger: Leg) -> None:
        """Ask the management system first; its refusal is the answer to the charger."""
        try:
            head = await self._gate.asked(charger)
        except Refused as refused:
            self._is_refused(charger, refused, "")
            return
        line = Line(charger_in(head.path), head.path)
        try:
            csms, said = await dialled(self._upstream, head)
        except Refused as refused:
            self.health.refused += 1
            self._is_refused(charger, refused, line.charger)
            told = Head.read(refused.answer)
            self._copies.event(line, "disconnected", {"code": told.status, "reason": told.reason})
            return
        if charger.has_left:
            csms.transport.abort()
            self.tells("impatient", charger, line.charger)
            return
        self._listens_along(Tapped(line, charger, csms), head, said)
        charger.joins(csms, said.written())

    def _is_refused(self, charger: Leg, refused: Refused, name: str) -> None:
        self.tells(refused.reason, charger, name, refused.detail)
        charger.parts(refused.answer)

    def _listens_along(self, tapped: Tapped, head: Head, said: Head) -> None:
        line, name = tapped.line, tapped.line.charger
        agreed = ", ".join(said.values("Sec-WebSocket-Protocol"))
        line.version = VERSIONS.get(agreed.lower(), line.version)
        self.health.connections += 1
        self.health.open += 1
        fields: dict[str, str | int] = {"path": _shown(line.path), "protocol": agreed}
        offered = head.words("Sec-WebSocket-Protocol")
        if offered not in ([], [agreed]):
            fields["offered"] = ", ".join(offered)
        if others := self._named[name]:
            fields["others"] = others
            self.tells("second-line", tapped.charger, name)
        self._named[name] += 1
        self._lines[tapped.charger] = tapped
        self._copies.event(line, "connected", fields)
        self._looks_at_protocols(tapped, offered, agreed)
        self._ears(tapped)

    def _looks_at_protocols(self, tapped: Tapped, offered: list[str], agreed: str) -> None:
        if offered and not agreed:
            self.tells("no-protocol", tapped.charger, tapped.line.charger, ", ".join(offered))
        elif agreed and agreed not in offered:
            self.tells("other-protocol", tapped.charger, tapped.line.charger, agreed)
        if agreed and agreed.lower() not in VERSIONS:
            self.tells("unknown-protocol", tapped.charger, tapped.line.charger, agreed)

    def _ears(self, tapped: Tapped) -> None:
        sides: tuple[tuple[Leg, Sender], ...] = ((tapped.charger, "charger"), (tapped.csms, "csms"))
        for leg, sender in sides:
            leg.ear = Ear(_Side(self, self._copies, tapped, sender), is_masking=sender == "charger")
            leg.lost = partial(self._loses, tapped, sender)
        self._gate.holds(tapped.csms)

    # while it stands

    def tells(self, reason: str, leg: Leg, name: str = "", detail: str = "") -> None:
        """Something went wrong on the wire: it is counted, and told to a person."""
        self.health.troubles[reason] += 1
        try:
            self._on_trouble(Trouble(reason, leg.peer, name, detail))
        except Exception as error:  # noqa: BLE001  # whatever our side raises, the wire goes on
            self.health.failed(error)

    # how it ends

    def _loses(self, tapped: Tapped, sender: Sender, leg: Leg) -> None:
        if leg.has_vanished:
            self.tells("vanished", leg, tapped.line.charger if sender == "charger" else "the management system")
        tapped.ended = tapped.ended or {"code": ABNORMAL, "reason": "", "by": sender}
        self._gate.lets_go(leg)
        if self._lines.pop(tapped.charger, None) is None:
            return  # the other end was first
        self._named[tapped.line.charger] -= 1
        others = self._named[tapped.line.charger]
        if not others:
            del self._named[tapped.line.charger]
        self.health.open -= 1
        self._copies.event(tapped.line, "disconnected", tapped.ended | ({"others": others} if others else {}))

    def _says_goodbye(self, tapped: Tapped) -> None:
        """Close both ends; where one is amid a frame, nothing can be said any more."""
        tapped.ended = tapped.ended or {"code": GOING_AWAY, "reason": "", "by": "tap"}
        charger, csms = tapped.charger, tapped.csms
        to_charger = goodbye(GOING_AWAY, is_masked=False) if csms.ear and csms.ear.is_between else b""
        to_csms = goodbye(GOING_AWAY, is_masked=True) if charger.ear and charger.ear.is_between else b""
        charger.parts(to_charger)
        csms.parts(to_csms)


class _Side:
    """What one end of a line says, for the tap."""

    __slots__ = ("_copies", "_health", "_is_charger", "_sender", "_tap", "_tapped")

    def __init__(self, tap: Tap, copies: Copies, tapped: Tapped, sender: Sender) -> None:
        self._tap, self._copies, self._health = tap, copies, copies.health
        self._tapped, self._sender, self._is_charger = tapped, sender, sender == "charger"

    def text(self, payload: bytes) -> None:
        self._counts()
        self._copies.text(self._tapped.line, self._sender, payload)

    def frame(self, piece: Piece, frame: Frame | None) -> None:
        self._counts()
        if frame is not None:
            self._copies.frame(self._tapped.line, self._sender, frame)
        elif piece.opcode == CLOSE and self._tapped.ended is None:
            code, reason = farewell(piece.data)
            self._tapped.ended = {"code": code, "reason": reason, "by": self._sender}

    def odd(self, reason: str, piece: Piece) -> None:
        line = self._tapped.line
        self._tap.tells(reason, self._tapped.charger, line.charger, f"from the {self._sender}, {piece.length} bytes")

    def fails(self, error: Exception) -> None:
        self._health.failed(error)

    def _counts(self) -> None:
        if self._is_charger:
            self._health.from_charger += 1
        else:
            self._health.from_csms += 1


def _shown(path: str) -> str:
    """The path without what is asked of it: some put a token there."""
    before, mark, _ = path.partition("?")
    return f"{before}{mark}…" if mark else before
