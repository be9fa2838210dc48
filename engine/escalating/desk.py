"""Desk: a case laid out for packing: what it shows, and what of the knowledge its reader may see. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Reason
from chargelore.engine.diagnosing.known import carried_over
from chargelore.engine.diagnosing.observed import Observed, observed
from chargelore.engine.diagnosing.posterior import Posterior, Suspect, posterior
from chargelore.engine.escalating.veil import Hide, hiding
from chargelore.kb.label import may_go
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, Claim, EvidenceId, FaultId, Knowledge, QuirkId, Tlp
from chargelore.kb.pinned import Pinned

GONE = "no longer in this knowledge base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case with its diagnosis, what both were judged by, and the signals that somebody holds for evidence."""

    knowledge: Knowledge
    learned: Learned
    case: Case
    diagnosis: Diagnosis
    pinned: tuple[Pinned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a packet is made of. `key` is that of the pseudonyms, `tlp` the label of the packet."""

    knowledge: Knowledge
    learned: Learned
    case: Case
    diagnosis: Diagnosis
    seen: Observed
    odds: Posterior
    key: bytes
    tlp: Tlp
    hide: Hide

    def shows(self, *claims: Claim | None) -> bool:
        """Whether all of these may be read by whom the packet is for; what is not there is no secret."""
        return all(each is None or may_go(each.tlp, self.tlp) for each in claims)

    def names(self, cause: CauseId) -> bool:
        """Whether a cause may be named."""
        known = self.knowledge.causes.get(cause)
        return known is None or self.shows(known, self.knowledge.faults.get(known.fault))

    def says(self, one: Reason) -> bool:
        """Whether what a reason rests on may be read."""
        kind, _, name = one.evidence.partition(":")
        if kind == "fault":
            return self.shows(self.knowledge.faults.get(FaultId(name)))
        if kind == "quirk":
            return self.shows(self.knowledge.quirks.get(QuirkId(name)))
        return self.shows(self.knowledge.evidence.get(EvidenceId(one.evidence)))

    def question(self, name: EvidenceId) -> str:
        """The question behind a piece of evidence; one that is not asked any more by its id."""
        known = self.knowledge.evidence.get(name)
        return known.question if known else f"{name.replace('-', ' ')} ({GONE})"

    def suspects(self) -> list[Suspect]:
        """All suspects that may be named, the likeliest first."""
        return [each for each in self.odds.suspects if self.names(each.cause.id)]


def laid_out(matter: Matter, key: bytes, tlp: Tlp) -> Desk:
    """The case on the desk, weighed as the diagnosis weighed it."""
    knowledge, case = matter.knowledge, matter.case
    learned = carried_over(knowledge, matter.learned)
    seen = observed(knowledge, case, {each.symptom for each in matter.diagnosis.unasked})
    return Desk(
        knowledge=knowledge,
        learned=learned,
        case=case,
        diagnosis=matter.diagnosis,
        seen=seen,
        odds=posterior(knowledge, learned, case, seen),
        key=key,
        tlp=tlp,
        hide=hiding(case.charger.id, key),
    )
