"""Register blocks: which registers are asked for together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chargelore.kb.registermap import Register, RegisterMap, Table

ONE_LONG = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Words that one request asks for: `unit` is the Modbus address, `address` the first word on the wire from 0.

    `registers` lie in it in the order of their addresses, each with how far behind the first word it begins.
    """

    table: Table
    unit: int
    address: int
    count: int
    registers: tuple[tuple[int, Register], ...] = field(compare=False)

    def __str__(self) -> str:
        last = f" to {self.address + self.count - 1}" if self.count > ONE_LONG else ""
        return f"{self.table} {self.address}{last} of unit {self.unit}"

    def parted(self, words: Sequence[int]) -> Iterator[tuple[Register, list[int]]]:
        """Each register with its own words."""
        return ((each, list(words[start : start + each.count])) for start, each in self.registers)

    def alone(self) -> tuple[Block, ...]:
        """The same registers, one a block: for a device that gives none of several at once."""
        return tuple(
            Block(self.table, self.unit, self.address + start, each.count, ((0, each),))
            for start, each in self.registers
        )


def blocks(register_map: RegisterMap, device: int, unit: int, shift: int = 0) -> tuple[Block, ...]:
    """The blocks of one device: neighbours together, no more words than the map's `block`, holes up to its `bridges`.

    A hole that is not bridged may be a register that the device refuses, and the whole block with it. `shift` moves
    every address, for a connector behind the first.
    """
    own = [each for each in register_map.registers if each.device == device]
    groups: list[list[Register]] = []
    for register in sorted(own, key=lambda each: (each.table, each.address)):
        if groups and _joins(register_map, groups[-1], register):
            groups[-1].append(register)
        else:
            groups.append([register])
    return tuple(_block(group, unit, shift) for group in groups)


def _joins(register_map: RegisterMap, group: list[Register], register: Register) -> bool:
    first, last = group[0], group[-1]
    hole = register.address - last.address - last.count
    words = register.address + register.count - first.address
    return first.table == register.table and 0 <= hole <= register_map.bridges and words <= register_map.block


def _block(group: list[Register], unit: int, shift: int) -> Block:
    first, last = group[0], group[-1]
    count = last.address + last.count - first.address
    placed = tuple((each.address - first.address, each) for each in group)
    return Block(first.table, unit, first.address + shift, count, placed)
