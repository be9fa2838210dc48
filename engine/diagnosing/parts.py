"""Parts: the fewest spare parts to take along, by the chance of the causes that only they cure. Pure.

A second visit for a missing part costs more than any step; a part that no step of this one uses is carried in vain.
Greedy: each time the parts that cover most for each piece carried, until enough is covered; then what turned out to be
needless stays at home. What else the visit plans with comes along where it covers anything; what does not, the visit
must do without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chargelore.engine.diagnosing.diagnosis import Parts, Uncovered
from chargelore.engine.diagnosing.scene import Chances, Repair, Scene
from chargelore.kb.model import CauseId, Step

ENOUGH = 0.85  # of the chance that a part is needed at all
MOST_PARTS = 5
LEAST_NEED = 0.02  # below this chance nobody carries anything
MOST_UNCOVERED = 3
SHOWS = 0.01  # of the chance that a part is needed

Pieces = frozenset[str]
NOTHING: Pieces = frozenset()


@dataclass(frozen=True, slots=True)
class _Want:
    """A cause with its chance, how well it is cured without parts, and with which."""

    cause: CauseId
    chance: float
    bare: float
    ways: Mapping[Pieces, float]

    def cured(self, taken: Pieces) -> float:
        """The chance that it is this cause and that only these parts cure it."""
        best = max((works for pieces, works in self.ways.items() if pieces <= taken), default=0.0)
        return self.chance * max(0.0, best - self.bare)

    @property
    def most(self) -> float:
        """The same with every part there is."""
        return self.chance * max(0.0, max(self.ways.values(), default=0.0) - self.bare)


def parts(around: Scene, planned: Iterable[Step] = ()) -> Parts:
    """What to take along, which share of the chance that a part is needed it covers, and what it does not.

    `planned` is what the visit would do if it had the parts: no others are taken. It can do that for which all are.
    """
    used = sorted({frozenset(each.parts) for each in planned if each.parts}, key=sorted)
    wants = [each for each in _wants(around.repairs, around.chances) if each.most > 0]
    needed = sum(each.most for each in wants)
    if needed < LEAST_NEED:
        return Parts()
    taken = _planned(wants, _spared(wants, _greedy(wants, used, needed), needed), used, needed)
    return Parts(
        take=tuple(sorted(taken, key=lambda each: (-_worth(wants, taken, each), each))),
        covers=min(1.0, _covered(wants, taken) / needed),
        needed=needed,
        uncovered=tuple(_uncovered(wants, taken, around, needed))[:MOST_UNCOVERED],
    )


def _wants(repairs: Sequence[Repair], chances: Chances) -> Iterator[_Want]:
    for cause, chance in chances.items():
        bare, ways = 0.0, dict[Pieces, float]()
        for each in repairs:
            works, pieces = each.cures.get(cause, 0.0), frozenset(each.step.parts)
            if not pieces:
                bare = max(bare, works)
            elif works > 0:
                ways[pieces] = max(ways.get(pieces, 0.0), works)
        yield _Want(cause, chance, bare, ways)


def _covered(wants: Sequence[_Want], taken: Pieces) -> float:
    return sum(each.cured(taken) for each in wants)


def _greedy(wants: Sequence[_Want], ways: Sequence[Pieces], needed: float) -> Pieces:
    taken = NOTHING
    while _covered(wants, taken) < ENOUGH * needed:
        more = [each for each in ways if not each <= taken and len(taken | each) <= MOST_PARTS]
        best = max(more, key=lambda each: _by_piece(wants, taken, each), default=NOTHING)
        if _by_piece(wants, taken, best) <= LEAST_NEED * needed:
            break
        taken |= best
    return taken


def _by_piece(wants: Sequence[_Want], taken: Pieces, more: Pieces) -> float:
    """What these parts cover besides, for each that is to be carried besides."""
    return (_covered(wants, taken | more) - _covered(wants, taken)) / max(1, len(more - taken))


def _spared(wants: Sequence[_Want], taken: Pieces, needed: float) -> Pieces:
    """Without the parts that others made needless, the least useful first."""
    goal = min(ENOUGH * needed, _covered(wants, taken))
    for each in sorted(taken, key=lambda one: (_worth(wants, taken, one), one)):
        if _covered(wants, taken - {each}) >= goal:
            taken -= {each}
    return taken


def _planned(wants: Sequence[_Want], taken: Pieces, used: Iterable[Pieces], needed: float) -> Pieces:
    for pieces in used:
        if _by_piece(wants, taken, pieces) > LEAST_NEED * needed:
            taken |= pieces
    return taken


def _worth(wants: Sequence[_Want], taken: Pieces, part: str) -> float:
    return _covered(wants, taken) - _covered(wants, taken - {part})


def _uncovered(wants: Sequence[_Want], taken: Pieces, around: Scene, needed: float) -> Iterator[Uncovered]:
    """The causes for which something is missing, the likeliest first; not what no share told in percent would show."""
    labels = {each.cause.id: each.cause.label for each in around.suspects}
    for each in sorted(wants, key=lambda one: (one.cured(taken) - one.most, one.cause)):
        if each.most - each.cured(taken) >= SHOWS * needed:
            best = max(each.ways, key=lambda pieces: (each.ways[pieces], sorted(pieces)))
            yield Uncovered(each.cause, labels[each.cause], each.chance, tuple(sorted(best - taken)))
