"""Register words: what the words of a charger say, as its register map explains them; values and codes. Pure."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping, Sequence

from chargelore.kb.registermap import FORMATS, FaultRule, Register, RegisterMap, Sample, Value

# What no charger goes beyond, where its map gives no range. A mains frequency is 0 while nothing is measured.
REACH: Mapping[str, tuple[float, float]] = {"V": (0, 1500), "Hz": (0, 70), "C": (-60, 200)}


def value_of(register: Register, words: Sequence[int]) -> Value | None:
    """The value in its unit, None where the charger says that it measures none.

    ValueError when the words are too few, too many or not of 16 bits.
    """
    octets = _octets(register, words)
    if register.type == "text":
        return _text(register, octets)
    try:
        (number,) = struct.unpack(f">{FORMATS[register.type]}", octets)
    except struct.error as error:
        raise ValueError(f"{register.name}: {len(words)} words do not make a {register.type}") from error
    if number in register.absent or not math.isfinite(number):
        return None
    return float(number) if register.type in ("f32", "f64") else _scaled(int(number), register.decimals)


def _octets(register: Register, words: Sequence[int]) -> bytes:
    ordered = words if register.word_order == "big" else list(reversed(words))
    try:
        return b"".join(word.to_bytes(2, register.byte_order) for word in ordered)
    except OverflowError as error:
        raise ValueError(f"{register.name}: a word has no more than 16 bits") from error


def _text(register: Register, octets: bytes) -> str:
    if register.encoding == "utf-16":
        return octets.decode("utf-16-be", "replace").split("\0")[0].strip()
    return octets.split(b"\0")[0].decode("utf-8", "replace").strip()


def _scaled(number: int, decimals: int) -> int | float:
    return number / 10**decimals if decimals > 0 else int(number * 10**-decimals)


def is_plausible(register: Register, value: Value | None) -> bool:
    """Whether a charger of this map can read so; what is no number, or has no range, always can."""
    reach = reach_of(register)
    if reach is None or not isinstance(value, int | float):
        return True
    least, most = reach
    return least <= value <= most


def reach_of(register: Register) -> tuple[float, float] | None:
    """The least and most that can be read: as the map says, or as no charger goes beyond; None of a plain number."""
    if register.plausible is None and not register.values and not register.bits:
        return REACH.get(register.unit)
    return register.plausible


def codes_of(
    register: Register, rule: FaultRule, value: Value | None, before: object = None
) -> Iterator[tuple[str, str]]:
    """Code and text of each fault in a value that was not there `before`; a fault that stays is not a new one."""
    if value is None or value in rule.clear:
        return
    if rule.by == "value" or not isinstance(value, int) or (rule.by == "name" and not register.bits):
        if _is_fault(rule, value) and value != before:
            yield _told(register, rule, value)
        return
    was = before if isinstance(before, int) and before not in rule.clear else 0
    mask, old = _kept(rule, value), _kept(rule, was)
    if rule.by != "mask":
        yield from (_bit(register, rule, bit) for bit in bits_of(mask & ~old))
    elif mask and mask != old:
        yield str(mask), ", ".join(register.bits.get(bit, f"bit {bit}") for bit in bits_of(mask))


def _bit(register: Register, rule: FaultRule, bit: int) -> tuple[str, str]:
    name = register.bits.get(bit, "")
    return (name or str(bit) if rule.by == "name" else f"{register.address}.{bit}"), name


def _is_fault(rule: FaultRule, value: Value) -> bool:
    return value in rule.are or not rule.are


def _told(register: Register, rule: FaultRule, value: Value) -> tuple[str, str]:
    """A name is ours, so the text says what the charger itself told."""
    name = str(register.shown(value))
    return (name, f"{register.name} {value}") if rule.by == "name" else (str(value), name if name != str(value) else "")


def _kept(rule: FaultRule, value: int) -> int:
    """The bits that mean a fault."""
    if not rule.are:
        return value
    return sum(1 << bit for bit in set(rule.are) if isinstance(bit, int) and value >> bit & 1)


def bits_of(value: int) -> Iterator[int]:
    """The numbers of the bits that are set; none of a negative number."""
    return (bit for bit in range(value.bit_length()) if value >= 0 and value >> bit & 1)


def replayed(register_map: RegisterMap, sample: Sample) -> tuple[Mapping[str, Value | None], tuple[str, ...]]:
    """The values and codes of every register that the frames of a sample hold whole. ValueError as in `value_of`."""
    reads: dict[str, Value | None] = {}
    codes: list[str] = []
    for register in register_map.registers:
        words = found_in(sample, register)
        if words:
            value, rule = value_of(register, words), register_map.rule(register)
            codes += [code for code, _ in codes_of(register, rule, value)] if rule else []
            reads[register.name] = None if value is None else register.shown(value)
    return reads, tuple(codes)


def found_in(sample: Sample, register: Register) -> Sequence[int]:
    """The words of a register in a sample; none where its frames do not hold it whole."""
    for frame in sample.frames:
        start = register.address - frame.address
        is_there = (frame.table, frame.device) == (register.table, register.device) and start >= 0
        if is_there and start + register.count <= len(frame.words):
            return frame.words[start : start + register.count]
    return ()
