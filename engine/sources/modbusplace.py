"""Modbus place: where registers are read: over TCP, behind a gateway that passes serial frames, or at a cable."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chargelore.engine.sources.address import Address
from chargelore.kb.errors import SourceError
from chargelore.kb.registermap import RegisterMap

FORMAT = re.compile(r"(\d{3,7}) ([78])([NEO])([12])")
PORT = re.compile(r"/dev/\S+|COM\d{1,3}", re.IGNORECASE)
GATEWAY = "rtu://"
AS_MOST = "9600 8N1"


@dataclass(frozen=True, slots=True)
class Gateway:
    """A TCP port behind which serial frames pass unchanged."""

    address: Address

    def __str__(self) -> str:
        return f"{GATEWAY}{self.address}"


@dataclass(frozen=True, slots=True)
class Cable:
    """A serial port of this machine, with its speed and format: baud rate, bits, parity (N, E, O) and stop bits."""

    port: str
    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stops: int = 1

    def __str__(self) -> str:
        return self.port


Place = Address | Gateway | Cable


def behind(where: Place, ports: int) -> Place:
    """So many TCP ports further on, where a second connector may be; a cable has none."""
    if isinstance(where, Gateway):
        return Gateway(replace(where.address, port=where.address.port + ports))
    return replace(where, port=where.port + ports) if isinstance(where, Address) else where


def read_place(text: str, register_map: RegisterMap, serial: str = "") -> Place:
    """`HOST[:PORT]`, `rtu://HOST:PORT`, `/dev/ttyUSB0` or `COM3`; what is left out comes from the map.

    `serial` is the format of a cable, as `19200 8E1`. SourceError when it is none of these.
    """
    if PORT.fullmatch(text):
        return _cable(text, serial or register_map.serial or AS_MOST)
    if serial:
        raise SourceError("only a serial port has a speed and a format", where=text, mend="leave --serial out")
    if text.startswith(GATEWAY):
        return Gateway(_address(text.removeprefix(GATEWAY), register_map))
    return _address(text, register_map)


def _address(text: str, register_map: RegisterMap) -> Address:
    return Address.read(text if ":" in text.rpartition("]")[2] else f"{text}:{register_map.port}")


def _cable(port: str, serial: str) -> Cable:
    found = FORMAT.fullmatch(serial.strip().upper())
    if found is None:
        raise SourceError("not the speed and format of a serial line", where=serial, mend="write it as `19200 8E1`")
    baud, bits, parity, stops = found.groups()
    return Cable(port, int(baud), int(bits), parity, int(stops))
