"""Admission: which chargers may connect: by password where one is set, and by an OCPP version that the bench speaks."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from websockets.typing import Subprotocol

from chargelore.kb.errors import SourceError

SPOKEN = {"ocpp1.6": "1.6", "ocpp2.0.1": "2.0.1", "ocpp2.1": "2.1"}
EVERY = "*"  # the charger whose password is that of all


@dataclass(frozen=True, slots=True)
class Admission:
    """Passwords by charger, or one under `*` for all; none at all lets everybody in."""

    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)

    def lets_in(self, charger: str, authorization: str) -> bool:
        """Whether the HTTP header of a charger carries its id and its password."""
        if not self.passwords:
            return True
        known = self.passwords.get(charger, self.passwords.get(EVERY))
        name, _, password = _basic(authorization).partition(b":")
        is_named = hmac.compare_digest(name, charger.encode())
        return is_named and known is not None and any(hmac.compare_digest(password, each) for each in _forms(known))


def passwords_in(file: Path) -> dict[str, str]:
    """The passwords of a file: `charger:password` a line, or one line that is the password of all. SourceError else."""
    try:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise SourceError("no file of passwords that can be read", where=str(file), mend="name a text file") from error
    if len(lines) == 1 and ":" not in lines[0]:
        return {EVERY: lines[0].strip()}
    pairs = [line.strip().partition(":") for line in lines]
    if not pairs or not all(charger and password for charger, _, password in pairs):
        mend = "write charger:password a line, or one line with the password of all"
        raise SourceError("not every line names a charger and its password", where=str(file), mend=mend)
    return {charger: password for charger, _, password in pairs}


def version_of(offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """The first subprotocol that a charger offers and we speak."""
    return next((each for each in offered if each.lower() in SPOKEN), None)


def _basic(authorization: str) -> bytes:
    scheme, _, coded = authorization.partition(" ")
    try:
        return base64.b64decode(coded.strip(), validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        return b""


def _forms(password: str) -> tuple[bytes, ...]:
    """As it is written, and as the bytes that an AuthorizationKey of 1.6 stands for in hexadecimal."""
    try:
        return password.encode(), bytes.fromhex(password)
    except ValueError:
        return (password.encode(),)
