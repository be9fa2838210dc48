"""The telemetry ask list against worlds whose truth is known: does a signal save what the report said that it would?

    python benchmarks/bench_telemetry.py [CASES [WORLDS [FAMILY]]]   (make bench-telemetry CASES=4000 WORLDS=2)

In each invented world (worlds.py) four families of 15 signals are hidden: two from everybody, two from one maker alone.
The product learns from the findings of 3000 troubles and predicts, for chargers of that maker, the minutes and the
escalations that each family would save: by its own code, with its own numbers of replays and draws. Then the signals
are there, and the product's plan is played on CASES fresh troubles with them and without, knowing no more than before.

Worlds 1 and 2 of each family were looked at while the method was made. The judged ones begin with world 101: nothing
was chosen by them. Two worlds of each family make 24 pairs of a world and a family of signals.

Chances of a cure are weighed in, not thrown for, so that both sides have little noise; what is left is printed behind
what was realised, and counts against the interval. Nothing is asserted; every target that was missed is marked with !.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev
from time import perf_counter

from world_cases import findings, seen
from worlds import FAMILIES, VENDORS, Family, Trouble, World, troubles, world

from chargelore.engine.case import Charger
from chargelore.engine.telemetry.predicted import Effort, predicted
from chargelore.engine.telemetry.replay import UNMOVED, moved
from chargelore.engine.telemetry.saving import Range
from chargelore.engine.telemetry.walk import Bill, Start, bill, first_odds, walk
from chargelore.kb.fold import fold
from chargelore.kb.learned import Learned
from chargelore.kb.model import EvidenceId, StepId

CASES, WORLDS, RECORDED = 4000, 2, 3000
FIRST_JUDGED = 101  # worlds 1 and 2 were looked at while the method was made
SIZE, HIDDEN, FROM_ALL = 15, 4, 2
REPORTED = 0.9  # how far the code of an invented charger is trusted
INSIDE = 0.85
WHO = VENDORS[0]

Signals = frozenset[EvidenceId]


@dataclass(frozen=True, slots=True)
class Row:
    """One family of signals in a `kind` of world: what was predicted per fault, and what came of it with its error."""

    kind: str
    name: str
    minutes: Range
    real_minutes: tuple[float, float]
    handed_over: Range
    real_handed_over: tuple[float, float]


def main(arguments: list[str]) -> None:
    cases, worlds = [*map(int, arguments[:2]), *(CASES, WORLDS)[len(arguments[:2]) :]]
    wanted = [each for each in FAMILIES if each.name in arguments[2:] or not arguments[2:]]
    seeds = range(FIRST_JUDGED, FIRST_JUDGED + worlds)
    rows = [row for family in wanted for seed in seeds for row in compared(family, seed, cases)]
    for family in wanted if len(wanted) > 1 else ():
        judge(family.name, [row for row in rows if row.kind == family.name])
    judge("all worlds", rows)


def compared(family: Family, seed: int, cases: int) -> list[Row]:
    started = perf_counter()
    where, hidden = darkened(world(family, seed), seed)
    learned, rng = taught(where, seed), random.Random(f"fresh-{seed}")
    told = predicted(
        where.knowledge, learned, charger(), seen=where.truth.exposed[WHO], families=hidden, effort=Effort()
    )
    between = perf_counter()
    today, real = realised(where, learned, hidden, list(troubles(where, cases, rng, WHO)))
    print(f"\n== {family.name}, world {seed}: {learned.cases} findings; a fault takes {told.today.minutes:.0f} minutes"
          f" (really {today.minutes:.0f}) and {told.today.handed_over:.0%} are handed over"
          f" (really {today.handed_over:.0%})")  # fmt: skip
    print(f"{'per 100 faults':24}{'minutes saved: told':>28}{'real':>14}{'handed over: told':>28}{'real':>14}")
    rows = [
        Row(family.name, name, each.minutes, real[name][0], each.handed_over, real[name][1])
        for name, each in told.savings.items()
    ]  # fmt: skip
    for row in rows:
        print(
            f"{row.name:24}{shown(row.minutes, row.real_minutes, 0)}{shown(row.handed_over, row.real_handed_over, 1)}"
        )
    print(f"{between - started:.0f} s to learn and predict, {perf_counter() - between:.0f} s to find out", flush=True)
    return rows


def darkened(where: World, seed: int) -> tuple[World, Mapping[str, Signals]]:
    """The world with some families of signals hidden: the first ones from everybody, the others from one maker."""
    order = random.Random(f"families-{seed}").sample(where.signals, HIDDEN * SIZE)
    hidden = {}
    for number in range(HIDDEN):
        signals = frozenset(order[number * SIZE : (number + 1) * SIZE])
        dark = VENDORS if number < FROM_ALL else (WHO,)
        hidden[f"family {number + 1}, {'nobody' if number < FROM_ALL else 'others'} have it"] = signals
        for vendor in dark:
            where.truth.exposed[vendor] -= signals
    return where, hidden


def charger() -> Charger:
    return Charger(id="", vendor=WHO)


def taught(where: World, seed: int) -> Learned:
    rng = random.Random(seed)
    past = [seen(where, each, number, rng) for number, each in enumerate(troubles(where, RECORDED, rng))]
    return fold(findings(where, past, random.Random(seed)), frozenset())


Real = Mapping[str, tuple[tuple[float, float], tuple[float, float]]]


def realised(
    where: World, learned: Learned, hidden: Mapping[str, Signals], some: Sequence[Trouble]
) -> tuple[Bill, Real]:
    """What a fault costs today, and what it costs less when the signals are there, each with its standard error."""
    bills = [played(where, learned, hidden, each) for each in some]
    today = Bill(fmean(each[""].minutes for each in bills), fmean(each[""].handed_over for each in bills))
    real = {
        name: (
            spread([each[""].minutes - each[name].minutes for each in bills]),
            spread([each[""].handed_over - each[name].handed_over for each in bills]),
        )
        for name in hidden
    }
    return today, real


def played(where: World, learned: Learned, hidden: Mapping[str, Signals], one: Trouble) -> dict[str, Bill]:
    """The bills of one trouble: as it is today, and with each family."""
    truth = {each: "yes" if there else "no" for each, there in one.signs.items()}
    who = Charger(id="", vendor=one.vendor, model=one.model)

    def cures(step: StepId) -> float:
        return where.truth.cures[one.cause].get(step, 0.0)

    def start(signals: Signals) -> Start:
        faults = {one.reported: REPORTED} if one.reported else {}
        return Start(who, {each: truth[each] for each in sorted(signals)}, faults)

    def paid(first: Start) -> Bill:
        return bill(where.knowledge, walk(where.knowledge, learned, first, truth, cures), cures)

    dark = start(where.truth.exposed[one.vendor])
    bills, before = {"": paid(dark)}, first_odds(where.knowledge, learned, dark)
    for name, signals in hidden.items():
        light = start(where.truth.exposed[one.vendor] | signals)
        is_moved = moved(before, first_odds(where.knowledge, learned, light)) > UNMOVED
        bills[name] = paid(light) if is_moved else bills[""]
    return bills


def spread(values: Sequence[float]) -> tuple[float, float]:
    return fmean(values), stdev(values) / math.sqrt(len(values))


def shown(told: Range, real: tuple[float, float], digits: int) -> str:
    mean, low, high = (f"{100 * each:,.{digits}f}" for each in (told.mean, told.low, told.high))
    mark = " " if inside(told, real) else "!"
    return f"{mean:>10} [{low:>6},{high:>7}]{mark}{100 * real[0]:>8,.{digits}f}±{100 * real[1]:<4,.{digits}f}"


def inside(told: Range, real: tuple[float, float]) -> bool:
    return told.low <= real[0] <= told.high


Pairs = Sequence[tuple[Range, tuple[float, float]]]


def judge(name: str, rows: Sequence[Row]) -> None:
    """What was promised, and whether it was kept."""
    print(f"\n== {name}: {len(rows)} pairs of a world and a family of signals")
    said("minutes", [(row.minutes, row.real_minutes) for row in rows])
    said("handed over", [(row.handed_over, row.real_handed_over) for row in rows])


def said(word: str, pairs: Pairs) -> None:
    share = fmean(inside(*each) for each in pairs)
    means = [told.mean for told, _ in pairs], [real for _, (real, _) in pairs]
    told, real = map(fmean, means)
    half = median((told.high - told.low) / 2 / abs(told.mean or math.nan) for told, _ in pairs)
    noise = math.sqrt(sum(error**2 for _, (_, error) in pairs)) / len(pairs)
    print(f"{word}: {'' if share >= INSIDE else '! '}{share:.0%} lie in their interval, >= {INSIDE:.0%};"
          f" told {100 * told:,.1f}, real {100 * real:,.1f}±{100 * noise:.1f}, ratio {told / (real or math.nan):.2f};"
          f" to either side {half:.0%} of the saving at the median;"
          f" rank correlation {ranks_agree(*means):.2f}")  # fmt: skip


def ranks_agree(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's correlation."""
    ranked = [[sorted(some).index(each) for each in some] for some in (one, other)]
    middle = (len(one) - 1) / 2
    together = sum((a - middle) * (b - middle) for a, b in zip(*ranked, strict=True))
    return together / (sum((a - middle) ** 2 for a in ranked[0]) or 1.0)


if __name__ == "__main__":
    main(sys.argv[1:])
