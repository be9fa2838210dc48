"""Register maps: which register of a product says what; one YAML file in `knowledge/registers`, named as its `map`.

A map says once how its charger is reached and how it tells a fault; then it has one entry a register. All keys are
explained in the README of `knowledge/`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chargelore.kb.claim import Source, Written

Table = Literal["holding", "input", "coil", "discrete"]  # the four that Modbus can read
Type = Literal["u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "text"]
Order = Literal["big", "little"]
Telling = Literal["value", "mask", "bit", "name"]
Value = int | str | float
MOST_WORDS = 125  # that Modbus allows in one answer
FORMATS: Mapping[str, str] = {
    "u16": "H", "i16": "h", "u32": "I", "i32": "i", "u64": "Q", "i64": "q", "f32": "f", "f64": "d",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Written):
    """One value in a map, at its wire address from 0.

    The value is the integer on the wire times ten to the minus `decimals`, in `unit`; a coil or a discrete input is one
    bit and reads 0 or 1. `absent` are integers that say "not measured". `device` is the Modbus address of a part of its
    own, such as a meter behind the charger; 0 is the charger itself. A value outside `plausible` means that the map
    does not fit.
    """

    name: str
    address: int
    table: Table = "holding"
    type: Type = "u16"
    words: int = 0  # of a text
    word_order: Order = "big"
    byte_order: Order = "big"
    encoding: Literal["utf-8", "utf-16"] = "utf-8"
    decimals: int = 0
    unit: str = ""
    device: int = 0
    values: Mapping[int | str, str] = field(default_factory=dict)
    bits: Mapping[int, str] = field(default_factory=dict)
    absent: tuple[int, ...] = ()
    plausible: tuple[float, float] | None = None

    @property
    def count(self) -> int:
        """How many words of 16 bits it takes."""
        return self.words or struct.calcsize(FORMATS[self.type]) // 2

    def shown(self, value: Value) -> Value:
        """The name of a value where it has one."""
        return self.values.get(value, value) if isinstance(value, int | str) else value

    @property
    def channel(self) -> str:
        """Where its codes appear, as code tables write it."""
        return f"modbus:{self.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule(Written):
    """How one register tells a fault.

    `by` says what the code is: the `value`; the whole `mask` as a number; each set `bit` as `address.bit`; or the
    `name` of each set bit or of the value. `are` lists the values, or the numbers of the bits, that mean a fault; empty
    means all but `clear`. `of` names the maker or standard whose codes they are, when they are not the maker's own;
    `untranslated` says why no code table explains them.
    """

    register: str
    by: Telling = "value"
    are: tuple[int | str, ...] = ()
    clear: tuple[int | str, ...] = (0,)
    of: str = ""
    untranslated: str = ""

    @property
    def is_of_a_state(self) -> bool:
        """Whether the register tells more than faults: then it is a reading too."""
        return self.by in ("value", "name") and bool(self.are)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Written):
    """Words as they stand in a charger, from an address on."""

    address: int
    words: tuple[int, ...]
    table: Table = "holding"
    device: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Written):
    """Words and what they say: `reads` values by the name of the register, and `codes`. Captured, or constructed."""

    name: str
    frames: tuple[Frame, ...]
    reads: Mapping[str, Value | None] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    constructed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Connectors(Written):
    """How the second connector is reached: `offset` behind the addresses, or `port_offset` behind the port."""

    count: int = 1
    offset: int = 0
    port_offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMap(Written):
    """The registers of one product. `parts` names devices behind the same connection: Modbus address to name.

    `verified` is true when somebody compared it with a charger or the maker's document; `checked` says how and `note`
    what is unsure. `block` is the most words that may be read at once, `bridges` the widest hole of unnamed words that
    such a block may run across. What `measures` a site is its meter, and no charger. `sessions` is 1 where the charger
    serves one client at a time: we hang up between two rounds, so that an energy manager gets its turn.
    """

    map: str
    vendor: str
    model: str
    source: Source
    registers: tuple[Register, ...]
    firmware: str = ""
    hardware: str = ""
    verified: bool = False
    checked: str = ""
    note: str = ""
    transport: Literal["tcp", "rtu"] = "tcp"
    serial: str = ""
    port: int = 502
    unit_id: int = 1
    block: int = MOST_WORDS
    bridges: int = 0
    measures: Literal["charger", "site"] = "charger"
    sessions: Literal[0, 1] = 0  # 0: not known, or several
    connectors: Connectors = field(default_factory=Connectors)
    parts: Mapping[int, str] = field(default_factory=dict)
    faults: tuple[FaultRule, ...] = ()
    samples: tuple[Sample, ...] = ()

    def rule(self, register: Register) -> FaultRule | None:
        """How this register tells a fault, or None when it tells none."""
        return next((each for each in self.faults if each.register == register.name), None)
