"""Reportability: what chargers of a model have ever said, counted in words of ours. Pure.

An item is a kind of signal (`meter`), a field of it (`meter.temperature`) or a word of a field
(`status.status=Charging`). Only the items listed here are counted: a sheet stays small whatever a charger sends, and it
cannot carry a name or a serial number that a charger made up. It knows a charger by one of 256 numbers, a keyed hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from chargelore.engine.case import Charger
from chargelore.engine.decode.meter import NAMES
from chargelore.engine.signal import KINDS, Signal
from chargelore.kb.model import Layer

MOST_MODELS, MOST_CHARGERS = 500, 2_000  # of a sheet: the first in order of their names
LONGEST = 60  # characters of a maker's, a model's or a firmware's name
EARLIEST_YEAR = 2010  # no OCPP charger is older: a clock that says so is not set
TOLD_ENOUGH = 100_000  # signals of a model; what says nothing new after that is not kept again
STALE = timedelta(days=30)  # after which it is kept again that a model is still heard
MOST = 2**53  # a count that every reader of JSON keeps exactly

_PLACES = ("inlet", "outlet", "body", "cable", "ev")
_PHASED = ("current", "voltage", "power", "energy")
_METERED = (*NAMES.values(), *(f"{name}.{phase}" for name in _PHASED for phase in ("l1", "l2", "l3")))
FIELDS: Mapping[str, frozenset[str]] = {
    "boot": frozenset({"vendor", "model", "firmware", "reason"}),
    "status": frozenset({"status", "errorCode", "vendorErrorCode", "vendorId", "info"}),
    "start": frozenset({"meterStart", "idTag"}),
    "stop": frozenset({"transactionId", "meterStop", "reason", "idTag"}),
    "transaction": frozenset({"transactionId", "chargingState", "triggerReason", "reason", "idTag"}),
    "meter": frozenset({*_METERED, *(f"temperature.{place}" for place in _PLACES), "context"}),
    "event": frozenset({"component", "variable", "actualValue", "techCode", "cause", "severity"}),
    "security": frozenset({"type", "techInfo"}),
    "firmware-status": frozenset({"status"}),
    "diagnostics-status": frozenset({"status"}),
    "disconnected": frozenset({"code", "reason"}),
}
PLUGGED = ("Preparing", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing", "Occupied")
ASKED = ("GetDiagnostics", "GetLog", "UpdateFirmware", "SignedUpdateFirmware")
WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("status", "status"): ("Available", *PLUGGED, "Reserved", "Unavailable", "Faulted"),
    ("command", "action"): ASKED,
}
TROUBLE = "status.errorCode!=NoError"
ITEMS: frozenset[str] = frozenset(
    {
        *KINDS,
        *(f"{kind}.{name}" for kind, names in FIELDS.items() for name in names),
        *(f"{kind}.{name}={word}" for (kind, name), words in WORDS.items() for word in words),
        TROUBLE,
    }
)
# The same by kind: fields with their items, and words, without case, with theirs.
_FIELDS = {kind: {name: f"{kind}.{name}" for name in names} for kind, names in FIELDS.items()}
_WORDS = {
    kind: (name, {word.casefold(): f"{kind}.{name}={word}" for word in words}) for (kind, name), words in WORDS.items()
}


Of = TypeVar("Of", bound=tuple[Any, ...])  # a model, or a charger and its model


class Model(NamedTuple):
    """A maker's model with its firmware, as the charger says them."""

    vendor: str
    model: str
    firmware: str


