"""Strain: what rules had to do without: signals that came too late, windows given up for memory, rules that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """Of one charger or of many. `late` signals came later than allowed, the worst by `worst`; `hurried` went on early.

    `evicted` counts the signals that each rule, by id and version, gave up; `failed` says how a rule failed.
    """

    late: int = 0
    worst: timedelta = timedelta()
    hurried: int = 0
    evicted: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)


NO_STRAIN = Strain()


def together(strains: Iterable[Strain]) -> Strain:
    """The strain of many as one, whatever their order."""
    evicted: dict[str, int] = {}
    failed: dict[str, str] = {}
    late = hurried = 0
    worst = timedelta()
    for each in strains:
        late, worst, hurried = late + each.late, max(worst, each.worst), hurried + each.hurried
        for key, number in each.evicted.items():
            evicted[key] = evicted.get(key, 0) + number
        for key, why in each.failed.items():
            failed[key] = min(why, failed.get(key, why))
    evicted, failed = dict(sorted(evicted.items())), dict(sorted(failed.items()))
    return Strain(late=late, worst=worst, hurried=hurried, evicted=evicted, failed=failed)


def sentences(strain: Strain) -> Iterator[str]:
    """The strain in words, one sentence a line; none where all went as it should."""
    if strain.late:
        worst_by = f"the worst by {strain.worst.total_seconds():g} s"
        yield f"{_signals(strain.late)} came too late to be put in order, {worst_by}"
    if strain.hurried:
        yield f"{_signals(strain.hurried)} could not be held back for later ones, as too many came at once"
    if strain.evicted:
        worst = max(strain.evicted, key=lambda key: strain.evicted[key])
        number = sum(strain.evicted.values())
        yield f"rules gave up {_signals(number)} to keep memory bounded, most of them {worst.partition('@')[0]}"
    for key, why in strain.failed.items():
        yield f"the rule {key.partition('@')[0]} failed ({why}); the other rules went on"


def _signals(number: int) -> str:
    return f"{number:,} signal{'s'[: number != 1]}"
