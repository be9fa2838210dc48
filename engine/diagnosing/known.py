"""Known: which quirks hold for the charger in front of us, and what became of causes that are deprecated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from chargelore.engine.case import Charger
from chargelore.engine.scope import fit
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import Cause, CauseId, Knowledge, Quirk, Status

# How many times likelier a quirk makes the causes that it names; a draft lifts half as much as a reviewed one.
# No more than the scope of a cause does: what a maker's chargers are known for is a hint, never a proof.
QUIRK_FACTOR: Mapping[Status, float] = {"reviewed": 2.5, "draft": 1.75, "deprecated": 1.0}

Key = TypeVar("Key", bound=tuple[str, ...])


def quirks_of(knowledge: Knowledge, charger: Charger) -> Mapping[CauseId, tuple[Quirk, ...]]:
    """By cause, the standing quirks of this very charger that make it likelier, the best founded first."""
    return _quirks_of(knowledge, charger.vendor, charger.model, charger.firmware)


@lru_cache(maxsize=256)
def _quirks_of(knowledge: Knowledge, vendor: str, model: str, firmware: str) -> Mapping[CauseId, tuple[Quirk, ...]]:
    charger = Charger(id="", vendor=vendor, model=model, firmware=firmware)
    found: dict[CauseId, list[Quirk]] = {}
    for quirk in sorted(knowledge.quirks.values(), key=lambda each: (-QUIRK_FACTOR[each.status], each.id)):
        if quirk.status != "deprecated" and fit(quirk.scope, charger) == "inside":
            for cause in quirk.causes:
                found.setdefault(cause, []).append(quirk)
    return {cause: tuple(quirks) for cause, quirks in found.items()}


def quirk_factor(quirks: tuple[Quirk, ...]) -> float:
    """How many times likelier these quirks make their cause; several say no more than the best founded of them."""
    return max((QUIRK_FACTOR[each.status] for each in quirks), default=1.0)


@lru_cache(maxsize=4)
def carried_over(knowledge: Knowledge, learned: Learned) -> Learned:
    """What was learned, with deprecated causes under the name of their successor: recorded findings keep counting."""
    heirs = _heirs(knowledge)
    if not any(cause in heirs for _, cause in learned.causes):
        return learned
    name = {old: heir.id for old, heir in heirs.items()}
    return replace(
        learned,
        causes=_summed(
            ((heirs[cause].fault if cause in heirs else fault, name.get(cause, cause)), tally)
            for (fault, cause), tally in learned.causes.items()
        ),
        shown=_summed(
            ((name.get(cause, cause), evidence, answer), tally)
            for (cause, evidence, answer), tally in learned.shown.items()
        ),
        scoped=_summed(
            ((heirs[cause].fault if cause in heirs else fault, name.get(cause, cause), level), tally)
            for (fault, cause, level), tally in learned.scoped.items()
        ),
        fixed=_summed(((step, name.get(cause, cause)), tally) for (step, cause), tally in learned.fixed.items()),
    )


def standing(knowledge: Knowledge, cause: CauseId) -> Cause | None:
    """The cause of that id, or its successor where it is deprecated; None where nothing stands in its place.

    Two people who reject one cause for another each way leave neither.
    """
    found, seen = knowledge.causes.get(cause), {cause}
    while found is not None and found.status == "deprecated":
        heir = CauseId(found.replaced_by)
        found = knowledge.causes.get(heir) if heir not in seen else None
        seen.add(heir)
    return found


def _summed(counted: Iterable[tuple[Key, Tally]]) -> dict[Key, Tally]:
    sums: dict[Key, Tally] = {}
    for key, each in counted:
        known = sums.get(key, Tally())
        sums[key] = Tally(
            yes=known.yes + each.yes, no=known.no + each.no, cases=known.cases + each.cases, held=known.held + each.held
        )
    return sums


@lru_cache(maxsize=4)
def _heirs(knowledge: Knowledge) -> Mapping[CauseId, Cause]:
    """The deprecated causes, each with the one that stands in its place."""
    old = (cause.id for cause in knowledge.causes.values() if cause.status == "deprecated")
    return {cause: heir for cause in old if (heir := standing(knowledge, cause)) is not None}
