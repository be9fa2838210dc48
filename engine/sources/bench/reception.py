"""Reception: takes in the lines of chargers, one seat for each id, and lets the engine hear what passes."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from chargelore.engine.nameplate import short
from chargelore.engine.sources.address import charger_in
from chargelore.engine.sources.bench import guest as guests
from chargelore.engine.sources.bench.admission import SPOKEN, version_of
from chargelore.engine.sources.bench.guest import Payload
from chargelore.engine.sources.bench.replies import VITAL, reply
from chargelore.engine.sources.bench.schema import has_schema, request_flaw
from chargelore.engine.sources.bench.seat import CAME, LEFT, Seat
from chargelore.engine.sources.bench.setup import Setup
from chargelore.engine.sources.bench.talk import Refusal, Talk
from chargelore.engine.sources.copies import Copies, Health, Line

MOST_SEATS = 256  # charger ids; whoever comes with one more is turned away
MOST_A_SECOND = 200  # messages of one line; a charger that sends more is read no faster
AFTER_A_WRONG_PASSWORD = 1.0
PASSWORD = re.compile(r"(?<=\bftp://[0-9a-f]{16}:)[0-9a-f]{16}(?=@)")  # as the receiver makes it


class Reception:
    """Lives as long as the bench. `seats` are those of all chargers that ever came."""

    def __init__(self, setup: Setup, copies: Copies) -> None:
        self.seats: dict[str, Seat] = {}
        self.numbers = count(int(setup.now().timestamp()) % 2**30)
        self._setup, self._copies = setup, copies
        self._sockets: dict[str, ServerConnection] = {}
        self._closing = set[asyncio.Task[None]]()
        self._is_over = False

    @property
    def health(self) -> Health:
        """The counters."""
        return self._copies.health

    def ends(self) -> None:
        """From here on it is us who hang up: that says nothing of the chargers."""
        self._is_over = True

    async def closes(self) -> None:
        """Wait for the lines that are being closed."""
        await asyncio.gather(*self._closing, return_exceptions=True)

    async def looks_at(self, connection: ServerConnection, request: Request) -> Response | None:
        """Turn away whom we cannot serve, and say why on both sides."""
        charger = charger_in(request.path)
        refusal = self._refusal(charger, request)
        if refusal is None:
            return None
        status, why = refusal
        self.health.refused += 1
        self._setup.tells(f"{short(charger)} was turned away: {why}")
        self._copies.event(Line(charger, request.path), "disconnected", {"code": status, "reason": why})
        if status == 401:
            await asyncio.sleep(AFTER_A_WRONG_PASSWORD)
        response = connection.respond(status, f"{why}\n")
        if status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="bench"'
        return response

    def _refusal(self, charger: str, request: Request) -> tuple[int, str] | None:
        if not self._setup.admission.lets_in(charger, request.headers.get("Authorization", "")):
            return 401, "its name or password is wrong, or it sent none"
        offered = [
            each.strip() for each in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if each.strip()
        ]
        if offered and version_of([Subprotocol(each) for each in offered]) is None:
            return 400, f"it offers {', '.join(offered)[:80]}; the bench speaks {', '.join(SPOKEN)}"
        if short(charger) not in self.seats and len(self.seats) >= MOST_SEATS:
            return 503, f"{MOST_SEATS} chargers have come already"
        return None

    async def serves(self, socket: ServerConnection) -> None:
        """One line, from its handshake to its end."""
        path = socket.request.path if socket.request else ""
        charger, subprotocol = short(charger_in(path)), socket.subprotocol or ""
        line = Line(charger, path, SPOKEN.get(subprotocol.lower(), "1.6"))
        seat = self.seats.setdefault(charger, Seat(charger))
        self._copies.event(line, "connected", {"path": path, "protocol": subprotocol})
        talk = self._takes_over(seat, socket, line)
        try:
            with suppress(ConnectionClosed):
                await self._reads(socket, seat, talk, line)
        finally:
            self._leaves(seat, socket, talk)
            if not self._is_over:
                self._copies.event(line, "disconnected", _parting(socket))

    def _takes_over(self, seat: Seat, socket: ServerConnection, line: Line) -> Talk:
        """The newer of two lines with one id counts: the older one is often half dead."""
        older = self._sockets.get(seat.guest.id)
        if older is not None and seat.talk is not None:
            self._setup.tells(f"{seat.guest.id} came a second time while its line stood; the newer line counts")
            seat.talk.ends()
            task = asyncio.create_task(older.close(CloseCode.POLICY_VIOLATION, "a newer line has this id"))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        self.health.connections += 1
        self.health.open += 1
        seat.host = str(socket.local_address[0]) if socket.local_address else ""
        seat.guest = replace(seat.guest, version=line.version, is_here=True, lines=seat.guest.lines + 1)
        seat.talk = Talk(
            partial(self._sends, socket, line), line.version, partial(self._hears, seat), partial(_odd, seat)
        )
        self._sockets[seat.guest.id] = socket
        self._setup.tells(
            f"{seat.guest.id} is here, with OCPP {line.version}{'' if socket.subprotocol else ' as it names none'}"
        )
        seat.tells(CAME, {})
        return seat.talk

    def _leaves(self, seat: Seat, socket: ServerConnection, talk: Talk) -> None:
        self.health.open -= 1
        talk.ends()
        if self._sockets.get(seat.guest.id) is socket:
            del self._sockets[seat.guest.id]
            seat.talk, seat.guest = None, replace(seat.guest, is_here=False)
            if not self._is_over:
                self._setup.tells(f"{seat.guest.id} has left")
            seat.tells(LEFT, {})

    async def _reads(self, socket: ServerConnection, seat: Seat, talk: Talk, line: Line) -> None:
        pace = _Pace()
        async for message in socket:
            self.health.from_charger += 1
            self._copies.frame(line, "charger", _frame(message))
            if await pace.waits():
                seat.guest = guests.errs(seat.guest, f"more than {MOST_A_SECOND} messages in a second")
            await talk.takes(message)

    async def _sends(self, socket: ServerConnection, line: Line, text: str) -> None:
        """The engine hears of it before the charger can answer; not of the password in an address for uploads."""
        self.health.from_csms += 1
        self._copies.frame(line, "csms", _frame(PASSWORD.sub("***", text)))
        with suppress(ConnectionClosed):
            await socket.send(text)

    def _hears(self, seat: Seat, action: str, payload: Payload) -> Payload | Refusal:
        """Note what a charger says, and what to answer."""
        version, now = seat.guest.version, self._setup.now()
        flaw = request_flaw(action, payload, version)
        if flaw and flaw.error and action not in VITAL:
            return Refusal(flaw.error, flaw.text)
        if flaw:
            seat.guest = guests.errs(seat.guest, f"{action}: {flaw.text}")
        number = next(self.numbers)
        answer = reply(action, payload, version, now, number) if has_schema(action, version) else None
        if answer is None:
            return Refusal("NotImplemented", "the bench does not know this")
        seat.guest = guests.hears(seat.guest, action, payload, now)
        if action == "StartTransaction":
            where = payload.get("connectorId")
            seat.guest = guests.starts(seat.guest, str(number), where if isinstance(where, int) else 0)
        seat.tells(action, payload)
        return answer


class _Pace:
    """How fast one line is read: what comes faster waits in its socket, and in the charger."""

    def __init__(self) -> None:
        self._since, self._count = 0.0, 0

    async def waits(self) -> bool:
        """Let others have their turn; whether this line had more than its share of this second."""
        now = asyncio.get_running_loop().time()
        if now - self._since >= 1:
            self._since, self._count = now, 0
        self._count += 1
        is_flood = self._count > MOST_A_SECOND
        await asyncio.sleep(self._since + 1 - now if is_flood else 0)
        return is_flood


def _odd(seat: Seat, why: str) -> None:
    seat.guest = guests.errs(seat.guest, why)


def _frame(message: str | bytes) -> Frame:
    if isinstance(message, str):
        return Frame(Opcode.TEXT, message.encode())
    return Frame(Opcode.BINARY, message)


def _parting(socket: ServerConnection) -> dict[str, str | int]:
    """How a line ended; 1006 where the charger said no goodbye."""
    said = socket.protocol.close_rcvd or Close(CloseCode.ABNORMAL_CLOSURE, "")
    return {"code": int(said.code), "reason": said.reason}
