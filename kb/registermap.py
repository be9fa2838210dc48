"""Register maps: which register of a product says what; one YAML file in `knowledge/registers`, named as its `map`.

It says vendor, model and source once, then one entry a register: `name`, wire `address` from 0, `table`, `type`,
`word_order`, `decimals` (the value is an integer times ten to the minus that), `unit`, `values` or `bits` with their
names. `codes` makes the register a fault register: `value` emits the number, `mask` the whole mask as a number, `bit`
each set bit as `address.bit`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chargelore.kb.claim import Source

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
