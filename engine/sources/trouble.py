"""Trouble: everything that can be wrong on a wire, each with a reason that is counted and a sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# The reasons, and what each means for whoever looks after the tap. `{}` is where the details go.
TROUBLES: Mapping[str, str] = MappingProxyType(
    {
        "hung-up": "hung up before it had asked for anything",
        "never-asked": "connected and never asked for anything",
        "slow-request": "did not finish its request in time",
        "long-request": "sent a request with too many headers",
        "no-http": "does not speak HTTP: {}",
        "no-upgrade": "asked for a page, not for a WebSocket: {}",
        "bad-path": "asked for a path that does not begin with a slash",
        "crowded-out": "was dropped unasked: too many connections stood open without asking",
        "tls-on-plain": "speaks TLS, but this port is plain; give --tls-cert, or write ws:// into the charger",
        "plain-on-tls": "speaks plain HTTP, but this port is TLS; write wss:// into the charger",
        "slow-tls": "did not finish its TLS handshake in time",
        "no-client-certificate": "shows no certificate, and --client-ca asks for one",
        "bad-client-certificate": "shows a certificate that --client-ca does not accept: {}",
        "mistrusts-us": "does not accept the certificate of --tls-cert: {}",
        "old-tls": "speaks no TLS version or cipher that we do: {}",
        "tls-hung-up": "hung up amid its TLS handshake; perhaps it does not accept the certificate of --tls-cert",
        "tls-failed": "broke off its TLS handshake: {}",
        "upstream-unreachable": "finds no management system: {}",
        "upstream-slow": "got no answer from the management system in time",
        "upstream-untrusted": "cannot go on: the management system's certificate is not trusted: {}",
        "upstream-tls": "cannot go on: TLS with the management system failed: {}",
        "upstream-nonsense": "got no HTTP answer from the management system",
        "upstream-refused": "was refused by the management system: {}",
        "impatient": "did not wait for the answer of the management system",
        "no-protocol": "offered {}, and the management system chose none",
        "other-protocol": "was given a protocol that it did not offer: {}",
        "unknown-protocol": "agreed on a protocol that we do not know: {}",
        "second-line": "opened another connection while one with its name was still open",
        "vanished": "vanished: its end of the connection has not answered for minutes",
        "compressed": "was sent a frame with reserved bits, as if compression had been agreed; {}",
        "reserved-opcode": "was sent a frame of a kind that does not exist; {}",
        "not-masked": "sent a frame that is not masked",
        "masked": "was sent a masked frame by the management system",
        "long-control": "was sent a ping, pong or close of more than 125 bytes; {}",
        "cut-control": "was sent a ping, pong or close in fragments; {}",
        "bad-close": "was sent a close with a code or reason that may not be sent; {}",
        "no-beginning": "was sent the continuation of a message that never began; {}",
        "no-end": "was sent a new message before the last one had ended; {}",
        "no-utf8": "was sent text that is not UTF-8; {}",
        "endless": "was sent a frame of an impossible length; {}",
        "after-close": "was sent more after a close; {}",
        "no-sockets": "can open no more connections: {}",
    }
)
SILENT = frozenset({"hung-up"})  # counted, not told: whoever looks whether a port is open does so all day


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong. `peer` is where it came from; `charger` is empty where nobody said its name."""

    reason: str
    peer: str = ""
    charger: str = ""
    detail: str = ""

    def __str__(self) -> str:
        who = self.charger or self.peer or "somebody"
        return f"{who} {TROUBLES[self.reason].format(self.detail)}".rstrip("; :")


class Refused(Exception):  # noqa: N818  # no error of ours: a connection that does not come about
    """A connection ends before it stood; `answer` is what the charger is still told, ready for the wire."""

    def __init__(self, reason: str, detail: str = "", answer: bytes = b"") -> None:
        super().__init__(reason)
        self.reason, self.detail, self.answer = reason, detail, answer
