"""Suggest: which canonical fault a maker's code stands for, by its text, its name and its neighbours; three at most.

A suggestion is for a person to accept or refuse. `none` is a suggestion too: nothing here says what the code means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from chargelore.kb.codekey import bare_channel
from chargelore.kb.codes import Codes, bare
from chargelore.kb.cues import cued
from chargelore.kb.model import Code, Fault, FaultId, Knowledge, Relation
from chargelore.kb.neighbours import Neighbour, neighbourhood
from chargelore.kb.said import Said, said

MOST = 3
SUREST = 0.99
KNOWN_WORTH = 1.5  # the same code of the same maker, already mapped
ELSEWHERE_WORTH = 0.6  # the same number on another channel of that maker often means something else
NONE_WORTH = 0.45  # whatever scores less is less likely than "nothing known fits"
LEAST_WORTH = 0.1
VAGUEST = 0.7  # a cue of less says that something is wrong, not what
BESIDE_WORTH = 0.6
DOUBT = 0.8  # what words that nobody has heard may mean besides; weighs against all candidates together
SHARPNESS = 2.0  # fitted on makers left out: how much likelier a candidate is for each unit of worth
NONE = FaultId("")
# Says that something is so, not what; goes after whatever is more telling.
VAGUE: Mapping[str, float] = {
    "operational-state": 0.4,
    "informational-event": 0.5,
    "internal-hardware-fault": 0.3,
    "grid-curtailment": 0.3,
    "unspecified-fault": 0.1,
}
# The nearest code of the MREC list where the taxonomy names none: the list knows one voltage, one earth, one supply.
NEAREST_MREC: Mapping[str, str] = {
    "input-overvoltage": "CX005",
    "input-undervoltage": "CX006",
    "protective-earth-lost": "CX002",
    "ventilation-required": "CX010",
    "input-phase-fault": "CX015",
    "ev-overdraws-offered-current": "CX004",
}
_MREC = re.compile(r"\bCX\d{3}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of somebody's code table, as it stands there."""

    id: str
    code: str
    native_text: str = ""
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One meaning to choose from. `fault` and `mrec` are empty for none; `confidence` is a probability, 0..1.

    `confidence` speaks of the MREC: it was fitted so that of those at 0.8 four in five are right.
    """

    fault: FaultId
    mrec: str
    relation: Relation | None
    is_fault: bool
    because: str
    id: str = ""
    rank: int = 1
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class _Case:
    """A candidate with its worth and the reasons for it."""

    worth: float
    because: tuple[str, ...]
    known: Code | None = None


Found = Iterable[tuple[FaultId, _Case]]


def suggest(row: Row, knowledge: Knowledge, sharpness: float = SHARPNESS) -> tuple[Suggestion, ...]:
    """One to three suggestions, the likeliest first. `sharpness` is for those who fit it anew."""
    told = said(row.code, row.native_text, row.channel)
    cases = _cases(row, told, knowledge)
    chances = _chances(cases, knowledge, DOUBT * told.unheard, sharpness)
    by_worth = sorted(cases, key=lambda fault: (-cases[fault].worth, fault))
    ranked = sorted(by_worth, key=NONE.__eq__)  # a fault without a code says more than none
    likeliest = max(chances, key=lambda mrec: (chances[mrec], mrec))
    suggested = (_suggestion(fault, cases[fault], knowledge) for fault in _choice(ranked, likeliest, knowledge))
    return tuple(
        replace(each, id=row.id, rank=rank, confidence=min(SUREST, round(chances[each.mrec], 2)))
        for rank, each in enumerate(suggested, start=1)
    )


def _choice(ranked: list[FaultId], likeliest: str, knowledge: Knowledge) -> list[FaultId]:
    """The best fault of the likeliest MREC, the next best, and the best of another MREC than theirs, where there is."""
    first = next(fault for fault in ranked if _mrec(fault, knowledge) == likeliest)
    chosen = [first, *(fault for fault in ranked if fault != first)][: MOST - 1]
    told = {_mrec(fault, knowledge) for fault in chosen}
    rest = sorted((each for each in ranked if each not in chosen), key=lambda each: _mrec(each, knowledge) in told)
    return (chosen + rest)[:MOST]


def _chances(cases: Mapping[FaultId, _Case], knowledge: Knowledge, doubt: float, sharpness: float) -> dict[str, float]:
    """MREC -> probability: the shares of all candidates that lead to it; doubt keeps a share that leads to none."""
    powers: dict[str, float] = {}
    for fault in sorted(cases):
        mrec = _mrec(fault, knowledge)
        powers[mrec] = powers.get(mrec, 0.0) + math.expm1(sharpness * cases[fault].worth)
    whole = math.fsum((*powers.values(), doubt))
    return {mrec: power / whole for mrec, power in powers.items()}


def _mrec(fault: FaultId, knowledge: Knowledge) -> str:
    return nearest_mrec(knowledge.faults[fault]) if fault in knowledge.faults else ""


def _cases(row: Row, told: Said, knowledge: Knowledge) -> dict[FaultId, _Case]:
    """All candidates; reasons of several kinds for one fault add up."""
    named = _named(row, knowledge)
    found = [*named, *_known(row, knowledge)]
    if not named:
        found += _told(told, knowledge)
    cases = {NONE: _Case(NONE_WORTH, ("nothing known fits better",))}
    for fault, case in found:
        cases[fault] = _sum(cases[fault], case) if fault in cases and fault != NONE else case
    return {fault: case for fault, case in cases.items() if case.worth >= LEAST_WORTH}


def _told(row: Said, knowledge: Knowledge) -> Found:
    """What the words speak for; the place helps where they are vague."""
    cues = list(_cued(row.concepts, knowledge))
    if row.place and all(case.worth <= VAGUEST for _, case in cues):
        cues = list(_cued(row.concepts | row.place, knowledge))
    return [*cues, *_alike(neighbourhood(knowledge).nearest(row.concepts)), *_beside(row.ocpp_error, knowledge)]


def _beside(error: str, knowledge: Knowledge) -> Found:
    """The OCPP error code that the maker sends along; often it is only the least wrong of sixteen."""
    code = next((each for each in knowledge.codes if each.vendor == "OCPP 1.6" and each.code == error), None)
    if code and code.means:
        yield code.means[0].fault, _Case(BESIDE_WORTH, (f"comes with {error}",))


def _sum(one: _Case, other: _Case) -> _Case:
    return _Case(one.worth + other.worth, (*one.because, *other.because), one.known or other.known)


def _named(row: Row, knowledge: Knowledge) -> list[tuple[FaultId, _Case]]:
    """The code names its MREC itself."""
    names = _MREC.findall(f"{row.code} {row.native_text}")[:1]
    faults = [fault for fault in knowledge.faults.values() if fault.mrec in names]
    ranked = sorted(faults, key=lambda fault: (fault.mrec_relation != "exact", fault.id))[:MOST]
    return [(fault.id, _Case(3.0 - place, (f"names {fault.mrec}",))) for place, fault in enumerate(ranked)]


def _known(row: Row, knowledge: Knowledge) -> Found:
    """The same code of the same maker is in the knowledge base."""
    codes = _codes(knowledge)
    found = codes.meanings(row.code, row.vendor, row.model, row.firmware, row.channel) if row.vendor else ()
    for code in found[:1]:
        if code.means and bare(codes.maker(row.vendor)) == bare(code.vendor):
            worth, where = (ELSEWHERE_WORTH, f" on {code.channel}") if _elsewhere(row, code) else (KNOWN_WORTH, "")
            yield code.means[0].fault, _Case(worth, (f"known code of {code.vendor}{where}",), code)


def _elsewhere(row: Row, code: Code) -> bool:
    """The channels are of two kinds that both numbers of a maker may have: OCPP, Modbus, an interface of its own."""
    kinds = {bare_channel(each)[:3] for each in (row.channel, code.channel)}
    return len(kinds & {"ocp", "mod", "api"}) == 2


def _cued(concepts: frozenset[str], knowledge: Knowledge) -> Found:
    for fault, cue in cued(concepts).items():
        if fault in knowledge.faults:
            yield fault, _Case(cue.worth - VAGUE.get(fault, 0.0), (f"says {' + '.join(sorted(cue.needs))}",))


def _alike(nearest: tuple[Neighbour, ...]) -> Found:
    """Each neighbour votes with the square of its likeness; all votes together weigh as much as the best is like."""
    votes: dict[FaultId, list[Neighbour]] = {}
    for each in nearest:
        votes.setdefault(each.code.means[0].fault if each.code.means else NONE, []).append(each)
    whole = math.fsum(each.likeness**2 for each in nearest)
    for fault, voters in votes.items():
        share = math.fsum(each.likeness**2 for each in voters) / whole
        if fault != NONE:
            best = voters[0].code
            yield fault, _Case(nearest[0].likeness * share, (f"like {best.vendor} {best.code}",))


def _suggestion(fault: FaultId, case: _Case, knowledge: Knowledge) -> Suggestion:
    known = knowledge.faults.get(fault)
    return Suggestion(
        fault=fault,
        mrec=_mrec(fault, knowledge),
        relation=_relation(fault, case),
        is_fault=known.is_fault if known else True,
        because="; ".join(dict.fromkeys(case.because)),
    )


def nearest_mrec(fault: Fault) -> str:
    """The code of the MREC list that a person would pick for the fault; empty where the list has nothing near."""
    return fault.mrec or NEAREST_MREC.get(fault.id, "")


def _relation(fault: FaultId, case: _Case) -> Relation | None:
    if fault == NONE:
        return None
    return case.known.means[0].relation if case.known else "close"


@lru_cache(maxsize=4)
def _codes(knowledge: Knowledge) -> Codes:
    return Codes(knowledge)
