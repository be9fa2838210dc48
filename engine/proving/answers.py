"""Answers: what a diagnosis made of a confirmed case, kept short, and what became of it when the knowledge changed.

An answer gets worse when the confirmed cause falls among the first three, leaves them, or leaves the list; and, where
it stands where it stood, when a right answer is no longer given plainly or a wrong one now is. Other differences are
told and judged neither way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.diagnosing.known import standing
from chargelore.kb.counts import UNLISTED
from chargelore.kb.model import CauseId, Knowledge

Became = Literal["worse", "better", "other", "same", "new", "gone"]
HEALTHY, NO_CASE = "healthy", "no case"
AMONG_FIRST = 3
PLAIN = frozenset({"diagnosed", "no-fault"})  # the verdicts that name one cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer on one case that is confirmed: as a cause, as `healthy`, or as one that nobody wrote down.

    `place` is the confirmed cause's, from 1, None where it is not suspected; `first` is the likeliest cause and
    `chance` its probability, `step` the first that does more than make safe: empty or 0 where there is none.
    """

    case: str
    confirmed: str
    place: int | None
    verdict: str
    first: str = ""
    chance: float = 0.0
    step: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One case before and after; one of the two is None where it was not asked on both sides."""

    became: Became
    before: Answer | None
    after: Answer | None

    @property
    def case(self) -> str:
        """Which case it is."""
        told = self.after or self.before
        return told.case if told else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of so many answers have the confirmed cause in the first place, and among the first three."""

    cases: int
    first: int
    among: int


def answer(name: str, confirmed: str, found: Iterable[Diagnosis], knowledge: Knowledge) -> Answer:
    """The answer on a recording, which may open several cases: that in which the confirmed cause stands best."""
    given = [_answer(name, confirmed, each, knowledge) for each in found]
    if confirmed == HEALTHY:
        return next((each for each in given if each.place is None), _nothing_wrong(name))
    none = Answer(case=name, confirmed=confirmed, place=None, verdict=NO_CASE)
    return min(given, key=lambda each: each.place or len(given) + 1_000, default=none)


def _nothing_wrong(name: str) -> Answer:
    return Answer(case=name, confirmed=HEALTHY, place=1, verdict=NO_CASE)


def _answer(name: str, confirmed: str, found: Diagnosis, knowledge: Knowledge) -> Answer:
    first = found.hypotheses[0] if found.hypotheses else None
    return Answer(
        case=name,
        confirmed=confirmed,
        place=_place(confirmed, found, knowledge),
        verdict=found.verdict,
        first=first.cause if first else "",
        chance=first.probability if first else 0.0,
        step=next((each.step for each in found.steps if each.kind != "secure"), ""),
    )


def _place(confirmed: str, found: Diagnosis, knowledge: Knowledge) -> int | None:
    """Where what was confirmed stands; a deprecated cause under the name of its successor."""
    if confirmed == HEALTHY:
        return 1 if found.verdict == "no-fault" else None
    if confirmed == UNLISTED:
        return 1 + sum(each.probability > found.unknown for each in found.hypotheses)
    cause = standing(knowledge, CauseId(confirmed))
    ranked = [each.cause for each in found.hypotheses]
    return ranked.index(cause.id) + 1 if cause is not None and cause.id in ranked else None


def compared(before: Sequence[Answer], after: Sequence[Answer]) -> tuple[Change, ...]:
    """Every case of both sides, those of `after` in their order and then what is gone."""
    then = {each.case: each for each in before}
    now = {each.case: each for each in after}
    told = [_change(then[name], each) if name in then else Change("new", None, each) for name, each in now.items()]
    return (*told, *(Change("gone", each, None) for name, each in then.items() if name not in now))


def _change(before: Answer, after: Answer) -> Change:
    then, now = _standing(before), _standing(after)
    if then != now:
        return Change("worse" if now > then else "better", before, after)
    return Change("same" if _told(before) == _told(after) else "other", before, after)


def _standing(one: Answer) -> tuple[int, bool]:
    """How well it does, 1 the best: the place as far as it matters, and whether the verdict fits it."""
    place = one.place if one.place and one.place <= AMONG_FIRST else AMONG_FIRST + (1 if one.place else 2)
    is_plain = one.verdict in PLAIN
    return place, one.confirmed != HEALTHY and is_plain != (one.place == 1)


def _told(one: Answer) -> tuple[str, str, str]:
    """What a technician acts on; chances move a little with every change."""
    return one.verdict, one.first, one.step


def tally(answers: Collection[Answer]) -> Tally:
    """How many are right."""
    places = [each.place for each in answers if each.place]
    return Tally(cases=len(answers), first=places.count(1), among=sum(each <= AMONG_FIRST for each in places))
