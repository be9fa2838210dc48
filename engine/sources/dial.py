"""Dial: opens the line to the management system with what the charger asked for, and tells how that ended."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, replace
from typing import NoReturn

from aiohappyeyeballs import start_connection
from websockets.exceptions import InvalidURI
from websockets.headers import build_authorization_basic, build_host
from websockets.uri import WebSocketURI, parse_uri

from chargelore.engine.sources.head import Head, answer
from chargelore.engine.sources.legs import CLOSE_TIMEOUT, LOG, Leg
from chargelore.engine.sources.trouble import Refused
from chargelore.kb.errors import SourceError

DIAL_TIMEOUT = 20.0  # seconds for the management system to take a charger in
NEXT_ADDRESS = 0.25  # seconds before another address of the same host is tried beside the first
LONGEST_BODY = 2**20  # bytes of a refusal that are passed on
# The tap writes the host itself, and what is compressed cannot be listened to: all else goes through as written.
OF_ONE_LEG = frozenset({"host", "sec-websocket-extensions"})
_OF_ONE_SOCKET = frozenset({"connection", "keep-alive", "proxy-connection"})
_WITHOUT_BODY = (204, 304)
UPGRADED, PATIENCE = 101, (100, 102, 103)


@dataclass(frozen=True, slots=True)
class Upstream:
    """The management system: where it is, who we are there if the address says so, and whom we trust."""

    uri: WebSocketURI
    tls: ssl.SSLContext | None = None

    @classmethod
    def read(cls, url: str, tls: ssl.SSLContext | None = None) -> Upstream:
        """`ws://host:port/path` or `wss://…`; without `tls` what this machine trusts. Raises SourceError."""
        try:
            uri = parse_uri(url)
        except (InvalidURI, ValueError) as error:
            raise SourceError(
                "not a WebSocket address", where=url, mend="write it as ws://host:port/path or wss://host/path"
            ) from error
        if not uri.secure:
            tls = None
        return cls(replace(uri, path=uri.path.rstrip("/"), query=""), tls or _usual(uri))

    def asked(self, head: Head) -> Head:
        """What a charger asks, as it is asked here."""
        uri = self.uri
        passed = head.behind(uri.path).without(OF_ONE_LEG - {"host"})
        passed = passed.having("Host", build_host(uri.host, uri.port, uri.secure))
        if uri.user_info is None:
            return passed
        return passed.having("Authorization", build_authorization_basic(*uri.user_info))


def _usual(uri: WebSocketURI) -> ssl.SSLContext | None:
    return ssl.create_default_context() if uri.secure else None


async def dialled(upstream: Upstream, head: Head) -> tuple[Leg, Head]:
    """The open line to the management system, and its answer. Raises Refused with what the charger is told instead."""
    try:
        async with asyncio.timeout(DIAL_TIMEOUT):
            return await _opened(upstream, head)
    except TimeoutError as error:
        said = answer("504 Gateway Timeout", "The management system did not answer.")
        raise Refused("upstream-slow", answer=said) from error
    except ssl.SSLCertVerificationError as error:
        raise _unreachable("upstream-untrusted", error.verify_message, error) from error
    except ssl.SSLError as error:
        raise _unreachable("upstream-tls", error.reason or "", error) from error
    except OSError as error:
        raise _unreachable("upstream-unreachable", error.strerror or type(error).__name__, error) from error


def _unreachable(reason: str, detail: str, error: Exception) -> Refused:
    said = f"The management system cannot be reached: {type(error).__name__}."
    return Refused(reason, detail, answer("502 Bad Gateway", said))


async def _opened(upstream: Upstream, head: Head) -> tuple[Leg, Head]:
    leg = await _connected(upstream.uri, upstream.tls)
    try:
        leg.transport.write(upstream.asked(head).written())
        said = await _answered(leg)
        if said.status != UPGRADED:
            await _refuses(leg, said)
    except BaseException:
        leg.transport.abort()
        raise
    return leg, said


async def _connected(uri: WebSocketURI, tls: ssl.SSLContext | None) -> Leg:
    """A socket to the first of its addresses that answers. Raises OSError, SSLError."""
    loop = asyncio.get_running_loop()
    addresses = await loop.getaddrinfo(uri.host, uri.port, type=socket.SOCK_STREAM)
    _, leg = await loop.create_connection(
        Leg,
        sock=await start_connection(addresses, happy_eyeballs_delay=NEXT_ADDRESS),
        ssl=tls,
        server_hostname=uri.host if tls else None,
        ssl_handshake_timeout=DIAL_TIMEOUT if tls else None,
        ssl_shutdown_timeout=CLOSE_TIMEOUT if tls else None,
    )
    return leg


async def _answered(leg: Leg) -> Head:
    """The answer that counts: those that only ask for patience come before it."""
    try:
        while (said := await leg.head()).status in PATIENCE:
            LOG.debug("the management system asks for patience: %d", said.status)
    except Refused as error:
        raise _unreachable("upstream-unreachable", "it hung up", error) from error
    if not said.status:
        raise _unreachable("upstream-nonsense", "", ValueError())
    return said


async def _refuses(leg: Leg, said: Head) -> NoReturn:
    """Raise the management system's refusal as it wrote it; the charger's socket closes after it."""
    length = next((int(each) for each in said.values("Content-Length") if each.isdecimal()), None)
    body = await leg.body(0 if said.status in _WITHOUT_BODY else length, LONGEST_BODY)
    answered = said.without(_OF_ONE_SOCKET).having("Connection", "close").written() + body
    raise Refused("upstream-refused", f"{said.status} {said.reason}", answered)
