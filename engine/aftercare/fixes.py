"""Fixes: which findings say that something was fixed, and where and since when that can be followed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from chargelore.engine.aftercare.charging import in_utc
from chargelore.engine.aftercare.sequel import Fix
from chargelore.engine.nameplate import NAMELESS
from chargelore.kb.clock import SLACK, stamp_of
from chargelore.kb.finding import Finding
from chargelore.kb.fold import Told
from chargelore.kb.model import EvidenceId, FaultId, Grade, Knowledge

KNOWN_BY: frozenset[Grade] = frozenset({"sometimes", "often", "always"})
TELLING: frozenset[Grade] = frozenset({"never", "rarely"})  # leaks of symptoms that a sound charger does not show

NOT_KNOWN: Mapping[str, str] = MappingProxyType({})

Place = tuple[str, FaultId, int | None]  # charger, fault, connector


def fixes(found: Iterable[Told], knowledge: Knowledge, opened: Mapping[str, str] = NOT_KNOWN) -> tuple[Fix, ...]:
    """The fixes among these findings, each with what was decided of it so far. Any order gives the same.

    What names no charger or no fault is none, nor what was not fixed. `opened` says when their troubles began.
    """
    there: defaultdict[Place, list[tuple[Hashable, Fix]]] = defaultdict(list)
    for each in found:
        if (fix := _fix(each, knowledge, opened.get(each.event.id, ""))) is not None:
            there[_place(fix)].append((each.counted.finding.of_case or each.counted.finding.case, fix))
    return tuple(sorted((fix for some in there.values() for fix in _in_turn(some)), key=_order))


def charger_of(finding: Finding) -> str:
    """The charger of a finding; older ones name it in the name of their case only. Empty where nobody knows."""
    name = finding.charger.id or finding.case.rpartition("-")[0]
    return "" if name == NAMELESS else name


def _fix(each: Told, knowledge: Knowledge, opened: str) -> Fix | None:
    finding = each.counted.finding
    charger = charger_of(finding)
    if not (finding.fixed_by and finding.fault and charger):
        return None
    return Fix(
        finding=each.event.id,
        charger=charger,
        connector=finding.connector,
        fault=finding.fault,
        since=_since(each, opened),
        signs=frozenset(_signs(finding, knowledge)),
        held=each.counted.held,
    )


def _since(each: Told, opened: str) -> datetime:
    """On the clock of what was watched where the finding says so: the author's own may be wrong.

    Nothing is fixed before it broke, or what the charger did until then would count for the fix.
    """
    written, said, began = stamp_of(each.event.hlc).at, _read(each.counted.finding.fixed_at), _read(opened)
    is_before = said is not None and began is not None and said + SLACK < began <= written
    return written if said is None or is_before else said


def _read(text: str) -> datetime | None:
    try:
        said = in_utc(datetime.fromisoformat(text))
        return said.astimezone(UTC) if said is not None else None
    except (ValueError, OverflowError):  # not said, or at the end of all time
        return None


def _signs(finding: Finding, knowledge: Knowledge) -> Iterator[EvidenceId]:
    """Symptoms that this trouble showed, that its cause shows and that a sound charger does not."""
    cause = knowledge.causes.get(finding.known_cause) if finding.known_cause is not None else None
    for link in cause.shows if cause is not None else ():
        evidence = knowledge.evidence.get(link.evidence)
        was_seen = link.answer == "yes" and finding.evidence.get(link.evidence) == "yes" and link.grade in KNOWN_BY
        if was_seen and evidence is not None and evidence.leak in TELLING:
            yield link.evidence


def _in_turn(some: list[tuple[Hashable, Fix]]) -> Iterator[Fix]:
    """Fixes of one fault in one place, each until the next one; findings on one case stand or fall together."""
    for case, fix in some:
        later = (other.since for name, other in some if name != case and other.since > fix.since)
        yield replace(fix, until=min(later, default=None))


def _place(fix: Fix) -> Place:
    return fix.charger, fix.fault, fix.connector


def _order(fix: Fix) -> tuple[str, datetime, str]:
    return fix.charger, fix.since, fix.finding
