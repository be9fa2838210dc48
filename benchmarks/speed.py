"""Speed: how long one ranking and one next step take, as the knowledge grows."""

from __future__ import annotations

import random
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
ASKED = 100  # cases
GRADES: tuple[Grade, ...] = ("rarely", "sometimes", "often", "always")


def report_speed() -> None:
    """Median and 95th percentile in milliseconds by number of nodes."""
    print("\n== one diagnosis, in ms: median / 95 of 100 cases")
    for nodes in NODES:
        knowledge, rng = grown(nodes, random.Random(nodes)), random.Random(1)
        cases = [case(knowledge, rng) for _ in range(ASKED)]
        posterior(knowledge, NOTHING_LEARNED, cases[0], observed(knowledge, cases[0]))  # the indexes are made once
        times = [timed(knowledge, each) for each in cases]
        ranks, steps = ([row[place] for row in times] for place in (0, 1))
        print(f"{nodes:>8} nodes   rank {spread(ranks)}   next step {spread(steps)}", flush=True)


def spread(times: list[float]) -> str:
    return f"{median(times):.2f} / {sorted(times)[int(0.95 * len(times))]:.2f}"


def timed(knowledge: Knowledge, one: Case) -> tuple[float, float]:
    """Milliseconds to rank and to plan."""
    started = perf_counter()
    found = posterior(knowledge, NOTHING_LEARNED, one, observed(knowledge, one))
    ranked = perf_counter()
    next_steps(knowledge, NOTHING_LEARNED, one, found)
    return (ranked - started) * 1000, (perf_counter() - ranked) * 1000


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
