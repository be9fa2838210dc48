"""Apart: pairs of causes of one fault that more signals would tell from one another and today's cannot. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from chargelore.engine.telemetry.belief import Belief, sign_chance
from chargelore.engine.telemetry.replay import Signals
from chargelore.kb.counts import UNLISTED
from chargelore.kb.model import CauseId, EvidenceId, FaultId

STRONG = 10**0.7  # seven points: what the diagnosis calls strong
MOST_PAIRS = 20

Pair = tuple[CauseId, CauseId]


def told_apart(held: Belief, seen: Signals, signals: Signals) -> tuple[Pair, ...]:
    """The pairs that become separable, the most frequent first; the likelier cause of each stands first."""
    bearing = _bearing(held)
    shares = {cause: share for (_, cause), share in held.shares.items() if cause != UNLISTED}
    found = [
        (one, other) if shares[one] >= shares[other] else (other, one)
        for one, other in _pairs(held)
        if _splits(held, one, other, signals & (bearing[one] | bearing[other]))
        and not _splits(held, one, other, seen & (bearing[one] | bearing[other]))
    ]
    return tuple(sorted(found, key=lambda each: (-min(shares[each[0]], shares[each[1]]), each))[:MOST_PAIRS])


def _pairs(held: Belief) -> Iterator[Pair]:
    """Causes behind the same fault: those that one report leaves open."""
    behind: dict[FaultId, list[CauseId]] = {}
    for fault, cause in held.shares:
        if cause != UNLISTED:
            behind.setdefault(fault, []).append(cause)
    for causes in behind.values():
        yield from combinations(causes, 2)


def _splits(held: Belief, one: CauseId, other: CauseId, signals: Signals) -> bool:
    return any(
        not 1 / STRONG < sign_chance(held, one, each, answer) / sign_chance(held, other, each, answer) < STRONG
        for each in signals
        for answer in held.knowledge.evidence[each].answers
    )


def _bearing(held: Belief) -> Mapping[CauseId, frozenset[EvidenceId]]:
    """What each cause says anything of."""
    causes = held.knowledge.causes.values()
    return {cause.id: frozenset(link.evidence for link in cause.shows) for cause in causes}
