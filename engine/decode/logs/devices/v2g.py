"""ISO 15118 and DIN 70121: a message between charger and vehicle, decoded from EXI into an object by some program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.logs.devices.device import code_record
from chargelore.engine.decode.logs.record import Head, Record
from chargelore.engine.signal import Scalar

_MESSAGE = re.compile(r"[A-Z][A-Za-z0-9]{3,40}(?:Req|Res)\Z")
_INSULATION_WATCHED = "evse_isolationmonitoringactive"
_PARTS = re.compile(r"[./]")
_NORMAL = frozenset(
    ["no_error", "ready", "notready", "ev_ready", "evse_ready", "evse_notready", "evse_isolationmonitoringactive"]
)
_STATES = frozenset({"EVErrorCode", "DC_EVErrorCode", "EVSEStatusCode", "DC_EVSEStatusCode"})
_NAMESPACES = {"din": "DIN 70121", "15118:2": "ISO 15118-2", "15118:-20": "ISO 15118-20", "iso1": "ISO 15118-2"}


@dataclass(frozen=True, slots=True)
class _Message:
    """`{"V2G_Message": {"Header": …, "Body": {"CableCheckRes": {"ResponseCode": …}}}}`, or flat with `msgName`."""

    name: str = "V2G message"

    def knows(self, body: Mapping[str, object]) -> bool:
        return "V2G_Message" in body or "msgName" in body or any(map(_is_message, body.items()))

    def records(self, body: Mapping[str, object]) -> Iterator[Record]:
        said = flat(body)
        name = str(said.get("msgName") or "") or _name(said)
        base = Record(0, "", Head(0), layer="vehicle")
        yield base._replace(kind="reading", fields={**said, "name": name or self.name})
        vendor = _vendor(said)
        for key, value in _codes(said):
            yield code_record(base, vendor, value, f"v2g:{key}", name)


def _is_message(member: tuple[str, object]) -> bool:
    return isinstance(member[1], Mapping) and _MESSAGE.match(member[0]) is not None


def _name(said: Mapping[str, Scalar]) -> str:
    """The name of the message, `CableCheckRes`, wherever it stands among the keys."""
    return next((part for key in said for part in _PARTS.split(key) if _MESSAGE.match(part)), "")


def _vendor(said: Mapping[str, Scalar]) -> str:
    """Whose names these are; where the message does not say by which standard it speaks, the widest spread one."""
    schema = str(said.get("schema") or said.get("protocol") or said.get("namespace") or "").lower()
    return next((name for mark, name in _NAMESPACES.items() if mark in schema), "ISO 15118-2")


def _codes(said: Mapping[str, Scalar]) -> Iterator[tuple[str, str]]:
    """Names that tell of a failure: numbers of these lists differ from standard to standard."""
    for key, value in said.items():
        last = key.rpartition(".")[2].removesuffix("_text")
        if not isinstance(value, str) or value.isdigit():
            continue
        if (last == "ResponseCode" and value.startswith("FAILED")) or (
            last in _STATES and value.lower() not in _NORMAL
        ):
            yield last, value


DEVICES = (_Message(),)
