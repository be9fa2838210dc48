"""Places: which chargers share a site and a feeder, and of which type each connector is; a small YAML file tells it.

```yaml
chargers:
  CP-1: {site: depot, feeder: A, connectors: {1: type2, 2: ccs2}}
  "CP-2*": {site: depot, feeder: B, connectors: type2}
models:
  - {vendor: Alfen, model: "Eve*", connectors: type2}
meters:
  meter: {site: depot}
```
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rulefile import connectors_in
from chargelore.engine.scope import UNPLACED, Spot, matches_name
from chargelore.kb.errors import RuleError
from chargelore.kb.model import Written
from chargelore.kb.yamlfile import Document, Trail, checked, parse

LARGEST = 4_000_000  # bytes; 40,000 chargers with two connectors each
MOST_CHARGERS, MOST_PATTERNS = 50_000, 500

Share = Literal["site", "feeder"]
Key = tuple[str, ...]  # (site,) or (site, feeder)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandFile(Written):
    """Where one charger stands, as written."""

    site: str = ""
    feeder: str = ""
    connectors: Any = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile(Written):
    """Which connectors a model has, as written."""

    vendor: str
    model: str
    connectors: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFile(Written):
    """Which site, or which feeder of it, a meter or recorder measures, as written."""

    site: str
    feeder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesFile(Written):
    """The keys of a places file as written."""

    chargers: dict[str | int, StandFile] = field(default_factory=dict)
    models: tuple[ModelFile, ...] = ()
    meters: dict[str | int, MeterFile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What a places file says. An id is looked up first, then patterns of ids, the longest first, then models."""

    exact: Mapping[str, Spot] = field(default_factory=dict)
    patterns: tuple[tuple[str, Spot], ...] = ()
    models: tuple[tuple[str, str, Spot], ...] = ()
    members: Mapping[Key, frozenset[str]] = field(default_factory=dict)
    meters: Mapping[str, Key] = field(default_factory=dict)
    file: str = ""

    def __bool__(self) -> bool:
        """Whether any file was read."""
        return bool(self.file)

    def spot(self, charger: Charger) -> Spot:
        """Where a charger stands and what its connectors are; what nobody says stays empty."""
        if not self.file:
            return UNPLACED
        found = self.exact.get(charger.id)
        if found is None:
            found = next((spot for pattern, spot in self.patterns if _shape(pattern).fullmatch(charger.id)), Spot())
        if found.connectors or not (charger.vendor and charger.model):
            return found
        named = (spot for vendor, model, spot in self.models if _is(charger, vendor, model))
        return found._replace(connectors=next(named, found).connectors)

    def measured_by(self, meter: str) -> Key | None:
        """The site or feeder that a meter measures; None for what is no meter here."""
        return self.meters.get(meter)

    def keys(self, charger: str) -> tuple[Key, ...]:
        """The site and the feeder of a charger, as far as the file says."""
        return tuple(_keys(self.spot(Charger(id=charger))))

    def key(self, charger: str, share: Share) -> Key | None:
        """The site or feeder that a charger shares with others; None where the file does not say."""
        spot = self.spot(Charger(id=charger))
        if share == "site":
            return (spot.site,) if spot.site else None
        return (spot.site, spot.feeder) if spot.feeder else None


@lru_cache(maxsize=MOST_PATTERNS)
def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)


def _is(charger: Charger, vendor: str, model: str) -> bool:
    return matches_name(vendor, charger.vendor) and matches_name(model, charger.model)


NO_PLACES = Places()


def load_places(file: Path) -> Places:
    """The places in a file. RuleError with file, line, key and cure for the first thing that is wrong."""
    if file.is_file() and file.stat().st_size > LARGEST:
        raise RuleError(f"is larger than {LARGEST} bytes", where=str(file), mend="name patterns such as `CP-2*`")
    return places_in(parse(file, RuleError))


def places_in(document: Document) -> Places:
    """The places that a document names."""
    if not isinstance(document.value, dict) or not document.value:
        raise RuleError("names no place", where=document.place(), mend="begin with `chargers:`")
    written: PlacesFile = checked(PlacesFile, document.value, document, (), RuleError)
    stands = {str(name): _stand(name, each, document) for name, each in written.chargers.items()}
    if len(stands) > MOST_CHARGERS or len(stands) - len(exact := _exact(stands)) > MOST_PATTERNS:
        what = f"names more than {MOST_CHARGERS} chargers or {MOST_PATTERNS} patterns"
        raise RuleError(what, where=document.place(("chargers",)), mend="name patterns such as `CP-2*`, and fewer")
    patterns = ((name, spot) for name, spot in stands.items() if name not in exact)
    models = [_model(place, each, document) for place, each in enumerate(written.models)]
    return Places(
        exact=exact,
        patterns=tuple(sorted(patterns, key=lambda each: -len(each[0].replace("*", "")))),
        models=tuple(sorted(models, key=lambda each: -len(each[1].replace("*", "")))),
        members=members(exact),
        meters=_meters(written.meters, document),
        file=str(document.file),
    )


def _model(place: int, written: ModelFile, document: Document) -> tuple[str, str, Spot]:
    trail: Trail = ("models", place, "connectors")
    return written.vendor, written.model, Spot(connectors=connectors_in(written.connectors, document, trail))


def _meters(written: Mapping[str | int, MeterFile], document: Document) -> dict[str, Key]:
    if len(written) > MOST_CHARGERS:
        what = f"names more than {MOST_CHARGERS} meters"
        raise RuleError(what, where=document.place(("meters",)), mend="name those that measure these sites")
    return {str(name): (each.site, each.feeder) if each.feeder else (each.site,) for name, each in written.items()}


def _exact(stands: Mapping[str, Spot]) -> dict[str, Spot]:
    return {name: spot for name, spot in stands.items() if "*" not in name}


def _stand(name: str | int, written: StandFile, document: Document) -> Spot:
    trail: Trail = ("chargers", name)
    if written.feeder and not written.site:
        what = f"{name} stands on a feeder of no site"
        raise RuleError(what, where=document.place((*trail, "feeder")), mend="name the `site` too")
    connectors = connectors_in(written.connectors, document, (*trail, "connectors"))
    return Spot(written.site, written.feeder, connectors)


def members(exact: Mapping[str, Spot]) -> dict[Key, frozenset[str]]:
    """The chargers that are named by their ids, by site and by feeder."""
    found: defaultdict[Key, set[str]] = defaultdict(set)
    for charger, spot in exact.items():
        for key in _keys(spot):
            found[key].add(charger)
    return {key: frozenset(chargers) for key, chargers in found.items()}


def _keys(spot: Spot) -> Iterator[Key]:
    if spot.site:
        yield (spot.site,)
    if spot.feeder:
        yield (spot.site, spot.feeder)
