"""Report body: what was heard of a model as the body of an event, and back. No charger is named in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from chargelore.engine.heard.reportability import (
    ITEMS,
    LONGEST,
    MOST,
    NOTHING_HEARD,
    Count,
    Model,
    Report,
    Sheet,
    merged,
)
from chargelore.kb.model import Layer

Body = Mapping[str, Any]
BITS = 256


def bodies_of(sheet: Sheet) -> Iterator[tuple[Model, dict[str, Any]]]:
    """What was heard of each model, ready to be kept; what was heard of single chargers stays here."""
    for model, report in sorted(sheet.models.items(), key=lambda each: each[0]):
        counts = {item: [each.times, f"{each.chargers:x}"] for item, each in sorted(report.counts.items())}
        body = {
            "charger": model._asdict(),
            "counts": counts,
            "layers": {layer: _text(at) for layer, at in sorted(report.layers.items())},
            "first_at": _text(report.first_at),
            "last_at": _text(report.last_at),
        }
        yield model, body


def sheet_of(bodies: Iterable[Body]) -> Sheet:
    """The sheet of all bodies; the order does not matter, and what cannot be read is left out."""
    sheet = NOTHING_HEARD
    for body in bodies:
        model = _model(body.get("charger"))
        if model is not None:
            sheet = merged(sheet, Sheet(models={model: _report(body)}))
    return sheet


def _model(said: object) -> Model | None:
    texts = [said.get(name) for name in Model._fields] if isinstance(said, Mapping) else []
    if not texts or any(not isinstance(each, str) or len(each) > LONGEST for each in texts):
        return None
    model = Model(*map(str, texts))
    return model if model.vendor and model.model else None


def _report(body: Body) -> Report:
    return Report(
        counts={item: count for item, given in _items(body, "counts") if (count := _count(item, given)) is not None},
        layers={layer: _time(at) for layer, at in _items(body, "layers") if layer in get_args(Layer)},  # type: ignore[misc]  # just checked
        first_at=_time(body.get("first_at")),
        last_at=_time(body.get("last_at")),
    )


def _items(body: Body, name: str) -> Iterable[tuple[str, object]]:
    found = body.get(name)
    return found.items() if isinstance(found, Mapping) else ()


def _count(item: str, given: object) -> Count | None:
    """The count of an item that this version knows; None for any other."""
    if item not in ITEMS or not isinstance(given, list) or len(given) != 2:
        return None
    times, bits = given
    if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= MOST or not isinstance(bits, str):
        return None
    try:
        chargers = int(bits[: BITS // 4], 16)
    except ValueError:
        return None
    return Count(times, chargers) if chargers > 0 else None


def _text(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at is not None else ""


def _time(given: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return at if at.tzinfo else None
