"""Checks of register maps: what a reviewer would say of addresses, units, fault rules and samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.codes import Codes
from chargelore.kb.model import Knowledge
from chargelore.kb.registermap import MOST_WORDS, FaultRule, Register, RegisterMap
from chargelore.kb.registerwords import is_plausible, replayed

# What the first word of a name promises, and the units that keep the promise.
UNITS = {
    "current": {"A"}, "voltage": {"V"}, "power": {"W", "kW", "VA"}, "energy": {"Wh", "kWh", "Ws"},
    "temperature": {"C"}, "frequency": {"Hz"}, "duration": {"s", "min"}, "soc": {"%"}, "duty": {"%"},
}  # fmt: skip
KNOWN = frozenset({"", "dBm", "%"}.union(*UNITS.values()))
LEAST_DECIMALS, MOST_DECIMALS = -3, 6
HIGHEST_ADDRESS, HIGHEST_UNIT, HIGHEST_PORT = 0xFFFF, 255, 0xFFFF
WIDEST = 64  # bits
MISSING = object()
MOST_TRIED = 256  # numbers of errors that are looked up to see whether any is known


def _issue(code: str, subject: str, what: str, fix: str) -> Issue:
    return Issue(code=code, subject=subject, what=what, fix=fix)


def _registers(knowledge: Knowledge) -> Iterator[tuple[str, Register]]:
    for each in knowledge.registers.values():
        yield from ((f"{each.map} {register.name}", register) for register in each.registers)


def _rules(knowledge: Knowledge) -> Iterator[tuple[RegisterMap, Register, FaultRule]]:
    """Each fault rule whose register is there."""
    for each in knowledge.registers.values():
        named = {register.name: register for register in each.registers}
        yield from ((each, named[rule.register], rule) for rule in each.faults if rule.register in named)


def overlapping(knowledge: Knowledge) -> Iterator[Issue]:
    """K60: one word belongs to one register."""
    for each in knowledge.registers.values():
        owners: dict[tuple[str, int, int], str] = {}
        for register in each.registers:
            words = range(register.address, register.address + _count(register))
            for place in ((register.table, register.device, word) for word in words):
                owner = owners.setdefault(place, register.name)
                if owner != register.name:
                    what = f"stands at {place[2]}, and so does {owner}"
                    yield _issue("K60", f"{each.map} {register.name}", what, "correct an address or a type")
                    break


def _count(register: Register) -> int:
    return register.words if register.type == "text" else register.count


def unit_that_does_not_fit(knowledge: Knowledge) -> Iterator[Issue]:
    """K61: the unit is known, and is one of what the name says."""
    for subject, register in _registers(knowledge):
        fitting = UNITS.get(register.name.split(".", 1)[0])
        if register.unit not in (fitting or KNOWN):
            wanted = ", ".join(sorted(fitting or KNOWN - {""}))
            yield _issue("K61", subject, f"is told in `{register.unit}`", f"use one of {wanted}, with `decimals`")


def text_without_length(knowledge: Knowledge) -> Iterator[Issue]:
    """K62: a text says how many words it takes; a number does not."""
    for subject, register in _registers(knowledge):
        if (register.type == "text") != (register.words > 0):
            yield _issue("K62", subject, f"is a {register.type} of {register.words} words", "give a text `words`")


def rule_without_register(knowledge: Knowledge) -> Iterator[Issue]:
    """K63: a fault is read from a register of the map, by one rule."""
    for each in knowledge.registers.values():
        names = {register.name for register in each.registers}
        asked = Counter(rule.register for rule in each.faults)
        for name, times in asked.items():
            if name not in names:
                yield _issue("K63", each.map, f"reads faults from {name}, which it has not", "correct the name")
            elif times > 1:
                yield _issue("K63", each.map, f"has {times} fault rules for {name}", "keep one")


def sample_that_reads_otherwise(knowledge: Knowledge) -> Iterator[Issue]:
    """K64: a sample reads back as it says."""
    for each in knowledge.registers.values():
        for sample in each.samples:
            try:
                reads, codes = replayed(each, sample)
            except (ValueError, KeyError) as error:
                reads, codes = {"": str(error)}, ()
            names = {*reads, *sample.reads}
            wrong = sorted(name for name in names if reads.get(name, MISSING) != sample.reads.get(name, MISSING))
            if wrong or codes != sample.codes:
                what = f"reads {', '.join(wrong) or 'its codes'} otherwise than its sample `{sample.name}` says"
                yield _issue("K64", each.map, what, "correct the words, or what they should read as")


def map_without_licence(knowledge: Knowledge) -> Iterator[Issue]:
    """K65: a map names the document it rests on, and under which terms."""
    for each in knowledge.registers.values():
        if not (each.source.title.strip() and each.source.licence.strip()):
            yield _issue("K65", each.map, "names no source with a licence", "name the maker's document")


def fault_and_none(knowledge: Knowledge) -> Iterator[Issue]:
    """K66: no value is a fault and none at once, in the rule or in the maker's code table."""
    codes = Codes(knowledge)
    for each, register, rule in _rules(knowledge):
        for value in rule.are:
            if rule.by in ("value", "name") and not register.bits and value in rule.clear:
                yield _issue("K66", f"{each.map} {register.name}", f"{value} is a fault and none", "keep one")
                continue
            known = codes.meanings(_code(register, rule, value), rule.of or each.vendor, channel=register.channel)
            if known and not any(code.is_fault for code in known):
                what = f"{value} is a fault, but no fault in the code table"
                yield _issue("K66", f"{each.map} {register.name}", what, "leave it out of `are`")