class Count(NamedTuple):
    """How often an item was heard, and from which chargers: one bit for each of their 256 numbers."""

    times: int = 0
    chargers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """What was heard of one model or one charger; `layers` holds when each was heard last."""

    counts: Mapping[str, Count] = field(default_factory=dict)
    layers: Mapping[Layer, datetime | None] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and _parts(self) == _parts(other)

    __hash__ = object.__hash__  # by identity, as its mappings have no hash

    def times(self, item: str) -> int:
        """How often an item was heard."""
        return self.counts.get(item, Count()).times

    @property
    def signals(self) -> int:
        """How many signals were heard."""
        return sum(count.times for item, count in self.counts.items() if "." not in item)

    def chargers(self, items: Iterable[str]) -> int:
        """How many chargers sent one of these items; a few less where two share a number."""
        bits = 0
        for item in items:
            bits |= self.counts.get(item, Count()).chargers
        return bits.bit_count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was heard of every model, and of every charger under each model that it said it is."""

    models: Mapping[Model, Report] = field(default_factory=dict)
    chargers: Mapping[tuple[str, Model], Report] = field(default_factory=dict)


NOTHING_HEARD = Sheet()


def merged(one: Sheet, other: Sheet) -> Sheet:
    """Both sheets as one; any order and any grouping of many give the same."""
    return Sheet(
        models=_united(one.models, other.models, MOST_MODELS),
        chargers=_united(one.chargers, other.chargers, MOST_CHARGERS),
    )


def news(sheet: Sheet, known: Sheet) -> Sheet:
    """The models of a sheet of which it is worth keeping what was heard."""
    return Sheet(
        models={model: each for model, each in sheet.models.items() if _is_news(each, known.models.get(model))}
    )


def _is_news(report: Report, known: Report | None) -> bool:
    """An item or a charger that was not heard before, too little known yet, or nothing for a month."""
    if known is None or known.signals < TOLD_ENOUGH:
        return True
    is_fresh = known.last_at is not None and (report.last_at is None or report.last_at - known.last_at < STALE)
    told = ((known.counts.get(item, Count()).chargers, each.chargers) for item, each in report.counts.items())
    return not is_fresh or any(new & ~old for old, new in told)


def added(one: Report, other: Report) -> Report:
    """Both reports as one."""
    counts = dict(one.counts)
    for item, (times, chargers) in other.counts.items():
        known = counts.get(item, Count())
        counts[item] = Count(min(MOST, known.times + times), known.chargers | chargers)
    layers = {
        layer: max(filter(None, (one.layers.get(layer), other.layers.get(layer))), default=None)
        for layer in (*one.layers, *other.layers)
    }
    return Report(
        counts=counts,
        layers=layers,
        first_at=min(filter(None, (one.first_at, other.first_at)), default=None),
        last_at=max(filter(None, (one.last_at, other.last_at)), default=None),
    )


def report_on(sheet: Sheet, charger: Charger) -> Report | None:
    """What was heard of the charger's model at its firmware; at any where it did not say its own. None for nothing."""
    wanted = model_of(charger)
    if not (wanted.vendor and wanted.model):
        return None
    if wanted.firmware:
        return sheet.models.get(wanted)
    found: Report | None = None
    for model, report in sheet.models.items():
        if model[:2] == wanted[:2]:
            found = report if found is None else added(found, report)
    return found


@lru_cache(maxsize=4096)
def model_of(charger: Charger) -> Model:
    """The charger's model as a sheet names it."""
    return Model(*(" ".join(each.split())[:LONGEST] for each in (charger.vendor, charger.model, charger.firmware)))


def items_of(signal: Signal) -> Iterator[str]:
    """What a signal says, as items."""
    if signal.kind not in KINDS:
        return
    yield signal.kind
    known = _FIELDS.get(signal.kind, {})
    for name, value in signal.fields.items():
        if name in known and value is not None and value != "":
            yield known[name]
    name, words = _WORDS.get(signal.kind, ("", {}))
    if (word := words.get(str(signal.fields.get(name))[:LONGEST].casefold())) is not None:
        yield word
    if signal.kind == "status" and str(signal.fields.get("errorCode") or "NoError") != "NoError":
        yield TROUBLE


def _united(one: Mapping[Of, Report], other: Mapping[Of, Report], most: int) -> dict[Of, Report]:
    both = dict(one)
    for name, report in other.items():
        both[name] = added(both[name], report) if name in both else report
    return {name: both[name] for name in sorted(both)[:most]} if len(both) > most else both


def _parts(report: Report) -> tuple[object, ...]:
    return report.counts, report.layers, report.first_at, report.last_at
