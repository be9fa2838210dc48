"""Transfer: by which protocol a charger is to send its file, from what it told of itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chargelore.engine.sources.bench.answers import Rows

FTP, HTTP = "FTP", "HTTP"
_SETTING = "FileTransferProtocols"  # 1.6: SupportedFileTransferProtocols; 2.x: OCPPCommCtrlr.FileTransferProtocols
_WORD = re.compile(r"[A-Z]+")


def named(told: Rows) -> frozenset[str]:
    """The protocols that a charger names in its configuration; none where it does not say."""
    values = (value for name, value in told if name.endswith(_SETTING))
    return frozenset(word for value in values for word in _WORD.findall(value.upper()))


def offered(version: str, speaks: Iterable[str]) -> tuple[str, ...]:
    """What to offer, one after the other: what it names of ours; both where it names none.

    First what most chargers of this version speak.
    """
    usual = (FTP, HTTP) if version == "1.6" else (HTTP, FTP)
    known = frozenset(speaks)
    return tuple(each for each in usual if each in known) or usual
