"""Speed: how long one ranking and one next step take, as the knowledge grows.

Of many rounds over the same cases each case counts with its best: other people's load comes and goes, the work stays.
A hundred cases and their plans lie between two rounds of one, so that it finds the memory as a new case does; `again`
is what the same case takes right after, the work without the waiting for memory. What a loop of additions took is
printed beside it, at its best and at its median: the further they are apart, the busier the machine was.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from statistics import median
from time import perf_counter

from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.diagnosing.observed import observed
from chargelore.engine.diagnosing.plan import next_steps
from chargelore.engine.diagnosing.posterior import posterior
from chargelore.engine.firing import Firing
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import (
    Cause,
    CauseId,
    Evidence,
    EvidenceId,
    Fault,
    FaultId,
    Fixes,
    Grade,
    Knowledge,
    Shows,
    Step,
    StepId,
)

NODES = (1_000, 10_000, 100_000)
ASKED, ROUNDS, ADDITIONS = 100, 12, 1_000  # cases, how often each, and the loop that tells of the machine
GRADES: tuple[Grade, ...] = ("rarely", "sometimes", "often", "always")


def report_speed() -> None:
    """Median and 95th percentile in milliseconds by number of nodes."""
    print(f"\n== one diagnosis, in ms: median / 95 of {ASKED} cases, each the best of {ROUNDS} rounds")
    for nodes in NODES:
        knowledge, rng = grown(nodes, random.Random(nodes)), random.Random(1)
        cases = [case(knowledge, rng) for _ in range(ASKED)]
        rounds = [[*map(partial(timed, knowledge), cases)] for _ in range(1 + ROUNDS)][1:]  # the indexes are made once
        ranks, again, steps, loops = ([[row[place] for row in each] for each in rounds] for place in range(4))
        print(f"{nodes:>8} nodes   rank {spread(best(ranks))}, again {spread(best(again))}"
              f"   next step {spread(best(steps))}   {ADDITIONS:,} additions {min(best(loops)):.3f},"
              f" {median(map(median, loops)):.3f} at the median", flush=True)  # fmt: skip


def best(rounds: Sequence[Sequence[float]]) -> list[float]:
    """The shortest time of each case."""
    return [min(times) for times in zip(*rounds, strict=True)]


def spread(times: Sequence[float]) -> str:
    return f"{median(times):.3f} / {sorted(times)[int(0.95 * len(times))]:.3f}"


def timed(knowledge: Knowledge, one: Case) -> tuple[float, ...]:
    """Milliseconds to rank, to rank again, to plan, and to add up some numbers."""
    times, whole = [perf_counter()], 0
    for _ in range(2):
        found = posterior(knowledge, NOTHING_LEARNED, one, observed(knowledge, one))
        times.append(perf_counter())
    next_steps(knowledge, NOTHING_LEARNED, one, found)
    times.append(perf_counter())
    for each in range(ADDITIONS):
        whole += each
    times.append(perf_counter())
    return tuple((after - before) * 1000 for before, after in pairwise(times))


def grown(nodes: int, rng: random.Random) -> Knowledge:
    """Knowledge of so many nodes in the shares of the shipped one: a fault, three causes, three signs, three steps."""
    faults = [FaultId(f"fault-{number}") for number in range(nodes // 10)]
    signs = [EvidenceId(f"sign-{number}") for number in range(nodes * 3 // 10)]
    causes = [CauseId(f"cause-{number}") for number in range(nodes * 3 // 10)]
    steps = [*(cure(number, causes[number]) for number in range(len(causes) * 2 // 3)), *map(ask, signs[::3])]
    return Knowledge(
        sources={},
        faults={
            each: Fault(id=each, label=each, domain="safety", definition="", responsible=("cso",)) for each in faults
        },
        codes=(),
        evidence={each: Evidence(id=each, question=each, leak="never", channel="asked") for each in signs},
        causes={each: cause(each, faults[place % len(faults)], signs, rng) for place, each in enumerate(causes)},
        steps={each.id: each for each in steps},
    )


def cause(name: CauseId, fault: FaultId, signs: list[EvidenceId], rng: random.Random) -> Cause:
    shows = tuple(Shows(evidence=each, grade=rng.choice(GRADES)) for each in rng.sample(signs, 6))
    return Cause(id=name, fault=fault, label=name, shows=shows)


def cure(number: int, cured: CauseId) -> Step:
    return Step(id=StepId(f"mend-{number}"), kind="repair", label="", minutes=20, fixes=(Fixes(cause=cured),))


def ask(sign: EvidenceId) -> Step:
    return Step(id=StepId(f"ask-{sign}"), kind="question", label="", minutes=2, where="desk", answers=(sign,))


def case(knowledge: Knowledge, rng: random.Random) -> Case:
    """A charger that reports a fault and shows half the signs of one of its causes, and two that mean nothing."""
    real = rng.choice(list(knowledge.causes.values()))
    shown = [link.evidence for link in real.shows[:3]] + rng.sample(list(knowledge.evidence), 2)
    firings = [
        Firing(id=each, rule=each, version="1", symptom=each, charger="", connector=1, at=None, signals=())
        for each in shown
    ]
    code = SeenCode(code="E1", vendor="", text="", channel="", fault=real.fault, relation="exact")
    return Case(id="c", charger=Charger(id="c", vendor="Acme"), firings=tuple(firings), codes=(code,))
