"""Replay: the plan on many troubles of the learned model, as chargers tell them today and with more signals. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from chargelore.engine.diagnosing.posterior import Posterior
from chargelore.engine.telemetry.belief import Belief, chance_of, cure_worth
from chargelore.engine.telemetry.cases import Dealt, dealt
from chargelore.engine.telemetry.walk import Start, first_odds, walk
from chargelore.kb.model import EvidenceId, StepId

UNMOVED = 0.01  # of all chances: signals that move no more of them change no plan

Signals = frozenset[EvidenceId]
Walk = tuple[StepId, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """A trouble with its walk of today and, by family of signals, the walk with those where it may differ."""

    dealt: Dealt
    today: Walk
    with_more: Mapping[str, Walk]


def replayed(held: Belief, seen: Signals, families: Mapping[str, Signals], count: int, seed: str) -> Iterator[Played]:
    """So many troubles, each played once as it is today and once with each family that bears on it."""
    for one in dealt(held, count, seed):
        yield played(held, one, seen, families)


def played(held: Belief, one: Dealt, seen: Signals, families: Mapping[str, Signals]) -> Played:
    """One trouble with today's signals, and with each family beside them."""
    start = Start(held.charger, _shown(held, one, seen), one.faults)
    before = first_odds(held.knowledge, held.learned, start)
    walks = {}
    for name, signals in families.items():
        more = replace(start, shown={**start.shown, **_shown(held, one, signals)})
        if moved(before, first_odds(held.knowledge, held.learned, more)) > UNMOVED:
            walks[name] = _walked(held, more, one)
    return Played(one, _walked(held, start, one), walks)


def moved(before: Posterior, after: Posterior) -> float:
    """How much of all chances lies elsewhere, 0 to 1."""
    first, then = ({each.cause.id: each.probability for each in found.suspects} for found in (before, after))
    apart = sum(abs(first.get(each, 0.0) - then.get(each, 0.0)) for each in {*first, *then})
    return (apart + abs(before.unknown - after.unknown)) / 2


def _walked(held: Belief, start: Start, one: Dealt) -> Walk:
    def cures(step: StepId) -> float:
        return chance_of(cure_worth(held, step, one.kind[1]))

    return walk(held.knowledge, held.learned, start, one.answers, cures)


def _shown(held: Belief, one: Dealt, signals: Signals) -> dict[EvidenceId, str]:
    """What there is to see; that people say nothing of something does not tell that it is not so."""
    silent = {each for each in signals if held.knowledge.evidence[each].layer in (None, "field")}
    told = {each: one.answers[each] for each in sorted(signals)}
    return {each: said for each, said in told.items() if said != "no" or each not in silent}
