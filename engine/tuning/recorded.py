"""Recorded: what a rule says of sessions whose cause is known, before and after a change of the rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from chargelore.engine.drafting.session import Session
from chargelore.engine.drafting.tryout import firings
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.proving.backtest import Heard, verdict
from chargelore.engine.proving.exercise import exercise
from chargelore.kb.model import Knowledge

Told = Literal["right", "wrong", "useless", "missed", "alarm", "silent"]
FALSE: frozenset[Told] = frozenset({"wrong", "alarm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often a rule was right, wrong, useless, silent where it was due, and fired on healthy chargers."""

    right: int = 0
    wrong: int = 0
    useless: int = 0
    missed: int = 0
    alarm: int = 0

    @property
    def judged(self) -> int:
        """The recordings that say something of the rule."""
        return self.right + self.wrong + self.missed + self.alarm


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule did on one session, and what to think of it."""

    session: Session
    told: Told
    firings: Sequence[Firing] = field(default=())


def outcomes(rule: SignalRule, sessions: Iterable[Session], knowledge: Knowledge) -> tuple[Outcome, ...]:
    """The rule on every session."""
    return tuple(_outcome(rule, each, knowledge) for each in sessions)


def _outcome(rule: SignalRule, session: Session, knowledge: Knowledge) -> Outcome:
    fired = firings([rule], session)[rule.id]
    return Outcome(session, told(rule, session, knowledge, fired=bool(fired)), fired)


def told(rule: SignalRule, session: Session, knowledge: Knowledge, *, fired: bool) -> Told:
    """The verdict of a backtest; `alarm` where it fired on a healthy charger, `silent` where nothing is to be said."""
    if session.cause is None:
        return "alarm" if fired else "silent"
    layers = frozenset(signal.layer for signal in session.signals)
    heard = Heard(name=session.name, cause=session.cause, fired={rule.id: 1} if fired else {}, layers=layers)
    return verdict(rule, heard, knowledge) or "silent"


def tally(told: Iterable[Told]) -> Tally:
    """The sum of verdicts."""
    counts: dict[str, int] = {}
    for each in told:
        counts[each] = counts.get(each, 0) + 1
    return Tally(**{each: number for each, number in counts.items() if each != "silent"})


def keeps_examples(rule: SignalRule) -> bool:
    """Whether a rule does as its examples say."""
    try:
        return all(outcome.passed for outcome in exercise(Rules(signal_rules=(rule,))))
    except Exception:  # noqa: BLE001  # a change after which the rule cannot run is none
        return False


class Proofs:
    """What changed rules do on sessions and on their examples. Lives as long as one tuning; nothing is run twice."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], bool] = {}
        self._kept: dict[str, bool] = {}

    def keeps(self, key: str, rule: SignalRule) -> bool:
        """Whether a changed rule still does as the examples of its author say."""
        if key not in self._kept:
            self._kept[key] = keeps_examples(rule)
        return self._kept[key]

    def fires(self, rules: Mapping[str, SignalRule], sessions: Iterable[Session]) -> Iterator[tuple[str, int, bool]]:
        """For every rule, by its key, and every session, by its place: whether it fires."""
        for place, session in enumerate(sessions):
            new = {key: rule for key, rule in rules.items() if (key, id(session)) not in self._known}
            fired = firings([replace(rule, id=key) for key, rule in new.items()], session) if new else {}
            self._known |= {(key, id(session)): bool(fired[key]) for key in new}
            yield from ((key, place, self._known[key, id(session)]) for key in rules)
