"""Dial: opens the line to the management system with what the charger asked for, and tells how that ended."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace

from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake, InvalidStatus
from websockets.http11 import Request, Response
from websockets.uri import WebSocketURI

from chargelore.engine.sources.legs import CsmsLeg

DIAL_TIMEOUT = 20.0  # seconds for the management system to take a charger in
# Each leg makes these headers itself; all others, Authorization and subprotocols among them, go through as written.
OF_ONE_LEG = frozenset(
    {
        "host", "connection", "upgrade", "keep-alive", "te", "trailer", "transfer-encoding", "content-length",
        "proxy-connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions",
        "sec-websocket-accept",
    }
)  # fmt: skip


async def dialled(upstream: WebSocketURI, request: Request) -> CsmsLeg | Response:
    """The open line to the management system, or the HTTP answer that the charger gets instead of one."""
    if not request.path.startswith("/"):  # `@other.host/` behind our own host would be another host
        return _refusal(400, "Bad Request", "The path must start with a slash.\n")
    try:
        async with asyncio.timeout(DIAL_TIMEOUT):
            return await _opened(upstream, request)
    except InvalidStatus as refused:
        return _as_sent(refused.response)
    except TimeoutError:
        return _refusal(504, "Gateway Timeout", "The management system did not answer.\n")
    except (OSError, InvalidHandshake, EOFError) as error:
        return _refusal(502, "Bad Gateway", f"The management system cannot be reached: {type(error).__name__}.\n")


async def _opened(upstream: WebSocketURI, request: Request) -> CsmsLeg:
    uri = replace(upstream, path=upstream.path + request.path)
    _, leg = await asyncio.get_running_loop().create_connection(
        lambda: CsmsLeg(uri),
        upstream.host,
        upstream.port,
        ssl=ssl.create_default_context() if upstream.secure else None,
    )
    try:
        await leg.handshake(_passing(request.headers, is_known=upstream.user_info is not None), user_agent_header=None)
    except BaseException:
        leg.transport.abort()
        raise
    return leg


def _passing(headers: Headers, *, is_known: bool = False) -> Headers:
    """The headers that go on to the other leg; where the upstream's address holds a password, that one counts."""
    left_out = OF_ONE_LEG | ({"authorization"} if is_known else set())
    return Headers([(name, value) for name, value in headers.raw_items() if name.lower() not in left_out])


def _as_sent(response: Response) -> Response:
    """The management system's own answer, ready for the charger's leg."""
    headers = _passing(response.headers)
    headers["Connection"] = "close"
    headers["Content-Length"] = str(len(response.body))
    return Response(response.status_code, response.reason_phrase, headers, response.body)


def _refusal(status: int, reason: str, body: str) -> Response:
    return _as_sent(Response(status, reason, Headers({"Content-Type": "text/plain"}), body.encode()))
