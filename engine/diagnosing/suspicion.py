"""Suspicion: the causes that anything observed speaks for, and what speaks for each, not yet as probabilities. Pure.

What sets the stage (how common a cause is, the fault that the charger reports, what its maker answered, what was tried
in vain) stands apart from what the observations tell: only the latter is tempered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.current import current_of, possible
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.odds import cure_chance
from chargelore.engine.diagnosing.prior import Priors, priors
from chargelore.engine.diagnosing.recall import believed, by_cause, explained, recalled, signs_of
from chargelore.engine.diagnosing.table import Weight, reporting, spoken_for, table
from chargelore.engine.diagnosing.weigh import leak_of, report, unlisted_weight, weighed
from chargelore.engine.diagnosing.wordfit import fits, named_among
from chargelore.engine.firing import Conclusion
from chargelore.kb.counts import UNLISTED
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, Knowledge, StepId

CAP = 0.97


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The suspects in order; by cause, and for UNLISTED: log odds of the `stage`, and those that was `told`."""

    causes: tuple[CauseId, ...]
    weights: Mapping[CauseId, Sequence[Weight]]
    stage: Mapping[CauseId, float]
    told: Mapping[CauseId, float]


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
    before, answers = priors(knowledge, learned, charger), table(knowledge, learned)
    words, ends = fits(knowledge, seen.words), _ends(knowledge, seen)
    named = by_cause(
        knowledge, recalled(knowledge, learned.answers, charger, signs_of(seen)) if learned.answers else ()
    )
    names = candidates(knowledge, before, seen, (*ends, *named_among(words), *named, *also))
    names = possible(knowledge, names, current_of(knowledge, charger, seen))
    found = weighed(answers, seen, names, words, ends)
    for name in named.keys() & found.keys():
        found[name] = explained(knowledge, learned, found[name], named[name].answer, seen)
    told = _summed(found)
    told[UNLISTED] = unlisted_weight(answers, seen)
    stage = {name: before.logs[name] for name in names}
    for name, weight in (*_reported(knowledge, seen), *(believed(knowledge, named, seen) if named else ())):
        if name in stage:
            stage[name] += weight.value
            found[name].append(weight)
    for name, value in _in_vain(knowledge, learned, tried):
        if name in stage:
            stage[name] += value
    stage[UNLISTED] = _unlisted_stage(knowledge, before, seen)
    return Suspicion(names, found, stage, told)


def chances(found: Suspicion, temper: float) -> dict[CauseId, float]:
    """Probabilities of the suspects and of UNLISTED; they sum to one. What lies above the cap goes to the latter."""
    scores = [stage + temper * told for stage, told in zip(found.stage.values(), found.told.values(), strict=True)]
    top, exp = max(scores), math.exp
    raw = [exp(score - top) for score in scores]
    whole, first = math.fsum(raw), scores.index(top)
    shares = dict(zip(found.causes, [each / whole for each in raw], strict=False))
    if first < len(found.causes) and shares[found.causes[first]] > CAP:  # no other can be as likely
        shares[found.causes[first]] = CAP
    shares[UNLISTED] = max(0.0, 1.0 - math.fsum(shares.values()))
    return shares


def candidates(
    knowledge: Knowledge, before: Priors, seen: Observed, also: Iterable[CauseId] = ()
) -> tuple[CauseId, ...]:
    """Causes in scope that at least one observation or code speaks for, and those that are named `also`; in order."""
    answered, faults = spoken_for(knowledge), reporting(knowledge)
    names = set(also)
    for shown in seen.answers.items():
        names.update(answered.get(shown, ()))
    for fault in seen.faults:
        names.update(faults.get(fault, ()))
    return tuple(sorted(names & before.logs.keys()))  # the one large index that is asked again


def _summed(found: Mapping[CauseId, Iterable[Weight]]) -> dict[CauseId, float]:
    sums: dict[CauseId, float] = {}
    for name, some in found.items():
        whole = 0.0
        for weight in some:  # most have one or two: no call for each
            whole += weight.value
        sums[name] = whole
    return sums


def _ends(knowledge: Knowledge, seen: Observed) -> dict[CauseId, list[Conclusion]]:
    """By cause, what case rules joined for it, or for a deprecated one in whose place it stands."""
    found: dict[CauseId, list[Conclusion]] = {}
    for end in seen.conclusions:
        cause = standing(knowledge, end.cause) if end.cause is not None else None
        if cause is not None:
            found.setdefault(cause.id, []).append(end)
    return found


def _reported(knowledge: Knowledge, seen: Observed) -> Iterator[tuple[CauseId, Weight]]:
    """The charger itself names the fault that a cause lies behind, or one that this leads to; the strongest counts,
    for one code may stand for several faults.
    """
    best: dict[CauseId, Weight] = {}
    for fault, trust in seen.faults.items():
        for cause, share in reporting(knowledge).get(fault, {}).items() if trust else ():
            weight = report(knowledge, fault, trust * share)
            if cause not in best or best[cause].value < weight.value:
                best[cause] = weight
    yield from best.items()


def _in_vain(knowledge: Knowledge, learned: Learned, tried: Iterable[StepId]) -> Iterator[tuple[CauseId, float]]:
    """A repair that did not help speaks against what it cures."""
    for step in (knowledge.steps[each] for each in tried if each in knowledge.steps):
        for cause in {each.cause: None for each in step.fixes}:
            yield cause, math.log(1 - cure_chance(learned, step, cause))


def _unlisted_stage(knowledge: Knowledge, before: Priors, seen: Observed) -> float:
    """A cause nobody wrote down lies behind a reported fault as often as findings say."""
    shares = (
        before.unknown.get(fault, 0.0) / before.unknown_in_all * trust / leak_of(knowledge, fault)
        for fault, trust in seen.faults.items()
    )
    return math.log(before.unknown_in_all) + math.log(1 + max(shares, default=0.0))
