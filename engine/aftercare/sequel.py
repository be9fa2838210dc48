"""Sequel: one fix, what was seen of its charger since, and what that says of it. Pure; no order of seeing matters.

The same fault back on that connector within 14 days: the fix did not hold. Three good sessions before that: it held.
Neither: nobody knows yet. Silence says nothing, so a charger that was offline proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chargelore.engine.aftercare.charging import Charge
from chargelore.kb.model import EvidenceId, FaultId

WINDOW = timedelta(days=14)  # a fault that comes back later is new trouble
ENOUGH = 3  # good sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What somebody fixed: `finding` is the id of the event that says so.

    `connector` is 0 for the whole charger, None where the finding does not say. `signs` are the symptoms that it was
    known by. `until` is when somebody else's work on the same fault began there: sessions after that are to its credit.
    `held` is what was decided so far.
    """

    finding: str
    charger: str
    connector: int | None
    fault: FaultId
    since: datetime
    until: datetime | None = None
    signs: frozenset[EvidenceId] = frozenset()
    held: bool | None = None


@dataclass(frozen=True, slots=True, order=True)
class Back:
    """The same fault again: when, on which connector (0 where none was named), and the code or symptom that says so."""

    at: datetime
    connector: int
    sign: str


@dataclass(frozen=True, slots=True)
class Sequel:
    """What was seen after a fix: its first good sessions, and when the fault was back first."""

    charges: tuple[Charge, ...] = ()
    back: Back | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a fix held, since when that is known, and by which sessions or by which return."""

    held: bool
    at: datetime
    charges: tuple[Charge, ...] = ()
    back: Back | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A fix with its sequel so far."""

    fix: Fix
    sequel: Sequel = field(default_factory=Sequel)


def with_charge(followed: Followed, charge: Charge) -> Followed:
    """The same after one more good session, if it is to the credit of this fix; the first ones are kept."""
    fix, sequel = followed.fix, followed.sequel
    is_after = charge.began >= fix.since and (fix.until is None or charge.ended <= fix.until)
    if not is_after or not _is_there(fix, charge.connector) or charge in sequel.charges:
        return followed
    return replace(followed, sequel=replace(sequel, charges=first((*sequel.charges, charge))))


def with_back(followed: Followed, back: Back) -> Followed:
    """The same after a sign of the fault, if it is this fault, here and later; the first one is kept."""
    fix, first = followed.fix, followed.sequel.back
    is_news = back.at > fix.since and (first is None or back < first)
    if not is_news or not (_is_there(fix, back.connector) or back.connector == 0):
        return followed
    return replace(followed, sequel=replace(followed.sequel, back=back))


def together(sequels: Iterable[Sequel]) -> Sequel:
    """What several saw of one charger, as if one had seen it."""
    known = tuple(sequels)
    charges = first(charge for each in known for charge in each.charges)
    return Sequel(charges, min((each.back for each in known if each.back is not None), default=None))


def all_together(told: Iterable[Mapping[str, Sequel]]) -> dict[str, Sequel]:
    """The same of several fixes, by finding."""
    whole: dict[str, Sequel] = {}
    for each in told:
        whole |= {name: together((whole.get(name, Sequel()), sequel)) for name, sequel in each.items()}
    return whole


def verdict(fix: Fix, seen: Sequel, now: datetime) -> Verdict | None:
    """What was seen by `now` says of the fix; None where it says nothing yet. What lies after `now` never counts."""
    back = _back(seen, now)
    if back is not None and back.at - fix.since <= WINDOW:
        return Verdict(held=False, at=back.at, back=back)
    charges = good(seen, now)
    return Verdict(held=True, at=charges[-1].ended, charges=charges) if len(charges) >= ENOUGH else None


def good(seen: Sequel, now: datetime) -> tuple[Charge, ...]:
    """The good sessions by `now` and before the fault was back, the first ones first."""
    back = _back(seen, now)
    return tuple(each for each in seen.charges if each.ended <= (now if back is None else back.at))


def _back(seen: Sequel, now: datetime) -> Back | None:
    return seen.back if seen.back is not None and seen.back.at <= now else None


def first(charges: Iterable[Charge]) -> tuple[Charge, ...]:
    """The sessions that ended first, as many as decide."""
    by_end = sorted(set(charges), key=lambda each: (each.ended, each))
    return tuple(by_end[:ENOUGH])


def _is_there(fix: Fix, connector: int) -> bool:
    """Whether it happened where the fix was. Without a connector in the finding nobody can tell of a single one."""
    return fix.connector == 0 or connector == (fix.connector or 0)
