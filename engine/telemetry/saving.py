"""Saving: what a family of signals would save, with its interval, from replayed troubles. Pure.

A walk tells how a case goes, not what was wrong: all that was seen in it leaves several kinds of trouble possible, and
each is weighed with its chance (Rao and Blackwell: the same mean, a quarter of the noise). The interval covers both
doubts: so few troubles were played, and so little is known of the chances, which is why every draw weighs them anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean, quantiles, variance

from chargelore.engine.diagnosing.scene import ESCALATION_MINUTES, cost
from chargelore.engine.telemetry.belief import Belief, Kind, chance_of, cure_worth, telling
from chargelore.engine.telemetry.cases import Dealt, report_chance
from chargelore.engine.telemetry.draws import Draws, cure_draws, echo_factors, share_factors, sign_factors
from chargelore.engine.telemetry.echo import Said, echoes, together
from chargelore.engine.telemetry.replay import Played, Signals, Walk
from chargelore.kb.model import CauseId, EvidenceId, StepId

FEWEST = 0.01  # of the likeliest kind of trouble: kinds that are less likely are left out
SPREAD = 1.645  # standard deviations to either side: 90 %
OUTER_TENTHS = 2.563  # standard deviations between them
OFF = 0.2  # of a saving, as a standard deviation: how far off a replay is taken to be; set before worlds 101 were seen


@dataclass(frozen=True, slots=True)
class Range:
    """A mean and the ends of its 90 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Saving:
    """Per fault: minutes, and the share of faults that are not handed over to the maker any more."""

    minutes: Range
    handed_over: Range

    @property
    def is_felt(self) -> bool:
        """Whether any case would go otherwise."""
        return self.minutes.low < self.minutes.high


@dataclass(slots=True)
class _Sums:
    """What the draws add up to over the troubles, and what each trouble saves as it is believed."""

    weight: list[float]
    minutes: list[float]
    handed_over: list[float]
    each: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Told:
    """A trouble whose walk may differ with more `signals`, and all that was looked at in either walk."""

    one: Played
    more: Walk
    used: Mapping[EvidenceId, str]
    signals: Signals
    echoes: Sequence[tuple[EvidenceId, Said]]


def saving(draws: Draws, cases: Sequence[Played], seen: Signals, name: str, signals: Signals) -> Saving:
    """What these signals would save beside those that are seen."""
    nothing = [0.0] * draws.count
    sums = _Sums(nothing, nothing, nothing, [])
    for one in cases:
        if name in one.with_more:
            used = _used(draws.held, one, seen | signals, one.with_more[name])
            heard = list(_echoes(draws.held, used, signals))
            _add(sums, draws, _Told(one, one.with_more[name], used, signals, heard))
    quiet = len(cases) - len(sums.each)
    minutes, handed_over = ([each[place] for each in sums.each] + [0.0] * quiet for place in (0, 1))
    whole = [each + quiet for each in sums.weight]
    return Saving(_range(sums.minutes, whole, minutes), _range(sums.handed_over, whole, handed_over))


def _add(sums: _Sums, draws: Draws, told: _Told) -> None:
    minutes = handed_over = 0.0
    for kind, chance in _kinds(draws.held, told.one.dealt, told.used).items():
        weights = _weights(draws, told, kind, chance)
        saved = _saved(draws, told.one.today, told.more, kind[1])
        sums.weight = [whole + weight for whole, weight in zip(sums.weight, weights, strict=True)]
        sums.minutes = _joined(sums.minutes, weights, saved, 0)
        sums.handed_over = _joined(sums.handed_over, weights, saved, 1)
        minutes, handed_over = minutes + chance * saved[-1][0], handed_over + chance * saved[-1][1]
    sums.each.append((minutes, handed_over))


Saved = Sequence[tuple[float, float]]  # minutes and shares handed over: in each draw, and last as believed


def _joined(sums: Sequence[float], weights: Sequence[float], saved: Saved, which: int) -> list[float]:
    return [whole + weight * each[which] for whole, weight, each in zip(sums, weights, saved[:-1], strict=True)]


def _used(held: Belief, one: Played, shown: Signals, more: Walk) -> dict[EvidenceId, str]:
    """All that was looked at in either walk, with its answer."""
    asked = (each for step in (*one.today, *more) for each in held.knowledge.steps[step].answers)
    return {each: one.dealt.answers[each] for each in (*shown, *asked) if each in one.dealt.answers}


def _kinds(held: Belief, one: Dealt, answers: Mapping[EvidenceId, str]) -> dict[Kind, float]:
    """What kind of trouble it is, as likely as all that was looked at leaves it."""
    told = {
        cause: sum(said[answers[each]] for each, said in signs.items() if each in answers)
        + sum(said[both] for pair, said in together(held)[cause].items() if (both := _both(answers, pair)))
        for cause, signs in telling(held).items()
    }
    scores = {
        kind: math.log(share * report_chance(held, one, kind[0])) + told[kind[1]] for kind, share in held.shares.items()
    }
    top = max(scores.values())
    raw = {kind: math.exp(score - top) for kind, score in scores.items() if score - top > math.log(FEWEST)}
    whole = sum(raw.values())
    return {kind: value / whole for kind, value in raw.items()}


