"""Rights: who may review at which moment, read from the grants in the log; and which events were taken back."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chargelore.kb.events import GRANT, RETRACT, Event

Moment = tuple[str, str]
ROLES = frozenset({"owner", "reviewer", "none"})


def moment(one: Event) -> Moment:
    """Where an event stands in the order of time; ids break ties."""
    return one.hlc, one.id


@dataclass(frozen=True, slots=True)
class Rights:
    """`owners` always may; others from the moment of their grant on. `base` holds ids of shipped statements."""

    owners: frozenset[str] = frozenset()
    base: frozenset[str] = frozenset()
    grants: Mapping[str, tuple[tuple[Moment, str], ...]] = field(default_factory=dict)

    def role(self, author: str, at: Moment) -> str:
        """`owner`, `reviewer` or `none`."""
        if author in self.owners:
            return "owner"
        given = self.grants.get(author, ())
        place = bisect_left(given, (at, ""))
        return given[place - 1][1] if place else "none"

    def may_review(self, one: Event) -> bool:
        """Whether the author of this event was a reviewer when it was written."""
        return one.id in self.base or self.role(one.author, moment(one)) != "none"

    def may_change(self, one: Event, target: Event) -> bool:
        """Whether this event may change what that one said: its own author or a reviewer; shipped ones a reviewer."""
        is_own = one.author == target.author and target.id not in self.base
        return is_own or self.may_review(one)


def rights_of(log: Iterable[Event], owners: frozenset[str], base: frozenset[str] = frozenset()) -> Rights:
    """The rights in a log that is in the order of time; only owners grant."""
    grants: defaultdict[str, tuple[tuple[Moment, str], ...]] = defaultdict(tuple)
    rights = Rights(owners, base, grants)
    for each in log:
        role = each.body.get("role")
        if each.kind == GRANT and role in ROLES and rights.role(each.author, moment(each)) == "owner":
            grants[each.subject] = (*grants[each.subject], (moment(each), str(role)))
    return rights


def taken_back(log: Iterable[Event], rights: Rights) -> frozenset[str]:
    """The ids of events that their author or a reviewer took back; what takes back can itself be taken back."""
    every = {each.id: each for each in log}
    against: defaultdict[str, list[Event]] = defaultdict(list)
    for each in every.values():
        target = every.get(each.subject) if each.kind == RETRACT else None
        if target is not None and rights.may_change(each, target):
            against[target.id].append(each)
    return frozenset(_gone(against))


def _gone(against: Mapping[str, list[Event]]) -> set[str]:
    """An event is gone when one that takes it back is not; ids are checksums, so that there are no circles."""
    is_gone: dict[str, bool] = {}
    for first in against:
        waiting = [first]
        while waiting:
            name = waiting[-1]
            unknown = [each.id for each in against.get(name, ()) if each.id not in is_gone]
            if unknown:
                waiting += unknown
                continue
            is_gone[waiting.pop()] = any(not is_gone[each.id] for each in against.get(name, ()))
    return {name for name, gone in is_gone.items() if gone}
