"""Safe: what must be made safe before anything else, and before a given step. Pure.

Safety is a precondition: it is never weighed against minutes or chances, and what cannot be made safe is not proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.posterior import Suspect
from chargelore.engine.signal import Signal
from chargelore.kb.guards import standing
from chargelore.kb.model import EvidenceId, Fault, FaultId, Guard, Knowledge, Step, StepId
from chargelore.kb.order import in_order, reached

LIVE = 0.2  # from this chance on, all together, causes that are a danger count as there
GRAVE = 4  # severity of OCPP 2.x: from danger to error; what is less is a warning or a notice


def at_once(knowledge: Knowledge, case: Case, suspects: Sequence[Suspect]) -> tuple[Step, ...]:
    """The safety steps that come before everything as things stand, in order, without what was done already.

    One that waits for what makes nothing safe is none.
    """
    guards, stands = tuple(_raised(knowledge, case, suspects)), safeguards(knowledge)
    named = [each for guard in guards for each in _guarding(knowledge).get(guard, ()) if each in stands]
    return _open(knowledge, case, in_order(_before(knowledge), named))


def as_done(knowledge: Knowledge, case: Case) -> Case:
    """The case with the safety steps that are a message among what was done, where its charger accepted that last."""
    wanted = {each.message: name for name, each in knowledge.steps.items() if each.kind == "secure" and each.message}
    last: dict[str, str] = {}
    for signal in case.signals if wanted else ():
        told = signal.fields
        if signal.kind == "answer" and told.get("status") == "Accepted" and _is_here(case, signal):
            word = told.get("request.type") or told.get("request.operationalStatus")
            last[str(told.get("action"))] = f"{told.get('action')} {word}"
    done = tuple(wanted[each] for each in last.values() if each in wanted)
    return replace(case, tried=(*case.tried, *done)) if done else case


def _is_here(case: Case, signal: Signal) -> bool:
    """Whether a request was for the whole charger, or for the connector of the case."""
    told = signal.fields
    return told.get("request.connectorId", told.get("request.evse.id")) in (None, 0, case.connector)


def first_of(knowledge: Knowledge, case: Case, step: Step) -> tuple[Step, ...] | None:
    """What makes safe and what must be found out before a step, in order, without what was done.

    None where it can never be made safe, or where what was found, or nobody can find, forbids it.
    """
    asking = _asking(knowledge, case, step)
    if asking is None or not all(each.id in safeguards(knowledge) for each in (*asking, step)):
        return None
    found: dict[StepId, Step] = {}
    for each in (*asking, step):
        found |= {one.id: one for one in _open(knowledge, case, safeguards(knowledge)[each.id])}
        if each is not step:
            found[each.id] = each
    return tuple(found.values())


def goes_dead(knowledge: Knowledge, step: Step) -> bool:
    """Whether a step is done only after something that leaves no voltage, or is that itself."""
    return step.dead or any(knowledge.steps[each].dead for each in safeguards(knowledge).get(step.id, ()))


def _asking(knowledge: Knowledge, case: Case, step: Step) -> tuple[Step, ...] | None:
    """The steps that find out what a step has as given; None where it does not hold or none finds it out."""
    told, found = _told(case), dict[StepId, Step]()
    for each in step.given:
        if each.evidence in told:
            if not each.holds(told[each.evidence]):
                return None
            continue
        asker = _askers(knowledge).get(each.evidence)
        if asker is None or asker.id == step.id:
            return None
        if asker.id not in case.tried:  # who did it knows the answer, told or not
            found[asker.id] = asker
    return tuple(found.values())


@lru_cache(maxsize=4)
def _askers(knowledge: Knowledge) -> Mapping[EvidenceId, Step]:
    """The quickest step for each piece of evidence that finds it out."""
    found: dict[EvidenceId, Step] = {}
    for step in sorted(knowledge.steps.values(), key=lambda each: (-each.minutes, each.id)):
        if step.asks:
            found |= dict.fromkeys(step.answers, step)
    return found


@lru_cache(maxsize=4)
def safeguards(knowledge: Knowledge) -> Mapping[StepId, tuple[StepId, ...]]:
    """What comes before each step, in order; without steps that wait for themselves or for what makes nothing safe."""
    before, found = _before(knowledge), {}
    for name, step in knowledge.steps.items():
        wanted = in_order(before, step.first or _by_nature(knowledge, step))
        if name not in wanted and all(_stands(knowledge, before, each) for each in wanted):
            found[name] = tuple(dict.fromkeys(standing(knowledge.steps, each) or each for each in wanted))
    return found


def _stands(knowledge: Knowledge, before: Mapping[StepId, tuple[StepId, ...]], step: StepId) -> bool:
    return standing(knowledge.steps, step) is not None and step not in reached(before, step)


@lru_cache(maxsize=4)
def _before(knowledge: Knowledge) -> Mapping[StepId, tuple[StepId, ...]]:
    return {name: each.first for name, each in knowledge.steps.items() if each.first}


def _by_nature(knowledge: Knowledge, step: Step) -> tuple[StepId, ...]:
    """What a step needs that names no safety step of its own: by its hazard, and by where it is done."""
    guarding = _guarding(knowledge)
    wanted: list[StepId] = []
    if step.kind != "secure":
        wanted += guarding.get("hazard", ()) if step.hazard else ()
        wanted += guarding.get("cabinet", ()) if step.where == "cabinet" else ()
    return tuple(wanted)


@lru_cache(maxsize=4)
def _guarding(knowledge: Knowledge) -> Mapping[Guard, tuple[StepId, ...]]:
    """By what they guard, the steps that make safe; one that was rejected guards on until another does in its place."""
    found: dict[Guard, tuple[StepId, ...]] = {}
    for step in knowledge.steps.values():
        for guard in step.guards if standing(knowledge.steps, step.id) == step.id else ():
            found[guard] = (*found.get(guard, ()), step.id)
    return found


def _raised(knowledge: Knowledge, case: Case, suspects: Sequence[Suspect]) -> Iterator[Guard]:
    """Which guards the case calls for: what was seen is a danger, what is reported or suspected a safety fault."""
    if is_danger(knowledge, case):
        yield "danger"
    reported = {each.fault for each in case.codes if each.fault is not None and not each.is_over}
    likely = sum(each.probability for each in suspects if is_grave(knowledge.faults[each.cause.fault]))
    if likely >= LIVE or any(is_grave(knowledge.faults[each]) for each in reported & knowledge.faults.keys()):
        yield "safety"


def is_danger(knowledge: Knowledge, case: Case) -> bool:
    """Whether people may be hurt as things stand, by what was seen; what a person found outweighs what a rule saw."""
    told = _told(case).items()
    return any(each in knowledge.evidence and said in knowledge.evidence[each].danger for each, said in told)


def _told(case: Case) -> dict[EvidenceId, str]:
    """What is known so far, by evidence."""
    seen = {EvidenceId(firing.symptom): "yes" for firing in case.firings}
    seen |= {EvidenceId(end.symptom): "yes" for end in case.conclusions if end.symptom is not None}
    return {**seen, **case.answers}


def is_grave(fault: Fault) -> bool:
    """Whether the fault is one of safety, and more than a warning."""
    return fault.safety and fault.severity <= GRAVE


def faults_of_safety(knowledge: Knowledge, faults: set[FaultId]) -> bool:
    """Whether any of the faults is one of safety, however grave."""
    return any(knowledge.faults[each].safety for each in faults)


def _open(knowledge: Knowledge, case: Case, steps: Sequence[StepId]) -> tuple[Step, ...]:
    return tuple(knowledge.steps[each] for each in steps if each in knowledge.steps and each not in case.tried)
