"""Effect: which confirmed cases a decision would change, by diagnosing them anew on both sides of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chargelore.engine.grammar.rule import CaseRule, Rules
from chargelore.engine.proving.answers import Answer, Became, Change, compared
from chargelore.engine.proving.reasked import of_findings
from chargelore.kb.clock import Stamp, next_stamp, stamp_of
from chargelore.kb.events import Event
from chargelore.kb.finding import UNKNOWN, Finding
from chargelore.kb.learned import Learned
from chargelore.kb.model import Knowledge
from chargelore.kb.overlay import overlaid
from chargelore.kb.statement import By
from chargelore.tui.reviewing.deciding import Speaks, accepted, declined
from chargelore.tui.reviewing.waiting import Ledger, Waiting, confirmed
from chargelore.tui.speech import t

REVIEWER = "whoever decides"  # of what is only supposed; nothing of it is kept
ENDS: tuple[Became, ...] = ("same", "better", "worse")
Watched = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of each confirmed case, and the knowledge as it would be."""

    changes: tuple[Change, ...]
    known: Knowledge

    def __str__(self) -> str:
        """`12 same, 1 fixed, 0 worse`."""
        many = Counter(each.became for each in self.changes)
        told = t(", {n} told otherwise", n=many["other"]) if many["other"] else ""
        return t("{same} same, {better} fixed, {worse} worse", **{each: many[each] for each in ENDS}) + told


def can_tell(one: Waiting) -> bool:
    """Whether findings say what would change: not for a signal rule, nor for words whose meaning nobody named yet."""
    if one.rated is not None:
        return isinstance(one.rated.rule, CaseRule)
    return one.kind != "gap"


def effect(ledger: Ledger, learned: Learned, one: Waiting, now: datetime, watched: Watched) -> Effect:
    """The confirmed cases without it and with it; `watched` hears how many of how many were diagnosed, and may raise.

    Without it means: as if it were declined.
    """
    findings = tuple(each for each in confirmed(ledger) if each.unlisted or each.cause != UNKNOWN)
    without, with_it = _sides(ledger, one, now)
    total = 2 * len(findings)
    before = _asked(findings, learned, without, lambda n: watched(n, total))
    after = (
        before if without == with_it else _asked(findings, learned, with_it, lambda n: watched(n + total // 2, total))
    )
    return Effect(compared(before, after), with_it[0])


Side = tuple[Knowledge, Rules]


def _sides(ledger: Ledger, one: Waiting, now: datetime) -> tuple[Side, Side]:
    by = supposed(ledger, now)
    no, yes = declined(one, by), accepted(one, by)
    without, with_it = (_known(ledger, each) for each in (no, yes))
    return (without, ledger.rules), (with_it, _promoted(ledger.rules, one))


def supposed(ledger: Ledger, now: datetime) -> Speaks:
    """Somebody who may review and speaks after everything in the log."""
    last = max((stamp_of(each.hlc) for each in ledger.events), default=None)
    moments = _moments(last, now)
    return lambda: next(moments)


def _moments(last: Stamp | None, now: datetime) -> Iterator[By]:
    stamp = last
    while True:
        stamp = next_stamp(stamp, now, "supposed")
        yield By(REVIEWER, stamp)


def _known(ledger: Ledger, more: tuple[Event, ...]) -> Knowledge:
    return overlaid(ledger.base, ledger.whole(more, frozenset({REVIEWER})))


def _promoted(rules: Rules, one: Waiting) -> Rules:
    """The rules as if the one on trial were believed."""
    if one.rated is None:
        return rules
    believed = (replace(each, status="stable") if each.id == one.subject else each for each in rules.case_rules)
    return replace(rules, case_rules=tuple(believed))


def _asked(
    findings: tuple[Finding, ...], learned: Learned, side: Side, told: Callable[[int], None]
) -> tuple[Answer, ...]:
    def told_of() -> Iterator[Finding]:
        for number, each in enumerate(findings):
            told(number)
            yield each

    return of_findings(told_of(), side[0], side[1], learned)
