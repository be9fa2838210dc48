"""Diagnosis against worlds whose truth is known: is the right cause first, are the chances true, what does it cost?

    python benchmarks/bench_diagnosis.py [CASES [WORLDS]]        (make bench-diagnosis CASES=250 WORLDS=3)

The worlds are invented (worlds.py): a noisy-OR world, one of copied signals, and one that is no noisy-OR world. The
product learns from the findings of 3000 troubles by its own log and counts, and is compared with summed scores, the
nearest confirmed cases, naive Bayes that leaves out what was looked for in vain, and the true chances as the ceiling.
`not in this knowledge base` is an answer like any other. The chances are judged on eight times CASES in each world: on
twice as many the true chances themselves came out with an ECE of .04, of which .025 was luck. The minutes are judged on
CASES in all worlds of a family together: one world alone is luck, there a figure moves by five points either way. A
handed-over case costs 600 minutes. Beside the true chances stands the floor: whoever is told the cause beforehand. Then
one technician in ten files two findings in five and blames one cause.

Last, how long one ranking and one next step take with 10,000 and 100,000 nodes. Nothing is asserted; every target that
was missed is marked with !.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

import rivals
from policies import PATIENT, Bill, Next, by_cause, by_checklist, by_truth, ours, played
from rivals import NOT_KNOWN, Chances, Past, Ranker
from speed import report_speed
from world_cases import Seen, findings, looked_at, seen
from worlds import FAMILIES, Family, World, troubles, world

from chargelore.engine.diagnosing.diagnose import MOST_HYPOTHESES
from chargelore.engine.diagnosing.observed import observed
from chargelore.engine.diagnosing.posterior import posterior
from chargelore.engine.diagnosing.temper import temper
from chargelore.kb.fold import fold
from chargelore.kb.learned import NOTHING_LEARNED, Learned

CASES, WORLDS, RECORDED, RANKED, DRAWS = 250, 3, 3000, 8, 1000
MOST_ECE, MOST_WRONG, NEAR_TRUTH, BELOW_SUMS = 0.05, 0.05, 1.15, 0.65
BINS, SURE = 10, 0.9


@dataclass(frozen=True, slots=True)
class Score:
    """How good a ranking is: shares of right first places and of the right one in three, and how true its chances."""

    top1: float
    top3: float
    brier: float
    ece: float
    sure: float
    sure_wrong: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One world with what its technicians filed, and the cases to be judged on."""

    world: World
    learned: Learned
    past: Sequence[Past]
    ranked: Sequence[Seen]
    played: Sequence[Seen]
    seed: int


@dataclass(frozen=True, slots=True)
class Bills:
    """What every way of planning cost in one world."""

    sums: Bill
    patient: Bill
    others: Sequence[Bill]
    alone: Bill
    ours: Bill
    truth: Bill
    floor: Bill


