"""Suspicion: the causes that anything observed speaks for, and what speaks for each, not yet as probabilities. Pure.

What sets the stage (how common a cause is, the fault that the charger reports, what its maker answered, what was tried
in vain) stands apart from what the observations tell: only the latter is tempered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.current import current_of, possible
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.odds import cure_chance
from chargelore.engine.diagnosing.prior import Priors, priors
from chargelore.engine.diagnosing.recall import believed, by_cause, explained, recalled, signs_of
from chargelore.engine.diagnosing.roll import Place, roll
from chargelore.engine.diagnosing.table import Said, Weight, reporting, table
from chargelore.engine.diagnosing.weigh import answered, leak_of, report, unlisted_weight, witnessed
from chargelore.engine.diagnosing.wordfit import fits, named_among
from chargelore.engine.firing import Conclusion
from chargelore.kb.learned import Learned
from chargelore.kb.model import Cause, CauseId, Knowledge, StepId

CAP = 0.97


class Suspicion(Struct, frozen=True):
    """The suspects in the order of their names, and beside each its weights; log odds of the `stage`, and of what was
    `told`. These two have one more at the end, for a cause that nobody wrote down.
    """

    causes: Sequence[Cause]
    weights: Sequence[tuple[Weight, ...]]
    stage: Sequence[float]
    told: Sequence[float]


def suspicion(
    knowledge: Knowledge, learned: Learned, case: Case, seen: Observed, also: Iterable[CauseId] = ()
) -> Suspicion:
    """All suspects of a case with those named `also`, and the cause that nobody wrote down."""
    return suspected(knowledge, learned, case.charger, seen, case.tried, also=also)


def suspected(  # noqa: PLR0913  # what a case holds of it, one by one
    knowledge: Knowledge,
    learned: Learned,
    charger: Charger,
    seen: Observed,
    tried: tuple[StepId, ...] = (),
    *,
    also: Iterable[CauseId] = (),
) -> Suspicion:
    """The same of what was observed on a charger, and tried in vain."""
    before, answers, order = priors(knowledge, learned, charger), table(knowledge, learned), roll(knowledge)
    words, ends = fits(knowledge, seen.words), _ends(knowledge, seen)
    alike = recalled(knowledge, learned.answers, charger, signs_of(seen)) if learned.answers else ()
    named = by_cause(knowledge, learned, alike) if alike else {}
    asked = (order.places[each] for each in also if each in order.places)
    heard = answers.heard(seen.answers)
    places = candidates(knowledge, before, heard, seen, (*ends, *named_among(words), *named, *asked))
    places = possible(knowledge, places, current_of(knowledge, charger, seen))
    found = answered(answers, heard, seen.absent, places)
    if words or ends or named:  # most cases have none of them
        found |= witnessed(found, words, ends)
        for place in named.keys() & found.keys():
            found[place] = explained(knowledge, learned, found[place], named[place].answer, seen)
    told = [*_summed(found.values()), unlisted_weight(answers.missing(seen.absent) + heard)]
    stage = {place: before.logs[place] for place in places}
    for place, weight in (
        *_reported(knowledge, seen).items(),
        *(believed(knowledge, learned, named, seen) if named else ()),
    ):
        if place in stage:
            stage[place] += weight.value
            found[place] += (weight,)
    for place, value in _in_vain(knowledge, learned, tried):
        if place in stage:
            stage[place] += value
    causes, unlisted = [order.causes[place] for place in places], _unlisted_stage(knowledge, before, seen)
    return Suspicion(causes, [*found.values()], [*stage.values(), unlisted], told)


def chances(found: Suspicion, temper: float) -> list[float]:
    """Probabilities of the suspects and, last, of a cause that nobody wrote down; they sum to one.

    What lies above the cap goes to the latter.
    """
    scores = [stage + temper * told for stage, told in zip(found.stage, found.told, strict=True)]
    top, exp = max(scores), math.exp
    raw = [exp(score - top) for score in scores]
    whole, first = sum(raw), scores.index(top)
    shares = [each / whole for each in raw]
    if first < len(found.causes) and shares[first] > CAP:  # no other can be as likely
        shares[-1] += shares[first] - CAP
        shares[first] = CAP
    return shares


def candidates(
    knowledge: Knowledge, before: Priors, heard: Iterable[Said], seen: Observed, also: Iterable[Place] = ()
) -> list[Place]:
    """Causes in scope that at least one observation or code speaks for, and those that are named `also`; in order."""
    places, faults = set(also), reporting(knowledge)
    for said in heard:
        places.update(said.places[: said.suspects])
    for fault in seen.faults:
        places.update(faults.get(fault, ()))
    return sorted(places - before.outside)


def _summed(found: Iterable[Iterable[Weight]]) -> list[float]:
    sums = []
    for some in found:
        whole = 0.0
        for weight in some:  # most have one or two: no call for each
            whole += weight.value
        sums.append(whole)
    return sums


def _ends(knowledge: Knowledge, seen: Observed) -> dict[Place, list[Conclusion]]:
    """By cause, what case rules joined for it, or for a deprecated one in whose place it stands."""
    found: dict[Place, list[Conclusion]] = {}
    for end in seen.conclusions:
        cause = standing(knowledge, end.cause) if end.cause is not None else None
        if cause is not None:
            found.setdefault(roll(knowledge).places[cause.id], []).append(end)
    return found


def _reported(knowledge: Knowledge, seen: Observed) -> dict[Place, Weight]:
    """The charger itself names the fault that a cause lies behind, or one that this leads to; the strongest counts,
    for one code may stand for several faults.
    """
    best: dict[Place, Weight] = {}
    for fault, trust in seen.faults.items():
        for place, share in reporting(knowledge).get(fault, {}).items() if trust else ():
            weight = report(knowledge, fault, trust * share)
            if place not in best or best[place].value < weight.value:
                best[place] = weight
    return best


def _in_vain(knowledge: Knowledge, learned: Learned, tried: Iterable[StepId]) -> Iterator[tuple[Place, float]]:
    """A repair that did not help speaks against what it cures."""
    places = roll(knowledge).places
    for step in (knowledge.steps[each] for each in tried if each in knowledge.steps):
        for cause in {each.cause: None for each in step.fixes if each.cause in places}:
            yield places[cause], math.log(1 - cure_chance(learned, step, cause))


def _unlisted_stage(knowledge: Knowledge, before: Priors, seen: Observed) -> float:
    """A cause nobody wrote down lies behind a reported fault as often as findings say."""
    shares = (
        before.unknown.get(fault, 0.0) / before.unknown_in_all * trust / leak_of(knowledge, fault)
        for fault, trust in seen.faults.items()
    )
    return math.log(before.unknown_in_all) + math.log(1 + max(shares, default=0.0))
