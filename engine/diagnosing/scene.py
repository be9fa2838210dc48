"""Scene: what a plan is made from: the suspects with their chances, what cures them, and what tells them apart. Pure.

Costs are minutes. The cost to go is that of trying repairs by chance over minutes and then handing the case over
(Jensen et al., SACSO); a repair counts only while its chance of a cure is worth its minutes against handing over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.odds import Odds, answers_of, cure_chance, odds
from chargelore.engine.diagnosing.person import ANYBODY, Person, lacks
from chargelore.engine.diagnosing.posterior import Suspect
from chargelore.engine.diagnosing.safe import first_of
from chargelore.engine.diagnosing.temper import temper
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, EvidenceId, Knowledge, Step, StepId

ESCALATION_MINUTES = 600.0  # what handing over to the maker costs, in technician minutes
MOST_SUSPECTS = 12
WALK: Mapping[str, float] = {"remote": 0.0, "desk": 0.0, "at-charger": 5.0, "cabinet": 10.0}

Chances = Mapping[CauseId, float]
Signs = tuple[tuple[EvidenceId, Mapping[str, float]], ...]  # of one cause: how likely it gives each answer
Signature = Mapping[CauseId, Mapping[str, float]]  # how likely each suspect gives each answer; the others: as anybody


@dataclass(frozen=True, slots=True)
class Repair:
    """What a step costs, in minutes with the walk to it, and how likely it cures each suspect."""

    step: Step
    cost: float
    cures: Mapping[CauseId, float]

    def chance(self, chances: Chances) -> float:
        """How likely it ends the trouble, 0..1. Plans ask this more than anything: a plain loop is twice as fast."""
        cured = 0.0
        for cause, works in self.cures.items():
            cured += chances[cause] * works
        return cured

    def in_vain(self, chances: Chances) -> dict[CauseId, float]:
        """What is left of the chances where it did not help, as parts of what was: they sum to less."""
        return {cause: share * (1 - self.cures.get(cause, 0.0)) for cause, share in chances.items()}


@dataclass(frozen=True, slots=True)
class Scene:
    """The suspects and their chances, and what this person can do about them.

    `near` are the suspects that something speaks for, where the plan looks further than these. `out_of_reach` is what
    would help, too, with what keeps the person from it.
    """

    suspects: Sequence[Suspect]
    chances: Chances
    steps: Sequence[Step]
    repairs: tuple[Repair, ...]
    rates: Odds
    temper: float
    signatures: Mapping[EvidenceId, Signature]
    near: Sequence[Suspect]
    out_of_reach: tuple[tuple[Step, tuple[str, ...]], ...] = ()


def scene(  # noqa: PLR0913  # the last two may be left out
    knowledge: Knowledge,
    learned: Learned,
    case: Case,
    suspects: Sequence[Suspect],
    person: Person = ANYBODY,
    *,
    near: Sequence[Suspect] | None = None,
) -> Scene:
    """The scene of a case, without the steps that were done, or answered, or that can never be made safe."""
    near = suspects[:MOST_SUSPECTS] if near is None else near[:MOST_SUSPECTS]
    suspects = suspects[:MOST_SUSPECTS]
    chances = {each.cause.id: each.probability for each in suspects}
    wanted = [each for each in _steps_for(knowledge, suspects) if not _is_done(each, case)]
    kept_from = {each.id: _kept_from(knowledge, case, person, each) for each in wanted}
    steps = [each for each in wanted if kept_from[each.id] == ()]
    return Scene(
        suspects=suspects,
        chances=chances,
        steps=steps,
        repairs=tuple(_repairs(learned, steps, chances)),
        rates=odds(knowledge, learned),
        temper=temper(knowledge, learned),
        signatures=_signatures(knowledge, learned, suspects),
        near=near,
        out_of_reach=tuple((each, why) for each in wanted if (why := kept_from[each.id])),
    )


def _is_done(step: Step, case: Case) -> bool:
    """Whether it was tried, or everything that it would tell is answered: who says what a card did has held it."""
    return step.id in case.tried or (bool(step.answers) and all(each in case.answers for each in step.answers))


def _kept_from(knowledge: Knowledge, case: Case, person: Person, step: Step) -> tuple[str, ...] | None:
    """Why the person does not do a step; None where nobody does, because nothing makes it safe."""
    securing = first_of(knowledge, case, step)
    if securing is None:
        return None
    return tuple(dict.fromkeys(why for each in (step, *securing) for why in lacks(person, each)))


def _steps_for(knowledge: Knowledge, suspects: Sequence[Suspect]) -> list[Step]:
    wanted = {step for each in suspects for step in _steps_of(knowledge).get(each.cause.id, ())}
    return [knowledge.steps[step] for step in sorted(wanted)]


@lru_cache(maxsize=4)
def _steps_of(knowledge: Knowledge) -> Mapping[CauseId, frozenset[StepId]]:
    """The steps that cure a cause, or that answer what it shows."""
    asks: dict[EvidenceId, set[StepId]] = {}
    found: dict[CauseId, set[StepId]] = {cause: set() for cause in knowledge.causes}
    for step in knowledge.steps.values():
        if step.status == "deprecated" or step.kind == "secure":
            continue
        for evidence in step.answers:
            asks.setdefault(evidence, set()).add(step.id)
        for cure in step.fixes:
            found.setdefault(cure.cause, set()).add(step.id)
    for cause in knowledge.causes.values():
        found[cause.id].update(step for link in cause.shows for step in asks.get(link.evidence, ()))
    return {cause: frozenset(steps) for cause, steps in found.items()}


def _repairs(learned: Learned, steps: Sequence[Step], chances: Chances) -> Iterator[Repair]:
    for step in steps:
        cures = {each.cause: cure_chance(learned, step, each.cause) for each in step.fixes if each.cause in chances}
        if cures:
            yield Repair(step, cost(step), cures)


def _signatures(knowledge: Knowledge, learned: Learned, suspects: Sequence[Suspect]) -> dict[EvidenceId, Signature]:
    found: dict[EvidenceId, dict[CauseId, Mapping[str, float]]] = {}
    for each in suspects:
        for evidence, answers in _signs(knowledge, learned, each.cause.id):
            found.setdefault(evidence, {})[each.cause.id] = answers
    return dict(found)


@lru_cache(maxsize=4096)
def _signs(knowledge: Knowledge, learned: Learned, cause: CauseId) -> Signs:
    """What a cause shows, with how likely it gives each answer."""
    one = knowledge.causes[cause]
    shown = dict.fromkeys(link.evidence for link in one.shows if link.evidence in knowledge.evidence)
    return tuple((each, answers_of(learned, one, knowledge.evidence[each])) for each in shown)


def cost(step: Step) -> float:
    """Minutes of a step with the walk to it; at least one, whatever was written."""
    return minutes(step) + WALK[step.where]


def minutes(step: Step) -> float:
    """Minutes of a step by itself; at least one, whatever was written."""
    return max(1.0, float(step.minutes))


def is_worth(repair: Repair, chances: Chances, whole: float = 1.0) -> bool:
    """Whether its chance of a cure is worth its minutes, where the chances are parts of `whole`."""
    return repair.chance(chances) * ESCALATION_MINUTES > repair.cost * whole


def cost_to_go(repairs: Sequence[Repair], chances: Chances) -> float:
    """Expected minutes when repairs are tried by chance over minutes, then the case is handed over."""
    left, spent, open_ones = 1.0, 0.0, dict(chances)
    for each in by_worth(repairs, chances):
        cured = each.chance(open_ones)
        if cured * ESCALATION_MINUTES <= each.cost * left:
            continue
        spent += left * each.cost
        left = max(0.0, left - cured)
        for cause, works in each.cures.items():
            open_ones[cause] *= 1 - works
    return spent + left * ESCALATION_MINUTES


def by_worth(repairs: Sequence[Repair], chances: Chances) -> list[Repair]:
    """Repairs by chance over minutes, the best first."""
    return sorted(repairs, key=lambda each: (-each.chance(chances) / each.cost, each.step.id))


def answered(
    found: Scene, chances: Chances, evidence: EvidenceId, answers: Sequence[str]
) -> Iterator[tuple[float, Chances]]:
    """By answer: how likely it is, and the chances then. It moves the odds as far as it will in the diagnosis."""
    signature, unknown = found.signatures[evidence], max(0.0, 1 - sum(chances.values()))
    for answer in answers:
        leak, base = found.rates.leaks[evidence, answer], found.rates.bases[evidence, answer]
        whole, total, power = unknown * base, unknown * base**found.temper, leak**found.temper
        moved: dict[CauseId, float] = {}
        for cause, chance in chances.items():
            likely = signature[cause][answer] if cause in signature else leak
            after = moved[cause] = chance * (likely**found.temper if cause in signature else power)
            whole += chance * likely
            total += after
        if total > 0:
            yield whole, {cause: value / total for cause, value in moved.items()}


def after_asking(found: Scene, chances: Chances, evidence: EvidenceId, answers: Sequence[str]) -> float:
    """Expected minutes once the answer is known."""
    told = answered(found, chances, evidence, answers)
    return sum(whole * cost_to_go(found.repairs, after) for whole, after in told)
