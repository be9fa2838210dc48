"""Proposing: who should have the ball by what is suspected; a person decides. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.handing.life import Life
from chargelore.kb.answer import MAKER
from chargelore.kb.casebook import Opened, Suspected, Whose, Words
from chargelore.kb.model import Knowledge

MOST_SUSPECTS = 5
LEAST_PERCENT = 25  # of one party below which nobody is proposed
NOBODY = ("no-fault", "unknown")  # verdicts that point to none of the suspects


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should have it, with which chance the cause is theirs to act on, and the causes that say so.

    `party` is empty where nothing speaks for one.
    """

    party: str
    percent: int
    because: tuple[str, ...]


def as_entered(case: Case, diagnosis: Diagnosis, knowledge: Knowledge) -> Opened:
    """A case as it is entered on the book. It has passed the door, as all signals do."""
    top = diagnosis.hypotheses[:MOST_SUSPECTS]
    unseen = {each for one in top for each in one.unseen}
    looked_in = {knowledge.evidence[each].layer for each in unseen if each in knowledge.evidence}
    charger = case.charger
    return Opened(
        opened_at=opened_at(case),
        charger=Whose(id=charger.id, vendor=charger.vendor, model=charger.model, firmware=charger.firmware),
        connector=case.connector,
        fault=top[0].fault if top else "",
        verdict=diagnosis.verdict,
        suspects=tuple(
            Suspected(
                cause=each.cause, label=each.cause_label, party=each.responsible, percent=round(100 * each.probability)
            )
            for each in top
        ),
        unknown=round(100 * diagnosis.unknown),
        shown=tuple(diagnosis.layers_seen),
        missing=tuple(diagnosis.layers_missing),
        telling=tuple(each for each in diagnosis.layers_missing if each in looked_in),
    )


def opened_at(case: Case) -> str:
    """When it opened, as entries of the book name it."""
    return case.opened_at.isoformat() if case.opened_at else ""


def first_words(case: Case) -> Words | None:
    """What a person said first of the trouble, word for word; None where nobody said anything."""
    first = case.first_words
    if first is None:
        return None
    return Words(text=first.raw, at=first.at.isoformat() if first.at else "", opened_at=opened_at(case))


def advice(life: Life) -> Proposal:
    """The proposal for a trouble as it stands: once somebody named the cause, the suspects of before say nothing."""
    return Proposal("", 0, ()) if life.cause else proposal(life.told)


def proposal(told: Opened) -> Proposal:
    """Whom the leading suspects point to: chances are summed by the party that acts first on each.

    It is the maker where no step is worth its minutes any more, and nobody where nothing in the knowledge fits.
    """
    sums: defaultdict[str, int] = defaultdict(int)
    for each in told.suspects:
        sums[each.party] += each.percent
    if told.verdict == "escalate":
        return Proposal(MAKER, told.unknown, ())
    party = max(sorted(sums), key=lambda each: sums[each], default="")
    if told.verdict in NOBODY or sums[party] < LEAST_PERCENT:
        return Proposal("", 0, ())
    return Proposal(party, min(97, sums[party]), tuple(each.label for each in told.suspects if each.party == party))
