"""Sitewide: a rule over a site or feeder as what one charger contributes to it, and what nobody can ask for now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chargelore.engine.grammar.operators import One, When, crowds, heard_together
from chargelore.engine.grammar.rule import SignalRule

NO_FILE = "no places file says which chargers share a {}"
SIGNAL = "."  # begins the name of a part that is one signal


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Rules that were not asked, so that their silence means nothing; why, and how to mend it."""

    rules: tuple[str, ...]
    why: str
    mend: str

    def __str__(self) -> str:
        """`unknown: no places file says which chargers share a feeder`."""
        return f"unknown: {self.why}"


def heard(rule: SignalRule, *, placed: bool) -> Iterator[SignalRule]:
    """What runs for one charger: the rule with each choice of its values, or its parts where places are known."""
    for each in (rule, *(replace(one, status=rule.status) for one in rule.variants)):
        if not rule.across:
            yield each
        elif placed:
            yield from (replace(each, when=when, part=part, variants=()) for part, when in _parts(each.when))


def _parts(when: When) -> Iterator[tuple[str, When]]:
    yield from ((SIGNAL + name, One(name)) for name in dict.fromkeys(heard_together(when)))
    yield from ((crowd.name, crowd.part) for crowd in crowds(when))


def part_of(when: When, part: str) -> When:
    """What one charger did that did this part; the whole where it is no part."""
    return dict(_parts(when)).get(part, when) if part else when


def unplaced(rules: Iterable[SignalRule]) -> tuple[Unplaced, ...]:
    """What cannot be asked without a places file."""
    known = tuple(rules)
    mend = "name one with --places; rules/README.md shows how it is written"
    shares = ((share, tuple(rule.id for rule in known if rule.across == share)) for share in ("feeder", "site"))
    told = [Unplaced(ids, NO_FILE.format(share), mend) for share, ids in shares if ids]
    plugs = tuple(rule.id for rule in known if rule.applies_to.plugs)
    if plugs:
        told.append(Unplaced(plugs, "no places file says of which type a connector is", mend))
    return tuple(told)


def unknown(share: str, charger: str, file: str) -> str:
    """Why a rule over several chargers could not be asked of this one."""
    return f"{file} does not say on which {share} {charger or NAMELESS} stands" if file else NO_FILE.format(share)


def strangers(rules: Iterable[SignalRule], chargers: Iterable[str], file: str) -> tuple[Unplaced, ...]:
    """What cannot be asked of chargers that the places file does not place."""
    ids, named = tuple(rule.id for rule in rules if rule.across), sorted(each or NAMELESS for each in chargers)
    if not ids or not named:
        return ()
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    why = f"{file} does not say where {', '.join(named[:MOST_NAMED])}{more} stands"
    return (Unplaced(ids, why, "add them under `chargers:`"),)


MOST_NAMED = 5
NAMELESS = "a charger without a name"
