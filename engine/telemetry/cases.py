"""Cases: troubles as the learned model deals them: what is wrong, what is reported, what every sign says. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from chargelore.engine.diagnosing.temper import REPORTED
from chargelore.engine.telemetry.belief import Belief, Kind, sign_chance
from chargelore.engine.telemetry.echo import echoes
from chargelore.engine.telemetry.luck import luck
from chargelore.kb.model import Evidence, EvidenceId, FaultId


@dataclass(frozen=True, slots=True)
class Dealt:
    """A trouble: its kind, the faults that the charger reports with their trust, and the answer to every question."""

    kind: Kind
    faults: Mapping[FaultId, float]
    answers: Mapping[EvidenceId, str]


def dealt(held: Belief, count: int, seed: str) -> Iterator[Dealt]:
    """So many troubles, each kind as often as it is believed to come: every count-th part of them deals one."""
    rng = luck(seed)
    kinds, sums = list(held.shares), list(accumulate(held.shares.values()))
    offset, place = rng.random(), 0
    for number in range(count):
        while place < len(kinds) - 1 and sums[place] < (number + offset) / count:
            place += 1
        yield _dealt(held, kinds[place], luck(seed, number))


def _dealt(held: Belief, kind: Kind, rng: random.Random) -> Dealt:
    faults: dict[FaultId, float] = {}
    if rng.random() < held.habit.told:
        is_stray = rng.random() > held.habit.right
        faults[rng.choice(sorted(held.knowledge.faults)) if is_stray else kind[0]] = REPORTED
    lucks = _lucks(held, rng)
    answers = {name: _answer(held, kind, each, lucks[name]) for name, each in held.knowledge.evidence.items()}
    return Dealt(kind, faults, answers)


def _lucks(held: Belief, rng: random.Random) -> dict[EvidenceId, float]:
    """The luck of each sign: its own, or that of the one which it repeats; signs of one event have one."""
    found: dict[EvidenceId, float] = {}
    events: dict[str, float] = {}
    for name, each in sorted(held.knowledge.evidence.items()):
        echo, own = echoes(held).get(name), rng.random()
        if echo is not None:
            found[name] = found[echo.of] if rng.random() < echo.share else own
        else:
            found[name] = events.setdefault(each.group or name, own)
    return found


def _answer(held: Belief, kind: Kind, evidence: Evidence, luck: float) -> str:
    """The answer that this much luck in 0..1 gives; the last one takes what is left."""
    for answer in evidence.answers[:-1]:
        luck -= sign_chance(held, kind[1], evidence.id, answer)
        if luck < 0:
            return answer
    return evidence.answers[-1]


def report_chance(held: Belief, one: Dealt, fault: FaultId) -> float:
    """P(what it reports | trouble of this fault), but for what is the same for every fault."""
    if not one.faults:
        return 1.0
    right = held.habit.right
    return (1 - right) / len(held.knowledge.faults) + (right if fault in one.faults else 0.0)
