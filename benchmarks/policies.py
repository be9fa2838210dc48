"""Policies: what to do next in a case until it is solved or handed to the maker, and what that costs in minutes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod

from rivals import NOT_KNOWN, Chances, Ranker
from world_cases import Seen, answer
from worlds import World

from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.plan import steps_in
from chargelore.engine.diagnosing.posterior import Posterior, Suspect
from chargelore.engine.diagnosing.scene import ESCALATION_MINUTES, WALK, cost, scene
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import CHANCE, CauseId, Fixes, Grade, Knowledge, Shows, Step, StepId

CHECKLIST, TRIES, PATIENT, MOST_STEPS = 4, 3, 5, 60
SURE = 1e6  # cases behind a chance that is the truth

Next = Callable[[Seen], StepId | None]  # None hands the case over


@dataclass(frozen=True, slots=True)
class Bill:
    """What a policy cost: minutes a case and of each, share handed over, repairs a case that did not help."""

    minutes: float
    handed_over: float
    useless: float
    each: tuple[float, ...] = ()


def played(world: World, policy: Next, cases: Sequence[Seen], seed: int) -> Bill:
    """The bill over all cases; luck is drawn by case and step, so that all policies have the same."""
    bills = [_play(world, policy, one, f"{seed}-{number}") for number, one in enumerate(cases)]
    minutes, handed_over, useless = (sum(column) / len(bills) for column in zip(*bills, strict=True))
    return Bill(minutes, handed_over, useless, tuple(each for each, _, _ in bills))


def _play(world: World, policy: Next, one: Seen, seed: str) -> tuple[float, int, int]:
    minutes, useless = 0.0, 0
    for _ in range(MOST_STEPS):
        chosen = policy(one)
        if chosen is None:
            return minutes + ESCALATION_MINUTES, 1, useless
        step = world.knowledge.steps[chosen]
        minutes += step.minutes + WALK[step.where]
        if one.trouble.is_cured(world.truth, chosen, random.Random(f"{seed}-{chosen}").random()):
            return minutes, 0, useless
        useless += not step.answers
        one = _after(one, step)
    return minutes + ESCALATION_MINUTES, 1, useless


def _after(one: Seen, step: Step) -> Seen:
    """The case once the step was done and ended nothing."""
    told = {sign: answer(one.trouble, sign) for sign in step.answers}
    tried = one.case.tried if step.answers else (*one.case.tried, step.id)
    return replace(one, case=replace(one.case, answers={**one.case.answers, **told}, tried=tried))


def ours(world: World, learned: Learned) -> Next:
    """The product: what it says to do next."""

    def choose(one: Seen) -> StepId | None:
        steps = diagnose(world.knowledge, learned, one.case, one.silent).steps
        return steps[0].step if steps else None

    return choose


def by_truth(world: World, rank: Ranker) -> Next:
    """The product's planner with the true chances in place of everything that it has to guess.

    It knows how often each repair cures, so one that failed speaks against what it cures, as it does in the product;
    until this was done the true chances came out dearer than the product's guesses. Its signs need no tempering.
    """
    known, learned = _true_knowledge(world), _true_counts(world)

    def choose(one: Seen) -> StepId | None:
        found = _posterior(known, _in_vain(world, one, rank(one)))
        around = replace(scene(known, learned, one.case, found.suspects), temper=1.0)
        steps = steps_in(known, one.case, around)
        return steps[0].step if steps else None

    return choose


def _in_vain(world: World, one: Seen, chances: Chances) -> Chances:
    """The chances once the repairs that were tried are known not to have helped."""
    cures = world.truth.cures
    left = {
        cause: share * prod(1 - cures.get(cause, {}).get(step, 0.0) for step in one.case.tried)
        for cause, share in chances.items()
    }
    whole = sum(left.values())
    return {cause: share / whole for cause, share in left.items()}


def by_cause(world: World) -> Next:
    """Whoever knows the cause beforehand: its repairs, the best for its minutes first. No planner gets below this."""

    def choose(one: Seen) -> StepId | None:
        cures = {} if one.trouble.cause in world.truth.unwritten else world.truth.cures[one.trouble.cause]
        worth = {
            step: chance / cost(world.knowledge.steps[step])
            for step, chance in cures.items()
            if step not in one.case.tried and chance * ESCALATION_MINUTES > cost(world.knowledge.steps[step])
        }
        return max(worth, key=lambda each: (worth[each], each), default=None)

    return choose


def _posterior(knowledge: Knowledge, chances: Chances) -> Posterior:
    suspects = [Suspect(knowledge.causes[cause], (), share) for cause, share in chances.items() if cause != NOT_KNOWN]
    return Posterior(tuple(sorted(suspects, key=lambda each: -each.probability)), chances[NOT_KNOWN])


def _true_knowledge(world: World) -> Knowledge:
    """What the authors would have written had they known every link; the grades do not matter."""
    knowledge, truth = world.knowledge, world.truth
    grade: Grade = "sometimes"
    causes = {
        each.id: replace(each, shows=tuple(Shows(evidence=sign, grade=grade) for sign in truth.marginal[each.id]))
        for each in knowledge.causes.values()
    }
    steps = {each.id: replace(each, fixes=_true_fixes(world, each.id)) for each in knowledge.steps.values()}
    return replace(knowledge, causes=causes, steps=steps)


def _true_fixes(world: World, step: StepId) -> tuple[Fixes, ...]:
    return tuple(Fixes(cause=cause) for cause in world.knowledge.causes if step in world.truth.cures[cause])


def _true_counts(world: World) -> Learned:
    truth, nobody = world.truth, CauseId("nobody")
    rates = {(cause, sign): chance for cause, signs in truth.marginal.items() for sign, chance in signs.items()}
    rates |= {(nobody, sign): chance for sign, chance in truth.base.items()}
    shown = {(cause, sign, "yes"): _sure(chance) for (cause, sign), chance in rates.items()}
    shown |= {(cause, sign, "no"): _sure(1 - chance) for (cause, sign), chance in rates.items()}
    fixed = {(step, cause): _sure(chance) for cause, cures in truth.cures.items() for step, chance in cures.items()}
    return Learned(shown=shown, fixed=fixed)


def _sure(chance: float) -> Tally:
    return Tally(yes=SURE * chance, no=SURE * (1 - chance))


def by_checklist(world: World, rank: Ranker, tries: int = TRIES) -> Next:
    """The usual way: a short list of questions on the reported fault, then the best repair of the first suspects.

    Three tries are what people do before they call the maker. Tried with 0, 2, 4, 8 and 12 questions and with 2, 3, 5
    and 8 tries: four questions are at their best or within 2 % of it, and a patient technician with five tries comes
    out 2 to 7 % below three. So five tries are told too, beside the three that are the measure.
    """

    def choose(one: Seen) -> StepId | None:
        open_ones = _checklist(world, one)
        if len(one.case.answers) < CHECKLIST and open_ones:
            return open_ones[0]
        if len(one.case.tried) >= tries:
            return None
        return _best_cure(world, rank(one), one)

    return choose


def _checklist(world: World, one: Seen) -> list[StepId]:
    """The questions on the causes of the reported fault that most of them turn on, then the cheapest."""
    kin = [cause for cause in world.knowledge.causes.values() if one.trouble.reported in (None, cause.fault)]
    wanted = [link.evidence for cause in kin for link in cause.shows if link.evidence not in one.case.answers]
    asks = [step for step in world.knowledge.steps.values() if step.answers and step.answers[0] in wanted]
    return [step.id for step in sorted(asks, key=lambda each: (-wanted.count(each.answers[0]), each.minutes, each.id))]


def _best_cure(world: World, chances: Chances, one: Seen) -> StepId | None:
    for cause in sorted(chances, key=lambda each: (-chances[each], each)):
        cures = [
            (-CHANCE[each.grade], step.minutes, step.id)
            for step in world.knowledge.steps.values()
            for each in step.fixes
            if each.cause == cause and step.id not in one.case.tried
        ]
        if cures:
            return min(cures)[2]
    return None
