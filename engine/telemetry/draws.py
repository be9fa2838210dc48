"""Draws: ways in which it could really be, each as likely as findings and grades leave it; drawn from a seed. Pure.

The fewer cases stand behind a chance, the further apart its draws lie.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from chargelore.engine.diagnosing.odds import LEAST, MOST, NO_TALLY
from chargelore.engine.diagnosing.prior import LEAST_WORTH
from chargelore.engine.telemetry.belief import (
    Belief,
    Kind,
    Worth,
    cure_worth,
    is_linked,
    leak_worth,
    met,
    sign_chance,
    sign_worth,
    tempered,
)
from chargelore.engine.telemetry.echo import MOST as MOST_REPEATED
from chargelore.engine.telemetry.echo import echoes, lift
from chargelore.engine.telemetry.luck import luck
from chargelore.kb.counts import UNLISTED
from chargelore.kb.model import AUTHOR_WORTH, CauseId, EvidenceId, FaultId, StepId

Chances = Sequence[float]  # one for each draw
Of = TypeVar("Of", FaultId, Kind)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """So many draws around a belief; every chance has its own luck, so that what is asked first does not matter."""

    held: Belief
    count: int
    seed: str


@lru_cache(maxsize=16)
def share_factors(draws: Draws) -> Mapping[Kind, Chances]:
    """By kind of trouble, how many times likelier it is in each draw than believed.

    Faults among all troubles and kinds within each fault are drawn apart, as both are learned apart.
    """
    held, rng = draws.held, luck(draws.seed, "shares")
    by_fault: defaultdict[FaultId, dict[Kind, float]] = defaultdict(dict)
    for kind, share in held.shares.items():
        by_fault[kind[0]][kind] = share
    faults, here = {fault: sum(kinds.values()) for fault, kinds in by_fault.items()}, met(held.learned, held.charger)
    factors = _around(faults, here, draws.count, rng)
    found: dict[Kind, Chances] = {}
    for fault, kinds in by_fault.items():
        within = _around(kinds, here * faults[fault], draws.count, rng)
        found.update((kind, [a * b for a, b in zip(factors[fault], within[kind], strict=True)]) for kind in kinds)
    return found


def _around(shares: Mapping[Of, float], cases: float, count: int, rng: random.Random) -> dict[Of, Chances]:
    """Shares that add up to one, drawn so often around these; each as a multiple of its own."""
    whole, worth = sum(shares.values()), LEAST_WORTH + 2 * len(shares) + cases
    rows = [
        {each: rng.gammavariate(worth * share / whole, 1.0) for each, share in shares.items()} for _ in range(count)
    ]
    sums = [sum(row.values()) or 1.0 for row in rows]
    return {
        each: [row[each] / total * whole / share for row, total in zip(rows, sums, strict=True)]
        for each, share in shares.items()
    }


@lru_cache(maxsize=1 << 16)
def sign_factors(draws: Draws, cause: CauseId, evidence: EvidenceId, answer: str) -> Chances:
    """How many times likelier the cause gives this answer in each draw than believed."""
    believed = sign_chance(draws.held, cause, evidence, answer)
    if draws.held.knowledge.evidence[evidence].answers == ("yes", "no") and answer == "no":
        others = sign_chance(draws.held, cause, evidence, "yes")
        return [(1 - others * each) / (1 - others) for each in sign_factors(draws, cause, evidence, "yes")]
    drawn = _signs(draws, cause, evidence, answer)
    return [tempered(draws.held, evidence, answer, each) / believed for each in drawn]


def _signs(draws: Draws, cause: CauseId, evidence: EvidenceId, answer: str) -> Chances:
    """An answer of which the cause says nothing goes with its leak, which is one for all causes of a draw."""
    rng = luck(draws.seed, cause, evidence, answer)
    if cause == UNLISTED or is_linked(draws.held, cause, evidence):
        return _betas(sign_worth(draws.held, cause, evidence, answer), draws.count, rng)
    tally = draws.held.learned.shown.get((cause, evidence, answer), NO_TALLY)
    leaks = leak_draws(draws, evidence, answer)
    if not tally.yes + tally.no:
        return leaks
    worths = ((AUTHOR_WORTH * leak + tally.yes, AUTHOR_WORTH * (1 - leak) + tally.no) for leak in leaks)
    return [_beta(each, rng) for each in worths]


@lru_cache(maxsize=1 << 16)
def echo_factors(draws: Draws, cause: CauseId, echo: EvidenceId, said: tuple[bool, bool]) -> Chances:
    """How many times likelier than believed each draw makes it that both say this, beyond what each says alone."""
    heard = echoes(draws.held)[echo]
    first, then = (sign_chance(draws.held, cause, each, "yes") for each in (heard.of, echo))
    whole = lift(heard.share, first, then, said)
    one, other = (sign_factors(draws, cause, each, "yes") for each in (heard.of, echo))
    return [
        lift(share, first * a, then * b, said) / whole
        for share, a, b in zip(_shares(draws, echo), one, other, strict=True)
    ]


@lru_cache(maxsize=4096)
def _shares(draws: Draws, echo: EvidenceId) -> Chances:
    """In how many troubles the sign only repeats the other, in each draw."""
    heard, rng = echoes(draws.held)[echo], luck(draws.seed, "echo", echo)
    worth = max(1.0, heard.share * (1 - heard.share) / heard.doubt**2 - 1)
    drawn = _betas((worth * heard.share, worth * (1 - heard.share)), draws.count, rng)
    return [min(MOST_REPEATED, each) for each in drawn]


@lru_cache(maxsize=4096)
def leak_draws(draws: Draws, evidence: EvidenceId, answer: str) -> Chances:
    """How often the answer comes without a cause that shows it."""
    rng = luck(draws.seed, evidence, answer)
    return _betas(leak_worth(draws.held, evidence, answer), draws.count, rng)


@lru_cache(maxsize=1 << 14)
def cure_draws(draws: Draws, step: StepId, cause: CauseId) -> Chances:
    """P(the step ends the trouble) in each draw."""
    worth = cure_worth(draws.held, step, cause)
    if not worth[0]:
        return [0.0] * draws.count
    return _betas(worth, draws.count, luck(draws.seed, step, cause))


def _betas(worth: Worth, count: int, rng: random.Random) -> Chances:
    return [_beta(worth, rng) for _ in range(count)]


def _beta(worth: Worth, rng: random.Random) -> float:
    return min(MOST, max(LEAST, rng.betavariate(*worth)))
