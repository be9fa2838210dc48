"""Sieve: which frames no rule can be interested in, told before they become signals. Errs on the side of interest.

A frame passes for quiet only when it is a request of OCPP 1.6 in plain, valid JSON, and for every pattern that the
signals of such a request could meet, one condition is known not to hold. Everything else is decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import msgspec

from chargelore.engine.condition import Condition, OtherField, Pattern, number, text_of
from chargelore.engine.decode.actions import CSMS_REQUESTS, KIND_OF_CHARGER_REQUEST
from chargelore.engine.decode.meter import DEFAULT_MEASURAND, NAMES, PHASES, SUMMED
from chargelore.engine.decode.native import is_null
from chargelore.engine.decode.ocpp2 import KEYS_OF_2, ONLY_IN_2
from chargelore.engine.signal import Scalar, Signal

MOST_REMEMBERED = 4_096  # verdicts on texts, for each field
LONGEST_REMEMBERED = 64
NEVER = float("inf")

Ask = Callable[[dict[str, Any]], bool]  # whether a payload may concern a rule
ALWAYS = None

# Fields that a signal has from elsewhere than the key of that name in its payload.
_ELSEWHERE = frozenset({"connector", "layer", "charger", "marks", "uid", "from", "action"})
_TEXTUAL = {"==": 0, "in": 0, "matches": 1, "contains": 1, "startswith": 1}
# What a healthy charger reports: of several conditions the one that it does not meet tells more.
_HEALTHY = {"voltage": 230.0, "current": 12.0, "power": 7_000.0, "temperature": 35.0, "frequency": 50.0, "soc": 50.0}
_MEASURANDS = {name: measurand for measurand, name in NAMES.items()}
_PLAIN_UNITS = frozenset({None, "W", "A", "V", "Wh", "Celsius", "Celcius", "Percent", "Hz"})
_METER_KEYS = frozenset({"connectorId", "transactionId", "meterValue"})
_VALUE_KEYS = frozenset({"timestamp", "sampledValue"})
_CODE_FIELDS = ("errorCode", "vendorErrorCode", "info")


KINDS: Mapping[str, str] = {
    **dict.fromkeys(CSMS_REQUESTS, "command"),
    **KIND_OF_CHARGER_REQUEST,
    "DataTransfer": "data-transfer",
}
ODD_KEYS = KEYS_OF_2 | {""}  # speak OCPP 2.x, or hide a name
JOINED = frozenset({"answer", "unanswered", "orphan"})  # are made of requests and answers together


class Sieve:
    """The patterns of a set of rules, as what each request must hold to meet one. Made once for a set of rules."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        known = list(patterns)
        self._asks: dict[object, Ask | None] = {
            action: _asked(action, kind, known)
            for action, kind in KINDS.items()
            if action not in ONLY_IN_2 and action != "BootNotification"
        }
        self._answers = all(JOINED.isdisjoint(each.kinds) for each in known)

    def is_quiet(self, elements: object) -> bool:
        """Whether no rule can be interested in the request or answer that a frame holds, read as JSON."""
        if not is_request(elements):
            return self._answers and is_answer(elements)
        _, _, action, payload = elements
        ask = self._asks.get(action)
        return ask is not None and not (payload and (ask(payload) or not ODD_KEYS.isdisjoint(payload)))


_read = msgspec.json.Decoder().decode


def elements_of(frame: bytes) -> object:
    """A frame as JSON; None where it is not valid, or where a logger may have shortened it."""
    if b"..." in frame or b"\xe2\x80\xa6" in frame:
        return None
    try:
        return _read(frame)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def is_request(elements: object) -> TypeGuard[list[Any]]:
    """Whether these are the four elements of a request, just as the standard has them."""
    if type(elements) is not list or len(elements) != 4:
        return False
    kind, uid, action, payload = elements
    return bool(kind == 2 and uid and type(uid) is type(action) is str and type(payload) is dict and type(kind) is int)


def is_answer(elements: object) -> bool:
    """Whether these are the three elements of an answer, just as the standard has them."""
    return (
        type(elements) is list
        and len(elements) == 3
        and type(elements[0]) is int
        and elements[0] == 3
        and type(elements[1]) is str
        and elements[1] != ""
        and type(elements[2]) is dict
    )


def _asked(action: str, kind: str, patterns: list[Pattern]) -> Ask | None:
    """What a request of this action must hold; ALWAYS where some pattern asks for nothing that can be told early."""
    mine = [each for each in patterns if kind in each.kinds and _may_meet(each, action)]
    if kind == "meter":
        return _meter_ask(mine)
    codes = kind == "status" and any(not {"code", "fault"}.isdisjoint(each.kinds) for each in patterns)
    fields = {name: _Verdicts(codes=True) for name in _CODE_FIELDS if codes}
    for each in map(_chosen, (pattern.conditions for pattern in mine)):
        if each is None:
            return ALWAYS
        fields.setdefault(each.field, _Verdicts(codes=False)).add(each)
    history = "transactionData" if kind == "stop" else ""  # makes a meter signal besides
    return _payload_ask(tuple(fields.items()), history)


def _payload_ask(asks: tuple[tuple[str, _Verdicts], ...], history: str) -> Ask:
    def ask(payload: dict[str, Any]) -> bool:
        if history and history in payload:
            return True
        for name, verdicts in asks:
            value = payload.get(name)
            if value is not None:
                known = verdicts.known.get(value) if type(value) is str else None
                if verdicts.of(value) if known is None else known:
                    return True
        return False

    return ask


def _may_meet(pattern: Pattern, action: str) -> bool:
    said = Signal(layer="ocpp", kind="call", fields={"action": action})
    return all(each.holds(said) for each in pattern.conditions if each.field == "action")


