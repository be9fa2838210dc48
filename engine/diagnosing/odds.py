"""Odds: how likely each cause gives each answer, and how likely the answer comes anyhow. Pure.

An author's grade is worth a few cases, and what findings counted is added to it. How often an answer comes without a
cause that shows it (its leak) and over all cases (its base rate) is learned in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import AUTHOR_WORTH, CHANCE, Cause, CauseId, Evidence, EvidenceId, Knowledge, Shows, Step

NO_TALLY = Tally()
LEAST, MOST = 0.01, 0.98  # nothing is ever impossible, nothing ever sure

Rates = Mapping[tuple[EvidenceId, str], float]


@dataclass(frozen=True, slots=True)
class Odds:
    """By evidence and answer: how often it comes without any cause that shows it, and over all cases."""

    leaks: Rates
    bases: Rates


@lru_cache(maxsize=8)
def odds(knowledge: Knowledge, learned: Learned) -> Odds:
    """The rates of every answer; worked out once for each state of knowledge and findings."""
    anyhow, ever = _counted(knowledge, learned)
    leaks = {key: _rate(authors, *anyhow[key]) for key, authors in _graded(knowledge).items()}
    return Odds(leaks, {key: _rate(authors, *ever[key]) for key, authors in _authored_bases(knowledge, leaks).items()})


def chance(learned: Learned, cause: Cause, link: Shows) -> float:
    """P(answer | cause): the author's grade, worth six cases, plus what findings counted."""
    tally = learned.shown.get((cause.id, link.evidence, link.answer), NO_TALLY)
    return _rate(CHANCE[link.grade], tally.yes, tally.no)


def answers_of(learned: Learned, cause: Cause, evidence: Evidence) -> dict[str, float]:
    """P(answer | cause) for every answer of an evidence that the cause speaks of."""
    links = {link.answer: link for link in cause.shows if link.evidence == evidence.id}
    found = {answer: chance(learned, cause, link) for answer, link in links.items()}
    others = [answer for answer in evidence.answers if answer not in found]
    left = max(LEAST, (1 - sum(found.values())) / max(1, len(others)))
    return found | dict.fromkeys(others, left)


def cure_chance(learned: Learned, step: Step, cause: CauseId) -> float:
    """P(the step cures the cause): the author's grade, worth six cases, plus findings; 0 where nobody says it does."""
    grade = next((each.grade for each in step.fixes if each.cause == cause), None)
    tally = learned.fixed.get((step.id, cause), NO_TALLY)
    return 0.0 if grade is None else _rate(CHANCE[grade], tally.yes, tally.no)


def _rate(authors: float, yes: float, no: float) -> float:
    return min(MOST, max(LEAST, (AUTHOR_WORTH * authors + yes) / (AUTHOR_WORTH + yes + no)))


def _graded(knowledge: Knowledge) -> dict[tuple[EvidenceId, str], float]:
    """What the authors say of answers without a cause: graded for yes and no, even among several answers."""
    rates: dict[tuple[EvidenceId, str], float] = {}
    for each in knowledge.evidence.values():
        if each.answers == ("yes", "no"):
            rates[each.id, "yes"], rates[each.id, "no"] = CHANCE[each.leak], 1 - CHANCE[each.leak]
        else:
            rates.update(((each.id, answer), 1 / len(each.answers)) for answer in each.answers)
    return rates


@lru_cache(maxsize=4)
def _shown_by(knowledge: Knowledge) -> Mapping[EvidenceId, Mapping[str, float]]:
    """How often each answer is shown by the causes that speak of it, as the authors' sum over those causes."""
    found: defaultdict[EvidenceId, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for cause in knowledge.causes.values():
        for link in cause.shows:
            found[link.evidence][link.answer] += CHANCE[link.grade]
            found[link.evidence][""] += 1
    return found


def _authored_bases(knowledge: Knowledge, leaks: Rates) -> dict[tuple[EvidenceId, str], float]:
    """The leak, raised by as many of all causes as show the answer."""
    shown, whole = _shown_by(knowledge), max(1, len(knowledge.causes))
    bases = {}
    for (evidence, answer), rate in leaks.items():
        linked = min(whole, shown[evidence][""]) if evidence in shown else 0
        said = shown[evidence][answer] if evidence in shown else 0.0
        bases[evidence, answer] = ((whole - linked) * rate + said) / whole
    return bases


Sums = defaultdict[tuple[EvidenceId, str], list[float]]


def _counted(knowledge: Knowledge, learned: Learned) -> tuple[Sums, Sums]:
    """For and against each answer, in findings of causes that say nothing of it, and in all findings.

    Where no finding ever gave another answer, they tell that somebody wrote it down, not how often it comes.
    """
    anyhow: Sums = defaultdict(lambda: [0.0, 0.0])
    ever: Sums = defaultdict(lambda: [0.0, 0.0])
    spoken = _spoken(knowledge)
    for (cause, evidence, answer), tally in learned.shown.items():
        for sums in (ever,) if (cause, evidence) in spoken else (ever, anyhow):
            sums[evidence, answer][0] += tally.yes
            sums[evidence, answer][1] += tally.no
    for one_sided in [key for key, (yes, no) in ever.items() if not (yes and no)]:
        del ever[one_sided]
        anyhow.pop(one_sided, None)
    return anyhow, ever


@lru_cache(maxsize=4)
def _spoken(knowledge: Knowledge) -> frozenset[tuple[CauseId, EvidenceId]]:
    return frozenset((cause.id, link.evidence) for cause in knowledge.causes.values() for link in cause.shows)
