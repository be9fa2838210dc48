"""Slices: what each source of a watch gives, how it stands, and which slice of a charger is missing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from chargelore.engine.sources.copies import Health
from chargelore.kb.model import Layer

State = Literal["begins", "listens", "silent", "failed", "over"]
MISSING = ("silent", "failed", "over")


@dataclass(slots=True)
class Slice:
    """One source as it stands. `chargers` are those it was named for, empty where they name themselves."""

    name: str
    layers: tuple[Layer, ...]
    chargers: tuple[str, ...]
    since: datetime
    state: State = "begins"
    why: str = ""
    signals: int = 0
    last_at: datetime | None = None
    silent: dict[tuple[str, Layer], str] = field(default_factory=dict)  # whose device does not answer, and why
    health: Health = field(default_factory=Health)
    stands: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    def turns(self, state: State, at: datetime, why: str = "") -> None:
        """The source is in another state from now on."""
        if (state, why) != (self.state, self.why):
            self.state, self.since, self.why = state, at, why
        if state != "begins":
            self.stands.set()

    def misses(self, charger: str) -> dict[Layer, str]:
        """The layers of a charger that are missing here, and why."""
        if self.state in MISSING:
            return dict.fromkeys(self.layers, self.why)
        return {layer: why for (whose, layer), why in self.silent.items() if whose == charger}


class Missing(NamedTuple):
    """A slice of a charger that is not there: which layer, from which source, and why."""

    layer: Layer
    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Listening:
    """All sources of a watch as they stand."""

    slices: tuple[Slice, ...]

    @property
    def health(self) -> Health:
        """The counters of all sources together."""
        total = Health()
        for each in self.slices:
            one = each.health
            for name in ("connections", "open", "refused", "from_charger", "from_csms", "dropped_copies", "asked"):
                setattr(total, name, getattr(total, name) + getattr(one, name))
            total.engine_errors += one.engine_errors
            total.last_error = one.last_error or total.last_error
            total.in_vain += one.in_vain
            total.troubles += one.troubles
        return total

    @property
    def is_over(self) -> bool:
        """Whether nothing more will ever come."""
        return all(each.state == "over" for each in self.slices)

    def missing(self, charger: str) -> tuple[Missing, ...]:
        """The slices of a charger that are not there right now, and why."""
        own = (each for each in self.slices if not each.chargers or charger in each.chargers)
        return tuple(Missing(layer, each.name, why) for each in own for layer, why in each.misses(charger).items())

    def sentences(self) -> tuple[str, ...]:
        """What is missing right now, source by source."""
        told = []
        for each in self.slices:
            if each.state in MISSING:
                told.append(f"missing: {each.name} ({', '.join(each.layers)}): {each.why}")
            told += [f"missing: {layer} of {whose}: {why}" for (whose, layer), why in each.silent.items()]
        return tuple(told)

    def as_json(self) -> list[dict[str, object]]:
        """Every source with what it gives, how it stands, and since when."""
        return [
            {
                "source": each.name,
                "layers": list(each.layers),
                "chargers": list(each.chargers),
                "state": each.state,
                "since": each.since.isoformat(),
                "signals": each.signals,
                "last_at": each.last_at.isoformat() if each.last_at else None,
                "why": each.why,
                "silent": [
                    {"charger": whose, "layer": layer, "why": why} for (whose, layer), why in each.silent.items()
                ],
            }
            for each in self.slices
        ]