def _code(register: Register, rule: FaultRule, value: int | str) -> str:
    """The code that a value, or the bit of that number, is told as."""
    if rule.by == "value" or isinstance(value, str):
        return str(register.values.get(value, value)) if rule.by == "name" else str(value)
    if rule.by == "name":
        return register.bits.get(value) or register.values.get(value, str(value))
    if rule.by == "mask":
        return str(1 << value) if 0 <= value < WIDEST else ""
    return f"{register.address}.{value}"


def beyond_the_width(knowledge: Knowledge) -> Iterator[Issue]:
    """K67: bits and values fit into the words of their register."""
    masks = {(each.map, rule.register): rule for each, _, rule in _rules(knowledge) if rule.by in ("mask", "bit")}
    for each in knowledge.registers.values():
        for register in each.registers:
            width = 16 * _count(register)
            rule = masks.get((each.map, register.name))
            bits = [*register.bits, *(bit for bit in (rule.are if rule else ()) if isinstance(bit, int))]
            numbers = [value for value in (*register.values, *register.absent) if isinstance(value, int)]
            if any(not 0 <= bit < width for bit in bits) or any(abs(value) >= 1 << width for value in numbers):
                what = f"names more than its {width} bits can hold"
                yield _issue("K67", f"{each.map} {register.name}", what, "correct the type, the bit or the value")


def odd_decimals(knowledge: Knowledge) -> Iterator[Issue]:
    """K68: a scale is within reason, and only integers have one."""
    for subject, register in _registers(knowledge):
        has_none = register.type in ("f32", "f64", "text") or register.values or register.bits
        if not LEAST_DECIMALS <= register.decimals <= MOST_DECIMALS or (has_none and register.decimals):
            what = f"is a {register.type} with {register.decimals} decimals"
            yield _issue("K68", subject, what, f"use {LEAST_DECIMALS} to {MOST_DECIMALS}, and for integers only")


def unverified_without_note(knowledge: Knowledge) -> Iterator[Issue]:
    """K69: a verified map says how it was checked, another what is unsure."""
    for each in knowledge.registers.values():
        if not (each.checked if each.verified else each.note).strip():
            key = "checked" if each.verified else "note"
            yield _issue("K69", each.map, f"does not say how far to trust it: `{key}` is empty", f"write `{key}`")


def doubled_name(knowledge: Knowledge) -> Iterator[Issue]:
    """K70: a name stands for one register of a map."""
    for each in knowledge.registers.values():
        for name, times in Counter(register.name for register in each.registers).items():
            if times > 1:
                yield _issue("K70", f"{each.map} {name}", f"stands for {times} registers", "rename one of them")


