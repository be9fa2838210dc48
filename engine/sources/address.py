"""Address: where something listens, written `host:port` as people type it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from socket import socket
from typing import Protocol
from urllib.parse import unquote

from chargelore.kb.errors import SourceError

HIGHEST_PORT = 65_535
LONGEST_NAME = 255  # characters; OCPP allows 48


class Server(Protocol):
    """What listens, as asyncio and websockets have it."""

    @property
    def sockets(self) -> Iterable[socket]:
        """Those it listens on."""


@dataclass(frozen=True, slots=True)
class Address:
    """Host and TCP port. Port 0 to listen on means: any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def read(cls, text: str) -> Address:
        """`127.0.0.1:9000`, `[::1]:9000`, `name:9000`, or `:9000` for every interface. Raises SourceError otherwise."""
        host, colon, port = text.strip().rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        is_port = port.isascii() and port.isdigit() and int(port[:6]) <= HIGHEST_PORT
        if not colon or not is_port or (":" in bare and bare == host):
            raise SourceError("not a host and a port", where=text or "(empty)", mend="write it as 127.0.0.1:9000")
        return cls(bare or "0.0.0.0", int(port))  # noqa: S104  # `:9000` is how one asks for every interface


def listening_at(server: Server | None, *, is_secure: bool) -> str:
    """Where chargers can connect, as `ws://host:port` or `wss://…`; empty as long as nobody listens."""
    if server is None:
        return ""
    host, port = next(iter(server.sockets)).getsockname()[:2]
    return f"{'wss' if is_secure else 'ws'}://{Address(host, port)}"


def charger_in(path: str) -> str:
    """The charger's identity as OCPP-J writes it: the last part of the path, escapes undone; far too long ones cut."""
    part = path.partition("?")[0].rstrip("/").rpartition("/")[2]
    name = unquote(part.encode("latin-1", "replace").decode("utf-8", "replace")) or "unknown"
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[:200]}…{sha256(name.encode()).hexdigest()[:12]}"
