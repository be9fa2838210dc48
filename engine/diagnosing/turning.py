"""Turning: which single finding would put another cause in the first place. Pure.

Every open question is tried in the light of the chances as they stand; what seems to turn the order is then weighed in
full, as if it had been answered, so that what is promised here is what the next diagnosis will say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.diagnosing.diagnosis import Turn, is_mostly_untold
from chargelore.engine.diagnosing.odds import odds
from chargelore.engine.diagnosing.posterior import TIED, Posterior
from chargelore.engine.diagnosing.roll import Place, roll
from chargelore.engine.diagnosing.table import Answer, Table, table
from chargelore.engine.diagnosing.temper import temper
from chargelore.kb.counts import UNLISTED
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, EvidenceId, Knowledge

MOST_SUSPECTS = 12
MOST_TURNS, MOST_TRIED = 3, 8


@dataclass(frozen=True, slots=True)
class _Outlook:
    """The chances as they stand, what is not known included, and what moves them."""

    shares: Mapping[CauseId, float]  # likeliest first
    names: Mapping[Place, CauseId]
    table: Table
    leaks: Mapping[Answer, float]
    temper: float

    def first_after(self, answer: Answer) -> CauseId:
        """Which cause would be first: one that the answer moves, or the likeliest of those that it does not."""
        then = {name: self.shares[name] * math.exp(self.temper * value) for name, value in self._moved(answer)}
        still = next((name for name in self.shares if name not in then), UNLISTED)
        then.setdefault(still, self.shares[still])
        return max(then, key=then.__getitem__)

    def chance(self, answer: Answer) -> float:
        """How likely it is that the answer is given."""
        moved = sum(self.shares[name] * (math.exp(value) - 1) for name, value in self._moved(answer))
        return self.leaks[answer] * (sum(self.shares.values()) + moved)

    def _moved(self, answer: Answer) -> Iterator[tuple[CauseId, float]]:
        said = self.table.said[answer]
        yield UNLISTED, said.unlisted
        for place, weight in zip(said.places, said.weights, strict=True):
            if place in self.names:
                yield self.names[place], weight.value


Answered = Callable[[Answer], Posterior]  # the diagnosis as it would be with one more answer


def turns(
    knowledge: Knowledge, learned: Learned, found: Posterior, closed: Collection[EvidenceId], answered: Answered
) -> tuple[Turn, ...]:
    """At most three findings that would change the first place, the likeliest first, one for each question.

    `closed` is what needs no answer any more, or cannot have one.
    """
    if not found.suspects:
        return ()
    first, told = _first(found), dict[EvidenceId, Turn]()
    for chance, answer in _tried(knowledge, found, _outlook(knowledge, learned, found), closed):
        after = answered(answer)
        if _is_behind(after, first):
            told.setdefault(answer[0], _turn(knowledge, answer, after, chance))
    return tuple(told.values())[:MOST_TURNS]


def _outlook(knowledge: Knowledge, learned: Learned, found: Posterior) -> _Outlook:
    known = {each.cause.id: each.probability for each in found.suspects[:MOST_SUSPECTS]} | {UNLISTED: found.unknown}
    shares = dict(sorted(known.items(), key=lambda each: -each[1]))
    names = {roll(knowledge).places[each.cause.id]: each.cause.id for each in found.suspects[:MOST_SUSPECTS]}
    leaks = odds(knowledge, learned).leaks
    return _Outlook(shares, names, table(knowledge, learned), leaks, temper(knowledge, learned))


def _tried(
    knowledge: Knowledge, found: Posterior, outlook: _Outlook, closed: Collection[EvidenceId]
) -> list[tuple[float, Answer]]:
    """Answers that seem to turn the order, likeliest first."""
    first = _first(found)
    turning = [
        (outlook.chance(answer), answer)
        for answer in _answers(knowledge, found, closed)
        if outlook.first_after(answer) != first
    ]
    return sorted(turning, key=lambda each: (-each[0], each[1]))[:MOST_TRIED]


def _answers(knowledge: Knowledge, found: Posterior, closed: Collection[EvidenceId]) -> Iterator[Answer]:
    suspects = found.suspects[:MOST_SUSPECTS]
    for name in dict.fromkeys(link.evidence for each in suspects for link in each.cause.shows):
        if name in knowledge.evidence and name not in closed:
            yield from ((name, answer) for answer in knowledge.evidence[name].answers)


def _turn(knowledge: Knowledge, answer: Answer, after: Posterior, chance: float) -> Turn:
    """What the diagnosis says once the answer is given."""
    name, said = answer
    first = _first(after)
    return Turn(
        evidence=name,
        question=knowledge.evidence[name].question,
        answer=said,
        chance=round(chance, 4),
        cause=None if first == UNLISTED else first,
        label="" if first == UNLISTED else knowledge.causes[first].label,
        probability=round(after.unknown if first == UNLISTED else after.suspects[0].probability, 4),
        is_untold=first == UNLISTED and is_mostly_untold(after.unknown, after.untold),
    )


def _is_behind(after: Posterior, cause: CauseId) -> bool:
    """Whether another one is first, and not just by a hair."""
    share = after.unknown if cause == UNLISTED else _share(after, cause)
    best = max(after.unknown, after.suspects[0].probability if after.suspects else 0.0)
    return share < best * TIED


def _share(after: Posterior, cause: CauseId) -> float:
    return next((each.probability for each in after.suspects if each.cause.id == cause), 0.0)


def _first(found: Posterior) -> CauseId:
    """The first place; UNLISTED where nothing known is likelier than that the cause is not known here."""
    is_known = found.suspects and found.suspects[0].probability >= found.unknown
    return found.suspects[0].cause.id if is_known else UNLISTED