def _chosen(conditions: Iterable[Condition]) -> Condition | None:
    """The condition that is asked early: on a plain key of the payload, equality first."""
    usable = [each for each in conditions if _is_plain(each)]
    return min(usable, key=lambda each: _TEXTUAL.get(each.op, 2), default=None)


def _is_plain(condition: Condition) -> bool:
    name = condition.field
    if name in _ELSEWHERE or "." in name or "[" in name or isinstance(condition.limit, OtherField):
        return False
    return condition.op != "present" or bool(condition.limit)


@dataclass(slots=True)
class _Verdicts:
    """Whether some condition may hold on a value of one field; remembered for texts, which come again and again."""

    codes: bool
    words: set[str] = field(default_factory=set)
    tests: list[Condition] = field(default_factory=list)
    known: dict[str, bool] = field(default_factory=dict)

    def add(self, condition: Condition) -> None:
        """A condition more; words that a text is to equal are found by look-up."""
        limits = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
        if condition.op in ("==", "in") and all(isinstance(each, str) and number(each) is None for each in limits):
            self.words.update(text_of(each).casefold() for each in limits)  # type: ignore[arg-type]  # texts
        else:
            self.tests.append(condition)

    def of(self, value: object) -> bool:
        """Whether the value may concern a rule."""
        if type(value) is not str:
            return not isinstance(value, int | float) or self.codes or self._meets(value)
        bare = value.strip().strip("*")  # as the decoder reads a status
        found = (self.codes and not is_null(value)) or self._meets(value) or (bare != value and self._meets(bare))
        if len(value) <= LONGEST_REMEMBERED and len(self.known) < MOST_REMEMBERED:
            self.known[value] = found
        return found

    def _meets(self, value: Scalar) -> bool:
        if self.words and text_of(value).casefold() in self.words:
            return True
        return any(each.holds(Signal(layer="ocpp", kind="", fields={each.field: value})) for each in self.tests)


@dataclass(slots=True)
class _Bounds:
    """Values of one measurand that concern a rule: from `rise` on, up to `fall`, and single ones."""

    rise: float = NEVER
    fall: float = -NEVER
    single: set[float] = field(default_factory=set)

    def add(self, condition: Condition) -> None:
        limits = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
        given = [found for each in limits if (found := number(each)) is not None]  # type: ignore[arg-type]  # an ordered limit is a plain value
        if condition.op in (">", ">="):
            self.rise = min(self.rise, *given)
        elif condition.op in ("<", "<="):
            self.fall = max(self.fall, *given)
        else:
            self.single.update(given)

    def meets(self, sample: dict[str, Any]) -> bool:
        """Whether a sample may concern a rule; one in a rare unit always does."""
        number_read = float(sample["value"])
        return (
            number_read >= self.rise
            or number_read <= self.fall
            or number_read in self.single
            or sample.get("unit") not in _PLAIN_UNITS
            or "unitOfMeasure" in sample
            or sample["value"] is True
        )


def _meter_ask(patterns: list[Pattern]) -> Ask | None:
    bounds: dict[object, _Bounds | None] = {}
    for each in patterns:
        chosen = _measured(each.conditions)
        if chosen is None:
            return ALWAYS
        base = _base(chosen.field)
        for odd in (
            base,
            *(f"{name}.{phase}" for name in (base, _MEASURANDS[base]) for phase in ("l1", "L1", "L2", "L3")),
        ):
            bounds[odd] = ALWAYS  # spellings that the decoder reads too
        found = bounds.setdefault(_MEASURANDS[base], _Bounds())
        assert found is not None  # noqa: S101  # no measurand is spelt like one of our names
        found.add(chosen)
    return _samples_ask(bounds)


def _measured(conditions: Iterable[Condition]) -> Condition | None:
    """The condition on a measured value that is asked early, rather one that a healthy charger does not meet."""
    usable = [each for each in conditions if _base(each.field) in _MEASURANDS and _is_numeric(each)]
    healthy = (each for each in usable if not _meets_healthy(each))
    return next(healthy, usable[0] if usable else None)


def _is_numeric(condition: Condition) -> bool:
    limits = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
    plain = not any(isinstance(each, OtherField) or number(each) is None for each in limits)
    return bool(limits) and plain and condition.op in ("<", "<=", ">", ">=", "==", "in")


def _meets_healthy(condition: Condition) -> bool:
    usual = _HEALTHY.get(_base(condition.field))
    said = Signal(layer="ocpp", kind="meter", fields={condition.field: usual})
    return usual is None or condition.holds(said)


def _base(name: str) -> str:
    return name[:-3] if name[-3:] in (".l1", ".l2", ".l3") else name


def _samples_ask(bounds: Mapping[object, _Bounds | None]) -> Ask:
    def ask(payload: dict[str, Any]) -> bool:
        if not payload.keys() <= _METER_KEYS:
            return True
        try:
            return any(_is_telling(bounds, value) for value in payload["meterValue"])
        except (TypeError, ValueError, AttributeError, KeyError):  # not as the standard has it
            return True

    return ask


def _is_telling(bounds: Mapping[object, _Bounds | None], value: dict[str, Any]) -> bool:
    """Whether a sample may concern a rule, however the decoder adds up phases and scales units."""
    if not value.keys() <= _VALUE_KEYS:
        return True
    for sample in value["sampledValue"]:
        phase = sample.get("phase")
        if phase is not None and phase not in PHASES:
            return True
        measurand = sample.get("measurand") or DEFAULT_MEASURAND
        if measurand in bounds:
            asked = bounds[measurand]
            if asked is None or (phase is not None and NAMES[measurand] in SUMMED) or asked.meets(sample):
                return True
    return False
