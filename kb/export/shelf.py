"""Shelf: a view in the order of a reader: what belongs to a fault, found at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from chargelore.kb.export.view import View
from chargelore.kb.model import CHANCE, Cause, CauseId, Code, EvidenceId, Fault, FaultId, Meaning, Quirk, Step

Key = TypeVar("Key")
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """Who belongs to whom; lives as long as one export."""

    view: View
    domains: Mapping[str, tuple[Fault, ...]]
    causes: Mapping[FaultId, tuple[Cause, ...]]
    codes: Mapping[FaultId, tuple[tuple[Code, Meaning], ...]]
    curing: Mapping[CauseId, tuple[Step, ...]]
    answering: Mapping[EvidenceId, tuple[Step, ...]]
    quirks: Mapping[CauseId, tuple[Quirk, ...]]


def shelf(shown: View) -> Shelf:
    """The view, sorted for reading: the likeliest causes first."""
    told = shown.knowledge
    causes = sorted(told.causes.values(), key=lambda each: (-_rank(each, shown), each.id))
    steps = told.steps.values()
    return Shelf(
        view=shown,
        domains=_grouped((fault.domain, fault) for fault in sorted(told.faults.values(), key=lambda each: each.label)),
        causes=_grouped((cause.fault, cause) for cause in causes),
        codes=_grouped((means.fault, (code, means)) for code in told.codes for means in code.means),
        curing=_grouped((cure.cause, step) for step in steps for cure in step.fixes),
        answering=_grouped((each, step) for step in steps for each in step.answers),
        quirks=_grouped((cause, quirk) for quirk in told.quirks.values() for cause in quirk.causes),
    )


def _rank(cause: Cause, shown: View) -> float:
    """An order tells a rate too: what may not be told stands last."""
    return CHANCE[cause.prior] if shown.tells_rates_of(cause.id) else 0.0


def _grouped(pairs: Iterable[tuple[Key, Entry]]) -> dict[Key, tuple[Entry, ...]]:
    groups: dict[Key, list[Entry]] = {}
    for key, entry in pairs:
        groups.setdefault(key, []).append(entry)
    return {key: tuple(each) for key, each in groups.items()}
