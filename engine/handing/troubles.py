"""Troubles: which events are of one trouble, by case and opening; a finding or an answer goes where it can belong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chargelore.kb.clock import Stamp, stamp_of
from chargelore.kb.events import ANSWERED, ESCALATED, FINDING, HELD, Event, canonical


class Key(NamedTuple):
    """Which trouble: the name of its case, and when that opened, as it was told; empty where it was not."""

    case: str
    opened_at: str


def by_trouble(log: list[Event]) -> dict[Key, list[Event]]:
    """The events of each trouble; a finding of old names its case only and goes to the trouble that it can be of."""
    troubles: defaultdict[Key, list[Event]] = defaultdict(list)
    for each in log:
        if each.kind not in (HELD, ANSWERED) and not _is_of_old(each):
            opened = each.body.get("opened_at", "")
            troubles[Key(each.subject, opened if isinstance(opened, str) else "")].append(each)
    entered = {key: tuple(stamp_of(each.hlc) for each in some) for key, some in troubles.items()}
    named: defaultdict[str, list[Key]] = defaultdict(list)
    for key in entered:
        named[key.case].append(key)
    asked = _asked(troubles)
    for each in log:
        if _is_of_old(each):
            troubles[_found_in(each, named.get(each.subject, ()), entered)].append(each)
        elif each.kind == ANSWERED:
            own = _found_in(each, named.get(each.subject, ()), entered)
            for key in {own, *asked.get(canonical(each.body.get("signature")), ())} & entered.keys():
                troubles[key].append(each)
    return troubles


def _is_of_old(one: Event) -> bool:
    """Whether it is a finding of before these said when their case opened."""
    return one.kind == FINDING and not isinstance(one.body.get("opened_at"), str)


def _asked(troubles: Mapping[Key, list[Event]]) -> dict[str, list[Key]]:
    """The troubles that were escalated, by their signature: an answer to one is an answer to all of that signature."""
    found: defaultdict[str, list[Key]] = defaultdict(list)
    for key, some in troubles.items():
        for each in some:
            if each.kind == ESCALATED:
                found[canonical(each.body.get("signature"))].append(key)
    return found


def _found_in(one: Event, keys: Iterable[Key], entered: Mapping[Key, tuple[Stamp, ...]]) -> Key:
    """The last trouble of that name that came on the book before the finding; of the same store, where there is one."""
    at = stamp_of(one.hlc)

    def rank(key: Key) -> tuple[bool, bool, Stamp, Key]:
        first = entered[key][0]
        return first <= at, any(each.replica == at.replica for each in entered[key]), first, key

    return max(keys, key=rank, default=Key(one.subject, ""))
