"""Modbus: what a maker's registers mean, as its register map says; words become readings and codes. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.registermap import FORMATS, Register, RegisterMap


def value_of(register: Register, words: Sequence[int]) -> Scalar:
    """The value in its unit. ValueError when the words are too few or none of 16 bits."""
    ordered = words if register.word_order == "big" else list(reversed(words))
    try:
        octets = b"".join(word.to_bytes(2, "big") for word in ordered)
        if register.type == "text":
            return octets.split(b"\0")[0].decode("utf-8", "replace").strip()
        (number,) = struct.unpack(f">{FORMATS[register.type]}", octets)
    except (struct.error, OverflowError) as error:
        raise ValueError(f"{register.name}: {len(words)} words do not make a {register.type}") from error
    if register.type == "f32":
        return float(number)
    return number / 10**register.decimals if register.decimals else int(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Turns the words of one charger into signals."""

    map: RegisterMap
    charger: str

    def signals(self, register: Register, words: Sequence[int], at: datetime, before: Scalar = None) -> list[Signal]:
        """The reading, or the codes that were not there `before`; a fault that stays is not a new fault."""
        try:
            value = value_of(register, words)
        except ValueError as error:
            return [self.unreadable(register, str(error), at)]
        if not register.codes:
            return [self._signal("reading", at, self._reading(register, value))]
        was = before if isinstance(before, int) else 0
        return [self._signal("code", at, fields) for fields in self._codes(register, int(value or 0), was)]

    def silent(self, device: int, seconds: float, at: datetime) -> Signal:
        """A device that does not answer: the reading `silent` with how long it has not."""
        part = self.map.parts.get(device, "charger")
        text = f"{part}: no answer for {seconds:.0f} s"
        fields: dict[str, Scalar] = {"name": "silent", "value": seconds, "unit": "s", "part": part, "text": text}
        return self._signal("reading", at, fields)

    def unreadable(self, register: Register, why: str, at: datetime) -> Signal:
        """A register that cannot be read."""
        return self._signal("unreadable", at, {"text": f"{register.name} at {register.address}", "why": why})

    def _reading(self, register: Register, value: Scalar) -> dict[str, Scalar]:
        """Name, value and unit but no text: rules that read what people write must not read a healthy `power 0 W`."""
        shown = register.values.get(value, value) if isinstance(value, int) else value
        part = self.map.parts.get(register.device)
        fields: dict[str, Scalar] = {"name": register.name, "value": shown, "unit": register.unit}
        return fields | ({"part": part} if part else {})

    def _codes(self, register: Register, value: int, before: int) -> Iterator[dict[str, Scalar]]:
        common: dict[str, Scalar] = {"channel": register.channel, "vendor": self.map.vendor}
        if register.codes == "bit":
            for bit in _bits(value & ~before):
                yield common | {"code": f"{register.address}.{bit}", "text": register.bits.get(bit, "")}
        elif value and value != before:
            names = [register.bits.get(bit, f"bit {bit}") for bit in _bits(value)] if register.codes == "mask" else []
            yield common | {"code": str(value), "text": ", ".join(names) or register.values.get(value, "")}

    def _signal(self, kind: str, at: datetime, fields: Mapping[str, Scalar]) -> Signal:
        said = fields.get("text") or " ".join(str(fields.get(key, "")) for key in ("name", "value", "unit")).strip()
        return Signal(layer="modbus", kind=kind, charger=self.charger, at=at, fields=dict(fields), raw=str(said))


def _bits(value: int) -> Iterator[int]:
    return (bit for bit in range(value.bit_length()) if value >> bit & 1)
