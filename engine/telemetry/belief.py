"""Belief: what the findings let us believe of the chargers of one model, as chances and the cases behind them. Pure.

Troubles come as often as the diagnosis believes before it has seen anything; each cause shows its signs and yields to
its cures as authors and findings say. A sign of which a cause says nothing comes as often as without any cause, unless
findings of that cause say otherwise. The diagnosis does not know that much: it goes by its links alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import carried_over
from chargelore.engine.diagnosing.odds import LEAST, MOST, NO_TALLY, odds
from chargelore.engine.diagnosing.prior import priors
from chargelore.engine.diagnosing.temper import temper
from chargelore.engine.telemetry.habit import Habit, habit_of
from chargelore.kb.counts import UNLISTED, levels
from chargelore.kb.learned import Learned
from chargelore.kb.model import AUTHOR_WORTH, CHANCE, CauseId, EvidenceId, FaultId, Knowledge, StepId

FEWEST_CURED = 0.02  # of all troubles: a step that ends fewer is not tried on a cause that nobody wrote down

Kind = tuple[FaultId, CauseId]  # of trouble: a cause, or one that nobody wrote down behind a fault
Worth = tuple[float, float]  # cases for and against


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is believed of one model: the chance of each kind of trouble; the rest is asked of the functions here.

    `temper`, 0 to 1, says how far signs are worth more together than the strongest of them, as findings bear it out.
    """

    knowledge: Knowledge
    learned: Learned
    charger: Charger
    shares: Mapping[Kind, float]
    habit: Habit
    temper: float


def believed(knowledge: Knowledge, learned: Learned, charger: Charger) -> Belief:
    """What is believed of the chargers of this maker, model and firmware."""
    learned = carried_over(knowledge, learned)
    before = priors(knowledge, learned, charger)
    shares: dict[Kind, float] = {(knowledge.causes[each].fault, each): share for each, share in before.causes.items()}
    shares |= {(fault, UNLISTED): share for fault, share in before.unknown.items() if share > 0}
    whole = sum(shares.values())
    habit, tempered = habit_of(knowledge, learned), min(1.0, temper(knowledge, learned))
    shared = {kind: share / whole for kind, share in sorted(shares.items())}
    return Belief(knowledge, learned, charger, shared, habit, tempered)


def met(learned: Learned, charger: Charger) -> int:
    """How many findings with a cause there are on chargers of this maker, model and firmware, as far as it is named."""
    level = levels(charger.vendor, charger.model, charger.firmware)[-1]
    return sum(tally.cases for (_, _, where), tally in learned.scoped.items() if where == level)


@lru_cache(maxsize=1 << 18)
def sign_worth(held: Belief, cause: CauseId, evidence: EvidenceId, answer: str) -> Worth:
    """For and against this answer of the cause: what authors say, in cases, and what findings counted."""
    tally = held.learned.shown.get((cause, evidence, answer), NO_TALLY)
    authors = _authored(held, cause, evidence, answer)
    return AUTHOR_WORTH * authors + tally.yes, AUTHOR_WORTH * (1 - authors) + tally.no


@lru_cache(maxsize=1 << 18)
def sign_chance(held: Belief, cause: CauseId, evidence: EvidenceId, answer: str) -> float:
    """P(answer | cause) as far as the sign tells something new beside others."""
    return tempered(held, evidence, answer, chance_of(sign_worth(held, cause, evidence, answer)))


def tempered(held: Belief, evidence: EvidenceId, answer: str, chance: float) -> float:
    """The chance drawn towards that of a cause which does not show the answer.

    Signs repeat one another, so that a further one tells less than it would alone: the diagnosis believes them so far,
    and they must not come truer in the replay than it may believe.
    """
    leak, share = odds(held.knowledge, held.learned).leaks[evidence, answer], held.temper
    yes: float = chance**share * leak ** (1 - share)
    no: float = (1 - chance) ** share * (1 - leak) ** (1 - share)
    return yes / (yes + no)


@lru_cache(maxsize=4)
def telling(held: Belief) -> Mapping[CauseId, Mapping[EvidenceId, Mapping[str, float]]]:
    """By cause and answer, how far the answer speaks for it beside a cause that says nothing of it, as log odds.

    What neither authors nor findings tell apart is left out.
    """
    counted: defaultdict[CauseId, set[EvidenceId]] = defaultdict(set)
    for cause, evidence, _ in held.learned.shown:
        counted[cause].add(evidence)
    found = {}
    for cause in dict.fromkeys(cause for _, cause in held.shares):
        spoken = (
            set(held.knowledge.evidence) if cause == UNLISTED else {*_links(held.knowledge)[cause], *counted[cause]}
        )
        found[cause] = {each: _told(held, cause, each) for each in sorted(spoken) if each in held.knowledge.evidence}
    return found