def _both(answers: Mapping[EvidenceId, str], pair: tuple[EvidenceId, EvidenceId]) -> Said | None:
    """What a sign and its echo say; None where only one of them was looked for."""
    first, then = map(answers.get, pair)
    return None if first is None or then is None else (first == "yes", then == "yes")


def _weights(draws: Draws, told: _Told, kind: Kind, chance: float) -> list[float]:
    """How much the trouble counts in each draw: as many times more as the draw makes it likelier."""
    weights = [chance * factor for factor in share_factors(draws)[kind]]
    for each in sorted(told.signals):
        factors = sign_factors(draws, kind[1], each, told.one.dealt.answers[each])
        weights = [weight * factor for weight, factor in zip(weights, factors, strict=True)]
    for echo, both in told.echoes:
        factors = echo_factors(draws, kind[1], echo, both)
        weights = [weight * factor for weight, factor in zip(weights, factors, strict=True)]
    return weights


def _echoes(held: Belief, used: Mapping[EvidenceId, str], signals: Signals) -> Iterator[tuple[EvidenceId, Said]]:
    """What of these signals was seen with what it repeats, or with what repeats it."""
    for name, echo in echoes(held).items():
        if name in signals or echo.of in signals:
            both = _both(used, (echo.of, name))
            if both is not None:
                yield name, both


def _saved(draws: Draws, today: Walk, more: Walk, cause: CauseId) -> Saved:
    """What the walk with more signals costs less; where nothing cures, every draw says the same."""
    if not any(_may_cure(draws.held, step, cause) for step in {*today, *more}):
        return [_less(_bill(_costs(draws.held, today), ()), _bill(_costs(draws.held, more), ()))] * (draws.count + 1)
    before, after = (_bills(draws, each, cause) for each in (today, more))
    return [_less(*both) for both in zip(before, after, strict=True)]


def _less(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float]:
    return before[0] - after[0], before[1] - after[1]


def _may_cure(held: Belief, step: StepId, cause: CauseId) -> bool:
    return cure_worth(held, step, cause)[0] > 0


def _bills(draws: Draws, walk: Walk, cause: CauseId) -> list[tuple[float, float]]:
    """What the walk costs in each draw and as believed; between two cures only minutes pass."""
    costs, cures = _costs(draws.held, walk), [_cures(draws, step, cause) for step in walk]
    stages = [(sum(part), cure) for part, cure in _stages(costs, cures)]
    tail = sum(costs) - sum(part for part, _ in stages)
    return [
        _bill([*(part for part, _ in stages), tail], [cure[place] for _, cure in stages])
        for place in range(draws.count + 1)
    ]


def _stages(
    costs: Sequence[float], cures: Sequence[Sequence[float] | None]
) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    begun = 0
    for place, cure in enumerate(cures):
        if cure is not None:
            yield costs[begun : place + 1], cure
            begun = place + 1


@lru_cache(maxsize=1 << 14)
def _cures(draws: Draws, step: StepId, cause: CauseId) -> Sequence[float] | None:
    """The chances that the step ends it, in each draw and as believed; None where it never does."""
    if not _may_cure(draws.held, step, cause):
        return None
    return [*cure_draws(draws, step, cause), chance_of(cure_worth(draws.held, step, cause))]


def _costs(held: Belief, walk: Walk) -> list[float]:
    return [cost(held.knowledge.steps[name]) for name in walk]


def _bill(costs: Sequence[float], cures: Sequence[float]) -> tuple[float, float]:
    """Minutes, and the chance that it is handed over; the costs behind the last cure are paid by who is left."""
    spent, left = 0.0, 1.0
    for each, cure in zip(costs, cures, strict=False):
        spent += left * each
        left *= 1 - cure
    return spent + left * (sum(costs[len(cures) :]) + ESCALATION_MINUTES), left


def _range(sums: Sequence[float], whole: Sequence[float], each: Sequence[float]) -> Range:
    """The mean over all troubles as believed; its doubt is that of the draws, of having played no more troubles, and
    of how far a replay is from what happens.
    """
    drawn = [total / weight for total, weight in zip(sums, whole, strict=True)]
    error = variance(each) / len(each) if len(each) > 1 else 0.0
    mean = fmean(each)
    doubt = SPREAD * math.sqrt(error + _spread(drawn) ** 2 + (OFF * mean) ** 2)
    return Range(mean, mean - doubt, mean + doubt)


def _spread(drawn: Sequence[float]) -> float:
    """The standard deviation of a normal law whose outer tenths begin where those of the draws do.

    Now and then a draw makes a few troubles count for hundreds, and tells of its weights instead of the chances: one
    such draw in 40 doubled the standard deviation itself from one seed to the next.
    """
    if len(drawn) < 2:  # one draw has no spread
        return 0.0
    tenths = quantiles(drawn, n=10, method="inclusive")
    return (tenths[-1] - tenths[0]) / OUTER_TENTHS
