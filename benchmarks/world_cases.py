"""Cases of an invented world as the product sees them, and the findings that its technicians file."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from worlds import RESET, Trouble, World, code_of

from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.diagnosing.diagnosis import Unasked
from chargelore.engine.diagnosing.observed import ENOUGH_TO_MISS
from chargelore.engine.firing import Firing
from chargelore.engine.signal import Signal
from chargelore.kb.clock import Stamp
from chargelore.kb.events import Event, finding_event, held_event
from chargelore.kb.finding import NOT_LISTED, Finding, Machine, StepTaken
from chargelore.kb.model import CauseId, EvidenceId, FaultId

BEATS = tuple(Signal(layer="ocpp", kind="heartbeat") for _ in range(ENOUGH_TO_MISS))
ASKED, TESTED = 0.35, 0.12  # of what bears on a suspect, before anybody asks the planner
TECHNICIANS = 40
REPORTED, WRONG_CAUSE = 0.7, 0.1
GAMERS, GAMED = 4, 0.4  # technicians, and the share of findings that they file


@dataclass(frozen=True, slots=True)
class Seen:
    """A trouble as the product meets it: the case, and the signals that this maker never sends."""

    trouble: Trouble
    case: Case
    silent: tuple[Unasked, ...]


class Work(NamedTuple):
    """Who worked on a case, what they did, and whether it held; None where nobody could tell."""

    author: str
    steps: tuple[StepTaken, ...]
    has_held: bool | None


def seen(world: World, trouble: Trouble, number: int, rng: random.Random | None = None) -> Seen:
    """The case as the signals tell it; with `rng` somebody has answered a few questions already."""
    exposed = world.truth.exposed[trouble.vendor]
    firings = tuple(_firing(sign) for sign in world.signals if sign in exposed and trouble.signs[sign])
    case = Case(
        id=f"case-{number}",
        charger=Charger(id=f"CP-{number}", vendor=trouble.vendor, model=trouble.model),
        firings=firings,
        codes=(_code(trouble.reported),),
        layers=frozenset({"ocpp"}),
        signals=BEATS,
    )
    silent = tuple(_SILENT[sign] for sign in world.signals if sign not in exposed)
    if rng is None:
        return Seen(trouble, case, silent)
    return Seen(trouble, replace(case, answers=dict(_answered(world, trouble, rng))), silent)


def answer(trouble: Trouble, sign: EvidenceId) -> str:
    """What a person finds who looks for the sign."""
    return "yes" if trouble.signs[sign] else "no"


def _answered(world: World, trouble: Trouble, rng: random.Random) -> Iterator[tuple[EvidenceId, str]]:
    """Answers to what bears on the causes of the reported fault, or to anything where it says nothing."""
    kin = [cause for cause in world.knowledge.causes.values() if cause.fault == trouble.reported]
    linked = sorted({link.evidence for cause in kin for link in cause.shows}) if kin else list(world.asked)
    for sign in linked:
        share = ASKED if sign.startswith("question") else TESTED if sign.startswith("test") else 0.0
        if rng.random() < share * (1 if kin else 0.3):
            yield sign, answer(trouble, sign)


def _firing(sign: EvidenceId) -> Firing:
    return _FIRED.setdefault(
        sign,
        Firing(id=sign, rule=sign, version="1", symptom=sign, charger="", connector=1, at=None, signals=()),
    )


_FIRED: dict[EvidenceId, Firing] = {}


def _code(fault: FaultId | None) -> SeenCode:
    known = code_of(fault) if fault else None
    return SeenCode(
        code=fault or "OtherError", vendor="", text="", channel="", fault=fault,
        relation="exact" if fault else None, known=known,
    )  # fmt: skip


class _Silent(dict[EvidenceId, Unasked]):
    def __missing__(self, sign: EvidenceId) -> Unasked:
        made = self[sign] = Unasked(symptom=sign, rule=sign, why="this model never sends it")
        return made


_SILENT = _Silent()


# --- findings


def findings(world: World, cases: Iterable[Seen], rng: random.Random, *, is_gamed: bool = False) -> list[Event]:
    """The log that technicians leave behind: seven cases in ten, one cause in ten wrong, and what held of it."""
    filed = [each for each in cases if rng.random() < REPORTED]
    log = [event for each in filed for event in _told(world, each, rng)]
    if is_gamed:
        extra = round(len(filed) * GAMED / (1 - GAMED))
        log += [event for each in rng.choices(filed, k=extra) for event in _blamed(world, each, rng)]
    return log


def _told(world: World, one: Seen, rng: random.Random) -> list[Event]:
    real = one.trouble.cause
    is_wrong = rng.random() < WRONG_CAUSE
    cause = _other(world, one, rng) if is_wrong else real
    author = f"technician-{min(int(rng.expovariate(0.1)), TECHNICIANS - 1)}"
    steps = _worked_on(world, cause, one, rng, is_wrong=is_wrong)
    is_cured = bool(steps) and steps[-1].worked and steps[-1].id != RESET and not is_wrong
    verdict = None if rng.random() < 0.3 else rng.random() < (0.95 if is_cured else 0.1)
    return _filed(world, one, cause, Work(author, steps, verdict))


def _worked_on(world: World, cause: CauseId, one: Seen, rng: random.Random, *, is_wrong: bool) -> tuple[StepTaken, ...]:
    """The repairs of the cause that was found, tried until one helps; a wrong one seems to help for a while."""
    steps = []
    for step in rng.sample(sorted(world.truth.cures[cause]), len(world.truth.cures[cause])):
        has_worked = rng.random() < 0.5 if is_wrong else one.trouble.is_cured(world.truth, step, rng.random())
        steps.append(StepTaken(id=step, worked=has_worked))
        if has_worked:
            break
    return tuple(steps)


def _other(world: World, one: Seen, rng: random.Random) -> CauseId:
    """A cause that one may mistake for it: one behind the reported fault, or any."""
    kin = [cause.id for cause in world.knowledge.causes.values() if cause.fault == one.trouble.reported]
    others = [each for each in kin if each != one.trouble.cause] or sorted(world.knowledge.causes)
    return rng.choice(others)


def _blamed(world: World, one: Seen, rng: random.Random) -> list[Event]:
    """A technician who always blames the same cause, whatever it was."""
    number = rng.randrange(GAMERS)
    always = sorted(world.knowledge.causes)[number * 7]
    return _filed(world, one, always, Work(f"gamer-{number}", (), None if rng.random() < 0.5 else False))


def _filed(world: World, one: Seen, cause: CauseId, work: Work) -> list[Event]:
    known = world.knowledge.causes.get(cause)
    told = Finding(
        case=one.case.id,
        fault=known.fault if known else one.trouble.reported or world.truth.fault[cause],
        cause=cause if known else f"{NOT_LISTED}: {cause}",
        charger=Machine(vendor=one.case.charger.vendor, model=one.case.charger.model),
        codes=(one.trouble.reported,) if one.trouble.reported else (),
        evidence=dict(looked_at(world, one)),
        steps=work.steps,
        fixed_by=next((each.id for each in work.steps if each.worked), ""),
    )
    stamp = _stamp()
    event = finding_event(told, stamp=stamp, author=work.author)
    if work.has_held is None:
        return [event]
    return [event, held_event(event.id, work.has_held, by="auto", stamp=replace(stamp, counter=1), author="watch")]


def looked_at(world: World, one: Seen) -> Iterator[tuple[EvidenceId, str]]:
    """Every sign that somebody or something looked for, with what it was."""
    exposed = world.truth.exposed[one.trouble.vendor]
    yield from ((sign, answer(one.trouble, sign)) for sign in world.signals if sign in exposed)
    yield from one.case.answers.items()


_MOMENT = [1_700_000_000_000]


def _stamp() -> Stamp:
    _MOMENT[0] += 1000
    return Stamp(_MOMENT[0], 0, "world")


def shuffled(some: Sequence[Seen], rng: random.Random) -> list[Seen]:
    """In another order."""
    return rng.sample(list(some), len(some))
