"""Pairs: causes that a model reports in the same way, and the one observation that tells them apart. Pure.

Two causes look alike where no answer that can be had from the charger speaks clearly for one against the other, and no
code of it names the fault of only one of them. What may be suspected together is compared: causes of one fault, and
causes that one and the same symptom brings up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.apart import Around, split
from chargelore.engine.diagnosing.diagnosis import Split
from chargelore.engine.diagnosing.known import carried_over
from chargelore.engine.diagnosing.lineup import Voice, alike, lineup, voice
from chargelore.engine.diagnosing.prior import priors
from chargelore.engine.diagnosing.table import behind, spoken_for
from chargelore.engine.lookalikes.reportable import Reportable
from chargelore.engine.scope import matches_name
from chargelore.kb.codekey import bare
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, EvidenceId, FaultId, Knowledge, Layer

Two = tuple[CauseId, CauseId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two causes that look the same, the likelier one first, and what splits them; None where nothing known does."""

    causes: Two
    labels: tuple[str, str]
    faults: tuple[FaultId, ...]
    by: Split | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalikes:
    """All pairs of one model as far as these `layers` tell, the commonest first.

    `causes` that a charger of this model can have, `symptoms` that these layers can tell, and those that the model can
    `never` report.
    """

    charger: Charger
    layers: tuple[Layer, ...]
    causes: int
    symptoms: int
    never: int
    pairs: tuple[Pair, ...]


def lookalikes(
    knowledge: Knowledge, learned: Learned, charger: Charger, can: Reportable, layers: Collection[Layer]
) -> Lookalikes:
    """The pairs of a model at its firmware, as far as the charger says who it is."""
    learned = carried_over(knowledge, learned)
    shares = priors(knowledge, learned, charger).causes
    voices = {name: voice(knowledge, learned, name) for name in shares}
    reported = {name for name in can.symptoms if _layer(knowledge, name) in layers}
    told = faults_told(knowledge, charger)
    around = Around(reported=reported, never=can.never)
    found = [two for two in _suspected_together(knowledge, reported, told) if _is_one(two, voices, reported)]
    return Lookalikes(
        charger=charger,
        layers=tuple(layers),
        causes=len(shares),
        symptoms=len(reported),
        never=sum(1 for each in can.never if each in knowledge.evidence),
        pairs=tuple(_pair(knowledge, learned, two, shares, around) for two in _commonest(found, shares)),
    )


def faults_told(knowledge: Knowledge, charger: Charger) -> frozenset[FaultId]:
    """The faults that a code can name on such a charger: of OCPP, or in the tables of its maker."""
    aliases = {bare(alias): maker for alias, maker in knowledge.vendor_aliases.items()}
    makers = {bare(charger.vendor), bare(aliases.get(bare(charger.vendor), ""))} - {""}
    codes = (
        code
        for code in knowledge.codes
        if code.vendor.startswith("OCPP ") or (bare(code.vendor) in makers and _is_of(code.model, charger.model))
    )
    return frozenset(means.fault for code in codes for means in code.means if means.relation != "not")


def _is_of(models: str, model: str) -> bool:
    return not models or not model or any(matches_name(each, model) for each in models.split("/"))


def _layer(knowledge: Knowledge, name: EvidenceId) -> Layer | None:
    return knowledge.evidence[name].layer if name in knowledge.evidence else None


def _suspected_together(
    knowledge: Knowledge, reported: Collection[EvidenceId], told: Collection[FaultId]
) -> Iterator[Two]:
    """Causes of one fault, and those that a symptom brings up together where no code tells their faults apart."""
    for causes in behind(knowledge).values():
        yield from combinations(causes, 2)
    for (name, _), causes in spoken_for(knowledge).items():
        untold = [each for each in causes if knowledge.causes[each].fault not in told] if name in reported else []
        yield from (two for two in combinations(untold, 2) if len(_faults(knowledge, two)) > 1)


def _faults(knowledge: Knowledge, two: Two) -> tuple[FaultId, ...]:
    return tuple(dict.fromkeys(knowledge.causes[each].fault for each in two))


def _is_one(two: Two, voices: Mapping[CauseId, Voice], reported: Collection[EvidenceId]) -> bool:
    """Whether both can be the cause here, and nothing reported tells which."""
    one, other = (voices.get(each) for each in two)
    return one is not None and other is not None and alike(one, other, reported)


def _commonest(found: Iterable[Two], shares: Mapping[CauseId, float]) -> list[Two]:
    """Each pair once, likelier cause first; the pairs by how common the rarer of the two is."""
    ordered = {min(two, two[::-1], key=lambda each: (-shares[each[0]], each)) for two in found}
    return sorted(ordered, key=lambda two: (-shares[two[1]], two))


def _pair(knowledge: Knowledge, learned: Learned, two: Two, shares: Mapping[CauseId, float], around: Around) -> Pair:
    one, other = (knowledge.causes[each] for each in two)
    line = lineup(knowledge, learned, {each: shares[each] for each in two})
    return Pair(
        causes=two,
        labels=(one.label, other.label),
        faults=_faults(knowledge, two),
        by=split(knowledge, line, around),
    )
