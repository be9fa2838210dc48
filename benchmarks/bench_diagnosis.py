"""Diagnosis against worlds whose truth is known: is the right cause first, are the chances true, what does it cost?

    python benchmarks/bench_diagnosis.py [CASES [WORLDS]]        (make bench-diagnosis CASES=250 WORLDS=1)

The worlds are invented (worlds.py): a noisy-OR world, one of copied signals, and one that is no noisy-OR world. The
product learns from the findings of 3000 troubles by its own log and counts, and is compared with summed scores, the
nearest confirmed cases, naive Bayes that leaves out what was looked for in vain, and the true chances as the ceiling.
`not in this knowledge base` is an answer like any other. The chances are judged on four times CASES, the minutes on
CASES; a handed-over case costs 600 minutes. Then one technician in ten files two findings in five and blames one cause.

Last, how long one ranking and one next step take with 10,000 and 100,000 nodes. Nothing is asserted; every target that
was missed is marked with !.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import rivals
from policies import Bill, Next, by_checklist, by_truth, ours, played
from rivals import NOT_KNOWN, Chances, Past, Ranker
from speed import report_speed
from world_cases import Seen, findings, looked_at, seen
from worlds import FAMILIES, Family, World, troubles, world

from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.temper import temper
from chargelore.kb.fold import fold
from chargelore.kb.learned import NOTHING_LEARNED, Learned

CASES, WORLDS, RECORDED, RANKED = 250, 1, 3000, 4
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


def main(arguments: list[str]) -> None:
    numbers = [int(each) for each in arguments if each]
    cases, worlds = [*numbers, *(CASES, WORLDS)[len(numbers) :]][:2]
    for family in FAMILIES:
        for seed in range(1, worlds + 1):
            compare(family, seed, cases)
    report_speed()


def compare(family: Family, seed: int, cases: int) -> None:
    started = perf_counter()
    trial, gamed = tried(family, seed, cases)
    where, learned = trial.world, trial.learned
    print(f"\n== {family.name}, world {seed}: {len(where.knowledge.causes)} causes known,"
          f" {learned.cases} findings, tempered by {temper(where.knowledge, learned):.2f}")  # fmt: skip
    print(f"{'':24}top-1  top-3  Brier   ECE  over 90 %: wrong  minutes  handed over")
    sums, truth, product = rivals.summed_scores(where), rivals.truth(where), product_rank(where, learned)
    bills = [
        told("summed scores", trial, sums, by_checklist(where, sums)),
        *(told(name, trial, rank, by_checklist(where, rank)) for name, rank in others(trial)),
        told("ours, authors only", trial, product_rank(where, NOTHING_LEARNED), None),
        told("ours", trial, product, ours(where, learned)),
        told("true chances", trial, truth, by_truth(where, truth)),
    ]
    judge(scored(trial, product), *(bills[each] for each in (-2, 0, -1)))
    judge_gamed(trial, gamed)
    print(f"{perf_counter() - started:.0f} s")


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
        found = diagnose(where.knowledge, learned, one.case, one.silent)
        return {each.cause: each.probability for each in found.hypotheses} | {NOT_KNOWN: found.unknown}

    return rank


def others(trial: Trial) -> list[tuple[str, Ranker]]:
    return [
        ("nearest cases", rivals.nearest(trial.world, trial.past)),
        ("Bayes, present only", rivals.present_only(trial.world, trial.learned)),
    ]


def told(name: str, trial: Trial, rank: Ranker, policy: Next | None) -> Bill:
    score = scored(trial, rank)
    line = f"{name:24}{score.top1:.3f}  {score.top3:.3f}  {score.brier:.3f}  {score.ece:.3f}"
    line += f"{score.sure:9.0%}{score.sure_wrong:8.1%}"
    bill = played(trial.world, policy, trial.played, trial.seed) if policy else Bill(0, 0, 0)
    print(f"{line}{bill.minutes:10.0f}{bill.handed_over:11.0%}" if policy else line, flush=True)
    return bill


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


def judge(score: Score, product: Bill, sums: Bill, truth: Bill) -> None:
    """What was promised, and whether it was kept."""
    print("  promised:", "; ".join((
        kept(f"ECE {score.ece:.3f} <= {MOST_ECE}", score.ece <= MOST_ECE),
        kept(f"wrong when over 90 % {score.sure_wrong:.1%} <= 5 %", score.sure_wrong <= MOST_WRONG),
        kept(f"minutes {product.minutes / truth.minutes - 1:+.0%} of true chances, <= +15 %",
             product.minutes <= NEAR_TRUTH * truth.minutes),
        kept(f"{product.minutes / sums.minutes - 1:+.0%} of summed scores, <= -35 %"
             f" (true chances {truth.minutes / sums.minutes - 1:+.0%})",
             product.minutes <= BELOW_SUMS * sums.minutes),
    )))  # fmt: skip


def judge_gamed(trial: Trial, gamed: Learned) -> None:
    where = trial.world
    alone = scored(trial, product_rank(where, NOTHING_LEARNED)).top3
    found = scored(trial, product_rank(where, gamed)).top3
    print("  gamed:", kept(f"top-3 {found:.3f}, not below {alone:.3f} of authors only", found >= alone))


def kept(words: str, is_kept: bool) -> str:
    return words if is_kept else f"! {words}"


if __name__ == "__main__":
    main(sys.argv[1:])
