"""Gate: who may come in from a browser: only who knows the token, and no page of a stranger. Pure.

The token is the first part of every path. There is no cookie: a browser sends those to every port of a host, and with
requests that pages of strangers make.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Gate:
    """The token in the address, and the one name, beside numbers and `localhost`, under which one may come."""

    token: str
    name: str

    def refusal(self, path: str, host: str, origin: str | None) -> str:
        """Why a request may not come in, in a sentence; empty where it may.

        `host` and `origin` are the headers of those names; None for a request that no page made.
        """
        if not self._knows(host):
            return f"No way in by this name. Open the whole address that chargelore serve printed, or {self.name}."
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            return "No way in from the page of another site."
        if not hmac.compare_digest(token_in(path).encode("utf-8", "replace"), self.token.encode()):
            return "No way in without the token. Open the whole address that chargelore serve printed."
        return ""

    def _knows(self, host: str) -> bool:
        """A stranger's name may lead here by DNS rebinding; a number cannot."""
        name = named(host)
        return name in {"localhost", self.name.lower()} or is_number(name)


def token_in(path: str) -> str:
    """What stands where the token belongs."""
    return path.removeprefix("/").partition("/")[0]


def named(host: str) -> str:
    """The name in a Host header, without its port; empty where it makes no sense."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_number(name: str) -> bool:
    """Whether a host is named by an address of IPv4 or IPv6."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    """Whether only this machine reaches what listens there."""
    return name.lower() == "localhost" or (is_number(name) and ip_address(name).is_loopback)
