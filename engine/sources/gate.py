"""Gate: where chargers knock. It waits for what they ask, though not for ever, and knows all sockets that are open."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from chargelore.engine.sources.address import Address
from chargelore.engine.sources.head import Head, answer
from chargelore.engine.sources.legs import HANDSHAKE, Leg
from chargelore.engine.sources.trouble import Refused

# Sockets that have not asked yet. All chargers of a city may come back in one second, and each has asked in the next:
# those that only stand there are the first to go. A bound for each address would hurt a site behind one router.
MOST_SILENT = 2_048
BACKLOG = 1_024


class Gate:
    """Sockets from the moment somebody knocks until they are gone. `opens` makes lines of them, a task for each."""

    def __init__(self, tls: ssl.SSLContext | None, opens: Callable[[Leg], Awaitable[None]]) -> None:
        self._tls, self._opens_line = tls, opens
        self._silent: dict[Leg, None] = {}  # in the order in which they came
        self._tasks: dict[asyncio.Task[None], Leg] = {}
        self._sockets: set[Leg] = set()
        self._crowded: set[Leg] = set()
        self._is_shut = False
        self._emptied = asyncio.Event()

    async def stands(self, listen: Address) -> asyncio.Server:
        """Listen there. Raises OSError."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Leg(self._meets), listen.host, listen.port, backlog=BACKLOG)

    async def asked(self, leg: Leg) -> Head:
        """What somebody asks: a WebSocket, with a path. Raises Refused for all else."""
        try:
            async with asyncio.timeout(HANDSHAKE):
                if self._tls is not None:
                    await _secured(leg, self._tls)
                head = await leg.head()
        except TimeoutError as error:
            raise Refused("slow-request" if leg.has_said else "never-asked", answer=_too_slow(leg)) from error
        except Refused as refused:
            raise self._mended(leg, refused) from refused
        finally:
            self._silent.pop(leg, None)
        return _fit(head)

    def holds(self, leg: Leg) -> None:
        """A socket that is open from now on."""
        self._sockets.add(leg)

    def lets_go(self, leg: Leg) -> None:
        """A socket that is gone."""
        self._sockets.discard(leg)
        if not self._sockets:
            self._emptied.set()

    async def shuts(self) -> None:
        """Nobody new; who is not through yet is turned away."""
        self._is_shut = True
        tasks = list(self._tasks)
        for task, leg in list(self._tasks.items()):
            task.cancel()
            leg.parts(answer("503 Service Unavailable", "The tap is shutting down."))
        await asyncio.gather(*tasks, return_exceptions=True)

    async def is_empty(self, seconds: float) -> None:
        """Wait until every socket is gone; those that are not after so many seconds are dropped."""
        try:
            async with asyncio.timeout(seconds):
                while self._sockets:
                    self._emptied.clear()
                    await self._emptied.wait()
        except TimeoutError:
            for leg in self._sockets:
                leg.transport.abort()

    def _meets(self, leg: Leg) -> None:
        if self._is_shut:
            leg.transport.abort()
            return
        if self._tls is not None:
            leg.transport.pause_reading()  # until TLS reads
        self._sockets.add(leg)
        leg.lost = self.lets_go
        self._silent[leg] = None
        task = asyncio.get_running_loop().create_task(self._opens(leg))
        self._tasks[task] = leg
        task.add_done_callback(self._tasks.pop)
        if len(self._silent) > MOST_SILENT:
            self._drops_one(next(iter(self._silent)))

    async def _opens(self, leg: Leg) -> None:
        await self._opens_line(leg)

    def _drops_one(self, leg: Leg) -> None:
        self._silent.pop(leg)
        self._crowded.add(leg)
        leg.transport.abort()

    def _mended(self, leg: Leg, refused: Refused) -> Refused:
        """The same with the true reason, and with an answer where one can be read."""
        if leg in self._crowded:
            self._crowded.discard(leg)
            return Refused("crowded-out")
        return Refused(refused.reason, refused.detail, ANSWERS.get(refused.reason, b""))


ANSWERS = {
    "long-request": answer("431 Request Header Fields Too Large", "The request has too many headers."),
    "no-http": answer("400 Bad Request", "This is no HTTP request."),
}


def _too_slow(leg: Leg) -> bytes:
    return answer("408 Request Timeout", "The request did not come in time.") if leg.has_said else b""


def _fit(head: Head) -> Head:
    """The same, if it asks for a WebSocket. Raises Refused with what to tell who asks for something else."""
    if not head.method:
        raise Refused("no-http", repr(head.lines[0][:60]), ANSWERS["no-http"])
    if not head.path.startswith("/"):  # `@other.host/` behind our own host would be another host
        raise Refused("bad-path", answer=answer("400 Bad Request", "The path must start with a slash."))
    wants = {word.lower() for word in head.words("Upgrade")}
    if head.method != "GET" or "websocket" not in wants:
        said = answer("426 Upgrade Required", "Chargers connect here with a WebSocket.", "Upgrade: websocket")
        raise Refused("no-upgrade", f"{head.method} {head.path.partition('?')[0][:60]}", said)
    return head


async def _secured(leg: Leg, context: ssl.SSLContext) -> None:
    try:
        await leg.secures(context)
    except ssl.SSLError as error:
        raise _why(error) from error
    except TimeoutError:
        raise
    except (OSError, EOFError) as error:
        is_slow = "taking longer" in str(error)
        raise Refused("slow-tls" if is_slow else "tls-hung-up") from error


def _why(error: ssl.SSLError) -> Refused:
    """What TLS is about; the reasons are OpenSSL's."""
    reason, said = error.reason or "", str(error)
    for signs, ours in _OF_OPENSSL.items():
        if any(sign in reason for sign in signs):
            return Refused(ours, _spoken(said))
    return Refused("tls-failed", _spoken(said))


_OF_OPENSSL = {
    ("HTTP_REQUEST", "HTTPS_PROXY_REQUEST"): "plain-on-tls",
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE",): "no-client-certificate",
    ("CERTIFICATE_VERIFY_FAILED",): "bad-client-certificate",
    ("ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE", "TLSV1_ALERT_UNKNOWN_CA"): "mistrusts-us",
    (
        "UNSUPPORTED_PROTOCOL",
        "NO_SHARED_CIPHER",
        "VERSION_TOO_LOW",
        "ALERT_PROTOCOL_VERSION",
        "WRONG_VERSION",
    ): "old-tls",
}


def _spoken(said: str) -> str:
    """OpenSSL's own words without their frame."""
    return said.partition("] ")[2].partition(" (_ssl.c")[0] or said
