"""Neighbours: what the chargers of one site or feeder show together; rules over several chargers fire here.

Each charger does its part in its own state (see `network`); only parts come here, so that a site is one small value.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.diagnosis import Unasked
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.operators import When, crowds, shared
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.matching.moment import NONE, Evidence, Memory, Moment
from chargelore.engine.matching.network import RUNNING
from chargelore.engine.matching.sitewide import SIGNAL, Unplaced, strangers, unknown, unplaced
from chargelore.engine.matching.window import advance, due
from chargelore.engine.places import NO_PLACES, Key, Places
from chargelore.engine.sitemeter import SHARED
from chargelore.engine.trial import IN_FORCE

MOST_STRANGERS = 1_000  # chargers that are remembered as standing nowhere
MOST_JOINERS = 10_000  # chargers that are told of one firing

Fired = tuple[Firing, frozenset[str]]


class Site(NamedTuple):
    """What rules remember of one site or feeder, by their keys, when each must be looked at, and what fired last."""

    memories: Mapping[str, Memory] = {}
    deadlines: Mapping[str, datetime] = {}
    fired: Mapping[str, Fired] = {}


EMPTY = Site()


class Shared(NamedTuple):
    """A rule over a site or feeder, as it hears all chargers together."""

    rule: SignalRule
    when: When
    span: timedelta


def together(rule: SignalRule) -> Shared:
    """The rule as it hears all chargers; a charger joins what fired for as long as its longest `chargers:` looks."""
    return Shared(rule, shared(rule.when), max((each.within for each in crowds(rule.when)), default=timedelta()))


class Neighbours:
    """All sites and feeders, one `Site` each. Lives as long as a watch; `step` is pure."""

    def __init__(self, rules: Rules, places: Places = NO_PLACES, statuses: frozenset[str] = RUNNING) -> None:
        self._places, self._statuses = places, statuses
        self._sites: dict[Key, Site] = {}
        self._strangers: dict[str, None] = {}
        self.reload(rules)

    @property
    def states(self) -> Mapping[Key, Site]:
        """What the rules know of each site and feeder."""
        return dict(self._sites)

    def resume(self, sites: Mapping[Key, Site]) -> None:
        """Go on with what was known of each site and feeder."""
        self._sites = dict(sites)

    def reload(self, rules: Rules) -> None:
        """Rules were changed; what unchanged ones remember stays."""
        self._running = tuple(rule for rule in rules.signal_rules if rule.status in self._statuses)
        self._shared = {rule.key: together(rule) for rule in self._running if rule.across}

    def heard(self, firings: Iterable[Firing]) -> tuple[Firing, ...]:
        """The firings with parts of rules over several chargers replaced by what they completed, if anything.

        Such a firing comes once for each charger that it concerns, always with the same id.
        """
        told: list[Firing] = []
        for _, group in groupby((each for each in firings if not _is_of_a_meter(each)), key=_occasion):
            together = tuple(group)
            told += self._together(together) if together[0].part else together
        return tuple(told)

    def close(self, at: datetime) -> tuple[Firing, ...]:
        """Event time reached `at` without a further signal."""
        told: list[Firing] = []
        for key, site in self._sites.items():
            self._sites[key], firings = overdue(site, self._shared, at, key, including=True)
            told += firings
        return tuple(told)

    def end(self, ends: Mapping[str, datetime]) -> tuple[Firing, ...]:
        """The log ends: each site and feeder with the last signal of any of its own chargers, whatever others said."""
        lasts: dict[Key, datetime] = {}
        for charger, at in ends.items():
            for key in self._places.keys(charger):
                lasts[key] = max(at, lasts.get(key, at))
        told: list[Firing] = []
        for key in sorted(lasts.keys() & self._sites.keys()):
            self._sites[key], firings = overdue(self._sites[key], self._shared, lasts[key], key, including=True)
            told += firings
        return tuple(told)

    def unplaced(self) -> tuple[Unplaced, ...]:
        """What could not be asked so far, so that its silence means nothing; nobody waits for rules on trial."""
        told = [rule for rule in self._running if rule.status != "shadow"]
        return strangers(told, self._strangers, self._places.file) if self._places else unplaced(told)

    def unasked(self, charger: Charger, firings: Iterable[Firing]) -> tuple[Unasked, ...]:
        """The symptoms of rules over several chargers that this one cannot show, because nobody says where it stands.

        Rules on trial say nothing here, as everywhere.
        """
        seen = {each.symptom for each in firings}
        return tuple(
            Unasked(symptom=rule.symptom, rule=rule.id, why=unknown(share, charger.id, self._places.file))
            for rule in self._running
            if (share := rule.across) and rule.status in IN_FORCE and rule.symptom not in seen
            if self._places.key(charger.id, share) is None
        )

    def stand_together(self, chargers: Iterable[str]) -> bool:
        """Whether two of these chargers share a site, so that rules over several could see something at all."""
        shared = Counter(key for charger in chargers if (key := self._places.key(charger, "site")))
        return max(shared.values(), default=0) > 1

    def meets(self, charger: str) -> None:
        """A charger is there; one that stands nowhere takes no part in rules over several."""
        if self._places.measured_by(charger) is not None:
            return
        if self._places and len(self._strangers) < MOST_STRANGERS and not self._places.key(charger, "site"):
            self._strangers.setdefault(charger)

    def _together(self, parts: Sequence[Firing]) -> tuple[Firing, ...]:
        found = self._shared.get(f"{parts[0].rule}@{parts[0].version}")
        share = found.rule.across if found else ""
        key = self._places.key(parts[0].charger, share) if share else None
        at = parts[0].at
        if found is None or key is None or at is None:
            return ()
        members = self._places.members.get(key, frozenset())
        site, late = overdue(self._sites.get(key, EMPTY), self._shared, at, key, including=False)
        self._sites[key], firings = step(site, found, parts, key, members)
        return (*late, *firings)


def _is_of_a_meter(firing: Firing) -> bool:
    """Whether a part is what the meter of the site said: all its chargers were told the same, which proves nothing."""
    return bool(firing.part) and all(SHARED in signal.marks for signal in firing.signals)


def _occasion(firing: Firing) -> tuple[bool, str, str, datetime | None, int]:
    """Parts of one rule that one signal made are taken together."""
    return bool(firing.part), firing.rule, firing.version, firing.at, id(firing.signals[-1])


def step(
    site: Site, found: Shared, parts: Sequence[Firing], key: Key, members: frozenset[str]
) -> tuple[Site, tuple[Firing, ...]]:
    """One charger did its part: the new state of the site, and what that completed."""
    at, told = parts[0].at, {each.part.removeprefix(SIGNAL): each.signals for each in parts}
    assert at is not None  # noqa: S101  # the network times every firing
    moment = Moment(at, frozenset(told), parts[0].signals[-1], found.rule.patterns, told, members)
    site, evidence = _advanced(site, found, moment)
    if evidence:
        return _fires(site, found, evidence, at, key)
    return _joins(site, found, parts)


def overdue(
    site: Site, known: Mapping[str, Shared], at: datetime, key: Key, *, including: bool
) -> tuple[Site, tuple[Firing, ...]]:
    """Look at every rule whose time came before `at`, in order of time."""
    told: list[Firing] = []
    while site.deadlines:
        first = min(site.deadlines.values())
        if first > at or (first == at and not including):
            break
        name = next(name for name, time in site.deadlines.items() if time == first)
        found = known.get(name)
        if found is None:  # the rule is no longer loaded
            site = site._replace(deadlines=_without(site.deadlines, name), memories=_without(site.memories, name))
            continue
        site, evidence = _advanced(site, found, Moment(first, patterns=found.rule.patterns))
        if evidence:
            site, firings = _fires(site, found, evidence, first, key)
            told += firings
    return site, tuple(told)


def _advanced(site: Site, found: Shared, moment: Moment) -> tuple[Site, Evidence]:
    name = found.rule.key
    try:
        memory, evidence = advance(found.when, site.memories.get(name), moment)
    except Exception:  # noqa: BLE001  # one rule's mistake must not silence the others; its memory goes
        memory, evidence = None, NONE
    deadline = due(found.when, memory)
    return site._replace(
        memories=_kept(site.memories, name, memory), deadlines=_kept(site.deadlines, name, deadline)
    ), evidence


def _kept(values: Mapping[str, Memory], name: str, value: Memory) -> dict[str, Memory]:
    return {**values, name: value} if value is not None else _without(values, name)


def _without(values: Mapping[str, Memory], name: str) -> dict[str, Memory]:
    return {key: value for key, value in values.items() if key != name}


def _fires(site: Site, found: Shared, evidence: Evidence, at: datetime, key: Key) -> tuple[Site, tuple[Firing, ...]]:
    chargers = tuple(dict.fromkeys(signal.charger for signal in evidence))
    firing = Firing(
        id=_id(found.rule, key, evidence),
        rule=found.rule.id,
        version=found.rule.version,
        symptom=found.rule.symptom,
        charger=chargers[-1],
        connector=None,
        at=at,
        signals=evidence,
        place=" / ".join(key),
        trial=found.rule.status == "shadow",
    )
    fired = {**site.fired, found.rule.key: (firing, frozenset(chargers))}
    return site._replace(fired=fired), tuple(replace(firing, charger=each) for each in chargers)


def _joins(site: Site, found: Shared, parts: Sequence[Firing]) -> tuple[Site, tuple[Firing, ...]]:
    """A charger that does the same right after it fired belongs to it too."""
    name, part = found.rule.key, parts[0]
    firing, known = site.fired.get(name, (None, frozenset()))
    if firing is None or firing.at is None or part.at is None or not _is_crowd(parts):
        return site, ()
    if part.charger in known or abs(part.at - firing.at) > found.span or len(known) >= MOST_JOINERS:
        return site, ()
    fired = {**site.fired, name: (firing, known | {part.charger})}
    return site._replace(fired=fired), (
        replace(firing, charger=part.charger, signals=(*firing.signals, *part.signals)),
    )


def _is_crowd(parts: Iterable[Firing]) -> bool:
    return any(not each.part.startswith(SIGNAL) for each in parts)


def _id(rule: SignalRule, key: Key, evidence: Evidence) -> str:
    """The same rule, version, place and signals of the same chargers give the same id on every replay."""
    return hashlib.sha256("\n".join(_told(rule, key, evidence)).encode("utf-8", "replace")).hexdigest()[:16]


def _told(rule: SignalRule, key: Key, evidence: Evidence) -> Iterator[str]:
    yield from (rule.id, rule.version, *key)
    for signal in evidence:
        yield f"{signal.charger} {signal.at} {signal.line} {signal.kind} {signal.connector} {signal.raw[:200]}"
