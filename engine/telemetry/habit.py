"""Habit: how often chargers name the fault that ails them, as confirmed findings with their codes tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chargelore.kb.codes import Codes
from chargelore.kb.finding import Finding
from chargelore.kb.learned import Learned
from chargelore.kb.model import FaultId, Knowledge

TOLD, RIGHT, WORTH = 0.8, 0.9, 10.0  # what is believed before any finding, and how many findings that is worth


@dataclass(frozen=True, slots=True)
class Habit:
    """The share of troubles that come with a code that names a fault, and of these that which names the right one."""

    told: float
    right: float


def habit_of(knowledge: Knowledge, learned: Learned) -> Habit:
    """The habit of chargers at large; a code that nobody mapped tells nothing."""
    named = list(_named(knowledge, learned))
    told = [right for right in named if right is not None]
    return Habit(
        told=(WORTH * TOLD + len(told)) / (WORTH + len(named)), right=(WORTH * RIGHT + sum(told)) / (WORTH + len(told))
    )


def _named(knowledge: Knowledge, learned: Learned) -> Iterator[bool | None]:
    """Of each finding, whether its codes name its fault; None where they name none."""
    codes = Codes(knowledge)
    for proof in learned.proofs:
        faults = _faults(codes, proof.finding)
        yield proof.finding.fault in faults if faults else None


def _faults(codes: Codes, finding: Finding) -> set[FaultId]:
    machine = finding.charger
    found = (codes.meanings(each, machine.vendor, machine.model, machine.firmware) for each in finding.codes)
    return {means.fault for every in found for code in every for means in code.means}
