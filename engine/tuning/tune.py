"""Tune: of all changes the simplest that silences false alarms and, on the same recordings, hides no true hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chargelore.engine.grammar.rule import SignalRule
from chargelore.engine.grammar.rulefile import Example
from chargelore.engine.tuning.move import Move, moves
from chargelore.engine.tuning.nearmiss import near_miss
from chargelore.engine.tuning.recorded import FALSE, Outcome, Proofs, Tally, Told, outcomes, tally, told
from chargelore.kb.model import Knowledge

MOST_FOLDS = 12  # sessions of one side that are held out
FEWEST_HELD, ENOUGH = 3, 2 / 3
DUE: frozenset[Told] = frozenset({"right"})


@dataclass(frozen=True, slots=True)
class Written:
    """A rule as it stands in its file: the rule, its keys and the file."""

    rule: SignalRule
    body: Mapping[str, Any]
    file: Path


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What changes did that were found without a session: silenced of so many false alarms, kept of so many hits."""

    silenced: int = 0
    false: int = 0
    kept: int = 0
    hits: int = 0

    @property
    def is_chance(self) -> bool:
        """Whether they fail on more than a third of what they had not been found with; three are the fewest to say."""
        pairs = ((self.silenced, self.false), (self.kept, self.hits))
        return any(of >= FEWEST_HELD and good < ENOUGH * of for good, of in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What came out. `moved` are the names of the sessions whose verdict changed, with both verdicts.

    `set_aside` counts changes that the rule's own examples forbid.
    """

    before: Tally
    after: Tally | None = None
    move: Move | None = None
    moved: tuple[tuple[str, Told, Told], ...] = ()
    example: Example | None = None
    false: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    held: HeldOut = HeldOut()
    set_aside: int = 0
    looked_at: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether there is a change that is no mere chance."""
        return self.move is not None and not self.held.is_chance


@dataclass(frozen=True, slots=True)
class Tried:
    """One change and what it makes of every session."""

    move: Move
    rule: SignalRule
    told: tuple[Told, ...] = field(default=())


def tune(written: Written, seen: Sequence[Outcome], knowledge: Knowledge, proofs: Proofs) -> Tuned:
    """The best change for these outcomes; no `move` where nothing is to be done or can be proved."""
    tried, set_aside = _tried(written, seen, knowledge, proofs) if _can_tune(seen) else ([], 0)
    made = chosen(written, seen, tried, set_aside)
    if made.move is None:
        return made
    return replace(made, held=_held_out(written, seen, knowledge, proofs))


def _can_tune(seen: Sequence[Outcome]) -> bool:
    """Without a true hit nothing would prove that none is hidden."""
    return any(each.told in FALSE for each in seen) and any(each.told in DUE for each in seen)


def chosen(written: Written, seen: Sequence[Outcome], tried: Sequence[Tried], set_aside: int) -> Tuned:
    """What comes out of changes that were tried."""
    false = tuple(each.session.name for each in seen if each.told in FALSE)
    made = Tuned(before=tally(each.told for each in seen), false=false, looked_at=len(tried), set_aside=set_aside)
    best = _best(tried, seen) if _can_tune(seen) else None
    return _proved(replace(made, move=best.move), written, best, seen) if best is not None else made


def _proved(made: Tuned, written: Written, best: Tried, seen: Sequence[Outcome]) -> Tuned:
    silenced = [one for one, now in zip(seen, best.told, strict=True) if one.told in FALSE and now not in FALSE]
    moved = [(one.session.name, one.told, now) for one, now in zip(seen, best.told, strict=True) if one.told != now]
    return replace(
        made,
        after=tally(best.told),
        moved=tuple(moved),
        left=tuple(one.session.name for one, now in zip(seen, best.told, strict=True) if now in FALSE),
        example=near_miss(written.rule, best.rule, best.move.exception, silenced),
    )


def _tried(written: Written, seen: Sequence[Outcome], knowledge: Knowledge, proofs: Proofs) -> tuple[list[Tried], int]:
    """Every change that the rule's own examples allow, and how many they do not."""
    made = {each.key: (each, each.rule(written.body, written.file)) for each in moves(written.rule, written.body, seen)}
    real = {key: (move, rule) for key, (move, rule) in made.items() if rule is not None}
    fit = {key: (move, rule) for key, (move, rule) in real.items() if proofs.keeps(key, rule)}
    rules = {key: rule for key, (_, rule) in fit.items()}
    fired = {(key, place): is_so for key, place, is_so in proofs.fires(rules, [each.session for each in seen])}
    tried = [
        Tried(move, rule, tuple(
            told(rule, each.session, knowledge, fired=fired[key, place]) for place, each in enumerate(seen)
        ))
        for key, (move, rule) in fit.items()
    ]  # fmt: skip
    return tried, len(real) - len(fit)


def _best(tried: Iterable[Tried], seen: Sequence[Outcome]) -> Tried | None:
    """The change that hides nothing and silences most; of those along one number the middle one."""
    safe = [each for each in tried if _hides_nothing(each, seen) and _silenced(each, seen)]
    most = max((_silenced(each, seen) for each in safe), default=0)
    good = [each for each in safe if _silenced(each, seen) == most]
    cheapest = min(good, key=lambda each: (each.move.cost, each.move.family, each.move.step), default=None)
    if cheapest is None:
        return None
    alike = sorted((each for each in good if each.move.family == cheapest.move.family), key=lambda e: e.move.step)
    return cheapest if cheapest.move.exception else alike[len(alike) // 2]


def _hides_nothing(each: Tried, seen: Sequence[Outcome]) -> bool:
    return all(now == "right" for one, now in zip(seen, each.told, strict=True) if one.told in DUE) and all(
        now == one.told or (now not in FALSE and now != "missed") for one, now in zip(seen, each.told, strict=True)
    )


def _silenced(each: Tried, seen: Sequence[Outcome]) -> int:
    return sum(one.told in FALSE and now not in FALSE for one, now in zip(seen, each.told, strict=True))


def _held_out(written: Written, seen: Sequence[Outcome], knowledge: Knowledge, proofs: Proofs) -> HeldOut:
    """Leave each false alarm and each true hit out in turn, and look what the change found without it does there."""
    false = [each for each in seen if each.told in FALSE][:MOST_FOLDS]
    hits = [each for each in seen if each.told in DUE][:MOST_FOLDS]

    def fires_without(out: Outcome) -> bool:
        rest = [each for each in seen if each is not out]
        best = _best(_tried(written, rest, knowledge, proofs)[0], rest)
        rule = written.rule if best is None else best.rule
        return bool(outcomes(rule, [out.session], knowledge)[0].firings)

    fired = [fires_without(each) for each in false] if len(false) > 1 else []
    kept = [fires_without(each) for each in hits] if len(hits) > 1 else []
    return HeldOut(len(fired) - sum(fired), len(fired), sum(kept), len(kept))