def odd_range(knowledge: Knowledge) -> Iterator[Issue]:
    """K71: a plausible range begins below its end, and holds what the samples read."""
    for each in knowledge.registers.values():
        for register in each.registers:
            subject, reads = f"{each.map} {register.name}", [sample.reads.get(register.name) for sample in each.samples]
            if register.plausible is not None and not register.plausible[0] < register.plausible[1]:
                yield _issue("K71", subject, "has a plausible range that is empty", "write the smaller number first")
            elif not all(is_plausible(register, value) for value in reads):
                yield _issue("K71", subject, "reads what it calls implausible", "widen the range, or mend the sample")


def map_without_sample(knowledge: Knowledge) -> Iterator[Issue]:
    """K72: a map has a sample, and one with a fault where it tells faults."""
    for each in knowledge.registers.values():
        if not each.samples or (each.faults and not any(sample.codes for sample in each.samples)):
            which = "sample with a fault" if each.samples else "sample"
            yield _issue("K72", each.map, f"has no {which}", "add words and what they read as to `samples`")


def fault_value_without_name(knowledge: Knowledge) -> Iterator[Issue]:
    """K73: whoever reads a value or bit that means a fault can see what it is called."""
    for each, register, rule in _rules(knowledge):
        named = {*register.values, *register.bits}
        unnamed = [value for value in rule.are if isinstance(value, int) and value not in named]
        if unnamed:
            what = f"tells a fault by {unnamed[0]}, which has no name"
            yield _issue("K73", f"{each.map} {register.name}", what, "name it in `values` or `bits`")


def out_of_reach(knowledge: Knowledge) -> Iterator[Issue]:
    """K74: addresses, ports and lengths are those that Modbus has."""
    for each in knowledge.registers.values():
        if not (0 <= each.unit_id <= HIGHEST_UNIT and 0 < each.port <= HIGHEST_PORT and 0 < each.block <= MOST_WORDS):
            yield _issue("K74", each.map, "cannot be reached", "correct `unit_id`, `port` or `block`")
        if not 0 <= each.bridges < each.block:
            yield _issue("K74", each.map, "bridges more words than it may read", "let `bridges` be less than `block`")
        if (each.connectors.count > 1) != bool(each.connectors.offset or each.connectors.port_offset):
            yield _issue("K74", each.map, "does not say how a connector is reached", "give `count` and an offset")
        for register in each.registers:
            last = register.address + _count(register) - 1
            if not 0 <= register.address <= last <= HIGHEST_ADDRESS or _count(register) > each.block:
                what = f"cannot be read at {register.address}"
                yield _issue("K74", f"{each.map} {register.name}", what, "correct the address, or the length")


def code_that_nobody_knows(knowledge: Knowledge) -> Iterator[Issue]:
    """K75: a fault that is read is translated by a code table, or the rule says why it is not."""
    codes = Codes(knowledge)
    for each, register, rule in _rules(knowledge):
        is_known, subject = any(_means_a_fault(codes, each, register, rule)), f"{each.map} {register.name}"
        if not is_known and not rule.untranslated:
            fix = "let its codes meet those of the maker's table, or say why not in `untranslated`"
            yield _issue("K75", subject, "tells faults that no code table translates", fix)
        elif is_known and rule.untranslated:
            what = "calls untranslated what a code table of the maker translates"
            yield _issue("K75", subject, what, "remove `untranslated`, or tell the faults by another key")


def _means_a_fault(codes: Codes, each: RegisterMap, register: Register, rule: FaultRule) -> Iterator[bool]:
    """For every value or bit that the rule can tell, whether a fault is known for it."""
    bits = range(16 * _count(register)) if rule.by in ("mask", "bit") or register.bits else range(1, MOST_TRIED)
    for value in rule.are or bits:
        known = codes.meanings(_code(register, rule, value), rule.of or each.vendor, channel=register.channel)
        yield any(code.is_fault and code.means for code in known)


REGISTER_CHECKS: tuple[Check, ...] = (
    overlapping, unit_that_does_not_fit, text_without_length, rule_without_register, sample_that_reads_otherwise,
    map_without_licence, fault_and_none, beyond_the_width, odd_decimals, unverified_without_note, doubled_name,
    odd_range, map_without_sample, fault_value_without_name, out_of_reach, code_that_nobody_knows,
)  # fmt: skip
