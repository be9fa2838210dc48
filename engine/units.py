"""Units: the numbers and spans of time that rules name, in the units that signals carry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

# How each unit turns into the one that signals carry.
FACTORS: Mapping[str, tuple[str, float]] = {
    "a": ("A", 1.0), "ma": ("A", 0.001), "v": ("V", 1.0), "mv": ("V", 0.001), "w": ("W", 1.0), "kw": ("W", 1000.0),
    "wh": ("Wh", 1.0), "kwh": ("Wh", 1000.0), "c": ("C", 1.0), "°c": ("C", 1.0), "hz": ("Hz", 1.0), "%": ("%", 1.0),
    "s": ("s", 1.0), "sec": ("s", 1.0), "ms": ("s", 0.001), "min": ("s", 60.0), "m": ("s", 60.0), "h": ("s", 3600.0),
    "d": ("s", 86400.0), "dbm": ("dBm", 1.0),
}  # fmt: skip
FIELD_UNITS: Mapping[str, str] = {
    "current": "A", "voltage": "V", "power": "W", "energy": "Wh", "temperature": "C", "soc": "%", "frequency": "Hz",
    "latency": "s", "waited": "s", "duration": "s", "residual": "%", "thd": "%", "unbalance": "%",
    "stood": "s", "ahead": "s", "off": "s", "spread": "s", "drift": "s",
}  # fmt: skip
LONGEST = timedelta(days=31)
SIZES = (("d", 86400), ("h", 3600), ("m", 60))
_QUANTITY = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*([a-zA-Z%°]+)?\s*")


def quantity(text: str) -> tuple[float, str] | None:
    """`32 A` is (32.0, "A"), `7 kW` (7000.0, "W"), `5` (5.0, ""); None when it is no number with a known unit."""
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    number, unit = float(found.group(1)), (found.group(2) or "").lower()
    if not unit:
        return number, ""
    if unit not in FACTORS:
        return None
    base, factor = FACTORS[unit]
    return number * factor, base


def unit_of(field: str) -> str:
    """The unit in which a field is carried: `current.l1` in A; empty where there is none."""
    return FIELD_UNITS.get(field.split(".", 1)[0], "")


def span(text: object) -> timedelta | None:
    """`30s`, `10m`, `8h`, `2d` as a span of time; None when it is none."""
    found = quantity(str(text))
    if found is None or found[1] not in ("s", "") or found[0] < 0 or (not found[1] and found[0] != 0):
        return None
    seconds = found[0]
    return timedelta(seconds=seconds) if seconds <= LONGEST.total_seconds() else None


def spelt(time: timedelta) -> str:
    """A span as rules write it, in the largest unit that leaves no rest: `90s`, `5m`, `2h`."""
    seconds = time.total_seconds()
    unit, size = next((each for each in SIZES if seconds and not seconds % each[1]), ("s", 1))
    return f"{seconds / size:.10g}{unit}"
