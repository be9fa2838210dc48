"""Legs: the two sockets of one tapped line. What comes in at one goes out at the other, byte for byte, as it comes."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from chargelore.engine.sources.head import END, LONGEST, Head
from chargelore.engine.sources.trouble import Refused

if TYPE_CHECKING:
    from chargelore.engine.sources.hearing import Ear

HANDSHAKE = 30.0  # seconds from the first byte of TLS to the end of what is asked; slow modems need some
CLOSE_TIMEOUT = 3.0
LINGER = 10.0  # seconds in which an end that heard the other one close does so too, once all has been sent to it
MOST_BUFFERED = 2**18  # bytes that may wait in front of one socket before the other is no longer read
MOST_EARLY = 2**16  # bytes that may come before the line stands
# A socket whose other end does not answer TCP itself for about this long is gone: no ping, no data needs to tell.
GONE_AFTER = 300
_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPALIVE": 60, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 8}

LOG = logging.getLogger("chargelore.tap")
LOG.addHandler(logging.NullHandler())  # the tap counts what goes wrong; it does not print


class Leg(asyncio.Protocol):
    """One socket. First it is asked for its `head`; once it is joined with the far one, bytes go through.

    What a socket does not take in stops the other from being read: whoever floods or dawdles holds up only itself.
    """

    __slots__ = (
        "_begins", "_early", "_holds", "_size", "_stuck", "_timer", "_wakes", "ear", "far", "has_ended", "has_vanished",
        "is_over", "is_parting", "lost", "peer", "transport",
    )  # fmt: skip

    def __init__(self, begins: Callable[[Leg], None] = lambda _: None) -> None:
        self._begins = begins
        self._early, self._holds, self._size, self._stuck = bytearray(), 0, 0, 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._wakes: asyncio.Future[None] | None = None
        self.far: Leg | None = None
        self.ear: Ear | None = None  # hears what comes in here
        self.lost: Callable[[Leg], None] | None = None  # told when the socket is gone; must not raise
        self.has_ended = self.has_vanished = self.is_over = self.is_parting = False
        self.peer = ""

    # what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(MOST_BUFFERED)
        self.peer = str((transport.get_extra_info("peername") or ("",))[0])
        _keeps_alive(transport.get_extra_info("socket"))
        self._begins(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came in: first they go on, then they are listened to."""
        if self.is_parting:
            pass
        elif self.far is None:
            self._keeps(data)
        elif not self.far.is_over:
            self.far.transport.write(data)
        if self.ear is not None and not self.ear.hears(data):
            self.listens()
            if self.is_parting and self.ear.has_closed:
                self.closes()

    def eof_received(self) -> bool:
        """The other end says nothing more; it may still listen, where TCP is not wrapped in TLS."""
        self.has_ended = True
        if self.far is None or self.is_parting:
            self._wake()
            return False
        self._passes_end(self.far)
        return self.transport.can_write_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone; the far one gets what is still on its way to it, and is closed."""
        self.has_vanished = isinstance(exc, TimeoutError)
        if self.ear is not None:
            self.ear.works(None)
        self._is_over()
        lost, self.lost, self.ear = self.lost, None, None
        if lost is not None:
            lost(self)
        if self.far is not None:
            self._leaves(self.far)

    def pause_writing(self) -> None:
        """This socket takes in no more for now."""
        if self.far is not None:
            self.far.holds()

    def resume_writing(self) -> None:
        """This socket takes in again."""
        if self.far is not None:
            self.far.goes_on()

    # before the line stands

    async def head(self) -> Head:
        """What is asked or answered first; what comes after it is kept. Raises Refused when it never comes whole."""
        searched = 0
        while (found := END.search(self._early, max(0, searched - 3))) is None:
            searched = len(self._early)
            if searched > LONGEST:
                raise Refused("long-request")
            _is_hopeful(self._early)
            if not await self._more():
                raise Refused("hung-up" if not self._early else "slow-request")
        raw = bytes(self._early[: found.end()])
        del self._early[: found.end()]
        return Head.read(raw)

    async def body(self, length: int | None, most: int) -> bytes:
        """What comes after the head: so many bytes, or all until the other end closes; never more than `most`."""
        wanted = most if length is None else min(length, most)
        while len(self._early) < wanted and not (length is None and self._early.endswith(b"0\r\n\r\n")):
            if not await self._more():
                break
        return bytes(self._early[:wanted])

    async def secures(self, context: ssl.SSLContext) -> None:
        """Go on with TLS on this socket, as the one who listens. Raises SSLError, OSError."""
        try:
            secured = await asyncio.get_running_loop().start_tls(
                self.transport,
                self,
                context,
                server_side=True,
                ssl_handshake_timeout=HANDSHAKE,
                ssl_shutdown_timeout=CLOSE_TIMEOUT,
            )
        except BaseException:
            self.transport.abort()
            self.connection_lost(None)  # asyncio tells nobody of a socket that goes amid this
            raise
        self.transport = cast(asyncio.Transport, secured)
        self.transport.set_write_buffer_limits(MOST_BUFFERED)

    @property
    def has_said(self) -> bool:
        """Whether anything came in that nobody has read."""
        return bool(self._early)

    @property
    def has_left(self) -> bool:
        """Whether the other end will say nothing more."""
        return self.has_ended or self.is_over

    # the line

    def joins(self, far: Leg, answer: bytes) -> None:
        """From now on what comes in here goes out there, and the other way round; `answer` is the first."""
        self.far, far.far = far, self
        self.transport.write(answer)
        for leg in (far, self):
            leg.hands_over()
        if far.is_over:  # it was there just long enough to say what it had to say
            far.connection_lost(None)

    def hands_over(self) -> None:
        """What came before the line stood is the first to go through it."""
        early, self._early, was_full = bytes(self._early), bytearray(), bool(self._holds)
        if early:
            self.data_received(early)
        if was_full:
            self.goes_on()

    def listens(self) -> None:
        """Hear what came in, a little at a time: whoever says much at once waits, and nobody else."""
        if self.ear is None or not self.ear.works(self.ear.AT_ONCE):
            return
        self.holds()
        asyncio.get_running_loop().call_soon(self._listens_on)

    def _listens_on(self) -> None:
        self.goes_on()
        self.listens()

    def holds(self) -> None:
        """Do not read this socket until it goes on; as often as it is held."""
        self._holds += 1
        if self._holds == 1 and not self.is_over:
            self.transport.pause_reading()

    def goes_on(self) -> None:
        """One reason less not to read."""
        self._holds -= 1
        if not self._holds and not self.is_over:
            self.transport.resume_reading()

    # the end

    def parts(self, said: bytes) -> None:
        """Say a last thing, listen to nothing more, and close when the other end does; it gets a moment for that."""
        if self.is_over:
            return
        self.is_parting = True
        self._holds = 0
        self.transport.resume_reading()
        if self.far is None or not self.far.has_ended:  # it has not heard yet that nothing more comes
            self.transport.write(said)
        if self.has_ended:  # it will not say any more that it closes
            self.closes()
        elif self.far is None:
            self.ends()
        self._in(CLOSE_TIMEOUT, self.transport.abort)

    def closes(self) -> None:
        """Close the socket as soon as all is sent."""
        if not self.transport.is_closing():  # TLS forgets itself when it is told twice
            self.transport.close()

    def ends(self) -> None:
        """Nothing more comes from us; where that cannot be said alone, the socket closes."""
        if not self.transport.can_write_eof():
            self.closes()
            return
        try:
            self.transport.write_eof()
        except OSError:  # the other end is gone, and asyncio has not noticed yet
            self.transport.abort()

    def gives_up_later(self) -> None:
        """Drop the socket if its other end neither closes nor takes in what is on its way to it."""
        if not self.is_over:
            self._size = self.transport.get_write_buffer_size()
            self._in(LINGER, self._gives_up)

    def _gives_up(self) -> None:
        size = self.transport.get_write_buffer_size()
        self._stuck = self._stuck + LINGER if size >= self._size else 0.0
        if size and self._stuck < GONE_AFTER:
            self.gives_up_later()
        else:
            self.transport.abort()

    def _in(self, seconds: float, does: Callable[[], None]) -> None:
        """Do it then, unless the socket is gone by then."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, does)

    def _leaves(self, far: Leg) -> None:
        """This end is gone: the far one closes as soon as it can, and nothing holds the two together any more."""
        if far.is_over:
            self.far = far.far = None
        elif not far.is_parting:
            far.closes()
            far.gives_up_later()

    def _passes_end(self, far: Leg) -> None:
        """The far end hears that nothing more comes; when both have said so, both sockets are closed."""
        if far.is_over:
            return
        if far.has_ended or not far.transport.can_write_eof():
            far.closes()
            self.closes()
        else:
            far.ends()
        far.gives_up_later()

    def _is_over(self) -> None:
        self.is_over = True
        self._wake()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _keeps(self, data: bytes) -> None:
        self._early += data
        if len(self._early) > MOST_EARLY and not self._holds:
            self.holds()
        self._wake()

    def _wake(self) -> None:
        if self._wakes is not None and not self._wakes.done():
            self._wakes.set_result(None)

    async def _more(self) -> bool:
        """Wait for bytes; False when none will come."""
        if self.has_left:
            return False
        if self._holds:
            self.goes_on()
        there = len(self._early)
        self._wakes = asyncio.get_running_loop().create_future()
        await self._wakes
        self._wakes = None
        return len(self._early) > there


def _is_hopeful(early: bytearray) -> None:
    """Refuse at the first bytes what will never be a request."""
    if early[:1] == b"\x16":
        raise Refused("tls-on-plain")
    if early and not early[:16].isascii():
        raise Refused("no-http", repr(bytes(early[:16])))


def _keeps_alive(sock: socket.socket | None) -> None:
    """TCP itself looks whether the other end is there, where the system can."""
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, seconds in _ALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), seconds)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER * 1_000)
