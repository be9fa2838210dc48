"""Makers' interfaces whose JSON objects are known by their keys: one module each, gathered in a tuple."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from chargelore.engine.decode.logs.devices import (
    easee,
    esp32_evse,
    everest,
    goe,
    keba,
    openevse,
    tinkerforge,
    v2g,
    zaptec,
)
from chargelore.engine.decode.logs.record import Record

MAX_DEPTH = 6


class Kind(Protocol):
    """One kind of object: whether an object is of it, and what such an object says."""

    @property
    def name(self) -> str:
        """How the format is called."""
        ...

    def knows(self, body: Mapping[str, object]) -> bool:
        """Whether an object is of this kind."""
        ...

    def records(self, body: Mapping[str, object]) -> Iterator[Record]:
        """What the object says."""
        ...


MODULES = (everest, easee, zaptec, goe, keba, openevse, tinkerforge, esp32_evse, v2g)
KINDS: tuple[Kind, ...] = tuple(kind for module in MODULES for kind in module.DEVICES)


def kind_of(body: Mapping[str, object]) -> Kind | None:
    """The kind of an object; None where no interface that we know writes such."""
    return next((kind for kind in KINDS if kind.knows(body)), None)


def objects_in(value: object, depth: int = 0) -> Iterator[tuple[Kind, Mapping[str, object]]]:
    """The objects of a known kind in a JSON value, outermost first; what is inside one belongs to it."""
    if isinstance(value, Mapping):
        kind = kind_of(value)
        if kind is not None:
            yield kind, value
            return
    if depth < MAX_DEPTH and isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            if isinstance(inner, Mapping | list):
                yield from objects_in(inner, depth + 1)
