"""Modbus: what a maker's registers mean, as its register map says; words become readings and codes. Pure.

A map is one YAML file in `kb/knowledge/registers`, named as its `map`. It says vendor, model and source once, then one
entry a register: `name`, wire `address` from 0, `table`, `type`, `word_order`, `decimals` (the value is an integer
times ten to the minus that), `unit`, `values` or `bits` with their names. `codes` makes the register a fault register:
`value` emits the number, `mask` the whole mask as a number, `bit` each set bit as `address.bit`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.load import SHIPPED
from chargelore.kb.model import Source
from chargelore.kb.yamlfile import checked, parse

MAPS = SHIPPED / "registers"
Type = Literal["u16", "i16", "u32", "i32", "u64", "i64", "f32", "text"]
FORMATS: Mapping[str, str] = {"u16": "H", "i16": "h", "u32": "I", "i32": "i", "u64": "Q", "i64": "q", "f32": "f"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One value in a map. `device` is the Modbus address of a part of its own, such as a meter behind the charger."""

    name: str
    address: int
    table: Literal["holding", "input"] = "holding"
    type: Type = "u16"
    words: int = 0  # of a text
    word_order: Literal["big", "little"] = "big"
    decimals: int = 0
    unit: str = ""
    device: int = 1
    codes: Literal["", "value", "mask", "bit"] = ""
    values: Mapping[int, str] = field(default_factory=dict)
    bits: Mapping[int, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many words of 16 bits it takes."""
        return self.words or struct.calcsize(FORMATS[self.type]) // 2

    @property
    def channel(self) -> str:
        """Where its codes appear, as code tables write it."""
        return f"modbus:{self.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMap:
    """The registers of one product. `parts` names devices behind the same connection: Modbus address to name."""

    map: str
    vendor: str
    model: str
    source: Source
    registers: tuple[Register, ...]
    firmware: str = ""
    parts: Mapping[int, str] = field(default_factory=dict)


def load_map(name: str, folder: Path = MAPS) -> RegisterMap:
    """The map of that name. KnowledgeError with file, line and cure when it is not there or wrong."""
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in known:
        raise KnowledgeError(f"there is no register map {name}", mend=f"use one of {', '.join(known)}")
    document = parse(folder / f"{name}.yaml", KnowledgeError)
    found: RegisterMap = checked(RegisterMap, document.value, document, (), KnowledgeError)
    if found.map != name or any(each.type == "text" and not each.words for each in found.registers):
        raise KnowledgeError(
            "is inconsistent", where=document.place(), mend="name it as its file; a text needs `words`"
        )
    return found


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
