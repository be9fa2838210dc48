"""Ear: hears what chargers say and keeps the sheet of it. Pure but for the sheet that grows."""

from __future__ import annotations

import hashlib
from bisect import insort
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, NamedTuple

from chargelore.engine.aftercare.sequel import Followed
from chargelore.engine.case import Charger
from chargelore.engine.heard.reportability import (
    EARLIEST_YEAR,
    MOST,
    MOST_CHARGERS,
    MOST_MODELS,
    NOTHING_HEARD,
    Count,
    Model,
    Of,
    Report,
    Sheet,
    items_of,
    merged,
    model_of,
)
from chargelore.engine.nameplate import short
from chargelore.engine.signal import Signal
from chargelore.kb.model import Layer


def heard(sheet: Sheet, signal: Signal, charger: Charger, key: bytes = b"") -> Sheet:
    """The sheet after one more signal, as rules hear it, of a charger; `key` hides which one it was."""
    ear = Ear(key)
    ear.takes(signal, charger)
    return merged(sheet, ear.sheet())


class Ear:
    """Hears signals. Lives as long as a watch or a command; memory is bounded, and `key` hides who spoke."""

    def __init__(self, key: bytes = b"") -> None:
        self._key = key
        self._models: _Book[Model] = _Book(MOST_MODELS)
        self._chargers: _Book[tuple[str, Model]] = _Book(MOST_CHARGERS)

    def takes(self, signal: Signal, charger: Charger) -> None:
        """One more signal, as rules hear it, of a charger as it is known by now."""
        name, model, bit = _speaker(charger, self._key)
        items = tuple(items_of(signal))
        pages = [self._chargers.page((name, model))]
        if model.vendor and model.model:
            pages.append(self._models.page(model))
        for page in pages:
            if page is not None:
                page.takes(signal, items, bit)

    def sheet(self) -> Sheet:
        """All that was heard so far, as a value."""
        return Sheet(models=self._models.reports(), chargers=self._chargers.reports())

    def taken(self) -> Sheet:
        """All that was heard since this was last asked."""
        sheet, self._models, self._chargers = self.sheet(), _Book(MOST_MODELS), _Book(MOST_CHARGERS)
        return sheet


class Hearing(NamedTuple):
    """What was heard before, and who keeps what is heard now; nobody where it is not to be kept.

    `fixes` are those whose chargers are looked at again.
    """

    sheet: Sheet = NOTHING_HEARD
    ear: Ear | None = None
    fixes: tuple[Followed, ...] = ()


DEAF = Hearing()


@lru_cache(maxsize=4096)
def _speaker(charger: Charger, key: bytes) -> tuple[str, Model, int]:
    """A charger's name and model, and the bit that stands for it."""
    name = short(charger.id)
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), key=key, digest_size=1).digest()
    return name, model_of(charger), 1 << digest[0]


class _Page:
    """One report as it grows."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._layers: dict[Layer, datetime | None] = {}
        self._first_at: datetime | None = None
        self._last_at: datetime | None = None

    def takes(self, signal: Signal, items: tuple[str, ...], bit: int) -> None:
        """One more signal."""
        for item in items:
            count = self._counts.setdefault(item, [0, 0])
            count[0] += 1
            count[1] |= bit
        at = signal.at
        if at is None or at.tzinfo is None or at.year < EARLIEST_YEAR:
            self._layers.setdefault(signal.layer, None)
            return
        last = self._layers.get(signal.layer)
        self._layers[signal.layer] = at if last is None or at > last else last
        self._first_at = at if self._first_at is None or at < self._first_at else self._first_at
        self._last_at = at if self._last_at is None or at > self._last_at else self._last_at

    def report(self) -> Report:
        """The report so far, as a value."""
        counts = {item: Count(min(MOST, times), chargers) for item, (times, chargers) in self._counts.items()}
        return Report(counts=counts, layers=dict(self._layers), first_at=self._first_at, last_at=self._last_at)


class _Book(Generic[Of]):
    """Pages by name. Beyond `most` those whose names come last in order have none, whenever they were heard."""

    def __init__(self, most: int) -> None:
        self._most, self._pages = most, dict[Of, _Page]()
        self._names: list[Any] = []  # in order

    def page(self, name: Of) -> _Page | None:
        """The page of that name, a new one where there is room."""
        known = self._pages.get(name)
        if known is not None or (len(self._names) >= self._most and name > self._names[-1]):
            return known
        if len(self._names) >= self._most:
            del self._pages[self._names.pop()]
        insort(self._names, name)
        return self._pages.setdefault(name, _Page())

    def reports(self) -> dict[Of, Report]:
        """All pages as values."""
        return {name: page.report() for name, page in self._pages.items()}
