"""Aftermath: the findings of a log as they stand, each with what was seen of its charger since. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chargelore.kb.counts import under
from chargelore.kb.events import CHARGE, FINDING, GRANT, HELD, MERGE, OPENED, RETRACT, UNMERGE, Event
from chargelore.kb.fold import Told, in_order, live, told
from chargelore.kb.same import aliases_of

KINDS = (FINDING, HELD, CHARGE, OPENED, RETRACT, GRANT, MERGE, UNMERGE)  # all that bears on it


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The findings that nobody took back, under the names that stand; `charges` are good sessions, by finding.

    `opened` says when the trouble of a finding opened, as it says itself, or was told before it: ISO 8601 by finding.
    """

    findings: tuple[Told, ...]
    charges: Mapping[str, tuple[Mapping[str, Any], ...]]
    opened: Mapping[str, str] = field(default_factory=dict)


def aftermath(events: Iterable[Event], owners: frozenset[str]) -> Aftermath:
    """What these events say. Any order, split and repetition of them give the same."""
    log, rights = live(in_order(events), owners)
    aliases = aliases_of(log, rights)
    charges: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in log:
        if each.kind == CHARGE:
            charges[each.subject].append(each.body)
    found = tuple(_under(each, aliases) if aliases else each for each in told(log))
    return Aftermath(found, {name: tuple(some) for name, some in charges.items()}, _opened(log))


def _opened(log: Iterable[Event]) -> dict[str, str]:
    last: dict[str, str] = {}
    found: dict[str, str] = {}
    for each in log:
        if each.kind == OPENED:
            last[each.subject] = str(each.body.get("opened_at", ""))
        elif each.kind == FINDING:
            said = each.body.get("opened_at")
            found[each.id] = said if isinstance(said, str) else last.get(each.subject, "")
    return found


def _under(each: Told, aliases: Mapping[str, str]) -> Told:
    return replace(each, counted=replace(each.counted, finding=under(each.counted.finding, aliases)))
