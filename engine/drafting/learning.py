"""Learning: the simplest rule that catches confirmed cases and stays silent on the rest, and how well that holds.

Guards against chance: each case in turn, and some of the healthy sessions, are held out while a rule is learned from
the others, and that rule is tried on what was held out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from chargelore.engine.drafting.candidate import Candidate, one
from chargelore.engine.drafting.session import Session
from chargelore.engine.drafting.shapes import Sides, in_time, plain, shared
from chargelore.engine.drafting.telling import Telling, telling
from chargelore.engine.drafting.tryout import Tryouts

MOST_TRIED = 24  # candidates that go to the evaluator at once
MOST_FOLDS = 12  # cases that are held out
HEALTHY_FOLDS = 4
FEWEST_TRIED = 3  # held-out cases that can speak against a rule: one case learned alone is all chance
MOST_OTHERS = 3  # further rules that are named
CHEAP = 1.2  # the cost up to which nothing in time could be simpler
ENOUGH = 2 / 3  # of the cases: what catches fewer says nothing of the cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How rules did on what they had not been learned from, by the names of the sessions."""

    caught: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    alarmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What came out. Without a `best` no rule separates, `closest` came nearest and fires on `alarms` too.

    `others` separate as well and are less simple; `strangers` are sessions of other causes on which it fires.
    """

    best: Candidate | None
    closest: Candidate | None = None
    caught: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    others: tuple[Candidate, ...] = ()
    held: Held = field(default_factory=Held)
    looked_at: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether what was learned holds on what was held out; from one or two of a side nobody can tell."""
        held = self.held
        pairs = ((held.caught, held.missed), (held.quiet, held.alarmed))
        return self.best is not None and all(
            len(good) + len(bad) < FEWEST_TRIED or len(good) >= ENOUGH * (len(good) + len(bad)) for good, bad in pairs
        )

    @property
    def is_weak(self) -> bool:
        """Whether it was learned from one case or against one healthy session, or failed on something held out."""
        return not self.held.caught or not self.held.quiet or bool(self.held.missed or self.held.alarmed)


def learn(
    positives: Sequence[Session], healthy: Sequence[Session], others: Sequence[Session] = (), fault: str = ""
) -> Learned:
    """The simplest rule that tells the positives from the healthy, and where one can from other causes too.

    `fault` is the fault of the confirmed cause.
    """
    here, well, strange = ([telling(each) for each in side] for side in (positives, healthy, others))
    tryouts = Tryouts()
    sides = Sides(here, [*well, *strange], len(here), fault)
    found = _separating(sides, tryouts)
    if found.best is None and strange:
        sides = replace(sides, negatives=well)
        found = _separating(sides, tryouts)
    return _with_strangers(found, strange, tryouts, _held(sides, well, tryouts) if found.best else Held())


def _with_strangers(found: Learned, strange: Sequence[Telling], tryouts: Tryouts, held: Held) -> Learned:
    fired = [each for each in strange if found.best and tryouts.fires(found.best, each.session)]
    return replace(found, strangers=_names(fired), held=held)


def _separating(sides: Sides, tryouts: Tryouts) -> Learned:
    """First a rule for every case, then one for most of them."""
    every = len(sides.positives)
    for need in dict.fromkeys((every, min(max(2, ceil(ENOUGH * every)), every))):
        found = _simplest(replace(sides, need=need), tryouts)
        if found.best is not None:
            return found
    return _nearest(replace(sides, need=every), tryouts)


def _simplest(sides: Sides, tryouts: Tryouts) -> Learned:
    common = shared(sides)
    proposed = {each.key: each for each in plain(sides, common)}
    good = _good(proposed.values(), sides, tryouts)
    if not good or good[0].cost > CHEAP:
        proposed |= {each.key: each for each in in_time(sides, common)}
        good = _good(proposed.values(), sides, tryouts)
    if not good:
        return Learned(best=None, looked_at=len(proposed))
    fired = [each for each in sides.positives if tryouts.fires(good[0], each.session)]
    return Learned(
        best=good[0],
        caught=_names(fired),
        missed=_names(each for each in sides.positives if each not in fired),
        others=tuple(good[1 : MOST_OTHERS + 1]),
        looked_at=len(proposed),
    )


def _good(proposed: Iterable[Candidate], sides: Sides, tryouts: Tryouts) -> list[Candidate]:
    """Those that separate, the simplest first."""
    likely = sorted(proposed, key=lambda each: (each.cost, each.says))[:MOST_TRIED]
    tryouts.run(likely, (each.session for each in (*sides.positives, *sides.negatives)))
    return [each for each in likely if _separates(each, sides, tryouts)]


def _separates(candidate: Candidate, sides: Sides, tryouts: Tryouts) -> bool:
    if any(tryouts.fires(candidate, each.session) for each in sides.negatives):
        return False
    return sum(tryouts.fires(candidate, each.session) for each in sides.positives) >= sides.need


def _nearest(sides: Sides, tryouts: Tryouts) -> Learned:
    """What all cases say, and the fewest of the others."""
    common = shared(sides)
    lone = [one(atom) for atom in common if atom.tests][:MOST_TRIED]
    tryouts.run(lone, (each.session for each in (*sides.positives, *sides.negatives)))
    alarms = {each.key: [n for n in sides.negatives if tryouts.fires(each, n.session)] for each in lone}
    best = min(lone, key=lambda each: (len(alarms[each.key]), each.cost), default=None)
    return Learned(
        best=None,
        closest=best,
        caught=_names(each for each in sides.positives if best and tryouts.fires(best, each.session)),
        alarms=_names(alarms[best.key]) if best else (),
        looked_at=len(common),
    )


def _held(sides: Sides, well: Sequence[Telling], tryouts: Tryouts) -> Held:
    """Learn without each case, and without each part of the healthy, and try the outcome on what was left out."""
    here, there = sides.positives, sides.negatives
    fires: dict[str, list[Telling]] = {"case": [], "healthy": []}
    outs = list(here[:MOST_FOLDS]) if len(here) > 1 else []
    for out in outs:
        rest = [each for each in here if each is not out]
        fires["case"] += _firing(_separating(replace(sides, positives=rest), tryouts).best, [out], tryouts)
    for fold in range(min(HEALTHY_FOLDS, len(well)) if len(well) > 1 else 0):
        left = well[fold::HEALTHY_FOLDS]
        rest = [each for each in there if each not in left]
        fires["healthy"] += _firing(_separating(replace(sides, negatives=rest), tryouts).best, left, tryouts)
    return Held(
        caught=_names(fires["case"]),
        missed=_names(each for each in outs if each not in fires["case"]),
        quiet=_names(each for each in well if each not in fires["healthy"]) if len(well) > 1 else (),
        alarmed=_names(fires["healthy"]),
    )


def _firing(rule: Candidate | None, tellings: Iterable[Telling], tryouts: Tryouts) -> list[Telling]:
    return [each for each in tellings if rule is not None and tryouts.fires(rule, each.session)]


def _names(tellings: Iterable[Telling]) -> tuple[str, ...]:
    return tuple(each.session.name for each in tellings)
