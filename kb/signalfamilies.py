"""Signal families: what belongs together as one wish to a maker, and who shows today that it can be had.

They stand in `knowledge/signals/families.yaml`; the README of `knowledge/` explains the keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.model import EvidenceId, FaultId, Knowledge, Written
from chargelore.kb.yamlfile import Document, checked, parse

FILE = Path(__file__).parent / "knowledge" / "signals" / "families.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFamily(Written):
    """Signals that one would ask for together.

    `evidence` is what they would answer; `items` are words of reportability that carry them, `registers` names of
    registers that do, and `faults` those that a charger can only name when it measures them.
    """

    id: str
    label: str
    ask: str
    evidence: tuple[EvidenceId, ...]
    items: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    faults: tuple[FaultId, ...] = ()


@lru_cache(maxsize=1)
def signal_families() -> tuple[SignalFamily, ...]:
    """The shipped families; KnowledgeError where the file cannot be read."""
    return families_in(parse(FILE, KnowledgeError))


def families_in(document: Document) -> tuple[SignalFamily, ...]:
    """The families of a file; KnowledgeError with file, line and cure where one is written wrongly."""
    found: tuple[SignalFamily, ...] = checked(
        tuple[SignalFamily, ...], document.value or (), document, (), KnowledgeError
    )
    return found


def astray(families: tuple[SignalFamily, ...], knowledge: Knowledge) -> Iterator[str]:
    """Every id that a family names and that is not known."""
    for each in families:
        yield from (f"{each.id}: evidence {name}" for name in each.evidence if name not in knowledge.evidence)
        yield from (f"{each.id}: fault {name}" for name in each.faults if name not in knowledge.faults)


def makers_with(family: SignalFamily, knowledge: Knowledge) -> Mapping[str, tuple[str, ...]]:
    """Makers that have such signals already, by how one knows: a `register` tells them, or a `code` names the fault."""
    registers = {
        each.vendor
        for each in knowledge.registers.values()
        if each.measures == "charger" and any(register.name in family.registers for register in each.registers)
    }
    codes = {
        code.vendor
        for code in knowledge.codes
        if _is_own(code.vendor, knowledge)
        and any(means.fault in family.faults and means.relation == "exact" for means in code.means)
    }
    return {"register": tuple(sorted(registers)), "code": tuple(sorted(codes))}


def _is_own(vendor: str, knowledge: Knowledge) -> bool:
    """Whether the codes are those of a maker, and not of a standard that anybody may use."""
    maker = knowledge.makers.get(vendor)
    return maker is not None and maker.kind == "maker"
