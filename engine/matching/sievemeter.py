"""Sieve for meter values: a type of JSON that only values which concern no rule fit, so that reading it is the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

import msgspec

from chargelore.engine.decode.meter import NAMES, PHASES, SUMMED
from chargelore.engine.grammar.condition import Condition, OtherField, Pattern, number
from chargelore.engine.signal import Signal

Reads = Callable[[bytes], object]  # raises where a payload may concern a rule

# What a healthy charger reports: of several conditions the one that it does not meet tells more.
_HEALTHY = {"voltage": 230.0, "current": 12.0, "power": 7_000.0, "temperature": 35.0, "frequency": 50.0, "soc": 50.0}
_MEASURANDS = {name: measurand for measurand, name in NAMES.items()}
_ORDERED = ("<", "<=", ">", ">=")
NOTHING = Annotated[int, msgspec.Meta(gt=1, lt=0)]  # no value is of this type: a key that must not be there
_PLAIN_UNIT = Literal["W", "A", "V", "Wh", "Celsius", "Celcius", "Percent", "Hz", None]
_PHASE = Literal[(*PHASES, None)]  # type: ignore[valid-type]  # its words are made from the phases we know


@dataclass(slots=True)
class _Bounds:
    """Values of one measurand that concern a rule: from `rise` on, up to `fall`; any, where single ones do."""

    rise: float | None = None
    fall: float | None = None
    single: bool = False

    def add(self, condition: Condition) -> None:
        """A condition more; its limits are numbers."""
        limits = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
        given = [found for each in limits if (found := number(each)) is not None]  # type: ignore[arg-type]  # an ordered limit is a plain value
        if condition.op in (">", ">="):
            self.rise = min(given if self.rise is None else [self.rise, *given])
        elif condition.op in ("<", "<="):
            self.fall = max(given if self.fall is None else [self.fall, *given])
        else:
            self.single = True


def quiet_meter_values(patterns: Iterable[Pattern]) -> Reads | None:
    """Reads a MeterValues payload of OCPP 1.6 when no value in it can meet a pattern, and raises otherwise.

    None where some pattern asks for nothing that can be told early.
    """
    bounds: dict[str, _Bounds] = {}
    for each in patterns:
        chosen = _measured(each.conditions)
        if chosen is None:
            return None
        bounds.setdefault(_MEASURANDS[_base(chosen.field)], _Bounds()).add(chosen)
    return msgspec.json.Decoder(_payload(bounds), strict=False).decode


def _payload(bounds: Mapping[str, _Bounds]) -> type[msgspec.Struct]:
    samples: Any = Union[tuple(_sample(each, bounds.get(each)) for each in NAMES)]  # noqa: UP007  # made when rules are
    fields: list[tuple[str, Any, Any]] = [("sampledValue", list[samples], msgspec.NODEFAULT), ("timestamp", Any, None)]
    value: Any = msgspec.defstruct("Value", fields, forbid_unknown_fields=True)
    fields = [("meterValue", list[value], msgspec.NODEFAULT), ("connectorId", Any, None), ("transactionId", Any, None)]
    return msgspec.defstruct("Payload", fields, forbid_unknown_fields=True)


def _sample(measurand: str, bounds: _Bounds | None) -> type[msgspec.Struct]:
    """A sample of this measurand that concerns no rule, however the decoder adds up phases and scales units."""
    if bounds is None:
        fields: list[tuple[str, Any, Any]] = [("phase", _PHASE, None)]
    else:
        phase = None if NAMES[measurand] in SUMMED else _PHASE
        between = Annotated[float, msgspec.Meta(gt=bounds.fall, lt=bounds.rise)]
        value = NOTHING if bounds.single else between
        fields = [("value", value, msgspec.NODEFAULT), ("phase", phase, None), ("unit", _PLAIN_UNIT, None)]
        fields.append(("unitOfMeasure", NOTHING, None))
    return msgspec.defstruct(measurand.replace(".", ""), fields, tag_field="measurand", tag=measurand, kw_only=True)


def _measured(conditions: Iterable[Condition]) -> Condition | None:
    """The condition on a measured value that is asked early, rather one that a healthy charger does not meet."""
    usable = [each for each in conditions if _base(each.field) in _MEASURANDS and _is_numeric(each)]
    healthy = (each for each in usable if not _meets_healthy(each))
    ordered = (each for each in usable if each.op in _ORDERED)
    return next(healthy, next(ordered, usable[0] if usable else None))


def _is_numeric(condition: Condition) -> bool:
    limits = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
    plain = not any(isinstance(each, OtherField) or number(each) is None for each in limits)
    return bool(limits) and plain and condition.op in (*_ORDERED, "==", "in")


def _meets_healthy(condition: Condition) -> bool:
    usual = _HEALTHY.get(_base(condition.field))
    asked = condition.on("l1")
    said = Signal(layer="ocpp", kind="meter", fields={asked.field: usual})
    return usual is None or asked.holds(said)


def _base(name: str) -> str:
    base, _, phase = name.rpartition(".")
    return base if phase in ("l1", "l2", "l3", "any") else name
