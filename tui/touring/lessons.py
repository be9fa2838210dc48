"""Lessons: the six parts of the tour: what each says to whoever sees this, and what has to happen. Pure.

A part says what stands before the person now, and is done when one look at the screens and the next one differ in what
it asks for: an answer more, a finding more. No time passes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from chargelore.kb.events import ANSWER, FINDING, TRIED
from chargelore.tui.doings import UNDONE
from chargelore.tui.speech import t
from chargelore.tui.text import brief

BENCH, CASE, WHY, FORM, ELSEWHERE = "bench", "case", "why", "form", ""
NAMED = 34  # columns for a name of the knowledge within a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a person has before them at one moment.

    `charger` is the one of the case in front, or under the cursor of the bench; `passed` counts the steps and questions
    of the case in front that were passed over; `did` counts what was written since the start, by kind; `keys` are those
    of actions as they are now. `can_be_asked` says whether any step of the case asks, or will once others are done.
    """

    screen: str = ELSEWHERE
    charger: str = ""
    cases: int = 0
    suspect: str = ""
    step: str = ""
    is_safety: bool = False
    is_asked: bool = False
    can_be_asked: bool = False
    passed: int = 0
    did: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    def key(self, action: str) -> str:
        """The key of an action."""
        return self.keys.get(action, action)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One part: its word in the row of parts, what it says, and whether what happened between two looks fulfils it."""

    word: str
    says: Callable[[Sight], str]
    is_done: Callable[[Sight, Sight], bool]


@dataclass(frozen=True, slots=True)
class Tour:
    """Which parts a person has done, in whatever order. It stands still while it is left, and goes on from there."""

    done: frozenset[int] = frozenset()
    is_on: bool = False
    last: Sight = field(default_factory=Sight)

    @property
    def at(self) -> int:
        """The first part that is not done; behind the last one when all are."""
        return next((place for place in range(len(LESSONS)) if place not in self.done), len(LESSONS))

    @property
    def is_over(self) -> bool:
        """Whether all parts are done."""
        return self.at == len(LESSONS)

    def turned(self, sight: Sight) -> Tour:
        """Taken up where it was left, or left; what is over begins anew."""
        if self.is_on:
            return replace(self, is_on=False)
        return Tour(frozenset() if self.is_over else self.done, is_on=True, last=sight)

    def looked(self, sight: Sight) -> Tour:
        """What there is to see now, and what was done since the last look."""
        if not self.is_on:
            return self
        fresh = {place for place, each in enumerate(LESSONS) if each.is_done(self.last, sight)}
        return replace(self, done=self.done | fresh, last=sight)

    def says(self) -> str:
        """The one thing to do now."""
        keys = self.last.key("app.help"), self.last.key("tour.turn")
        if self.is_over:
            return t("That is all. {help} shows every key, {tour} closes this.", help=keys[0], tour=keys[1])
        return LESSONS[self.at].says(self.last)


def _open(now: Sight) -> str:
    if now.screen != BENCH:
        return _to_bench(now)
    if not now.cases:
        return t("Simulated chargers run. Soon one breaks, and its case opens.")
    if not now.charger:
        return t("Go with {down} or {up} to a case: its line begins with ▲ or ●.", down="↓", up="↑")
    return t("{charger} has trouble, live: {key} opens its case.", charger=now.charger, key=now.key("table.choose"))


def _why(now: Sight) -> str:
    if now.screen != CASE:
        return _to_case(now)
    suspect = brief(now.suspect, NAMED)
    return t("{key} tells why “{suspect}” is suspected.", key=now.key("case.why"), suspect=suspect)


def _answer(now: Sight) -> str:
    if now.screen != CASE:
        return _to_case(now)
    if now.is_asked:
        return t("Answer what the next step asks: a number gives an answer.")
    if now.is_safety:
        return t("First make it safe, here in thought: {key} says that it is done.", key=now.key("case.tried"))
    if now.can_be_asked:
        return t("This step asks nothing: {key} shows another one.", key=now.key("case.other-step"))
    return t("Nothing is asked here: {key} goes back, to another case.", key=now.key("page.back"))


def _step(now: Sight) -> str:
    if now.screen != CASE:
        return _to_case(now)
    keys = {"tried": now.key("case.tried"), "other": now.key("case.other-step")}
    if not now.step:
        return t("No step is left here. {other} looks for another one.", other=keys["other"])
    if now.is_safety:
        return t("{tried} says that it is safe now, {other} passes the step over.", **keys)
    return t("{tried} says that the step did not help, {other} passes it over.", **keys)


def _record(now: Sight) -> str:
    if now.screen == FORM:
        return t("Numbers choose what it was and what fixed it; {key} saves.", key=now.key("finding.save"))
    if now.screen != CASE:
        return _to_case(now)
    return t("{key} records what it was: the next diagnosis knows it.", key=now.key("case.record"))


def _undo(now: Sight) -> str:
    return t("Recorded. {key} takes it back, as it does whatever you write.", key=now.key("app.undo"))


def _to_bench(now: Sight) -> str:
    return t("{key} goes back to the first screen.", key=now.key("page.back"))


def _to_case(now: Sight) -> str:
    """From anywhere to a case: back, or in by the bench."""
    if now.screen == BENCH:
        return _open(now)
    return t("{key} goes back to the case.", key=now.key("page.back"))


def _more(kind: str) -> Callable[[Sight, Sight], bool]:
    return lambda was, now: now.did.get(kind, 0) > was.did.get(kind, 0)


def _went_on(was: Sight, now: Sight) -> bool:
    """A step was tried, or a step or question of the same case passed over."""
    is_passed = now.passed > was.passed and (was.screen, was.charger) == (now.screen, now.charger)
    return is_passed or _more(TRIED)(was, now)


def _taken_back(was: Sight, now: Sight) -> bool:
    """A finding, not an answer that was taken back before there was one."""
    return now.did.get(FINDING, 0) > 0 and _more(UNDONE)(was, now)


LESSONS = (
    Lesson("open", _open, lambda _was, now: now.screen == CASE),
    Lesson("why", _why, lambda _was, now: now.screen == WHY),
    Lesson("answer", _answer, _more(ANSWER)),
    Lesson("try", _step, _went_on),
    Lesson("record", _record, _more(FINDING)),
    Lesson("undo", _undo, _taken_back),
)
