"""Visit: everything worth doing on one visit, in the order in which one gets there. Pure.

From afar, at the desk, at the charger, with the cabinet open: whoever goes by this order is not sent back and forth. In
each place what asks or measures comes first, then what mends. What makes safe comes before all that it guards: far from
the danger where that can be done, else right before the first step that needs it. Questions are chosen by the minutes
that they save given those before them, repairs where they are worth their minutes in some outcome of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import LeftOut, Parts, Planned, Stop, Visit
from chargelore.engine.diagnosing.parts import parts
from chargelore.engine.diagnosing.person import ANYBODY, PLACES, Person
from chargelore.engine.diagnosing.plan import Option, open_questions, shown
from chargelore.engine.diagnosing.posterior import Posterior
from chargelore.engine.diagnosing.safe import as_done, at_once, faults_of_safety, first_of, goes_dead
from chargelore.engine.diagnosing.scene import (
    WALK,
    Chances,
    Repair,
    Scene,
    answered,
    by_worth,
    cost_to_go,
    is_worth,
    minutes,
    scene,
)
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, EvidenceId, Knowledge, Place, Step, StepId

MOST_ASKED, MOST_MENDED = 2, 3  # in one place
LEAST_USE, LEAST_CURE = 0.05, 0.01  # what is rarely come to, or rarely helps, only makes a plan long
SMALL = 0.01  # an outcome so rare is not parted further
STANDS_OUT = 0.8
MOST_LEFT_OUT = 4
DEAD, AGAIN = len(PLACES), len(PLACES) + 1  # with the cabinet open: locked off, and switched on again
STAGES = range(AGAIN + 1)
PLACE_OF: Sequence[Place] = (*PLACES, PLACES[-1], PLACES[-1])

Branch = tuple[float, Chances]  # an outcome with its chance, and the suspects then


@dataclass(slots=True)
class _Course:
    """How a visit goes: the outcomes so far in which the trouble stands, and what it took. Lives while planning."""

    knowledge: Knowledge
    case: Case
    around: Scene
    branches: list[Branch]
    spent: float = 0.0
    cured: float = 0.0
    use: dict[StepId, float] = field(default_factory=dict)
    cures: dict[StepId, float] = field(default_factory=dict)

    @property
    def left(self) -> float:
        """The chance that the trouble still stands."""
        return sum(weight for weight, _ in self.branches)

    def stage(self, step: Step) -> int:
        """When in the visit a step is done."""
        return _stage(self.knowledge, self.case, step)


def visit(  # noqa: PLR0913  # the last two may be left out
    knowledge: Knowledge,
    learned: Learned,
    case: Case,
    found: Posterior,
    person: Person = ANYBODY,
    *,
    near: Posterior | None = None,
) -> Visit:
    """The visit of this person; without stops where nothing is worth its minutes and nothing has to be made safe."""
    case = as_done(knowledge, case)
    around = scene(knowledge, learned, case, found.suspects, person, near=near.suspects if near else None)
    course = _Course(knowledge, case, around, [(1.0, around.chances)])
    chosen = _used(course, {stage: _chosen(course, stage) for stage in STAGES})
    carried = parts(around, (each for some in chosen.values() for each in some))
    return _played(_afresh(course), _secured(course, _equipped(chosen, carried)), carried)


def _stage(knowledge: Knowledge, case: Case, step: Step) -> int:
    """When in a visit a step is done: by place, then what is locked off, then what needs voltage again after that."""
    if goes_dead(knowledge, step):
        return DEAD
    before = [_stage(knowledge, case, each) for each in first_of(knowledge, case, step) or () if each.kind != "secure"]
    latest = max([PLACES.index(step.where), *before])
    return latest if latest < DEAD else AGAIN


def _afresh(course: _Course) -> _Course:
    """The visit before anything was done."""
    return _Course(course.knowledge, course.case, course.around, [(1.0, course.around.chances)])


def _used(course: _Course, chosen: Mapping[int, Sequence[Step]]) -> dict[int, list[Step]]:
    """The steps that one comes to often enough once all are done in their order, and repairs that cure often enough."""
    tried = _afresh(course)
    for step in (each for some in chosen.values() for each in some):
        _do(tried, step)
    least = {each.step.id: LEAST_CURE for each in course.around.repairs}
    return {
        stage: [
            each for each in some
            if tried.use.get(each.id, 0.0) >= LEAST_USE and tried.cures.get(each.id, 1.0) >= least.get(each.id, 0.0)
        ]
        for stage, some in chosen.items()
    }  # fmt: skip


def _equipped(chosen: Mapping[int, Sequence[Step]], carried: Parts) -> dict[int, list[Step]]:
    """The steps for which all parts are there."""
    return {stage: [each for each in some if {*each.parts} <= {*carried.take}] for stage, some in chosen.items()}


# --- what to do in each place


def _chosen(course: _Course, stage: int) -> list[Step]:
    asked = list(_asked(course, stage))
    repairs = _mended(course, stage)
    for each in repairs:
        _mend(course, each)
    return [*asked, *(each.step for each in repairs)]


def _asked(course: _Course, stage: int) -> Iterator[Step]:
    """Questions of a stage, each time the one that saves most given the answers before it."""
    open_ones = [each for each in open_questions(course.case, course.around) if course.stage(each[0]) == stage]
    for _ in range(MOST_ASKED):
        gains = [(_gain(course, *each), each) for each in open_ones]
        open_ones = [each for gain, each in gains if gain > 0]
        if not open_ones:
            return
        step = max(gains, key=lambda each: (each[0], each[1][0].id))[1][0]
        _ask(course, step)
        open_ones = [each for each in open_ones if each[0] is not step]
        yield step


def _gain(course: _Course, step: Step, evidence: EvidenceId) -> float:
    """Minutes that the answer saves, over all outcomes so far, without those that asking takes."""
    repairs, saved = course.around.repairs, 0.0
    for weight, chances in course.branches:
        told = _answers(course, chances, evidence)
        saved += weight * (
            cost_to_go(repairs, chances) - sum(part * cost_to_go(repairs, after) for part, after in told)
        )
    return saved - course.left * minutes(step)


def _mended(course: _Course, stage: int) -> list[Repair]:
    """The repairs of a stage that are worth their minutes in some outcome, the best first."""
    here = [
        each for each in course.around.repairs if course.stage(each.step) == stage and not _is_barred(course, each.step)
    ]
    use = {each.step.id: sum(weight for weight, chances in course.branches if is_worth(each, chances)) for each in here}
    worth = [each for each in here if use[each.step.id] >= LEAST_USE]
    chances = _mixed(course.branches)
    kept = by_worth(worth, chances)[:MOST_MENDED] if chances else []
    return sorted(kept, key=lambda each: not each.step.reversible)  # stable: what cannot be undone comes last


def _is_barred(course: _Course, step: Step) -> bool:
    """A reset hides a safety fault until it hurts somebody."""
    faults = {each.cause.fault for each in course.around.near[:3]}
    return step.kind == "reset" and faults_of_safety(course.knowledge, faults)


def _mixed(branches: Sequence[Branch]) -> dict[CauseId, float]:
    """The chances over all outcomes."""
    whole, mixed = sum(weight for weight, _ in branches), dict[CauseId, float]()
    for weight, chances in branches if whole > 0 else ():
        for cause, share in chances.items():
            mixed[cause] = mixed.get(cause, 0.0) + weight * share / whole
    return mixed


# --- how it goes


def _ask(course: _Course, step: Step) -> None:
    """What mends nothing is done in every outcome; its answers part them."""
    course.use[step.id] = course.left
    course.spent += course.left * minutes(step)
    for evidence in (each for one, each in open_questions(course.case, course.around) if one is step):
        course.branches = [part for each in course.branches for part in _parted(course, each, evidence)]


def _parted(course: _Course, branch: Branch, evidence: EvidenceId) -> Iterator[Branch]:
    weight, chances = branch
    if weight < SMALL:
        yield branch
        return
    told = list(_answers(course, chances, evidence))
    whole = sum(part for part, _ in told)
    yield from ((weight * part / whole, after) for part, after in told)


def _answers(course: _Course, chances: Chances, evidence: EvidenceId) -> Iterator[Branch]:
    return answered(course.around, chances, evidence, course.knowledge.evidence[evidence].answers)


def _mend(course: _Course, repair: Repair) -> None:
    """The repair is tried in the outcomes in which it is worth its minutes."""
    after: list[Branch] = []
    for weight, chances in course.branches:
        if not is_worth(repair, chances):
            after.append((weight, chances))
            continue
        cured = min(1.0, repair.chance(chances))
        _count(course, repair.step, weight, cured)
        if cured < 1:
            after.append((weight * (1 - cured), {c: p / (1 - cured) for c, p in repair.in_vain(chances).items()}))
    course.branches = after


def _count(course: _Course, step: Step, weight: float, cured: float) -> None:
    course.use[step.id] = course.use.get(step.id, 0.0) + weight
    course.cures[step.id] = course.cures.get(step.id, 0.0) + weight * cured
    course.spent += weight * minutes(step)
    course.cured += weight * cured


def _secured(course: _Course, chosen: Mapping[int, Sequence[Step]]) -> dict[Place, list[Step]]:
    """The steps by place with what comes before them: in front, as far from the danger as it can be done.

    What a stage has for a single step of its own stands right before that one.
    """
    safe: dict[int, list[Step]] = {stage: [] for stage in STAGES}
    steps: dict[int, list[Step]] = {stage: [] for stage in STAGES}
    done = {each.id for each in at_once(course.knowledge, course.case, course.around.near)}
    safe[0] += at_once(course.knowledge, course.case, course.around.near)
    for stage in STAGES:
        for step in (each for each in chosen[stage] if each.id not in done):
            needed = first_of(course.knowledge, course.case, step) or ()
            for each in (one for one in (*needed, step) if one.id not in done):
                done.add(each.id)
                home = course.stage(each)
                (safe if each.kind == "secure" and home < stage else steps)[min(home, stage)].append(each)
    return _by_place({stage: [*safe[stage], *steps[stage]] for stage in STAGES})


def _by_place(steps: Mapping[int, Sequence[Step]]) -> dict[Place, list[Step]]:
    """The steps of all stages, place by place."""
    return {place: [each for stage in STAGES if PLACE_OF[stage] == place for each in steps[stage]] for place in PLACES}


def _played(course: _Course, steps: Mapping[Place, Sequence[Step]], carried: Parts) -> Visit:
    """The visit as it is expected to go."""
    for place, some in steps.items():
        course.spent += course.left * WALK[place] if some else 0.0
        for step in some:
            _do(course, step)
    walks = sum(WALK[place] for place, some in steps.items() if some)
    return Visit(
        stops=tuple(_stop(course, place, some) for place, some in steps.items() if some),
        minutes=course.spent,
        at_most=walks + sum(minutes(each) for some in steps.values() for each in some),
        cured=min(1.0, course.cured),
        named=sum(weight for weight, chances in course.branches if max(chances.values(), default=0.0) >= STANDS_OUT),
        parts=replace(carried, take=tuple(dict.fromkeys((*carried.take, *_parts_of(steps))))),
        left_out=tuple(_left_out(course.around)),
    )


def _parts_of(steps: Mapping[Place, Sequence[Step]]) -> Iterator[str]:
    """Of what makes safe too, which is never weighed."""
    return (part for some in steps.values() for each in some for part in each.parts)


def _do(course: _Course, step: Step) -> None:
    repair = next((each for each in course.around.repairs if each.step.id == step.id), None)
    if repair is not None:
        _mend(course, repair)
    else:
        _ask(course, step)


def _stop(course: _Course, place: Place, steps: Iterable[Step]) -> Stop:
    return Stop(place, tuple(_planned(course, each) for each in steps))


def _planned(course: _Course, step: Step) -> Planned:
    told = {cause for each in step.answers for cause in course.around.signatures.get(each, ())}
    causes = tuple(cause for cause in course.around.chances if cause in told)
    option = Option(step, 0.0, causes)
    use = min(1.0, course.use.get(step.id, 0.0))
    return Planned(shown(option, course.knowledge, course.case), use, course.cures.get(step.id, 0.0))


def _left_out(around: Scene) -> Iterator[LeftOut]:
    """What would help most and is beyond this person: by the chance of the causes that it cures or asks about."""
    chances = around.chances

    def bears(step: Step) -> float:
        asked = {cause for each in step.answers for cause in around.signatures.get(each, ())}
        return sum(chances.get(cause, 0.0) for cause in asked | {each.cause for each in step.fixes})

    ranked = sorted(around.out_of_reach, key=lambda each: (-bears(each[0]), each[0].id))
    return (LeftOut(step.id, step.label, why) for step, why in ranked[:MOST_LEFT_OUT])
