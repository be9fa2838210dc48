"""Heat map: for each fault and maker whether a rule detects it, a code of the maker tells it, or nothing does. Pure.

A rule `detects` a fault where a symptom that it recognises puts, alone, a cause behind it among the first suspects.
A fault is `visible` where only a code says it: that names what was cut, and nobody looks for why. All else is `blind`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.observed import observed
from chargelore.engine.diagnosing.posterior import posterior
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet
from chargelore.engine.lookalikes.reportable import reportable
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import EvidenceId, FaultId, Knowledge, Layer

State = Literal["detects", "visible", "blind"]
STATES: tuple[State, ...] = ("detects", "visible", "blind")
FIRST = 3  # suspects that a technician looks at


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault at one maker: how many codes of the maker say it, and which symptoms recognise it."""

    state: State
    codes: int = 0
    symptoms: tuple[EvidenceId, ...] = ()


BLIND = Cell("blind")


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Faults by makers, both in order; every pair has its cell."""

    faults: tuple[FaultId, ...]
    makers: tuple[str, ...]
    cells: Mapping[tuple[FaultId, str], Cell]

    def cell(self, fault: FaultId, maker: str) -> Cell:
        """What is known of a pair; nothing of a pair that is not here."""
        return self.cells.get((fault, maker), BLIND)

    def tally(self, faults: Collection[FaultId], makers: Collection[str]) -> Mapping[State, int]:
        """How many of these pairs stand how."""
        counted = Counter(self.cell(fault, maker).state for fault in faults for maker in makers)
        return {state: counted[state] for state in STATES}


def heat_map(
    knowledge: Knowledge, rules: Rules, sheet: Sheet = NOTHING_HEARD, layers: Collection[Layer] = get_args(Layer)
) -> HeatMap:
    """All faults against all makers of chargers, as far as these layers tell; `sheet` says what is never sent."""
    faults = tuple(fault.id for fault in knowledge.faults.values() if fault.is_fault and fault.status != "deprecated")
    makers = tuple(sorted((name for name, maker in knowledge.makers.items() if maker.kind == "maker"), key=str.lower))
    said, shown = codes_saying(knowledge), recognised(knowledge, frozenset(layers))
    cells: dict[tuple[FaultId, str], Cell] = {}
    for maker in makers:
        can = reportable(rules, Charger(id="", vendor=maker), sheet).symptoms
        cells |= {(fault, maker): _cell(said[maker, fault], shown.get(fault, ()), can) for fault in faults}
    return HeatMap(faults, makers, cells)


def _cell(codes: int, shown: Iterable[EvidenceId], can: Collection[EvidenceId]) -> Cell:
    symptoms = tuple(each for each in shown if each in can)
    return Cell("detects" if symptoms else "visible" if codes else "blind", codes, symptoms)


@lru_cache(maxsize=4)
def codes_saying(knowledge: Knowledge) -> Counter[tuple[str, FaultId]]:
    """How many codes of a maker mean a fault."""
    return Counter(
        (code.vendor, meaning.fault)
        for code in knowledge.codes
        if code.status != "deprecated"
        for meaning in code.means
        if meaning.relation != "not"
    )


@lru_cache(maxsize=4)
def recognised(knowledge: Knowledge, layers: frozenset[Layer]) -> Mapping[FaultId, tuple[EvidenceId, ...]]:
    """The symptoms of these layers that, heard alone, put a cause behind the fault among the first suspects."""
    found: dict[FaultId, dict[EvidenceId, None]] = {}
    for evidence in knowledge.evidence.values():
        if evidence.channel == "signal" and (evidence.layer is None or evidence.layer in layers):
            for fault in _suspected(knowledge, evidence.id):
                found.setdefault(fault, {})[evidence.id] = None
    return {fault: tuple(symptoms) for fault, symptoms in found.items()}


def _suspected(knowledge: Knowledge, symptom: EvidenceId) -> Iterator[FaultId]:
    case = Case(id="", charger=Charger(id=""), answers={symptom: "yes"})
    odds = posterior(knowledge, NOTHING_LEARNED, case, observed(knowledge, case))
    yield from (knowledge.causes[each.cause.id].fault for each in odds.suspects[:FIRST])
