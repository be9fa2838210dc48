"""Reported: a sheet as people read it: what is sent, never sent, not known yet, and what a firmware changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from chargelore.engine.heard.reportability import Model, Report, Sheet
from chargelore.engine.heard.silence import Silence, judged, silence

AGES_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the firmware before never sent and this one does (`new`), and the other way round (`gone`)."""

    since: str
    new: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One model, or one charger of it: `sent` are items and how often, `open` those of which nobody knows yet."""

    model: Model
    charger: str | None
    report: Report
    chargers: int
    signals: int
    sent: Mapping[str, int]
    never: tuple[Silence, ...]
    open: tuple[str, ...]
    change: Change | None


def reported(sheet: Sheet) -> Iterator[Reported]:
    """Every model of a sheet and then every charger, in the order of their names; of a charger each firmware."""
    for model, report in sorted(sheet.models.items(), key=lambda each: each[0]):
        yield _one(model, None, report, _before(model, sheet.models))
    for (name, model), report in sorted(sheet.chargers.items(), key=lambda each: each[0]):
        own = {other: each for (charger, other), each in sheet.chargers.items() if charger == name}
        yield _one(model, name, report, _before(model, own))


def _one(model: Model, charger: str | None, report: Report, before: tuple[str, Report] | None) -> Reported:
    lacking = [each for each in judged() if not report.times(each)]
    never = [found for each in lacking if (found := silence(report, each)) is not None]
    proven = {each.item for each in never}
    return Reported(
        model=model,
        charger=charger,
        report=report,
        chargers=report.chargers(report.counts),
        signals=report.signals,
        sent={item: count.times for item, count in sorted(report.counts.items())},
        never=tuple(never),
        open=tuple(each for each in lacking if each not in proven),
        change=_change(report, *before) if before is not None else None,
    )


Same = TypeVar("Same", bound=Mapping[Model, Report])


def _before(model: Model, reports: Same) -> tuple[str, Report] | None:
    """The firmware that the model ran before this one, by when each was heard first."""
    begun = reports[model].first_at or AGES_AGO
    older = [
        (report.first_at, other.firmware, report)
        for other, report in reports.items()
        if other != model and other[:2] == model[:2] and other.firmware and report.first_at and report.first_at < begun
    ]
    if not older or not model.firmware:
        return None
    _, firmware, report = max(older, key=lambda each: each[:2])
    return firmware, report


def _change(now: Report, since: str, before: Report) -> Change:
    """Only what is proven on the silent side counts: what was not heard yet has not changed."""
    return Change(
        since=since,
        new=tuple(each for each in judged() if now.times(each) and silence(before, each) is not None),
        gone=tuple(each for each in judged() if before.times(each) and silence(now, each) is not None),
    )
