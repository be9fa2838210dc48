"""Predicted: what each family of signals would save on one model, from the first replayed trouble to the interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean

from chargelore.engine.case import Charger
from chargelore.engine.telemetry.belief import Belief, believed, chance_of, cure_worth
from chargelore.engine.telemetry.draws import Draws
from chargelore.engine.telemetry.replay import Played, Signals, replayed
from chargelore.engine.telemetry.saving import Saving, saving
from chargelore.engine.telemetry.walk import Bill, bill
from chargelore.kb.learned import Learned
from chargelore.kb.model import Knowledge, StepId

REPLAYS, DRAWS = 1500, 40
Watched = Callable[[Iterator[Played]], Iterator[Played]]


@dataclass(frozen=True, slots=True)
class Effort:
    """How many troubles are replayed and in how many ways the chances are drawn; `seed` decides what luck it has."""

    replays: int = REPLAYS
    draws: int = DRAWS
    seed: str = "telemetry"


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a fault costs today, and what it would cost less with each family of signals."""

    today: Bill
    savings: Mapping[str, Saving]


def predicted(  # noqa: PLR0913  # named, and the last two may be left out
    knowledge: Knowledge,
    learned: Learned,
    charger: Charger,
    *,
    seen: Signals,
    families: Mapping[str, Signals],
    effort: Effort = Effort(),  # frozen
    watched: Watched = iter,
) -> Predicted:
    """What these families would save on chargers of this model that show what is `seen` today.

    The same arguments give the same numbers; the order of the families does not matter. `watched` sees every trouble
    pass as it is played.
    """
    held = believed(knowledge, learned, charger)
    new = {name: signals - seen for name, signals in sorted(families.items())}
    cases = list(watched(replayed(held, seen, new, effort.replays, effort.seed)))
    draws = Draws(held, effort.draws, effort.seed)
    savings = {name: saving(draws, cases, seen, name, signals) for name, signals in new.items()}
    return Predicted(_today(held, cases), savings)


def _today(held: Belief, cases: list[Played]) -> Bill:
    bills = [
        bill(held.knowledge, one.today, lambda step, one=one: _cure(held, step, one))  # type: ignore[misc]  # bound now
        for one in cases
    ]
    return Bill(fmean(each.minutes for each in bills), fmean(each.handed_over for each in bills))


def _cure(held: Belief, step: StepId, one: Played) -> float:
    return chance_of(cure_worth(held, step, one.dealt.kind[1]))
