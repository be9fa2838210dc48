"""What sampled values mean: measurand and unit become our words and SI units, phases one sum or worst value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chargelore.engine.decode.flat import clean
from chargelore.engine.signal import Scalar

DEFAULT_MEASURAND = "Energy.Active.Import.Register"  # OCPP 1.6 7.37, OCPP 2.0.1 2.44
MAX_SAMPLES = 400

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Power.Active.Import": "power",
        "Power.Active.Export": "power.export",
        "Power.Reactive.Import": "power.reactive",
        "Power.Reactive.Export": "power.reactive.export",
        "Power.Offered": "power.offered",
        "Power.Factor": "power.factor",
        "Current.Import": "current",
        "Current.Export": "current.export",
        "Current.Offered": "current.offered",
        "Voltage": "voltage",
        "Energy.Active.Import.Register": "energy",
        "Energy.Active.Export.Register": "energy.export",
        "Energy.Active.Import.Interval": "energy.interval",
        "Energy.Active.Export.Interval": "energy.export.interval",
        "Frequency": "frequency",
        "Temperature": "temperature",
        "SoC": "soc",
        "RPM": "rpm",
    }
)
# Unit as chargers write it, lower case -> factor to the SI unit; "celcius" is the spelling of OCPP 1.6 itself.
FACTORS: Mapping[str, float] = MappingProxyType(
    {"": 1, "wh": 1, "kwh": 1e3, "mwh": 1e6, "w": 1, "kw": 1e3, "mw": 1e6, "va": 1, "kva": 1e3, "var": 1, "kvar": 1e3}
    | {"varh": 1, "kvarh": 1e3, "a": 1, "ma": 1e-3, "v": 1, "mv": 1e-3, "kv": 1e3, "hz": 1, "percent": 1, "%": 1}
    | {"celsius": 1, "celcius": 1, "c": 1, "°c": 1, "k": 1, "fahrenheit": 1, "rpm": 1, "rev/min": 1}
)
PLAIN = frozenset({"Wh", "W", "A", "V", "Celsius", "Percent", "Hz", ""})  # as they are, in SI units
# A phase-less value is the total or the only one; these are summed over phases, the others take the highest.
SUMMED = frozenset({"power", "power.export", "power.reactive", "energy", "energy.export", "energy.interval"})
PHASES = {"L1": "l1", "L2": "l2", "L3": "l3", "L1-N": "l1", "L2-N": "l2", "L3-N": "l3"}

Marks = dict[str, None]


def meter_fields(value: Mapping[str, object]) -> tuple[dict[str, Scalar], tuple[str, ...]]:
    """The fields of one MeterValue (power W, current A, voltage V, energy Wh, …, by phase `.l1`) and its marks."""
    marks: Marks = {}
    fields: dict[str, Scalar] = {}
    samples = value.get("sampledValue")
    for sample in samples[:MAX_SAMPLES] if isinstance(samples, list) else ():
        if type(sample) is dict or isinstance(sample, Mapping):
            _place(fields, sample, marks)
    _over_phases(fields)
    if "timestamp" in value:
        fields["timestamp"] = clean(value["timestamp"])
    return fields, tuple(marks)


def _place(fields: dict[str, Scalar], sample: Mapping[str, object], marks: Marks) -> None:
    if context := sample.get("context"):
        fields.setdefault("context", clean(context))
    name = _name(sample)
    number = _in_si(sample, marks)
    location = str(sample.get("location") or "Outlet")
    if name == "temperature":
        fields[f"{name}.{location.lower()}"] = number
        fields[name] = _highest([fields.get(name), number])
    elif location != "Inlet" or name not in fields:
        fields[name] = number


def _name(sample: Mapping[str, object]) -> str:
    measurand = str(sample.get("measurand") or DEFAULT_MEASURAND)
    phase = str(sample.get("phase") or "")
    if not phase and measurand[-3:] in (".L1", ".L2", ".L3"):  # seen where the phase is part of the measurand
        measurand, phase = measurand[:-3], measurand[-2:]
    name = NAMES.get(measurand, str(clean(measurand)))
    return f"{name}.{PHASES.get(phase, str(clean(phase)).lower())}" if phase else name


def _in_si(sample: Mapping[str, object], marks: Marks) -> Scalar:
    number = _number(sample.get("value"), marks)
    if number is None:
        return None
    unit, power_of_ten = _unit(sample)
    if unit in PLAIN and not power_of_ten:
        return number
    factor = FACTORS.get(unit.lower())
    if factor is None:
        marks["off-spec"] = None
        return number
    if unit.lower() == "fahrenheit":
        number = (number - 32) / 1.8
    elif unit == "K":
        number -= 273.15
    scaled = number * (factor if factor >= 1 else 1)
    scaled = scaled if factor >= 1 else scaled / (1 / factor)  # 10209 mA is 10.209 A, not 10.209000000000001
    return _scaled(scaled, power_of_ten)


def _scaled(number: float, power_of_ten: int) -> float:
    return number * 10.0**power_of_ten if power_of_ten >= 0 else number / 10.0**-power_of_ten


def _unit(sample: Mapping[str, object]) -> tuple[str, int]:
    """1.6 has `unit`; 2.x has `unitOfMeasure` with a power of ten."""
    measure = sample.get("unitOfMeasure")
    if measure is None or not isinstance(measure, Mapping):
        return str(sample.get("unit") or "").strip(), 0
    multiplier = measure.get("multiplier")
    bounded = multiplier if isinstance(multiplier, int) and abs(multiplier) <= 12 else 0
    return str(measure.get("unit") or "").strip(), bounded


def _number(value: object, marks: Marks) -> float | None:
    if isinstance(value, str):
        text = value.strip().replace(",", ".", 1) if len(value) < 40 else ""
        if text != value:
            marks["off-spec"] = None
        value = _parsed(text)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        marks["off-spec"] = None
        return None
    if isinstance(value, int) and abs(value) > 2**64:
        return None
    if not math.isfinite(value):
        marks["nan"] = None
        return None
    return float(value)


def _parsed(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _over_phases(fields: dict[str, Scalar]) -> None:
    by_name: dict[str, list[Scalar]] = {}
    for name, value in fields.items():
        if name[-3:] in (".l1", ".l2", ".l3"):
            by_name.setdefault(name[:-3], []).append(value)
    for name, phases in by_name.items():
        if name not in SUMMED:
            fields[name] = _highest(phases)
        elif fields.get(name) is None:
            fields[name] = _total(phases)


def _total(values: Sequence[Scalar]) -> Scalar:
    return sum(each for each in values if isinstance(each, int | float))


def _highest(values: Sequence[Scalar]) -> Scalar:
    return max((each for each in values if isinstance(each, int | float)), default=None)
