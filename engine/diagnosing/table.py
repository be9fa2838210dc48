"""Table: what each answer says for and against each cause, worked out once for a state of knowledge and findings. Pure.

A case only looks up what its own answers come to: no logarithm is taken twice, however large the knowledge is.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from msgspec import Struct, structs

from chargelore.engine.diagnosing.odds import NO_TALLY, Odds, answers_of, odds
from chargelore.engine.diagnosing.roll import Place, roll
from chargelore.kb.learned import Learned
from chargelore.kb.model import CHANCE, Cause, CauseId, Evidence, EvidenceId, FaultId, Knowledge


class Weight(Struct, frozen=True, order=True, gc=False):  # there are many, and each ranking reads some: it is small
    """One observation counted for one cause: natural-log odds, and the cases behind it."""

    evidence: str
    group: str
    value: float
    cases: int = 0
    held: int = 0


Answer = tuple[EvidenceId, str]


class Said(Struct, frozen=True, gc=False):
    """What one answer says: the `places` of the causes that speak of its question, and how it moves each of them.

    The first so many of them are `suspects`: their authors say that they show it. `unlisted` is what it moves for a
    cause that nobody wrote down, which gives each answer as often as all causes do.
    """

    places: array[Place]
    weights: tuple[Weight, ...]
    suspects: int
    group: str
    unlisted: float

    def value(self, place: Place) -> float:
        """The log odds by which it moves one of these causes."""
        return self.weights[self.places.index(place)].value


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What each answer `said`; by the place of a cause, what a `no` says that was `missed`.

    `grouped` are the causes with two questions of one group.
    """

    said: Mapping[Answer, Said]
    missed: Sequence[tuple[Weight, ...]]
    grouped: frozenset[Place]

    def heard(self, answers: Mapping[EvidenceId, str]) -> list[Said]:
        """What these answers say, in one order, so that sums are the same to the last digit."""
        return [said for answer in sorted(answers.items()) if (said := self.said.get(answer)) is not None]

    def missing(self, absent: Iterable[EvidenceId]) -> list[Said]:
        """What a `no` to each of these says."""
        return [said for each in absent if (said := self.said.get((each, "no"))) is not None]


@lru_cache(maxsize=8)
def table(knowledge: Knowledge, learned: Learned) -> Table:
    """The table of every cause that stands."""
    rates = odds(knowledge, learned)
    rows: defaultdict[Answer, dict[Place, Weight]] = defaultdict(dict)
    missed, grouped = list[tuple[Weight, ...]](), set[Place]()
    for place, cause in enumerate(roll(knowledge).causes):
        told = list(_told(knowledge, learned, rates, cause))
        for answer, weight in told:
            rows[answer][place] = weight
        missed.append(tuple(weight for (_, answer), weight in told if answer == "no"))
        if _is_grouped([weight for _, weight in told]):
            grouped.add(place)
    return Table(dict(_said(knowledge, rates, rows)), missed, frozenset(grouped))


@lru_cache(maxsize=4)
def spoken_for(knowledge: Knowledge) -> Mapping[tuple[EvidenceId, str], tuple[CauseId, ...]]:
    """Which causes an answer speaks for; what a cause never shows brings it under no suspicion."""
    found: dict[tuple[EvidenceId, str], dict[CauseId, None]] = {}
    for cause in roll(knowledge).causes:
        for link in cause.shows:
            if link.grade != "never":
                found.setdefault((link.evidence, link.answer), {})[cause.id] = None
    return {shown: tuple(causes) for shown, causes in found.items()}


@lru_cache(maxsize=4)
def behind(knowledge: Knowledge) -> Mapping[FaultId, tuple[CauseId, ...]]:
    """The causes that lie behind each fault."""
    found: dict[FaultId, list[CauseId]] = {}
    for cause in roll(knowledge).causes:
        found.setdefault(cause.fault, []).append(cause.id)
    return {fault: tuple(causes) for fault, causes in found.items()}


@lru_cache(maxsize=4)
def reporting(knowledge: Knowledge) -> Mapping[FaultId, Mapping[Place, float]]:
    """By fault, the causes of which a charger reports it, and how often: its own, and those of what leads to it."""
    places = roll(knowledge).places
    own = {fault: [places[each] for each in causes] for fault, causes in behind(knowledge).items()}
    found: dict[FaultId, dict[Place, float]] = {fault: dict.fromkeys(causes, 1.0) for fault, causes in own.items()}
    for fault in knowledge.faults.values():
        for name, grade in fault.leads_to.items():
            for place in own.get(fault.id, ()):
                found.setdefault(name, {}).setdefault(place, CHANCE[grade])
    return found


def _told(knowledge: Knowledge, learned: Learned, rates: Odds, cause: Cause) -> Iterator[tuple[Answer, Weight]]:
    """What each answer to each question that the cause speaks of says for or against it."""
    for name in dict.fromkeys(link.evidence for link in cause.shows if link.evidence in knowledge.evidence):
        evidence = knowledge.evidence[name]
        for answer, likely in answers_of(learned, cause, evidence).items():
            if answer in evidence.answers:
                tally = learned.shown.get((cause.id, name, answer), NO_TALLY)
                value = math.log(likely / rates.leaks[name, answer])
                yield (name, answer), Weight(name, _group(evidence), value, tally.cases, tally.held)


def _said(
    knowledge: Knowledge, rates: Odds, rows: Mapping[Answer, Mapping[Place, Weight]]
) -> Iterator[tuple[Answer, Said]]:
    spoken, places = spoken_for(knowledge), roll(knowledge).places
    for answer, base in rates.bases.items():
        group, value = _group(knowledge.evidence[answer[0]]), math.log(base / rates.leaks[answer])
        suspects, row = [places[each] for each in spoken.get(answer, ())], rows.get(answer, {})
        ordered = array("i", dict.fromkeys((*suspects, *row)))
        yield answer, Said(ordered, _packed(row[each] for each in ordered), len(suspects), group, value)


def _packed(row: Iterable[Weight]) -> tuple[Weight, ...]:
    """The same weights made anew, one after the other, so that what a case looks up lies together in memory.

    They were made cause by cause. A case of 10,000 nodes that is ranked for the first time takes a quarter less so.
    """
    return tuple(structs.replace(each, value=math.fsum((each.value,))) for each in row)


def _group(evidence: Evidence) -> str:
    return evidence.group or evidence.id


def _is_grouped(told: Iterable[Weight]) -> bool:
    questions = {(each.group, each.evidence) for each in told}
    return len({group for group, _ in questions}) < len(questions)
