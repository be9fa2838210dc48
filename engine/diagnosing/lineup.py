"""Lineup: some causes side by side, what an answer would make of their chances, and which of them look alike. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chargelore.engine.diagnosing.odds import odds
from chargelore.engine.diagnosing.roll import roll
from chargelore.engine.diagnosing.table import Answer, table
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, Evidence, EvidenceId, Knowledge

# Three points and a half, as log odds: more than a weak reason, and more than two neighbouring grades of an author.
CLEAR = 0.35 * math.log(10)

Voice = Mapping[Answer, float]  # by answer, the log odds that it moves for a cause; the others move none
Shares = Mapping[CauseId, float]


@dataclass(frozen=True, slots=True)
class Lineup:
    """Causes with their chances, likeliest first, and what every answer says of each; answers are believed to the
    power of `temper`.
    """

    chances: Shares
    voices: Mapping[CauseId, Voice]
    leaks: Mapping[Answer, float]
    temper: float

    @property
    def questions(self) -> tuple[EvidenceId, ...]:
        """What any of the causes speaks of."""
        return tuple(sorted({answer[0] for each in self.voices.values() for answer in each}))

    def after(self, evidence: Evidence) -> Iterator[tuple[str, Shares]]:
        """By answer, the chances of the causes once it is given; they sum to how likely it is given."""
        for answer in evidence.answers:
            pair = (evidence.id, answer)
            likely = {name: self.leaks[pair] * math.exp(each.get(pair, 0.0)) for name, each in self.voices.items()}
            yield answer, {name: share * likely[name] ** self.temper for name, share in self.chances.items()}

    def told(self, evidence: Evidence) -> float:
        """What the answer tells on which cause it is, in nats: the entropy that it takes away on average."""
        after = [tuple(shares.values()) for _, shares in self.after(evidence)]
        whole = sum(map(sum, after))
        before = [sum(column) for column in zip(*after, strict=True)]
        return _entropy(before) - sum(sum(shares) / whole * _entropy(shares) for shares in after)

    def is_clear(self, evidence: EvidenceId) -> bool:
        """Whether an answer speaks clearly for the first cause against another one, or the other way round."""
        first, *others = self.voices.values()
        return not all(alike(first, other, (evidence,)) for other in others)


def lineup(knowledge: Knowledge, learned: Learned, chances: Shares, temper: float = 1.0) -> Lineup:
    """These causes side by side; their chances need not sum to one."""
    voices = {name: voice(knowledge, learned, name) for name in chances}
    return Lineup(chances, voices, odds(knowledge, learned).leaks, temper)


def voice(knowledge: Knowledge, learned: Learned, cause: CauseId) -> Voice:
    """What every answer says of a cause."""
    said, place = table(knowledge, learned).said, roll(knowledge).places[cause]
    asked = dict.fromkeys(link.evidence for link in knowledge.causes[cause].shows)
    answers = (
        (each, answer) for each in asked if each in knowledge.evidence for answer in knowledge.evidence[each].answers
    )
    return {answer: said[answer].value(place) for answer in answers}


def alike(one: Voice, other: Voice, among: Collection[EvidenceId]) -> bool:
    """Whether no answer to one of these questions speaks clearly for one of two causes against the other."""
    answers = (each for each in one.keys() | other.keys() if each[0] in among)
    return all(abs(one.get(each, 0.0) - other.get(each, 0.0)) < CLEAR for each in answers)


def _entropy(shares: Sequence[float]) -> float:
    whole = sum(shares)
    return -sum(each / whole * math.log(each / whole) for each in shares if each > 0)
