"""Scores: how good a ranking is, how true its chances are, and how far luck may have moved a figure."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from rivals import Chances
from world_cases import Seen

from chargelore.kb.model import CauseId

BINS, SURE, DRAWS = 10, 0.9, 1000
NINE_IN_TEN = 1.645  # standard deviations to either side


@dataclass(frozen=True, slots=True)
class Score:
    """How good a ranking is: shares of right first places and of the right one in three, and how true its chances.

    `sure` are the answers of `cases` that were stated with more than nine in ten, `sure_wrong` those of them that were.
    """

    top1: float
    top3: float
    brier: float
    ece: float
    cases: int
    sure: int
    sure_wrong: int


class Ratio(NamedTuple):
    """How far one mean lies from another, and between which limits."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:+.0%} ({self.least:+.0%} to {self.most:+.0%})"


def scored(rank: Callable[[Seen], Chances], cases: Iterable[tuple[Seen, CauseId]]) -> Score:
    """The score over cases with their right answers."""
    rows = [(rank(one), real) for one, real in cases]
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
        cases=len(first),
        sure=len(sure),
        sure_wrong=len(sure) - sum(sure),
    )


def score_line(score: Score) -> str:
    """The score as one line of a table."""
    rates = f"{score.top1:.3f}  {score.top3:.3f}  {score.brier:.3f}  {score.ece:.3f}"
    return f"{rates}{score.sure / score.cases:9.0%}{score.sure_wrong / (score.sure or 1):8.1%}"


def sure_and_wrong(scores: Sequence[Score]) -> tuple[float, str]:
    """The share of wrong answers among those stated with more than nine in ten; in words with its interval (Wilson)."""
    wrong, sure = sum(each.sure_wrong for each in scores), sum(each.sure for each in scores)
    if not sure:
        return 0.0, "no answer"
    share, square = wrong / sure, NINE_IN_TEN**2 / sure
    middle, half = share + square / 2, NINE_IN_TEN * sqrt((share * (1 - share) + square / 4) / sure)
    least, most = (max(0.0, (middle + side * half) / (1 + square)) for side in (-1, 1))
    return share, f"{wrong} of {sure}, {share:.1%} ({least:.1%} to {most:.1%})"


def brier(chances: Chances, real: CauseId) -> float:
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


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """How far ours lie from theirs, case by case; the interval holds nine in ten draws of as many cases."""
    rng, pairs, drawn = random.Random(1), list(zip(ours, theirs, strict=True)), []
    for _ in range(DRAWS):
        some = rng.choices(pairs, k=len(pairs))
        drawn.append(sum(each for each, _ in some) / sum(each for _, each in some) - 1)
    drawn.sort()
    return Ratio(sum(ours) / sum(theirs) - 1, drawn[DRAWS // 20], drawn[-DRAWS // 20])
