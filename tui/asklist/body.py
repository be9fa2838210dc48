"""The ask list for programs: JSON and rows of CSV."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.engine.telemetry.asking import Ask, Asked
from chargelore.engine.telemetry.saving import Range
from chargelore.tui.asklist.words import HUNDRED, AskList
from chargelore.tui.text import plain

COLUMNS = (
    "vendor", "model", "findings", "place", "tied", "sure", "family", "label", "minutes", "minutes_low", "minutes_high",
    "handed_over", "handed_over_low", "handed_over_high", "apart", "has",
)  # fmt: skip


def body(told: AskList) -> dict[str, object]:
    """Everything, in 100 faults; who is left out is named with what is needed."""
    return {
        "models": [_model(each) for each in told.models],
        "left_out": [
            {"vendor": each.charger.vendor, "model": each.charger.model, "needs": each.lacks} for each in told.left_out
        ],
        "replays": told.effort.replays,
        "draws": told.effort.draws,
        "seed": told.effort.seed,
    }


def _model(one: Asked) -> dict[str, object]:
    return {
        "vendor": one.charger.vendor,
        "model": one.charger.model,
        "findings": one.findings,
        "today": _pair(one.today.minutes, one.today.handed_over),
        "asks": [_ask(each) for each in one.asks],
        "sent": one.sent,
        "useless": one.useless,
    }


def _pair(minutes: float, handed_over: float) -> dict[str, float]:
    return {"minutes": round(HUNDRED * minutes, 1), "handed_over": round(HUNDRED * handed_over, 2)}


def _ask(ask: Ask) -> dict[str, object]:
    return {
        "family": ask.family.id,
        "label": ask.family.label,
        "ask": ask.family.ask,
        "place": ask.place,
        "tied": ask.is_tied,
        "sure": ask.is_sure,
        "saves": {"minutes": _range(ask.saving.minutes), "handed_over": _range(ask.saving.handed_over)},
        "signals": ask.signals,
        "apart": ask.apart,
        "has": ask.has,
    }


def _range(told: Range) -> dict[str, float]:
    return {name: round(HUNDRED * getattr(told, name), 2) for name in ("mean", "low", "high")}


def rows(told: AskList) -> Iterator[dict[str, object]]:
    """One row for each family of each model."""
    for one in told.models:
        for ask in one.asks:
            yield {"vendor": one.charger.vendor, "model": one.charger.model, "findings": one.findings, **_row(ask)}


def _row(ask: Ask) -> dict[str, object]:
    saved: dict[str, object] = {}
    for name, each in (("minutes", ask.saving.minutes), ("handed_over", ask.saving.handed_over)):
        saved |= {name + end: value for end, value in zip(("", "_low", "_high"), _range(each).values(), strict=True)}
    return {
        "place": ask.place,
        "tied": ask.is_tied,
        "sure": ask.is_sure,
        "family": ask.family.id,
        "label": ask.family.label,
        **saved,
        "apart": " ".join("/".join(each) for each in ask.apart),
        "has": "; ".join(f"{how}: {', '.join(map(plain, who))}" for how, who in ask.has.items() if who),
    }