class Ratio(NamedTuple):
    """How far one mean lies from another, and between which limits."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:+.0%} ({self.least:+.0%} to {self.most:+.0%})"


PLAYED = {
    "sums": "summed scores", "patient": "with five tries", "ours": "ours", "truth": "true chances",
    "floor": "cause told beforehand",
}  # fmt: skip


def main(arguments: list[str]) -> None:
    numbers = [int(each) for each in arguments if each]
    cases, worlds = [*numbers, *(CASES, WORLDS)[len(numbers) :]][:2]
    for family in FAMILIES:
        pooled([compare(family, seed, cases) for seed in range(1, worlds + 1)], family.name)
    report_speed()


def compare(family: Family, seed: int, cases: int) -> Bills:
    started = perf_counter()
    trial, gamed = tried(family, seed, cases)
    where, learned = trial.world, trial.learned
    print(f"\n== {family.name}, world {seed}: {len(where.knowledge.causes)} causes known,"
          f" {learned.cases} findings, tempered by {temper(where.knowledge, learned):.2f}")  # fmt: skip
    print(f"{'':24}top-1  top-3  Brier   ECE  over 90 %: wrong  minutes  handed over")
    sums, truth, product = rivals.summed_scores(where), rivals.truth(where), product_rank(where, learned)
    bills = Bills(
        sums=told("summed scores", trial, sums, by_checklist(where, sums)),
        patient=told("  with five tries", trial, None, by_checklist(where, sums, PATIENT)),
        others=[told(name, trial, rank, by_checklist(where, rank)) for name, rank in others(trial)],
        alone=told("ours, authors only", trial, product_rank(where, NOTHING_LEARNED), None),
        ours=told("ours", trial, product, ours(where, learned)),
        truth=told("true chances", trial, truth, by_truth(where, truth)),
        floor=told("cause told beforehand", trial, None, by_cause(where)),
    )
    judge(scored(trial, product))
    judge_gamed(trial, gamed)
    print(f"{perf_counter() - started:.0f} s")
    return bills


def tried(family: Family, seed: int, cases: int) -> tuple[Trial, Learned]:
    """The world with its findings and cases, and what is learned when the findings are gamed."""
    where, rng = world(family, seed), random.Random(seed)
    past = met(where, RECORDED, rng, rng)
    ranked, played_ones = met(where, RANKED * cases, rng, rng), met(where, cases, rng, None)
    learned = fold(findings(where, past, random.Random(seed)), frozenset())
    gamed = fold(findings(where, past, random.Random(seed), is_gamed=True), frozenset())
    old = [Past(answer_of(where, one), one.trouble.reported, dict(looked_at(where, one))) for one in past[::2]]
    return Trial(where, learned, old, ranked, played_ones, seed), gamed


def met(where: World, count: int, rng: random.Random, asking: random.Random | None) -> list[Seen]:
    return [seen(where, each, number, asking) for number, each in enumerate(troubles(where, count, rng))]


def answer_of(where: World, one: Seen) -> rivals.CauseId:
    """The right answer; for a cause nobody wrote down that it is not in this knowledge base."""
    return NOT_KNOWN if one.trouble.cause in where.truth.unwritten else one.trouble.cause


def product_rank(where: World, learned: Learned) -> Ranker:
    def rank(one: Seen) -> Chances:
        seen_here = observed(where.knowledge, one.case, {each.symptom for each in one.silent})
        found = posterior(where.knowledge, learned, one.case, seen_here)  # what `diagnose` ranks by, without the plan
        shown = {each.cause.id: each.probability for each in found.suspects[:MOST_HYPOTHESES]}
        return shown | {NOT_KNOWN: found.unknown - found.untold}

    return rank


def others(trial: Trial) -> list[tuple[str, Ranker]]:
    return [
        ("nearest cases", rivals.nearest(trial.world, trial.past)),
        ("Bayes, present only", rivals.present_only(trial.world, trial.learned)),
    ]


def told(name: str, trial: Trial, rank: Ranker | None, policy: Next | None) -> Bill:
    """One line: how well it ranks, what it costs; blank for what it does not do."""
    line = f"{name:24}{score_line(scored(trial, rank)) if rank else '':41}"
    bill = played(trial.world, policy, trial.played, trial.seed) if policy else Bill(0, 0, 0)
    print(f"{line}{bill.minutes:10.0f}{bill.handed_over:11.0%}" if policy else line.rstrip(), flush=True)
    return bill


def score_line(score: Score) -> str:
    rates = f"{score.top1:.3f}  {score.top3:.3f}  {score.brier:.3f}  {score.ece:.3f}"
    return f"{rates}{score.sure:9.0%}{score.sure_wrong:8.1%}"


def scored(trial: Trial, rank: Ranker) -> Score:
    """The score over the cases that are ranked."""
    rows = [(rank(one), answer_of(trial.world, one)) for one in trial.ranked]
    places = [sorted(chances, key=lambda each: (-chances[each], each)) for chances, _ in rows]
    first = [
        (chances[order[0]] if order else 0.0, order[:1] == [real])
        for (chances, real), order in zip(rows, places, strict=True)
    ]
    sure = [right for share, right in first if share > SURE]
    return Score(
        top1=mean([right for _, right in first]),
        top3=mean([real in order[:3] for (_, real), order in zip(rows, places, strict=True)]),
        brier=mean([brier(chances, real) for chances, real in rows]),
        ece=calibration(first),
        sure=len(sure) / len(first),
        sure_wrong=1 - mean(sure) if sure else 0.0,
    )


def brier(chances: Mapping[rivals.CauseId, float], real: rivals.CauseId) -> float:
    missed = 0.0 if real in chances else 1.0
    return missed + sum((share - (cause == real)) ** 2 for cause, share in chances.items())


def calibration(first: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: how far stated chances and shares of right answers are apart, over ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for each in first:
        bins.setdefault(min(BINS - 1, int(each[0] * BINS)), []).append(each)
    return sum(abs(sum(share - right for share, right in some)) for some in bins.values()) / len(first)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def judge(score: Score) -> None:
    """What was promised of the chances, and whether it was kept."""
    print("  promised:", "; ".join((
        kept(f"ECE {score.ece:.3f} <= {MOST_ECE}", score.ece <= MOST_ECE),
        kept(f"wrong when over 90 % {score.sure_wrong:.1%} <= 5 %", score.sure_wrong <= MOST_WRONG),
    )))  # fmt: skip


def pooled(worlds: Sequence[Bills], family: str) -> None:
    """What was promised of the minutes, over all worlds of a family, with what chance alone may do to the figure."""
    each = {name: [cost for one in worlds for cost in getattr(one, name).each] for name in PLAYED}
    print(f"\n== {family}, minutes of {len(each['ours'])} cases in {len(worlds)} worlds:",
          ", ".join(f"{words} {mean(each[name]):.0f}" for name, words in PLAYED.items()))  # fmt: skip
    near, below = ratio(each["ours"], each["truth"]), ratio(each["ours"], each["sums"])
    print("  promised:", kept(f"ours {near} of true chances, <= +15 %", near.middle <= NEAR_TRUTH - 1),
          kept(f"\n            ours {below} of summed scores, <= -35 %", below.middle <= BELOW_SUMS - 1))  # fmt: skip
    print(f"  what bounds it: true chances {ratio(each['truth'], each['sums'])} of summed scores,"
          f" the cause told beforehand {ratio(each['floor'], each['sums'])}")  # fmt: skip
    print(f"  beside five tries: ours {ratio(each['ours'], each['patient'])}", flush=True)


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """How far ours lie from theirs, case by case; the interval holds nine in ten draws of as many cases."""
    rng, pairs, drawn = random.Random(1), list(zip(ours, theirs, strict=True)), []
    for _ in range(DRAWS):
        some = rng.choices(pairs, k=len(pairs))
        drawn.append(sum(each for each, _ in some) / sum(each for _, each in some) - 1)
    drawn.sort()
    return Ratio(sum(ours) / sum(theirs) - 1, drawn[DRAWS // 20], drawn[-DRAWS // 20])


def judge_gamed(trial: Trial, gamed: Learned) -> None:
    where = trial.world
    alone = scored(trial, product_rank(where, NOTHING_LEARNED)).top3
    found = scored(trial, product_rank(where, gamed)).top3
    print("  gamed:", kept(f"top-3 {found:.3f}, not below {alone:.3f} of authors only", found >= alone))


def kept(words: str, is_kept: bool) -> str:
    return words if is_kept else f"! {words}"


if __name__ == "__main__":
    main(sys.argv[1:])