def _told(held: Belief, cause: CauseId, evidence: EvidenceId) -> dict[str, float]:
    leaks = odds(held.knowledge, held.learned).leaks
    return {
        answer: math.log(sign_chance(held, cause, evidence, answer) / leaks[evidence, answer])
        for answer in held.knowledge.evidence[evidence].answers
    }


def is_linked(held: Belief, cause: CauseId, evidence: EvidenceId) -> bool:
    """Whether the cause says anything of this evidence."""
    return evidence in _links(held.knowledge).get(cause, {})


@lru_cache(maxsize=4)
def speakers(knowledge: Knowledge) -> Mapping[EvidenceId, frozenset[CauseId]]:
    """By sign, the causes that authors give it to."""
    found: defaultdict[EvidenceId, set[CauseId]] = defaultdict(set)
    for cause in knowledge.causes.values():
        for link in cause.shows:
            if link.answer == "yes" and link.grade != "never":
                found[link.evidence].add(cause.id)
    return {evidence: frozenset(causes) for evidence, causes in found.items()}


def leak_worth(held: Belief, evidence: EvidenceId, answer: str) -> Worth:
    """For and against the answer without a cause that shows it."""
    leak = odds(held.knowledge, held.learned).leaks[evidence, answer]
    worth = AUTHOR_WORTH + _answered(held).get(evidence, 0.0)
    return worth * leak, worth * (1 - leak)


@lru_cache(maxsize=1 << 16)
def cure_worth(held: Belief, step: StepId, cause: CauseId) -> Worth:
    """For and against the step ending the trouble; nothing for it where no author says that it may.

    A cause that nobody wrote down yields to a step as often as the written ones do, until findings say otherwise.
    """
    if cause == UNLISTED:
        return _unlisted_cure(held, step)
    grade = next((each.grade for each in held.knowledge.steps[step].fixes if each.cause == cause), None)
    if grade is None:
        return 0.0, 1.0
    tally = held.learned.fixed.get((step, cause), NO_TALLY)
    return AUTHOR_WORTH * CHANCE[grade] + tally.yes, AUTHOR_WORTH * (1 - CHANCE[grade]) + tally.no


def _unlisted_cure(held: Belief, step: StepId) -> Worth:
    shares = {cause: share for (_, cause), share in held.shares.items() if cause != UNLISTED}
    fixes = held.knowledge.steps[step].fixes
    often = sum(shares.get(each.cause, 0.0) * CHANCE[each.grade] for each in fixes) / (sum(shares.values()) or 1.0)
    yes, no = _tried_in_vain_or_not(held.learned).get(step, (0.0, 0.0))
    if often < FEWEST_CURED and not yes:
        return 0.0, 1.0
    return AUTHOR_WORTH * often + yes, AUTHOR_WORTH * (1 - often) + no


@lru_cache(maxsize=4)
def _tried_in_vain_or_not(learned: Learned) -> Mapping[StepId, Worth]:
    """By step, how often it ended a trouble of a cause that is not in this knowledge, and how often not."""
    found: defaultdict[StepId, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for proof in learned.proofs:
        for step in proof.finding.steps if proof.finding.unlisted else ():
            found[step.id][not step.worked] += proof.weight
    return {step: (yes, no) for step, (yes, no) in found.items()}


def chance_of(worth: Worth) -> float:
    """The chance that is believed; never sure, but 0 where nothing speaks for it."""
    yes, no = worth
    return min(MOST, max(LEAST, yes / (yes + no))) if yes else 0.0


def _authored(held: Belief, cause: CauseId, evidence: EvidenceId, answer: str) -> float:
    rates = odds(held.knowledge, held.learned)
    if cause == UNLISTED:
        return rates.bases[evidence, answer]
    links = _links(held.knowledge)[cause].get(evidence)
    if links is None:
        return rates.leaks[evidence, answer]
    others = len(held.knowledge.evidence[evidence].answers) - len(links)
    return links[answer] if answer in links else max(LEAST, (1 - sum(links.values())) / max(1, others))


Links = Mapping[CauseId, Mapping[EvidenceId, Mapping[str, float]]]


@lru_cache(maxsize=4)
def _links(knowledge: Knowledge) -> Links:
    found: defaultdict[CauseId, defaultdict[EvidenceId, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for cause in knowledge.causes.values():
        for link in cause.shows:
            found[cause.id][link.evidence][link.answer] = CHANCE[link.grade]
    return {cause: dict(signs) for cause, signs in found.items()} | {
        cause: {} for cause in knowledge.causes if cause not in found
    }


@lru_cache(maxsize=4)
def _answered(held: Belief) -> Mapping[EvidenceId, float]:
    """How often each evidence was answered, in cases."""
    found: defaultdict[EvidenceId, dict[CauseId, float]] = defaultdict(dict)
    for (cause, evidence, _), tally in held.learned.shown.items():
        found[evidence][cause] = tally.yes + tally.no  # the same sum for each of its answers
    return {evidence: sum(cases.values()) for evidence, cases in found.items()}
